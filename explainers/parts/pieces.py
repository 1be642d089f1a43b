"""A piece of line, and what can be measured on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from explainers.parts.skeleton import STEP

REACH = 3.0  # picture pixels on either side over which the sharpness of a turn is measured
STRAIGHT = 0.13  # of its length: a line that bows out by less is straight


@dataclass(frozen=True, eq=False)
class Piece:
    """A stretch of the middle lines that becomes one part."""

    path: np.ndarray  # (n, 2) float64: points STEP apart, in order; in a ring the last lies beside the first
    free: tuple[bool, bool] = (False, False)  # whether the stroke ends at the path's first and last point
    ring: bool = False  # closed around a hole
    arc: bool = False  # a stretch of a ring
    chord: np.ndarray | None = None  # (2,) from end to end of the straight line it was cut from: alike pieces, one form
    more: tuple[np.ndarray, ...] = ()  # lines too short for a part of their own, taken in

    @cached_property
    def points(self) -> np.ndarray:
        """All its points (n, 2), those taken in included."""
        return np.vstack([self.path, *self.more])

    def split(self, cuts: list[int]) -> list[Piece]:
        """The line cut at the points with these numbers; lines taken in go to the piece they are nearest to."""
        borders = [0, *sorted(cuts), len(self.path) - 1]
        paths = [self.path[low : high + 1] for low, high in zip(borders, borders[1:], strict=False)]
        last = len(paths) - 1
        chord = self.chord if self.chord is not None or straightness(self.path) > STRAIGHT else ends_apart(self.path)
        nearest = [int(np.argmin([distance(path, line) for path in paths])) for line in self.more]
        return [
            Piece(
                path,
                (number == 0 and self.free[0], number == last and self.free[1]),
                more=tuple(line for line, at in zip(self.more, nearest, strict=True) if at == number),
                chord=chord,
            )
            for number, path in enumerate(paths)
        ]

    @property
    def length(self) -> float:
        """Of its own line, in picture pixels."""
        return (len(self.path) - 1) * STEP


def ends_apart(path: np.ndarray) -> np.ndarray:
    """Rows and columns (2,) from the line's first point to its last."""
    return path[-1] - path[0]


def turns(path: np.ndarray, reach: float = REACH) -> np.ndarray:
    """How sharply the line turns at each of its points, in degrees; 0 within ``reach`` of its ends."""
    steps = max(1, round(reach / STEP))
    found = np.zeros(len(path))
    if len(path) > 2 * steps:
        before = path[steps:-steps] - path[: -2 * steps]
        after = path[2 * steps :] - path[steps:-steps]
        found[steps:-steps] = np.abs(_angle_between(before, after))
    return found


def distance(first: np.ndarray, second: np.ndarray) -> float:
    """From one line to the other where they are nearest, in picture pixels."""
    return float(np.sqrt(((first[:, None] - second[None]) ** 2).sum(axis=2).min()))


def total_turn(path: np.ndarray) -> float:
    """By how many degrees the line turns in all, wherever to."""
    chords = np.diff(path[:: round(2 / STEP)], axis=0)
    return float(np.abs(_angle_between(chords[:-1], chords[1:])).sum()) if len(chords) > 1 else 0.0


def straightness(path: np.ndarray) -> float:
    """Farthest point from the line between its ends, as a share of that line's length; 0 is straight."""
    chord = ends_apart(path)
    length = float(np.hypot(*chord))
    if length == 0:
        return 1.0
    away = path - path[0]
    return float(np.abs(chord[0] * away[:, 1] - chord[1] * away[:, 0]).max()) / length**2


def _angle_between(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Signed angle in degrees from each row of ``first`` to that of ``second``."""
    cross = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    return np.degrees(np.arctan2(cross, (first * second).sum(axis=1)))
