"""MNIST test digits for a benchmark: spread evenly over the test set, those that the network reads right."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from explainers.base import Case
from explainers.levels import GREYS
from model import datasets
from model.classifier import Classifier


def read_right(classifier: Classifier, count: int) -> Iterator[tuple[Case, int]]:
    """``count`` digits with their labels; a few more are looked at, as some are misread."""
    data = datasets.load("mnist", "test")
    found = 0
    for index in np.linspace(0, len(data) - 1, int(count * 1.02) + 1).astype(int):
        case = Case(classifier, data.pictures[index].astype(np.float32) / GREYS)
        if found < count and case.prediction.digit == int(data.labels[index]):
            found += 1
            yield case, int(data.labels[index])
