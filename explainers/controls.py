"""The control for a filled gap: the same number of pixels inked at random empty places beside the strokes."""

from __future__ import annotations

import numpy as np

from explainers.base import Case
from explainers.checks import Control, outcome_test
from explainers.levels import fill_level


def fill_elsewhere(case: Case, size: int, digit: int, repeats: int = 8) -> Control:
    """Ink ``repeats`` patches of ``size`` empty pixels each, within the box that the ink spans.

    A patch is the empty pixels nearest to a random one. Drawn from the case's seed, run in one batch.
    """
    generator = np.random.default_rng(case.seed)
    rows, columns = np.nonzero(case.pixels)
    box = np.zeros(case.pixels.shape, bool)
    box[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] = True
    places = np.argwhere(box & (case.pixels == 0))
    size = min(size, len(places))
    starts = [places[generator.integers(len(places))] for _ in range(repeats)] if size else []
    pictures = [_inked(case.pixels, places, start, size, fill_level(case.pixels)) for start in starts]
    if not pictures:
        return Control((), digit)
    logits = case.classifier.logits(np.stack(pictures))
    return Control(
        tuple(
            outcome_test(case, {"kind": "fill_patch", "start": [int(place) for place in start], "size": size}, *outcome)
            for start, *outcome in zip(starts, pictures, logits, strict=True)
        ),
        digit,
    )


def _inked(pixels: np.ndarray, places: np.ndarray, start: np.ndarray, size: int, level: np.float32) -> np.ndarray:
    nearest = places[np.argsort(((places - start) ** 2).sum(axis=1), kind="stable")[:size]]
    changed = pixels.copy()
    changed[tuple(nearest.T)] = level
    return changed
