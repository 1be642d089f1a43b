"""The rules once more, as the formulas stand in the papers: one pair of input and output after the other."""

from __future__ import annotations

import numpy as np


def gamma_rule(
    inputs: np.ndarray, weights: np.ndarray, bias: np.ndarray, relevance: np.ndarray, gamma: float
) -> np.ndarray:
    """(J,) inputs, (K, J) weights, (K,) bias and relevance → the relevance of the inputs (J,)."""
    found = np.zeros(len(inputs))
    for k, row in enumerate(weights):
        outcome = sum(inputs[j] * row[j] for j in range(len(inputs))) + bias[k]
        if outcome == 0:
            continue
        shares = np.zeros(len(inputs))
        for j in np.flatnonzero(row * inputs):
            changed = row[j]
            if outcome > 0:
                changed += gamma * (max(row[j], 0) if inputs[j] > 0 else min(row[j], 0))
            else:
                changed += gamma * (min(row[j], 0) if inputs[j] > 0 else max(row[j], 0))
            shares[j] = inputs[j] * changed
        whole = bias[k] + gamma * (max(bias[k], 0) if outcome > 0 else min(bias[k], 0))
        found += shares / (sum(shares) + whole) * relevance[k]
    return found


def mean_rule(inputs: np.ndarray, relevance: np.ndarray) -> np.ndarray:
    """(H, W) inputs, (H // 2, W // 2) relevance of the means of 2×2 → the relevance of the inputs."""
    found = np.zeros(inputs.shape)
    for row in range(relevance.shape[0]):
        for column in range(relevance.shape[1]):
            cell = slice(2 * row, 2 * row + 2), slice(2 * column, 2 * column + 2)
            found[cell] = inputs[cell] / 4 / inputs[cell].mean() * relevance[row, column]
    return found
