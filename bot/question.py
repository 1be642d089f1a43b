"""A question as it was understood. A file of its own, so that understanding one loads no network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from model.alphabet import MNIST, Alphabet

CLEARER = "clearer"  # a cue: it is to become the digit that is read already, only more surely


@dataclass(frozen=True)
class Question:
    """What was understood: a type of docs/questions.md, its slots, and further questions of the same sentence."""

    type: str
    slots: Mapping[str, object] = field(default_factory=dict)  # only those that were given
    also: tuple[Question, ...] = ()
    nearest: tuple[Question, ...] = ()  # where unsure or unknown: what to offer instead
    cut: bool = False  # the text was so long that its middle was not read
    # What small words add that fill no slot: "also", "undo", "back", "larger", "smaller", "add", "clearer"; in
    # one sentence "beside" (a place of the same picture), "either"; of what asks nothing "thanks", "bye", "fine".
    cues: tuple[str, ...] = ()
    language: str | None = None  # the language it was asked in, a two-letter code; None where that cannot be told

    def to_dict(self) -> dict:
        """The form of the contract: type and slots side by side; ``also`` only where more was asked."""
        named = {"type": self.type, **self.slots}
        return {**named, "also": [other.to_dict() for other in self.also]} if self.also else named


@dataclass(frozen=True)
class Context:
    """What the conversation knows before the question."""

    predicted: int | None = None  # the digit read from the picture
    previous: Question | None = None
    parts: tuple[tuple[str, str], ...] = ()  # (form, place) of every part of the picture
    language: str = "en"  # the conversation's
    alphabet: Alphabet = MNIST  # what the network tells apart
    changed: bool = False  # whether changes of "what if" hold
