"""The words inside figures, read from ``templates/<language>/figures.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.numbers import Numbers
from bot.render import TEMPLATES, load_numbers


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
    steps_title: str
    steps_alt: str  # {steps}
    steps: Mapping[str, str]  # step name → caption; a step without one is drawn without words
    layers: Mapping[str, str]  # title, alt, block, …: {digit} {blocks} {block} {following} {cells} {last}
    map: Mapping[str, str]  # titles, alts and labels of the neighbours and of the map: {labels} {digits}
    methods: Mapping[str, str]  # method id → its name


def load_words(language: str = "en") -> FigureWords:
    """The words of one language; English where it has none."""
    english = _read("en")
    return FigureWords(load_numbers(language), **(english if language == "en" else {**english, **_read(language)}))


def _read(language: str) -> dict:
    path = TEMPLATES / language / "figures.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
