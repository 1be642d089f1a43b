"""Integrated Gradients from a black picture: Sundararajan et al., 2017 (arXiv 1703.01365).

A_i = x_i ∫₀¹ ∂f(αx)/∂x_i dα with f the log-odds of the target, on the 28×28 picture itself: the preparation lies
inside the network, so that the baseline 0 is truly black. The integral is the trapezoid rule's on 8, 16, 32, 64
intervals, each step keeping all the gradients of the one before, until both the sum and the map have settled: the
sum alone can be right by accident, where errors cancel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from explainers.base import Case, Explainer
from explainers.values import Attribution
from model.classifier import Classifier

FIRST_STEPS = 8
MOST_STEPS = 64
MAP_CHANGE = 0.10  # ‖A₂ₙ − Aₙ‖₁ at most this share of ‖A₂ₙ‖₁
SUM_SHARE = 0.05  # |ΣA − Δ| at most this share of |Δ| …
SUM_FLOOR = 0.1  # … or this many logits, whichever is more


@dataclass(frozen=True, eq=False)
class Integral:
    """The integral along the straight path from black to the picture."""

    values: np.ndarray  # (28, 28) float64, logit
    change: float  # Δ = f(x) − f(black), logit
    steps: int  # intervals of the trapezoid rule; one gradient more was computed
    settled: bool  # whether both conditions held when it stopped

    @property
    def gap(self) -> float:
        """|ΣA − Δ|, logit."""
        return abs(float(self.values.sum()) - self.change)


class IntegratedGradients(Explainer):
    """Each pixel's share of the change in log-odds from black to the picture."""

    id: ClassVar[str] = "integrated_gradients"
    title: ClassVar[str] = "Integrated Gradients"
    paper: ClassVar[str] = "arXiv 1703.01365"
    signed: ClassVar[bool] = True
    additive: ClassVar[bool] = True
    random: ClassVar[bool] = False
    resolution: ClassVar[str] = "pixel"

    def explain(self, case: Case, target: int) -> Attribution:
        """The attribution of the log-odds of ``target``; the gap is what the sum misses."""
        integral = integrate(case.classifier, case.pixels, target)
        return Attribution(
            method=self.id,
            target=target,
            values=integral.values.astype(np.float32),
            unit="logit",
            gap=integral.gap,
            settings={"baseline": "black", "rule": "trapezoid", "steps": integral.steps, "settled": integral.settled},
            part_values={part.id: float(integral.values[part.mask].sum()) for part in case.parts if part.kind == "ink"},
        )


def integrate(classifier: Classifier, pixels: np.ndarray, target: int) -> Integral:
    """Double the steps until ‖A₂ₙ − Aₙ‖₁ ≤ 0.10 ‖A₂ₙ‖₁ and |ΣA₂ₙ − Δ| ≤ max(0.05 |Δ|, 0.1), at most 64."""
    steps = FIRST_STEPS
    alphas = np.arange(steps + 1) / steps
    odds, gradients = classifier.log_odds_gradients(_path(pixels, alphas), target)
    change = float(odds[-1]) - float(odds[0])
    total = np.tensordot(trapezoid_weights(steps) * steps, gradients, axes=1)  # Σ of the gradients, the ends halved
    values = pixels * total / steps
    while True:
        steps *= 2
        _, between = classifier.log_odds_gradients(_path(pixels, np.arange(1, steps, 2) / steps), target)
        total = total + between.sum(axis=0, dtype=np.float64)
        coarser, values = values, pixels * total / steps
        map_settled = np.abs(values - coarser).sum() <= MAP_CHANGE * np.abs(values).sum()
        sum_settled = abs(values.sum() - change) <= max(SUM_SHARE * abs(change), SUM_FLOOR)
        settled = bool(map_settled and sum_settled)
        if settled or steps >= MOST_STEPS:
            return Integral(values, change, steps, settled)


def trapezoid_weights(steps: int) -> np.ndarray:
    """(steps + 1,) weights of the trapezoid rule on [0, 1]; their sum is 1."""
    weights = np.full(steps + 1, 1 / steps)
    weights[[0, -1]] /= 2
    return weights


def _path(pixels: np.ndarray, alphas: np.ndarray) -> np.ndarray:
    """(A,) shares of the way → (A, 28, 28) pictures from black to ``pixels``."""
    return (alphas[:, None, None] * pixels).astype(np.float32)
