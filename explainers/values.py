"""The values that this folder hands out: parts, attributions, and tests that were run on the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

INK_FORMS = ("loop", "bar", "stem", "slant", "curve", "tail", "dot")
GAP_FORMS = ("opening", "hole")
GARMENT_FORMS = ("area", "neckline", "shoulder", "sleeve", "hem", "waistband", "sole", "handle")  # of clothes, as ink
PLACES = ("top", "bottom", "left", "right", "middle", "top_left", "top_right", "bottom_left", "bottom_right", "whole")


@dataclass(frozen=True, eq=False)
class Part:
    """A piece of the ink, or an empty place, that a person would point at."""

    id: str  # "part_1", … for ink; "gap_1", … for gaps; stable for the same picture
    kind: str  # "ink" or "gap"
    form: str  # one of INK_FORMS or GAP_FORMS; of clothes one of GARMENT_FORMS
    place: str  # one of PLACES; form, place and side together are unique within a picture
    mask: np.ndarray  # (28, 28) bool; ink parts are disjoint and cover all ink
    side: str | None = None  # where an opening opens ("left", …), or which of two alike ("left", "upper", …)


@dataclass(frozen=True, eq=False)
class Attribution:
    """How far each pixel moved one output, for one picture."""

    method: str
    target: int  # the digit being explained, not always the one read
    values: np.ndarray  # (28, 28) float32, raw and signed: > 0 speaks for the target
    unit: str  # "logit" where values are amounts of log-odds, else "relative"
    gap: float | None  # |sum(values) - (f(x) - f(baseline))| in logit; None: the method promises no sum
    settings: Mapping[str, object]  # baseline, steps, samples, seed: enough to run it again
    part_values: Mapping[str, float] = field(default_factory=dict)  # ink part id → Σ of the values over it
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
        return float(log_odds(self.before.logits, digit) - log_odds(self.after.logits, digit))


def log_odds(logits: np.ndarray, digit: int) -> np.ndarray:
    """(..., 10) logits → (...,) float64: z_d − log Σ_{c≠d} exp z_c = log(p_d / (1 − p_d)) at temperature 1."""
    exact = logits.astype(np.float64)
    others = np.delete(exact, digit, axis=-1)
    peak = others.max(axis=-1, keepdims=True)
    return exact[..., digit] - peak[..., 0] - np.log(np.exp(others - peak).sum(axis=-1))
