"""What a visitor does last goes first: whatever was still being answered ends, and shows nothing more.

Gradio's own way, ``cancels``, is no good for this: the page cancels by handler, in its own order and without waiting,
so that it now and then cancels the very run that was to take the other's place, and it cannot let an event interrupt
the run that the same event began.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_PATIENCE = 5.0  # seconds; showing takes some milliseconds


@dataclass(eq=False)
class Turn:
    """One thing that a visitor did, while it is answered."""

    deed: object
    over: bool = False


class Turns:
    """Of one conversation, the same object in all its versions."""

    def __init__(self) -> None:
        self._newest = Turn(None, over=True)
        self._changing = threading.Lock()
        self._showing = threading.Lock()

    def __deepcopy__(self, memo: object) -> Turns:
        return Turns()  # another conversation's: Gradio copies what every visit begins with

    @property
    def busy(self) -> bool:
        """Whether anything is being answered."""
        return not self._newest.over

    def begin(self, deed: object) -> Turn | None:
        """The turn of what was done now; None where just this is being answered, as a key held down does it again."""
        with self._changing:
            before = self._newest
            if not before.over and before.deed == deed:
                return None
            self._newest = turn = Turn(deed)
        # What the one before is showing at this moment arrives before anything of this one.
        if self._showing.acquire(timeout=_PATIENCE):
            self._showing.release()
        return turn

    def end(self) -> None:
        """Whatever is being answered ends."""
        if turn := self.begin(object()):
            turn.over = True

    @contextmanager
    def showing(self, turn: Turn) -> Iterator[bool]:
        """For as long as one step is being shown: whether it may be, as nothing newer has begun."""
        taken = self._showing.acquire(timeout=_PATIENCE)
        try:
            yield self.is_newest(turn)
        finally:
            if taken:
                self._showing.release()

    def is_newest(self, turn: Turn) -> bool:
        """Whether nothing has begun since."""
        return turn is self._newest
