"""Examples of each digit: those that the project draws itself, and MNIST's training pictures where they are at hand."""

from __future__ import annotations

import logging
from functools import cache

import numpy as np

from explainers.drawn import drawn_digits
from explainers.levels import GREYS
from model import datasets
from model.errors import DataError

log = logging.getLogger(__name__)


def examples(digit: int) -> tuple[np.ndarray, ...]:
    """One or two collections of pictures of ``digit``, each (N, 28, 28) float32 in [0, 1]."""
    training = training_pictures()
    if training is None:
        return (drawn_digits(digit),)
    written = training.pictures[training.labels == digit].astype(np.float32) / GREYS
    return drawn_digits(digit), written


@cache
def training_pictures() -> datasets.LabelledPictures | None:
    """MNIST's pictures for training; None where they are not on this machine: for this nothing is downloaded."""
    if not datasets.is_at_hand("mnist"):
        return None
    try:
        return datasets.split_training(datasets.load("mnist", "train"))[0]
    except DataError as problem:
        log.warning("MNIST is left out of the examples: %s", problem)
        return None
