"""What the rows of a data set say together: accuracy, calibration, confusions, and what the doubt cues are worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bot.claims.doubt import CUES
from bot.record.counts import Counts
from model.evaluate import Bin, measure, reliability

LEVEL = 0.95  # of intervals
NORMAL = 1.959964  # standard normal quantile of (1 + LEVEL) / 2


@dataclass(frozen=True)
class CueRates:
    """How often readings carry a cue."""

    caught: float  # share of the wrong ones; nan where none is wrong
    false: float  # share of the right ones; nan where none is right


@dataclass(frozen=True, eq=False)
class Summary:
    """Figures of ``rows`` (one a picture), at the temperature of the weights."""

    rows: Sequence[dict]
    temperature: float

    @cached_property
    def misread(self) -> list[dict]:
        """The rows of the pictures that are read as another digit than their label: by label, reading and place."""
        wrong = [row for row in self.rows if row["digit"] != row["label"]]
        return sorted(wrong, key=lambda row: (row["label"], row["digit"], row["image"]))

    @cached_property
    def logits(self) -> np.ndarray:
        """(N, K), K classes."""
        return np.array([row["logits"] for row in self.rows])

    @cached_property
    def labels(self) -> np.ndarray:
        """(N,)."""
        return np.array([row["label"] for row in self.rows])

    @cached_property
    def measured(self) -> dict:
        """The figures that ``model.evaluate`` writes into a record."""
        return measure(self.logits, self.labels, self.temperature)

    @cached_property
    def counts(self) -> Counts:
        """Which digit was read as which."""
        return Counts(np.array(self.measured["confusion"], int))

    @cached_property
    def bins(self) -> list[Bin]:
        """The reliability diagram."""
        return reliability(self.logits, self.labels, self.temperature)

    @property
    def accuracy_interval(self) -> tuple[float, float]:
        """The ``LEVEL`` interval of the accuracy: Wilson, 1927, "Probable inference", with what it gives at 0 and 1."""
        n = len(self.rows)
        share = 1 - len(self.misread) / n
        middle = (share + NORMAL**2 / (2 * n)) / (1 + NORMAL**2 / n)
        half = NORMAL / (1 + NORMAL**2 / n) * math.sqrt(share * (1 - share) / n + NORMAL**2 / (4 * n * n))
        return middle - half, middle + half

    def cue_rates(self, cue: str | None = None) -> CueRates:
        """Of one of ``CUES``, or of any."""
        carried = np.array([bool(row["cues"]) if cue is None else cue in row["cues"] for row in self.rows])
        wrong = np.array([row["digit"] != row["label"] for row in self.rows])
        caught, false = (float(carried[which].mean()) if which.any() else math.nan for which in (wrong, ~wrong))
        return CueRates(caught, false)

    def every_cue(self) -> list[tuple[str, CueRates]]:
        """Of each cue by itself."""
        return [(cue, self.cue_rates(cue)) for cue in CUES]
