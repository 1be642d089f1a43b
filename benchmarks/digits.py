"""MNIST test digits for a benchmark: those that the network reads right."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from explainers.base import Case
from explainers.levels import GREYS
from model import datasets
from model.classifier import Classifier

SHUFFLE_SEED = 0
READ_TOGETHER = 64


def read_right(classifier: Classifier, count: int) -> Iterator[tuple[Case, int]]:
    """``count`` digits with their labels, spread evenly; a few more are looked at, as some are misread."""
    data = datasets.load("mnist", "test")
    found = 0
    for index in np.linspace(0, len(data) - 1, int(count * 1.02) + 1).astype(int):
        case = Case(classifier, data.pictures[index].astype(np.float32) / GREYS)
        if found < count and case.prediction.digit == int(data.labels[index]):
            found += 1
            yield case, int(data.labels[index])


def first_read_right(classifier: Classifier, count: int, after: int | None = None) -> list[tuple[int, np.ndarray]]:
    """The first ``count`` of all test digits in a fixed random order: each one's place in the test set, and (28, 28).

    So many more of them are the same ones and others after these. ``after``: go on behind this place. The order is
    random because the second half of MNIST's test set was written by other people than the first.
    """
    data = datasets.load("mnist", "test")
    order = np.random.default_rng(SHUFFLE_SEED).permutation(len(data))
    start = 0 if after is None else int(np.flatnonzero(order == after)[0]) + 1
    found: list[tuple[int, np.ndarray]] = []
    while len(found) < count and start < len(order):
        some = order[start : start + min(READ_TOGETHER, count - len(found))]
        pictures = data.pictures[some].astype(np.float32) / GREYS
        right = classifier.logits(pictures).argmax(axis=1) == data.labels[some]
        found += [(int(place), picture) for place, picture in zip(some[right], pictures[right], strict=True)]
        start += len(some)
    return found
