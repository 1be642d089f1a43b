"""What the network would say of the subsets of parts that were not run, told from those that were.

Kriging with a linear trend, which is Gaussian process regression with an explicit basis (Rasmussen and Williams,
"Gaussian Processes for Machine Learning", 2006, section 2.7): the log-odds are linear in the parts, plus a remainder
that is the more alike for two subsets the fewer parts they differ in, with the covariance σ²·ρ^(parts that differ).
With it 64 runs of seven to nine parts give LIME's weights better than 96 alone do (docs/speed.md), and the covariance
says how far the runs that are missing might still move them.
"""

from __future__ import annotations

from functools import cached_property
from statistics import NormalDist

import numpy as np

ALIKE = 0.85  # ρ; 0.7 to 0.95 come to the same
JITTER = 1e-9  # added to each variance, so that the matrix can be inverted safely
CONFIDENCE = 0.95


class Completion:
    """The log-odds of all 2^M subsets, from those of R of them; more than M + 1 are needed."""

    def __init__(self, kept: np.ndarray, odds: np.ndarray) -> None:
        """``kept``: (R, M) bool, distinct: which parts are left; ``odds``: (R,) what the network said, logit."""
        self.kept = every_subset(kept.shape[1])  # (2^M, M) bool
        self._trend = np.column_stack([np.ones(len(kept)), kept])  # (R, M + 1)
        self._inverse = np.linalg.inv(_likeness(kept, kept) + JITTER * np.eye(len(kept)))
        self._across = _likeness(self.kept, kept)  # (2^M, R)
        self._normal = self._trend.T @ self._inverse @ self._trend
        slopes = np.linalg.solve(self._normal, self._trend.T @ self._inverse @ odds)
        rest = odds - self._trend @ slopes
        self.odds = self._all_trend @ slopes + self._across @ (self._inverse @ rest)  # (2^M,) float64, logit
        self._variance = float(rest @ self._inverse @ rest) / (len(kept) - kept.shape[1] - 1)  # σ², logit²

    @cached_property
    def _all_trend(self) -> np.ndarray:
        return np.column_stack([np.ones(len(self.kept)), self.kept])

    def covariance(self, weights: np.ndarray) -> np.ndarray:
        """(K, K) logit²: the covariance of ``weights`` (K, 2^M) @ ``odds`` that not having run the rest leaves."""
        seen = weights @ self._across
        trend = weights @ self._all_trend - seen @ self._inverse @ self._trend
        remainder = weights @ _likeness(self.kept, self.kept) @ weights.T - seen @ self._inverse @ seen.T
        return self._variance * (remainder + trend @ np.linalg.solve(self._normal, trend.T))


def every_subset(parts: int) -> np.ndarray:
    """(2^parts, parts) bool, the full one first, the empty one last."""
    return (np.arange(2**parts)[::-1, None] >> np.arange(parts)) % 2 == 1


def order_settled(values: np.ndarray, covariance: np.ndarray, places: int) -> bool:
    """Whether the largest ``places`` of (M,) ``values`` come in this order with a probability of ``CONFIDENCE``.

    Each must lead the next one by so many standard errors that all these leads together are that sure (Bonferroni).
    """
    order = np.argsort(-values, kind="stable")[: places + 1]
    errors_ahead = NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / places)
    for first, second in zip(order, order[1:], strict=False):
        variance = covariance[first, first] + covariance[second, second] - 2 * covariance[first, second]
        if values[first] - values[second] < errors_ahead * np.sqrt(max(variance, 0.0)):
            return False
    return True


def _likeness(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """(A, M) and (B, M) bool → (A, B): ρ to the power of how many parts differ."""
    left, right = first.astype(np.float64), second.astype(np.float64)
    return ALIKE ** (left @ (1 - right).T + (1 - left) @ right.T)
