"""Long runs over many pictures, with a line of progress now and then."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

PART = 320  # pictures between two looks at the clock
LINE_SECONDS = 20.0


def run_over(function: Callable[[np.ndarray], np.ndarray], pictures: np.ndarray, what: str) -> np.ndarray:
    """``function`` over (N, 28, 28) uint8 pictures as float32 in [0, 1]; prints how long it will take yet."""
    parts, started = [], time.monotonic()
    last_line = started
    for first in range(0, len(pictures), PART):
        parts.append(function(pictures[first : first + PART].astype(np.float32) / 255))
        now, done = time.monotonic(), min(first + PART, len(pictures))
        if now - last_line > LINE_SECONDS:
            left = (now - started) * (len(pictures) - done) / done
            print(f"{what}: {done:,} of {len(pictures):,} pictures, {left / 60:.1f} min left", flush=True)
            last_line = now
    return np.concatenate(parts)
