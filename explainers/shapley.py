"""Shapley values of the ink parts: Shapley 1953; Lundberg and Lee 2017 (arXiv 1705.07874), equation 4.

The players are the parts, a part that is missing is erased to black, and the worth of a coalition is the log-odds of
the target with just those parts left: the table of runs that LIME uses. Where it is complete the values are exact.
Else the rest is told from what was run (``explainers/subsets/completion.py``), and the values have the errors that this
leaves. They add up to f(all parts) − f(none) either way, as both are always run.
"""

from __future__ import annotations

from math import comb
from typing import ClassVar

import numpy as np

from explainers.base import Case, Explainer
from explainers.subsets.completion import Completion
from explainers.subsets.runs import PartRuns
from explainers.subsets.spread import spread_evenly
from explainers.values import Attribution


class Shapley(Explainer):
    """What the part adds, averaged over all orders of putting the parts in; spread evenly over its ink."""

    id: ClassVar[str] = "shapley"
    title: ClassVar[str] = "Shapley values"
    paper: ClassVar[str] = "arXiv 1705.07874"
    authors: ClassVar[tuple[str, ...]] = ("Lundberg", "Lee")
    year: ClassVar[int] = 2017
    signed: ClassVar[bool] = True
    additive: ClassVar[bool] = True
    random: ClassVar[bool] = True
    resolution: ClassVar[str] = "part"

    def explain(self, case: Case, target: int) -> Attribution:
        """The attribution of the log-odds of ``target``, from the case's table of runs."""
        runs = case.runs
        shares, errors = shapley_values(runs, target)
        part_values = dict(zip(runs.ids, shares.tolist(), strict=True))
        odds, empty = runs.log_odds(target), ~runs.kept.any(axis=1)
        return Attribution(
            method=self.id,
            target=target,
            values=spread_evenly(case, part_values).astype(np.float32),
            unit="logit",
            gap=abs(float(shares.sum() - (odds[0] - odds[empty][0]))),
            settings={**runs.settings, "seed": case.seed},
            part_values=part_values,
            part_errors={} if errors is None else dict(zip(runs.ids, errors.tolist(), strict=True)),
        )


def shapley_values(runs: PartRuns, target: int) -> tuple[np.ndarray, np.ndarray | None]:
    """(M,) float64 logit, and their (M,) standard errors: None where all subsets were run and nothing is uncertain."""
    if runs.complete:
        return shapley_map(runs.kept) @ runs.log_odds(target), None
    completion = Completion(runs.kept, runs.log_odds(target))
    weigh = shapley_map(completion.kept)
    variances = np.diag(completion.covariance(weigh))
    return weigh @ completion.odds, np.sqrt(np.maximum(variances, 0))


def shapley_map(kept: np.ndarray) -> np.ndarray:
    """(M, 2^M): what makes the log-odds of all subsets, (2^M, M) ``kept``, into the values of the M parts.

    φ_i = Σ_{S∌i} |S|! (M − |S| − 1)! / M! · (f(S ∪ i) − f(S)): each subset counts once, for its members with + and
    the weight of the subset without them, for the others with − and its own.
    """
    count = kept.shape[1]
    weights = np.array([1 / (count * comb(count - 1, size)) for size in range(count)])  # by |S|
    without = kept.sum(axis=1, keepdims=True) - kept  # (2^M, M): |S|, the part itself not counted
    return np.where(kept, weights[without], -weights[without]).T
