"""From rows to figures: one number a picture for every method, and how much better than a control it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.bootstrap import interval
from benchmarks.faithfulness.measures import area


@dataclass(frozen=True)
class Score:
    """One measure that a method and a control both have."""

    title: str
    of: Callable[[dict], float | None]  # a method's entry in a row → its value for that picture
    sign: int  # 1 where more is better, −1 where less is


def _area(curve: str, unit: str) -> Callable[[dict], float | None]:
    return lambda entry: area(np.array(entry[curve][unit])) if curve in entry else None


DELETION = Score("deletion", _area("deletion", "probability"), -1)
INSERTION = Score("insertion", _area("insertion", "probability"), 1)
PATCHES = Score("patch sensitivity", lambda entry: entry.get("patches"), 1)
DELETION_LOGIT = Score("deletion", _area("deletion", "log_odds"), -1)
INSERTION_LOGIT = Score("insertion", _area("insertion", "log_odds"), 1)


@dataclass(frozen=True)
class Gain:
    """How much better than a control a method is on the same pictures."""

    mean: float
    low: float  # of the 95 % interval
    high: float
    better: float  # share of the pictures on which it is better, 0 to 1

    @property
    def clear(self) -> bool:
        """Whether the interval lies above 0."""
        return self.low > 0


def values(rows: Sequence[dict], method: str, of: Callable[[dict], float | None]) -> np.ndarray:
    """(N,) float64, one a row; NaN where the method has no value there."""
    found = [of(row["methods"][method]) for row in rows]
    return np.array([np.nan if value is None else value for value in found], np.float64)


def gain(rows: Sequence[dict], method: str, control: str, score: Score) -> Gain | None:
    """Paired by picture, over those on which both have a value; None where there are none."""
    differences = score.sign * (values(rows, method, score.of) - values(rows, control, score.of))
    differences = differences[~np.isnan(differences)]
    if not len(differences):
        return None
    return Gain(float(differences.mean()), *interval(differences), float((differences > 0).mean()))


def mean_curve(rows: Sequence[dict], method: str, curve: str) -> np.ndarray | None:
    """The mean probability at each step of "deletion" or "insertion"; None where the method has none."""
    curves = [row["methods"][method][curve]["probability"] for row in rows if curve in row["methods"][method]]
    return np.mean(curves, axis=0) if curves else None
