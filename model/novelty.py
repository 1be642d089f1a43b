"""How far a picture's features lie from those of digits.

Class-conditional Mahalanobis distance with one covariance for all classes: Lee et al., "A Simple Unified
Framework for Detecting Out-of-Distribution Samples and Adversarial Attacks", 2018 (arXiv 1807.03888), equation 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Novelty:
    """Ten class means and a shared whitening, fitted on training pictures."""

    means: np.ndarray  # (10, D) float32, whitened
    whitening: np.ndarray  # (1024, D) float32: features @ whitening has unit covariance within each class
    limit: float  # the distance at which a picture is turned away
    unusual: float  # share of the limit from which a picture is called unusual, 0 to 1

    def distance(self, features: np.ndarray) -> np.ndarray:
        """(..., 1024) features → (...,) distance to the nearest class mean."""
        white = features @ self.whitening
        return np.sqrt(((white[..., None, :] - self.means) ** 2).sum(axis=-1)).min(axis=-1)

    def strangeness(self, features: np.ndarray) -> float:
        """(1024,) features of one picture → its distance as a share of the limit; above 1 it is turned away."""
        return float(self.distance(features)) / self.limit
