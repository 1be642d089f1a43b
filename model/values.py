"""The values that this folder hands out: a picture made ready, and what the network reads in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from model.alphabet import MNIST, Alphabet, alphabet_of
from model.errors import WeightsError

SIDE = 28  # pixels: MNIST's own size


@dataclass(frozen=True, eq=False)
class Step:
    """One thing that was done to an upload, with the picture after it."""

    name: str  # "decode", "polarity", "crop", …: a sentence in the templates for each
    numbers: Mapping[str, float | int | str]  # what the sentence quotes
    picture: np.ndarray  # (H, W) float32 in [0, 1], at most 256 a side; for showing only


@dataclass(frozen=True, eq=False)
class DigitImage:
    """A picture as the network gets it, and how it was made."""

    pixels: np.ndarray  # (28, 28) float32 in [0, 1], ink = 1, whole multiples of 1/255
    steps: tuple[Step, ...] = ()
    reason: str | None = None  # why this cannot be one digit, from the picture alone; None where it may be
    upload: np.ndarray | None = None  # (H, W, 3) uint8, at most 640 a side, to prepare anew; None: nothing was done


@dataclass(frozen=True, eq=False)
class Prediction:
    """What the network says of one picture."""

    logits: np.ndarray  # (K,) float32 for K classes, before the temperature
    probabilities: np.ndarray  # (K,) float32, softmax(logits / temperature)
    digit: int
    runner_up: int
    strangeness: float | None  # how unlike the digits known, as a share of the limit; None: not measured
    unusual: bool = False  # stranger than nearly all digits known, but not turned away

    @property
    def probability(self) -> float:
        """The digit's probability."""
        return float(self.probabilities[self.digit])

    @property
    def margin(self) -> float:
        """Probability of the digit less that of the runner-up."""
        return float(self.probabilities[self.digit] - self.probabilities[self.runner_up])

    @property
    def is_digit(self) -> bool:
        """Whether it is enough like the digits known."""
        return self.strangeness is None or self.strangeness <= 1


@dataclass(frozen=True)
class ModelIdentity:
    """Which weights answer."""

    id: str  # "bundled", a directory's name, or owner/name
    revision: str | None  # the Hub's commit
    sha256: str  # of model.safetensors
    record: Mapping[str, object] = field(default_factory=dict)  # config.json: training and measured figures
    warnings: tuple[str, ...] = ()  # "fallback_weights", …
    notice: str | None = None  # one sentence for the person, where other weights answer than were asked for

    @property
    def alphabet(self) -> Alphabet:
        """What these weights tell apart; the digits where the record does not say, or cannot be right."""
        try:
            return alphabet_of(self.record)
        except WeightsError:
            return MNIST
