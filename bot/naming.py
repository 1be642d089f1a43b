"""How the classes of a network stand in sentences, and which words for a digit give way to others.

The sentences of ``templates`` speak of digits. For another alphabet a folder of a language, named after its kind
("letters", "clothes", …), holds ``naming.json``: the name of each label as it stands in place of a digit, what is
written about it then ("a" or "an"), and what stands for "digit" and "ink". See templates/README.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from model.alphabet import DIGITS as DIGITS  # for those who may not import the model
from model.alphabet import MNIST as MNIST
from model.alphabet import Alphabet as Alphabet

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
SLOTS = frozenset(("digit", "other", "now", "read", "earlier_digit", "reading", "runner_up", "earlier"))
NAME = "\N{INVISIBLE SEPARATOR}"  # around a name until what stands before it is fitted; "@" in naming.json
_CODE = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}|{\w+}", re.DOTALL)  # of a template: what is not words

Rule = tuple[re.Pattern[str], str]


@dataclass(frozen=True, eq=False)
class Naming:
    """The names of one alphabet in one language. That of digits changes nothing."""

    alphabet: Alphabet = MNIST
    names: tuple[str, ...] = ()  # by class, as each stands in a sentence; empty: the digits themselves
    short: tuple[str, ...] = MNIST.labels  # by class, beside a bar
    words: tuple[Rule, ...] = ()  # what stands in the sentences for what is said of digits, in this order
    around: tuple[Rule, ...] = ()  # what is fitted about a name once it stands in its sentence

    def name(self, value: object) -> object:
        """A class's name where it is one, with ``NAME`` around it; of digits the number itself."""
        plain = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(self.names)
        return f"{NAME}{self.names[int(str(value))]}{NAME}" if plain else value

    def named(self, slots: Mapping[str, object]) -> Mapping[str, object]:
        """The slots of a sentence, classes by their names."""
        if not self.names:
            return slots
        return {slot: self.name(value) if slot in SLOTS else value for slot, value in slots.items()}

    def fitted(self, text: str) -> str:
        """A finished sentence: what stands about the names suits them."""
        return _replaced(text, self.around).replace(NAME, "") if self.names else text

    def fill(self, sentence: str, **slots: object) -> str:
        """A sentence with ``{slots}`` in braces, filled and fitted."""
        return self.fitted(sentence.format(**self.named(slots)))

    def adapted(self, source: str) -> str:
        """A template, or a sentence with slots in braces, that speaks of this alphabet and no longer of digits."""
        if not self.words:
            return source
        code = _CODE.findall(source)
        texts = [_replaced(text, self.words) for text in _CODE.split(source)]
        return "".join(text + slot for text, slot in zip(texts, [*code, ""], strict=True))


def _replaced(text: str, rules: Sequence[Rule]) -> str:
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text


OF_DIGITS = Naming()


@cache
def naming_of(language: str, alphabet: Alphabet) -> Naming:
    """How ``alphabet`` is named in a language; a label that it has no name for as it is written."""
    file = TEMPLATES / language / alphabet.kind / "naming.json"
    if alphabet.kind == DIGITS:
        return OF_DIGITS
    data = json.loads(file.read_text(encoding="utf-8"))
    known = {label.casefold(): name for label, name in data["names"].items()}
    short = tuple(known.get(label.casefold(), label) for label in alphabet.labels)
    return Naming(
        alphabet,
        tuple(data["named"].format(name=name) for name in short),
        short,
        tuple((re.compile(pattern), new) for pattern, new in data["words"]),
        tuple((re.compile(pattern.replace("@", NAME)), new.replace("@", NAME)) for pattern, new in data["around"]),
    )
