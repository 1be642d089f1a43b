"""The words inside figures, read from ``templates/<language>/figures.json``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.words.naming import OF_DIGITS, TEMPLATES, Naming, folders_of, naming_of
from bot.words.numbers import Numbers
from bot.words.render import load_numbers
from model.alphabet import MNIST, Alphabet


@dataclass(frozen=True)
class FigureWords:
    """Everything that is written in or about a figure. Braces name the slots that the drawing fills."""

    numbers: Numbers
    reading_title: str
    reading_alt: str  # {digit} {probability} {runner_up} {second}
    reading_picture: str
    reading_bars: str
    parts_title: str
    parts_alt: str  # {parts}
    heatmap_title: str  # {method} {digit}
    heatmap_heading: str  # {method} {digit}: above a map beside one of another digit
    heatmaps_title: str  # {digit}
    heatmap_alt: str  # {method} {digit}
    heatmap_flat: str  # {method} {digit}
    speaks_for: str  # {digit}
    speaks_against: str  # {digit}
    test_before: str
    tests: Mapping[str, Mapping[str, str]]  # "erase", "fill" or "other" → title, after, alt: {what} {digit} {before} …
    test_probability: str
    change_title: str  # {read} {digit}
    change_title_missed: str  # {digit}: of a change that does not do it
    change_alt: str  # {what} {digit} {before} {after} {reading}
    change_before: str
    change_after: str
    ink_to_add: str
    ink_to_erase: str
    pair: Mapping[str, str]  # title, alt, alt_exchanged, present, …: {digit} {probability} {earlier} {reading} {after}
    record: Mapping[str, str]  # titles, alts and labels of what was measured: {largest} {easiest} {hardest} {wrong} …
    fool: Mapping[str, str]  # title, alt, before, change, …: {levels} {greys} {factor} {digit} {before} {reading} …
    borders_title: str
    borders_alt: str  # {borders}
    border_reads: str  # {digit}
    border_unlike: str
    steps_title: str
    steps_alt: str  # {steps}
    steps: Mapping[str, str]  # step name → caption; a step without one is drawn without words
    layers: Mapping[str, str]  # title, alt, block, …: {digit} {blocks} {block} {following} {cells} {last}
    map: Mapping[str, str]  # titles, alts and labels of the neighbours and of the map: {labels} {digits}
    methods: Mapping[str, str]  # method id → its name
    naming: Naming = OF_DIGITS  # fills the slots and names the bars

    @property
    def fill(self) -> Callable[..., str]:
        """A sentence with its slots filled, classes by their names."""
        return self.naming.fill

    def name(self, digit: int) -> str:
        """What a class is called where no sentence is about it."""
        return self.naming.short[digit]

    def bars(self, classes: Sequence[int]) -> list[str]:
        """What stands beside the bars of these classes."""
        return [self.name(one) for one in classes]


@cache
def load_words(language: str = "en", alphabet: Alphabet = MNIST) -> FigureWords:
    """The words of one language about one alphabet; English where it has none."""
    naming = naming_of(language, alphabet)
    found = _read("en", naming) | (_read(language, naming) if language != "en" else {})
    return FigureWords(load_numbers(language), **found, naming=naming)


def _read(language: str, naming: Naming) -> dict:
    """What a language says, with what it says otherwise of an alphabet in the groups where that belongs."""
    found: dict = {}
    for folder in (".", *folders_of(naming.alphabet)):
        path = TEMPLATES / language / folder / "figures.json"
        if path.is_file():
            own = _adapted(json.loads(path.read_text(encoding="utf-8")), naming)
            found |= {
                name: {**found.get(name, {}), **text} if isinstance(text, dict) else text for name, text in own.items()
            }
    return found


def _adapted(words: dict, naming: Naming) -> dict:
    return {
        name: naming.adapted(text) if isinstance(text, str) else _adapted(text, naming) for name, text in words.items()
    }
