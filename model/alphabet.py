"""What a network tells apart: the labels of its classes, and of which kind they are.

``config.json`` holds both: ``labels``, in the order of the classes, and ``dataset``, one of ``KINDS``; without the
second they are MNIST's digits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from model.errors import WeightsError

FEWEST, MOST = 2, 62  # classes; EMNIST's largest set has 62
LONGEST = 24  # characters of a label
# Labels stand in sentences, figures and pages, and weights may come from anybody: nothing that could be markup.
_LABEL = re.compile(rf"(?=[^\W_])[\w /.'’-]{{1,{LONGEST}}}(?<! )")

DIGITS, LETTERS, CHARACTERS, CLOTHES = "digits", "letters", "characters", "clothes"
KINDS = {  # data set → what its pictures show
    "mnist": DIGITS,
    "emnist-digits": DIGITS,
    "letters": LETTERS,
    "emnist-letters": LETTERS,
    "emnist-balanced": CHARACTERS,
    "kmnist": CHARACTERS,
    "fashion-mnist": CLOTHES,
}


@dataclass(frozen=True)
class Alphabet:
    """The classes of a network."""

    labels: tuple[str, ...] = tuple("0123456789")  # by the class's index
    dataset: str = "mnist"  # one of KINDS

    @property
    def kind(self) -> str:
        """What the pictures show: "digits", "letters", "characters" or "clothes"."""
        return KINDS[self.dataset]

    @property
    def has_digits(self) -> bool:
        """Whether the first ten classes are the digits, so that a digit names its class."""
        return self.labels[:10] == Alphabet.labels

    @property
    def written(self) -> bool:
        """Whether the pictures show pen strokes."""
        return self.kind != CLOTHES


MNIST = Alphabet()


def alphabet_of(config: Mapping[str, object]) -> Alphabet:
    """What ``config.json`` says of the classes; raises WeightsError where that cannot be."""
    dataset, labels = config.get("dataset", MNIST.dataset), config.get("labels", list(MNIST.labels))
    if not isinstance(dataset, str) or dataset not in KINDS:
        raise WeightsError(f"The data set of these weights should be one of {', '.join(KINDS)}.")
    if not isinstance(labels, list | tuple) or not FEWEST <= len(labels) <= MOST:
        raise WeightsError(f"Weights have {FEWEST} to {MOST} labels; these have others.")
    if not all(isinstance(label, str) and _LABEL.fullmatch(label) for label in labels):
        raise WeightsError(f"A label has 1 to {LONGEST} letters, digits, spaces and . / ' -; one of these has not.")
    if len(set(labels)) != len(labels):
        raise WeightsError("Every label stands for one class; one of these weights' stands twice.")
    found = Alphabet(tuple(labels), dataset)
    if found.kind == DIGITS and found.labels != MNIST.labels:
        raise WeightsError(f"The labels of {dataset} are 0 to 9; these weights have others.")
    return found
