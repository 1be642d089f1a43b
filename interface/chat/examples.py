"""The example digits: drawn by the project itself (``python -m interface.draw_examples``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.words.naming import DIGITS, Alphabet

EXAMPLES_FOLDER = Path(__file__).parents[1] / "examples"


@dataclass(frozen=True)
class Example:
    """One example picture. Its id is its file's name and its name in a deep link."""

    id: str
    digits: tuple[int, ...]  # what a person sees in it: one, or two that it lies between

    @property
    def path(self) -> Path:
        """The PNG file."""
        return EXAMPLES_FOLDER / f"{self.id}.png"

    def title(self, words: Mapping[str, str]) -> str:
        """What a person sees in it; ``words`` are those of the interface."""
        return words[f"examples.{self.id}"]

    def label(self, words: Mapping[str, str]) -> str:
        """A few characters for its button: what a person sees, whatever the network says."""
        first, *second = self.digits
        return words["example_choice"].format(first=first, second=second[0]) if second else str(first)


# On the page: three that are clear, two that lie between two digits, and one that people read and the bundled network
# does not (tests/app/chat/test_examples.py).
OFFERED = (
    Example("five", (5,)),
    Example("eight", (8,)),
    Example("seven", (7,)),
    Example("four_or_nine", (4, 9)),
    Example("three_or_five", (3, 5)),
    Example("six", (6,)),
)
# In a deep link these too.
EXAMPLES = (
    *OFFERED,
    Example("three", (3,)),
    Example("four", (4,)),
    Example("two", (2,)),
    Example("five_or_six", (5, 6)),
    Example("one_or_seven", (1, 7)),
)


def offered(alphabet: Alphabet) -> tuple[Example, ...]:
    """The examples on the page: digits, where the network reads digits."""
    return OFFERED if alphabet.kind == DIGITS else ()


def example_after(name: str) -> Example:
    """The one after the example with this id, round and round; the first where there is none of that id."""
    names = [example.id for example in EXAMPLES]
    return EXAMPLES[(names.index(name) + 1) % len(names) if name in names else 0]


def example_named(name: str) -> Example | None:
    """The example with this id, or None."""
    return next((example for example in EXAMPLES if example.id == name), None)
