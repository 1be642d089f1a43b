"""What a conversation remembers of its answers, for a handout: no more than that needs, and within bounds.

A reply holds its picture with everything computed about it, which is far too much to keep of every answer of every
visitor. So of each one only its words, its figures and its JSON are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.values import DigitImage, Prediction

if TYPE_CHECKING:
    from bot.values import Figure

MOST_ANSWERS = 40  # about 30 sheets of paper
MOST_BYTES = 4_000_000  # of one conversation; an answer has 30,000 to 170,000, nearly all of it figures


@dataclass(frozen=True, eq=False)
class Seen:
    """A picture as the network got it, and what the network said."""

    image: DigitImage  # the pixels alone: nothing of the upload
    prediction: Prediction
    reason: str | None  # why it was not accepted as one digit

    @property
    def key(self) -> bytes:
        """Equal for the same picture."""
        return self.image.pixels.tobytes()


@dataclass(frozen=True, eq=False)
class Told:
    """One answer as it was given."""

    asked: str  # the question as understood, in whole sentences
    text: str  # Markdown
    language: str
    tests: tuple[tuple[str, ...], ...]  # rows of cells: change, digit, before, after, then read as, the control
    figures: tuple[Figure, ...]
    warnings: tuple[str, ...]
    seen: Seen | None  # the picture at hand, if there was one
    line: bytes  # the reply's JSON, compressed with zlib

    @property
    def size(self) -> int:
        """Bytes, near enough."""
        pixels = self.seen.image.pixels.nbytes if self.seen else 0
        return pixels + len(self.line) + 2 * len(self.text) + sum(len(figure.png) for figure in self.figures)

    @property
    def key(self) -> tuple[str, str, bytes | None]:
        """Equal where the same was said to the same question about the same picture."""
        return self.asked, self.text, self.seen.key if self.seen else None


@dataclass(frozen=True, eq=False)
class Memory:
    """The answers of a conversation, the oldest first."""

    answers: tuple[Told, ...] = ()
    forgotten: int = 0  # how many older ones fell out

    def with_answer(self, told: Told) -> Memory:
        """The memory after one more answer; one that was given before is kept once.

        The oldest fall out where there are more than ``MOST_ANSWERS``, or more than ``MOST_BYTES``; never the newest.
        """
        if told.key in {one.key for one in self.answers}:
            return self
        answers = (*self.answers, told)
        kept = answers[-MOST_ANSWERS:]
        while len(kept) > 1 and sum(one.size for one in kept) > MOST_BYTES:
            kept = kept[1:]
        return Memory(kept, self.forgotten + len(answers) - len(kept))

    @property
    def given(self) -> int:
        """How many different answers were given, those that fell out among them."""
        return len(self.answers) + self.forgotten

    @property
    def pictures(self) -> tuple[Seen, ...]:
        """The different pictures that the answers are about, in order."""
        found: dict[bytes, Seen] = {}
        for told in self.answers:
            if told.seen:
                found.setdefault(told.seen.key, told.seen)
        return tuple(found.values())
