"""Integrated Gradients from a black picture: Sundararajan et al., 2017 (arXiv 1703.01365).

A_i = x_i ∫₀¹ ∂f(αx)/∂x_i dα with f the log-odds of the target, on the 28×28 picture itself: the preparation lies
inside the network, so that the baseline 0 is truly black. The integral is the trapezoid rule's on intervals that are
halved where it is worst, all gradients kept: nearly everything happens between a tenth and a half of the way, so
equal steps would spend most gradients where nothing changes.

On each interval the trapezoid's sum is compared with the change of f from end to end, which is known; and how much the
map differs between the ends bounds what cancels in that sum. On nine digits the map was off by a third of the sum of
these errors, measured against 256 equal steps (docs/speed.md). Where the map has settled so and the whole sum still
misses the change of f between black and the picture, the intervals are halved that err towards the same side. The sum
is never scaled to fit.

Both ends of f are what the network reads, in float32: gradients may come with a log-odds of less precision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from explainers.base import Case, Explainer
from explainers.subsets.spread import part_sums
from explainers.values import Attribution, log_odds

FIRST_STEPS = 4
MOST_STEPS = 64
HALVED_AT_ONCE = 2  # intervals a round: four take one gradient more on average, one gains nothing
MANY = 32  # gradients: where so many take little longer together than a few (a GPU), they are the first round …
CROWDING = 3  # … at the cubes of equal steps, so that they crowd where the map changes …
MORE = 8  # … and each further round halves so many intervals
MAP_ERROR = 0.08  # the intervals' errors together are at most this share of ‖A‖₁ …
SUM_SHARE = 0.01  # … and |ΣA − Δ| is at most this share of |Δ|
SUM_FLOOR = 0.02  # or this many logits, whichever is more


@dataclass(frozen=True, eq=False)
class Integral:
    """The integral along the straight path from black to the picture."""

    values: np.ndarray  # (28, 28) float64, logit
    change: float  # Δ = f(x) − f(black), logit
    steps: int  # intervals of the trapezoid rule, between one gradient more
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
    authors: ClassVar[tuple[str, ...]] = ("Sundararajan", "Taly", "Yan")
    year: ClassVar[int] = 2017
    signed: ClassVar[bool] = True
    additive: ClassVar[bool] = True
    random: ClassVar[bool] = False
    resolution: ClassVar[str] = "pixel"

    def explain(self, case: Case, target: int) -> Attribution:
        """The attribution of the log-odds of ``target``; the gap is what the sum misses."""
        integral = integrate(case, target)
        return Attribution(
            method=self.id,
            target=target,
            values=integral.values.astype(np.float32),
            unit="logit",
            gap=integral.gap,
            settings={
                "baseline": "black",
                "rule": "adaptive trapezoid",
                "steps": integral.steps,
                "settled": integral.settled,
            },
            part_values=part_sums(case, integral.values),
        )


def integrate(case: Case, target: int) -> Integral:
    """Halve the worst intervals until map and sum have settled, at most ``MOST_STEPS`` intervals."""
    many = case.classifier.gradients_together >= MANY
    first, crowding, at_once = (MANY, CROWDING, MORE) if many else (FIRST_STEPS, 1, HALVED_AT_ONCE)
    alphas = (np.arange(first + 1) / first) ** crowding
    odds, maps = _slopes(case, target, alphas[1:])
    black = case.classifier.black_slope(target)
    odds, maps = np.insert(odds, 0, black[0]), np.insert(maps, 0, case.pixels * black[1], axis=0)
    odds[-1] = log_odds(case.prediction.logits, target)
    change = float(odds[-1] - odds[0])
    while True:
        widths = np.diff(alphas)
        pieces = widths[:, None, None] * (maps[1:] + maps[:-1]) / 2
        sums = pieces.sum(axis=(1, 2)) - np.diff(odds)  # (A,) what each interval errs by, signed; together ΣA − Δ
        errors = np.abs(sums) + widths * np.abs(np.diff(maps, axis=0)).sum(axis=(1, 2)) / 8
        values = pieces.sum(axis=0)
        map_settled = errors.sum() <= MAP_ERROR * np.abs(values).sum()
        sum_settled = abs(sums.sum()) <= max(SUM_SHARE * abs(change), SUM_FLOOR)
        settled = bool(map_settled and sum_settled)
        if settled or len(widths) >= MOST_STEPS:
            return Integral(values, change, len(widths), settled)
        guilt = sums * np.sign(sums.sum()) if map_settled else errors
        worst = np.sort(np.argsort(guilt, kind="stable")[-at_once:])
        middles = (alphas[worst] + alphas[worst + 1]) / 2
        new_odds, new_maps = _slopes(case, target, middles)
        alphas, odds, maps = (
            np.insert(old, worst + 1, new, axis=0)
            for old, new in ((alphas, middles), (odds, new_odds), (maps, new_maps))
        )


def _slopes(case: Case, target: int, alphas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """At (A,) shares of the way from black: the log-odds (A,) and the gradients times the picture (A, 28, 28)."""
    path = (alphas[:, None, None] * case.pixels).astype(np.float32)
    odds, gradients = case.classifier.log_odds_gradients(path, target)
    return odds.astype(np.float64), gradients.astype(np.float64) * case.pixels
