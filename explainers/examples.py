"""Examples of each class: digits that the project draws itself, and a data set's training pictures where at hand."""

from __future__ import annotations

import logging
from functools import cache

import numpy as np

from explainers.drawn import drawn_digits
from explainers.levels import GREYS
from model import datasets
from model.alphabet import DIGITS, MNIST, Alphabet
from model.catalogue import DATA_SETS
from model.errors import DataError

log = logging.getLogger(__name__)


def examples(digit: int, alphabet: Alphabet = MNIST) -> tuple[np.ndarray, ...]:
    """Up to two collections of pictures of the class ``digit``, each (N, 28, 28) float32 in [0, 1].

    Of other alphabets than the digits none is drawn here, so that without their data set there is none.
    """
    drawn = (drawn_digits(digit),) if alphabet.kind == DIGITS else ()
    training = training_pictures(alphabet.dataset)
    if training is None:
        return drawn
    pictures = training.pictures[training.labels == digit]
    return (*drawn, pictures.astype(np.float32) / GREYS) if len(pictures) else drawn


@cache
def training_pictures(dataset: str = MNIST.dataset) -> datasets.LabelledPictures | None:
    """A data set's pictures for training; None where they are not on this machine: for this nothing is downloaded."""
    try:
        if not datasets.is_at_hand(dataset):
            return None
        return datasets.split_training(datasets.load(dataset, "train"), DATA_SETS[dataset])[0]
    except DataError as problem:
        log.warning("%s is left out of the examples: %s", dataset, problem)
        return None
