"""How faithful heatmaps of one picture are: what erasing by them does, and how they rank the parts.

Deletion: the ink is erased in twenty equal steps, what a map marks most first; the mean log-odds of the digit on the
way say how soon it is lost (lower is better). Ranking: Spearman's correlation between what the ink parts get and what
an exhaustive run gives them, which is LIME's fit to all subsets of the parts and the integral on 256 equal steps.
Over many pictures and for all methods: benchmarks/faithfulness.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.faithfulness.order import erased, ink_order
from explainers.base import Case
from explainers.lime import fit_surrogate
from explainers.measures import rank_agreement
from explainers.subsets.completion import every_subset
from explainers.subsets.runs import PartRuns
from explainers.values import Attribution, log_odds

DELETED = np.arange(1, 21) / 20  # shares of the ink
FINE_STEPS = 256
RANDOM_ORDERS = 5


@dataclass(frozen=True)
class Faithfulness:
    """Of one map."""

    deletion: float  # mean log-odds while the ink is erased, logit
    ranking: float | None  # −1 to 1; None for fewer than three parts


def measure(case: Case, maps: Mapping[str, np.ndarray]) -> dict[str, Faithfulness]:
    """Of the maps by method, (28, 28) each, for the digit that is read."""
    exact = exhaustive(case)
    return {
        method: Faithfulness(
            deletion(case, values), rank_agreement(_attribution(case, values), exact[method], case.parts)
        )
        for method, values in maps.items()
    }


def exhaustive(case: Case) -> dict[str, Attribution]:
    """LIME from all subsets of the parts, and Integrated Gradients from ``FINE_STEPS`` equal steps."""
    target, ink = case.prediction.digit, [part for part in case.parts if part.kind == "ink"]
    kept = every_subset(len(ink))
    masks = np.stack([part.mask for part in ink])
    gone = np.einsum("rm,mhw->rhw", (~kept).astype(int), masks.astype(int)) > 0
    runs = PartRuns(
        tuple(part.id for part in ink), kept, case.classifier.logits(np.where(gone, np.float32(0), case.pixels)), True
    )
    weights = fit_surrogate(runs, target).weights
    lime = sum(weight * mask / mask.sum() for weight, mask in zip(weights, masks, strict=True))
    return {
        "lime": _attribution(case, np.asarray(lime)),
        "integrated_gradients": _attribution(case, equal_steps(case, FINE_STEPS)),
    }


def equal_steps(case: Case, steps: int) -> np.ndarray:
    """Integrated Gradients by the trapezoid rule on equal steps, (28, 28) float64."""
    alphas = np.arange(steps + 1) / steps
    path = (alphas[:, None, None] * case.pixels).astype(np.float32)
    _, gradients = case.classifier.log_odds_gradients(path, case.prediction.digit)
    return case.pixels * (gradients[1:] + gradients[:-1]).mean(axis=0, dtype=np.float64) / 2


def erased_logits(case: Case, values: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """(S, 10) logits with each of S ``shares`` of the ink erased, the largest of (28, 28) ``values`` first."""
    order = ink_order(case.pixels, values, np.random.default_rng(0))
    return case.classifier.logits(erased(case.pixels, order, shares))


def deletion(case: Case, values: np.ndarray, shares: np.ndarray = DELETED) -> float:
    """The mean log-odds of the digit without these ``shares`` of the ink, the largest of (28, 28) ``values`` first."""
    logits = erased_logits(case, values, shares)
    return float(log_odds(logits, case.prediction.digit).mean())


def random_deletion(case: Case) -> float:
    """The same for ink erased in random order, the mean of ``RANDOM_ORDERS``."""
    generator = np.random.default_rng(0)
    return float(np.mean([deletion(case, generator.random((28, 28))) for _ in range(RANDOM_ORDERS)]))


def _attribution(case: Case, values: np.ndarray) -> Attribution:
    return Attribution("", case.prediction.digit, values.astype(np.float32), "logit", None, {})
