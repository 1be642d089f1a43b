"""How far a long run is and how long it will take yet, on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

import numpy as np

PART = 320  # pictures between two looks at the clock
LINE_SECONDS = 20.0  # between two lines in a file, where none can be written over


class Progress:
    """One line that is written over where a person looks on; in a file a line now and then."""

    def __init__(
        self,
        total: int,
        done: int = 0,
        what: str = "",
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Of ``total`` steps so many are ``done``, by an earlier run; None takes standard error."""
        self.total, self.done, self._before = total, done, done
        self._what, self._stream, self._clock = what and f"{what}: ", stream or sys.stderr, clock
        self._started = clock()
        self._told: float | None = None  # when the last line was written into a file

    def step(self, note: str = "", steps: int = 1) -> None:
        """So many more are done; ``note`` stands at the end of the line."""
        self.done += steps
        now, over = self._clock(), self.done >= self.total
        left = (now - self._started) * max(0, self.total - self.done) / (self.done - self._before)
        line = f"{self._what}{self.done:,}/{self.total:,}  {left / 60:.0f} min left{note}"
        if self._stream.isatty():
            # The escape sequence clears what a longer line left behind.
            print(f"\r{line}\033[K", end="\n" if over else "", file=self._stream, flush=True)
        elif over or self._told is None or now - self._told >= LINE_SECONDS:
            print(line, file=self._stream, flush=True)
            self._told = now


def run_over(function: Callable[[np.ndarray], np.ndarray], pictures: np.ndarray, what: str) -> np.ndarray:
    """``function`` over (N, 28, 28) uint8 pictures as float32 in [0, 1]; tells how long it will take yet."""
    parts, progress = [], Progress(len(pictures), what=what)
    for first in range(0, len(pictures), PART):
        part = pictures[first : first + PART]
        parts.append(function(part.astype(np.float32) / 255))
        progress.step(steps=len(part))
    return np.concatenate(parts)
