"""The example digits: drawn by the project itself (``python -m interface.draw_examples``)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "examples"


@dataclass(frozen=True)
class Example:
    """One example picture. Its id is its file's name and its name in a deep link."""

    id: str
    title: str  # what a person sees in it
    label: str  # a few characters for its button

    @property
    def path(self) -> Path:
        """The PNG file."""
        return _FOLDER / f"{self.id}.png"


EXAMPLES = (
    Example("five", "a clear 5", "5"),
    Example("three", "a clear 3", "3"),
    Example("eight", "a clear 8", "8"),
    Example("four", "a clear 4", "4"),
    Example("seven", "a 7 with a bar through its stem", "7"),
    Example("two", "a 2 with a loop", "2"),
    Example("five_or_six", "a 5 that is nearly a 6", "5 or 6"),
    Example("four_or_nine", "a 4 that is nearly a 9", "4 or 9"),
    Example("one_or_seven", "a 1 that is nearly a 7", "1 or 7"),
    Example("three_or_five", "a 3 that is nearly a 5", "3 or 5"),
)


def example_named(name: str) -> Example | None:
    """The example with this id, or None."""
    return next((example for example in EXAMPLES if example.id == name), None)
