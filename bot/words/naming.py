"""How the classes of a network stand in sentences, and which words for a digit give way to others.

The sentences of ``templates`` speak of digits. For another alphabet a folder of a language, named after its kind
("letters", "clothes", …), holds ``naming.json``: the name of each label as it stands in place of a digit, what is
written about it then ("a" or "an"), and what stands for "digit" and "ink". What is said otherwise of all alphabets but
the digits stands in the folder "others". See templates/README.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from model.alphabet import DIGITS as DIGITS  # for those who may not import the model
from model.alphabet import MNIST as MNIST
from model.alphabet import Alphabet as Alphabet

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
OTHERS = "others"  # the folder of what is said otherwise of all alphabets but the digits
SLOTS = frozenset(("digit", "other", "now", "read", "earlier_digit", "reading", "runner_up", "earlier"))
NAME = "\N{INVISIBLE SEPARATOR}"  # around a name until what stands before it is fitted; "@" in naming.json
_BETWEEN = "\0"  # texts of a template: as their ends, no letter and no mark
_CODE = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}|{\w+}", re.DOTALL)  # of a template: what is not words
_START = re.compile(r"^\^")  # of a rule that holds where a text begins

Rule = tuple[re.Pattern[str], str]


class ClassName(str):
    """The name of a class as it stands in a sentence, which still knows its class."""

    digit: int

    def __new__(cls, text: str, digit: int) -> ClassName:
        """``digit``: the class's index."""
        made = super().__new__(cls, text)
        made.digit = digit
        return made


@dataclass(frozen=True, eq=False)
class Naming:
    """The names of one alphabet in one language. That of digits changes nothing."""

    alphabet: Alphabet = MNIST
    names: tuple[str, ...] = ()  # by class, as each stands in a sentence; empty: the digits themselves
    short: tuple[str, ...] = MNIST.labels  # by class, beside a bar
    many: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # by grammatical case, "" first: several of a class
    words: tuple[Rule, ...] = ()  # what stands in the sentences for what is said of digits, in this order
    around: tuple[Rule, ...] = ()  # what is fitted about a name once it stands in its sentence

    def name(self, value: object) -> object:
        """A class's name where it is one, with ``NAME`` around it; of digits the number itself."""
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < len(self.names):
            return value
        return ClassName(f"{NAME}{self.names[value]}{NAME}", int(value))

    def plural(self, value: object, case: str = "") -> object:
        """Several of a class, given by its index or as ``name`` gives it: "coats". What is no class stays as it is."""
        digit = value.digit if isinstance(value, ClassName) else value
        known = self.many.get(case) or self.many.get("", ())
        return known[digit] if isinstance(digit, int) and 0 <= digit < len(known) else value

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
        # All texts at once: for each of the hundred rules there are thousands of them, which took seconds one by one.
        texts = _replaced(_BETWEEN.join(_CODE.split(source)), self.words).split(_BETWEEN)
        return "".join(text + slot for text, slot in zip(texts, [*code, ""], strict=True))


def _replaced(text: str, rules: Sequence[Rule]) -> str:
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text


OF_DIGITS = Naming()


def folders_of(alphabet: Alphabet) -> tuple[str, ...]:
    """The folders of a language that hold what is said otherwise of ``alphabet``, the more particular one last."""
    return () if alphabet.kind == DIGITS else (OTHERS, alphabet.kind)


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
        {case: _several(alphabet, short, data, case) for case in ("", "dative")},
        tuple((re.compile(_START.sub(f"(?<![^{_BETWEEN}])", pattern)), new) for pattern, new in data["words"]),
        tuple((re.compile(pattern.replace("@", NAME)), new.replace("@", NAME)) for pattern, new in data["around"]),
    )


def _several(alphabet: Alphabet, short: Sequence[str], data: Mapping, case: str) -> tuple[str, ...]:
    """Several of each class in a grammatical case: by the words of ``naming.json``, else in its form for all."""
    ending = f"_{case}" if case else ""
    known = {
        label.casefold(): name
        for label, name in {**data.get("plurals", {}), **data.get(f"plurals{ending}", {})}.items()
    }
    form = data.get(f"plural{ending}", data["plural"])
    return tuple(
        known.get(label.casefold(), form.format(name=name)) for label, name in zip(alphabet.labels, short, strict=True)
    )
