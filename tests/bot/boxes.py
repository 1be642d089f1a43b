"""Boxes of ink that count for the 5 as much as a test wants, so that it is known which part matters."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from explainers.base import Case
from tests.explainers.pictures import boxes_case
from tests.fakes import FakeClassifier

DIGIT = 5


def case_of(logits: Mapping[int, float], bias: float = 0.0, count: int = 6) -> Case:
    """The 5 has ``bias`` logits, and each box that ``logits`` names, by its place, gives it so many more; 3 has 2."""
    blank = boxes_case(FakeClassifier(np.zeros((10, 28, 28))), count)
    weights = np.zeros((10, 28, 28))
    for place, worth in logits.items():
        mask = blank.parts[place].mask
        ink = blank.pixels[mask].sum() if blank.parts[place].kind == "ink" else mask.sum()
        weights[DIGIT][mask] = worth / ink
    biases = np.full(10, -4.0)
    biases[3], biases[DIGIT] = 2.0, bias
    return boxes_case(FakeClassifier(weights, biases), count)


def faint_around(case: Case, empty: int) -> Case:
    """The case with a haze of one grey level in all but so many of the empty pixels, so that little room is left."""
    rows, columns = np.nonzero(case.pixels)
    box = np.zeros(case.pixels.shape, bool)
    box[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] = True
    case.pixels[tuple(np.argwhere(box & (case.pixels == 0))[empty:].T)] = np.float32(1 / 255)
    return case
