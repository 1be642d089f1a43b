"""What a conversation remembers of its lesson. A file of its own, so that ``bot/values.py`` can name it."""

from __future__ import annotations

from dataclasses import dataclass, replace

LESSONS = ("predict",)  # as an address names them


@dataclass(frozen=True)
class Lesson:
    """A lesson under way; it changes only by being replaced."""

    id: str  # one of LESSONS
    waits: bool = False  # whether the question about this picture is still to be answered
    ended: int = 0  # questions that are over: guessed, or their answer told
    guesses: int = 0  # guesses that were tested
    held: int = 0  # those that the test bore out

    def guessed(self, held: bool) -> Lesson:
        """After a guess that was tested."""
        return replace(self, waits=False, ended=self.ended + 1, guesses=self.guesses + 1, held=self.held + held)

    def told(self) -> Lesson:
        """After the answer was told without a guess: that counts neither for nor against."""
        return replace(self, waits=False, ended=self.ended + 1)
