"""LIME over the ink parts, erased to black: Ribeiro et al., "Why Should I Trust You?", 2016 (arXiv 1602.04938).

lime's own local fit (``LimeBase``), with what suits a digit: the parts for its superpixels, black for "missing"
(its default, the segment's own mean colour, changes little in a stroke), the log-odds for its probability, distinct
runs for samples drawn with repeats, and next to no ridge: lime's 1 shrinks the weights, and as the kernel gives the
empty picture 0.0003, even 0.001 takes three quarters from a part that is alone. Where there are too many subsets of
the parts to run them all, the fit is to all of them nevertheless: the rest is told from those that were run
(``explainers/subsets/completion.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from lime.lime_base import LimeBase
from sklearn.linear_model import Ridge

from explainers.base import Case, Explainer
from explainers.subsets.completion import Completion
from explainers.subsets.runs import PartRuns
from explainers.subsets.spread import spread_evenly
from explainers.subsets.surrogate import KERNEL_WIDTH, RIDGE, cosine_distances, fit_map, kernel
from explainers.values import Attribution

CONSTANT = 1e-6  # logit: where the runs differ by less, there is nothing to fit


@dataclass(frozen=True, eq=False)
class Surrogate:
    """A linear model of the log-odds over the parts that are left."""

    weights: np.ndarray  # (M,) float64, logit: what a part adds where it is left in
    errors: np.ndarray | None  # (M,) standard errors, logit; None where the runs leave no degree of freedom
    fit: float | None  # weighted R²; None where the log-odds are the same in all runs


class Lime(Explainer):
    """The part's weight in a linear model of the runs, spread evenly over its ink."""

    id: ClassVar[str] = "lime"
    title: ClassVar[str] = "LIME"
    paper: ClassVar[str] = "arXiv 1602.04938"
    authors: ClassVar[tuple[str, ...]] = ("Ribeiro", "Singh", "Guestrin")
    year: ClassVar[int] = 2016
    signed: ClassVar[bool] = True
    additive: ClassVar[bool] = False
    random: ClassVar[bool] = True
    resolution: ClassVar[str] = "part"

    def explain(self, case: Case, target: int) -> Attribution:
        """The attribution of the log-odds of ``target``, from the case's table of runs."""
        runs = case.runs
        surrogate = fit_surrogate(runs, target)
        errors = surrogate.errors
        part_values = dict(zip(runs.ids, surrogate.weights.tolist(), strict=True))
        return Attribution(
            method=self.id,
            target=target,
            values=spread_evenly(case, part_values).astype(np.float32),
            unit="logit",
            gap=None,
            settings={
                **runs.settings,
                "kernel_width": KERNEL_WIDTH,
                "ridge": RIDGE,
                "seed": case.seed,
            },
            part_values=part_values,
            part_errors={} if errors is None else dict(zip(runs.ids, errors.tolist(), strict=True)),
            fit=surrogate.fit,
        )


def fit_surrogate(runs: PartRuns, target: int) -> Surrogate:
    """Weighted ridge regression, over all subsets of the parts, of the log-odds of ``target`` on what was left."""
    kept, odds, count = runs.kept, runs.log_odds(target), len(runs.ids)
    if np.ptp(odds) < CONSTANT:
        return Surrogate(np.zeros(count), np.zeros(count), None)
    chance = np.zeros(count)  # (M,) variance of the weights that comes from not having run all, logit²
    if not runs.complete:
        completion = Completion(kept, odds)
        kept, odds = completion.kept, completion.odds
        chance = np.diag(completion.covariance(fit_map(kept)))
    distances = cosine_distances(kept)
    _, pairs, fit, _ = LimeBase(kernel, random_state=0).explain_instance_with_data(
        kept.astype(np.float64),
        odds[:, None],
        distances,
        0,
        count,
        feature_selection="none",
        model_regressor=Ridge(alpha=RIDGE),
    )
    weights = np.zeros(count)
    for place, weight in pairs:
        weights[place] = weight
    errors = standard_errors(kept.astype(np.float64), odds, kernel(distances), weights)
    return Surrogate(weights, None if errors is None else np.sqrt(errors**2 + np.maximum(chance, 0)), float(fit))


def standard_errors(kept: np.ndarray, odds: np.ndarray, nearness: np.ndarray, weights: np.ndarray) -> np.ndarray | None:
    """(M,) standard errors of weighted least squares; None where R ≤ M + 1.

    With X = [1, kept], W = diag(nearness) and r the residuals, the square roots of the diagonal of
    s² (XᵀWX)⁻¹, s² = Σ w r² / (R − M − 1), the ridge left out as it is tiny. Where all subsets were run this
    measures how far the network is from linear in the parts, not chance.
    """
    rows, count = kept.shape
    if rows <= count + 1:
        return None
    design = np.column_stack([np.ones(rows), kept])
    intercept = np.average(odds - kept @ weights, weights=nearness)
    residuals = odds - intercept - kept @ weights
    variance = (nearness * residuals**2).sum() / (rows - count - 1)
    inverse = np.linalg.inv(design.T @ (nearness[:, None] * design))
    return np.sqrt(variance * np.diag(inverse))[1:]
