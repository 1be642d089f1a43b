"""Controls: as much ink, erased or added at random places; a part that matters moves the digit more than that.

All that is wanted at once is run in one batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from explainers.base import Case
from explainers.checks import try_pictures
from explainers.errors import ExplainerError
from explainers.levels import fill_level
from explainers.values import Test

REPEATS = 8  # random places
ELSEWHERE = 0.5  # of a place's change: where less than that is a part of another change, it lies elsewhere

Changed = tuple[Mapping[str, object], np.ndarray]  # the operation, and the picture (28, 28) after it


@dataclass(frozen=True, eq=False)
class Control:
    """The same amount of ink, erased or added at random places."""

    tests: tuple[Test, ...]
    digit: int

    @property
    def drops(self) -> np.ndarray:
        """(K,) by how much the digit's probability fell."""
        return np.array([test.drop(self.digit) for test in self.tests])

    @property
    def left(self) -> float:
        """The digit's probability afterwards, on average; needs a test."""
        return float(np.mean([test.after.probabilities[self.digit] for test in self.tests]))

    @property
    def log_odds_drops(self) -> np.ndarray:
        """(K,) by how much the digit's log-odds fell (logit)."""
        return np.array([test.log_odds_drop(self.digit) for test in self.tests])

    def elsewhere(self, test: Test) -> np.ndarray:
        """(K,) bool: which places have little in common with ``test``, of the same picture."""
        return np.array([_shared(one, test) < ELSEWHERE for one in self.tests])


def _shared(place: Test, test: Test) -> float:
    """The share (0 to 1) of the change at a place that ``test`` makes, too."""
    changed, other = (one.after.pixels.astype(np.float64) - one.before.pixels for one in (place, test))
    common = np.where(changed * other > 0, np.minimum(np.abs(changed), np.abs(other)), 0.0)
    return float(common.sum() / max(np.abs(changed).sum(), 1e-9))


def run_controls(case: Case, changed: Sequence[Sequence[Changed]], digit: int) -> list[Control]:
    """What the network makes of each group of pictures; all in one batch."""
    tests = iter(try_pictures(case, [one for group in changed for one in group]))
    return [Control(tuple(next(tests) for _ in group), digit) for group in changed]


def erased_elsewhere(case: Case, amount: float, repeats: int = REPEATS, seed: int | None = None) -> list[Changed]:
    """The picture ``repeats`` times without a random patch of ink, each with about ``amount`` of it (Σ of the pixels).

    ``seed`` None takes the case's. Raises ExplainerError where the picture has no ink.
    """
    generator = np.random.default_rng(case.seed if seed is None else seed)
    found: list[Changed] = []
    for _ in range(repeats):
        patch, start = _patch(case.pixels, amount, generator)
        operation = {"kind": "erase_patch", "start": start, "amount": float(case.pixels[patch].sum())}
        found.append((operation, np.where(patch, np.float32(0), case.pixels)))
    return found


def _patch(pixels: np.ndarray, amount: float, generator: np.random.Generator) -> tuple[np.ndarray, list[int]]:
    """(28, 28) bool: the ink pixels nearest to a random one, as many as come closest to ``amount``; and that pixel."""
    places = np.argwhere(pixels > 0)
    if not len(places):
        raise ExplainerError("A control needs ink; this picture is black.")
    start = places[generator.integers(len(places))]
    order = places[np.argsort(((places - start) ** 2).sum(axis=1), kind="stable")]
    reached = np.cumsum(pixels[tuple(order.T)], dtype=np.float64)
    size = int(np.abs(reached - amount).argmin()) + 1
    patch = np.zeros(pixels.shape, bool)
    patch[tuple(order[:size].T)] = True
    return patch, [int(place) for place in start]


def inked_elsewhere(case: Case, size: int, repeats: int = REPEATS) -> list[Changed]:
    """The picture ``repeats`` times with a random patch of ``size`` empty pixels inked, within the box of its ink.

    A patch is the empty pixels nearest to a random one, drawn from the case's seed. Empty where there is no room for as
    many: what holds against fewer proves nothing.
    """
    generator = np.random.default_rng(case.seed)
    rows, columns = np.nonzero(case.pixels)
    box = np.zeros(case.pixels.shape, bool)
    box[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] = True
    places = np.argwhere(box & (case.pixels == 0))
    if not 0 < size <= len(places):
        return []
    starts = [places[generator.integers(len(places))] for _ in range(repeats)]
    return [
        (
            {"kind": "fill_patch", "start": [int(place) for place in start], "size": size},
            _inked(case.pixels, places, start, size, fill_level(case.pixels)),
        )
        for start in starts
    ]


def _inked(pixels: np.ndarray, places: np.ndarray, start: np.ndarray, size: int, level: np.float32) -> np.ndarray:
    nearest = places[np.argsort(((places - start) ** 2).sum(axis=1), kind="stable")[:size]]
    changed = pixels.copy()
    changed[tuple(nearest.T)] = level
    return changed
