"""LIME's local weighting of subsets of parts, and the weights of the parts that follow from it: plain arithmetic."""

from __future__ import annotations

import numpy as np

KERNEL_WIDTH = 0.25  # lime's default for pictures, on its cosine distance
RIDGE = 1e-6


def kernel(distances: np.ndarray) -> np.ndarray:
    """sqrt(exp(−d² / width²)), as lime writes it."""
    return np.sqrt(np.exp(-(distances**2) / KERNEL_WIDTH**2))


def cosine_distances(kept: np.ndarray) -> np.ndarray:
    """(R, M) bool → (R,): one minus the cosine between each row and the row of ones, √(share of the parts left).

    lime's own distance, written out for zeros and ones; the empty row, which has no angle, lies at 1 as in lime.
    """
    return 1 - np.sqrt(kept.mean(axis=1))


def fit_map(kept: np.ndarray) -> np.ndarray:
    """(M, R): what makes the log-odds of the (R, M) ``kept`` subsets into the weights of the M parts.

    Weighted ridge regression with a free intercept is linear in what it fits: (XᵀWX + λI)⁻¹ XᵀW.
    """
    design = np.column_stack([np.ones(len(kept)), kept])
    weighted = design * kernel(cosine_distances(kept))[:, None]
    penalty = RIDGE * np.diag([0.0] + [1.0] * kept.shape[1])
    return np.linalg.solve(design.T @ weighted + penalty, weighted.T)[1:]
