"""The values that this folder hands out: parts, attributions, and tests that were run on the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

INK_FORMS = ("loop", "bar", "stem", "slant", "curve", "tail", "dot")
GAP_FORMS = ("opening", "hole")
PLACES = ("top", "bottom", "left", "right", "middle", "top_left", "top_right", "bottom_left", "bottom_right", "whole")


@dataclass(frozen=True, eq=False)
class Part:
    """A piece of the ink, or an empty place, that a person would point at."""

    id: str  # "part_1", … for ink; "gap_1", … for gaps; stable for the same picture
    kind: str  # "ink" or "gap"
    form: str  # one of INK_FORMS or GAP_FORMS
    place: str  # one of PLACES; form, place and side together are unique within a picture
    mask: np.ndarray  # (28, 28) bool; ink parts are disjoint and cover all ink
    side: str | None = None  # where an opening opens to, or which of two alike: "left", "right", "top", "bottom", "upper", "lower"


@dataclass(frozen=True, eq=False)
class Attribution:
    """How far each pixel moved one output, for one picture."""

    method: str
    target: int  # the digit being explained, not always the one read
    values: np.ndarray  # (28, 28) float32, raw and signed: > 0 speaks for the target
    unit: str  # "logit" where values add up to the log-odds, else "relative"
    gap: float | None  # |sum(values) - (f(x) - f(baseline))| in logit; None: the method promises no sum
    settings: Mapping[str, object]  # baseline, steps, samples, seed: enough to run it again
    part_values: Mapping[str, float] = field(default_factory=dict)  # part id → its share of the sum, for methods over parts
    part_errors: Mapping[str, float] = field(default_factory=dict)  # part id → standard error of its value
    fit: float | None = None  # weighted R² of a surrogate; None: the method fits none


@dataclass(frozen=True, eq=False)
class Outcome:
    """One picture as the model got it, and what it said."""

    pixels: np.ndarray  # (28, 28) float32 in [0, 1]
    logits: np.ndarray  # (10,) float32
    probabilities: np.ndarray  # (10,) float32

    @property
    def digit(self) -> int:
        """The digit read."""
        return int(self.logits.argmax())


@dataclass(frozen=True, eq=False)
class Test:
    """The picture was changed and the model run again: both inputs and both outputs."""

    __test__ = False  # not a test class of pytest's

    operation: Mapping[str, object]  # {"kind": "erase" or "fill", "parts": [ids]}
    before: Outcome
    after: Outcome

    def drop(self, digit: int) -> float:
        """By how much the digit's probability fell, -1 to 1."""
        return float(self.before.probabilities[digit] - self.after.probabilities[digit])

    def log_odds_drop(self, digit: int) -> float:
        """By how much the digit's log-odds fell (logit, no temperature)."""
        return _log_odds(self.before.logits, digit) - _log_odds(self.after.logits, digit)


def _log_odds(logits: np.ndarray, digit: int) -> float:
    others = np.delete(logits.astype(np.float64), digit)
    peak = others.max()
    return float(logits[digit] - peak - np.log(np.exp(others - peak).sum()))
