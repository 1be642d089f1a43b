"""Phrases with what they ask, as ``phrases/<language>.txt`` holds them: a block for each type, a phrase a line.

    [why]
    how come you think so
    why 5? => digit=5
    [what_if]
    what if you erase the top bar => change=erase where="top bar"
    [mixed]
    what is it and why? => predict + why
    {predicted: 5; previous: why_not other=8} and 3? => why_not other=3

A phrase of the block ``mixed`` names its types, as it asks more than one thing or needs a context.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.question import Context, Question
from bot.understanding.slots import TAKES

FOLDER = Path(__file__).with_name("phrases")
MIXED = "mixed"
HEADING = re.compile(r"\[([a-z_]+)\]")
LINE = re.compile(r"(?:\{([^{}]*)\} ?)?(.*?)(?: => ([a-z_].*))?", re.DOTALL)
WHOLE_NUMBERS = ("digit", "other")


@dataclass(frozen=True)
class Phrase:
    """Something that a person types, and what it asks."""

    text: str
    asked: Question
    context: Context = Context()


def languages() -> list[str]:
    """The languages that there are phrases for, as two-letter codes."""
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


def read_phrases(path: Path) -> Iterator[Phrase]:
    """The phrases of one file in their order; raises ValueError, naming the line, where one cannot be read."""
    block = MIXED
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            if heading := HEADING.fullmatch(line):
                block = heading[1]
                if block != MIXED and block not in TAKES:
                    raise ValueError(f"no such type: {block}")
            elif line.strip():
                yield parse_phrase(line, block)
        except ValueError as problem:
            raise ValueError(f"{path.name}, line {number}: {problem}") from problem


def parse_phrase(line: str, block: str = MIXED) -> Phrase:
    """One line of a block as a phrase; raises ValueError where it is not written as above."""
    context, text, asked = LINE.fullmatch(line).groups()  # type: ignore[union-attr]  # it fits any line
    if block != MIXED:
        asked = f"{block} {asked or ''}"
    if not asked:
        raise ValueError(f"no phrase with its question: {line!r}")
    first, *rest = (_parse_question(one) for one in asked.split(" + "))
    return Phrase(text, Question(first.type, first.slots, tuple(rest)), _parse_context(context or ""))


def _parse_context(text: str) -> Context:
    entries = dict(entry.split(":", 1) for entry in text.split(";") if entry.strip())
    entries = {name.strip(): value.strip() for name, value in entries.items()}
    if unknown := entries.keys() - {"predicted", "previous"}:
        raise ValueError(f"no such context: {', '.join(unknown)}")
    return Context(
        predicted=int(entries["predicted"]) if "predicted" in entries else None,
        previous=_parse_question(entries["previous"]) if "previous" in entries else None,
    )


def _parse_question(text: str) -> Question:
    kind, *pairs = shlex.split(text)
    if kind not in TAKES:
        raise ValueError(f"no such type: {kind}")
    slots: dict[str, object] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        if name not in TAKES[kind] or not value:
            raise ValueError(f"{kind} has no slot {pair}")
        slots[name] = _value(name, value)
    return Question(kind, slots)


def _value(name: str, text: str) -> object:
    if name == "methods":
        return text.split(",")
    if name == "amount":
        return int(text) if re.fullmatch(r"-?\d+", text) else float(text)
    return int(text) if name in WHOLE_NUMBERS else text
