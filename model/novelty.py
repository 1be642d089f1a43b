"""How far a picture's features lie from those of digits.

Class-conditional Mahalanobis distance with one covariance for all classes: Lee et al., "A Simple Unified
Framework for Detecting Out-of-Distribution Samples and Adversarial Attacks", 2018 (arXiv 1807.03888), equation 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from model.errors import WeightsError


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


def save_novelty(path: Path, novelty: Novelty) -> None:
    """Write everything into one safetensors file; the whitening as float16, which moves distances by a thousandth."""
    tensors: dict[str, np.ndarray] = {
        "means": novelty.means.astype(np.float32),
        "whitening": novelty.whitening.astype(np.float16),
        "limits": np.array([novelty.limit, novelty.unusual], np.float32),
    }
    save_file(tensors, path)


def load_novelty(path: Path) -> Novelty:
    """Read what ``save_novelty`` wrote; raises WeightsError where it cannot be read."""
    try:
        tensors = load_file(path)
        limit, unusual = (float(number) for number in tensors["limits"])
        return Novelty(tensors["means"].astype(np.float32), tensors["whitening"].astype(np.float32), limit, unusual)
    except (OSError, SafetensorError, KeyError, ValueError) as problem:
        raise WeightsError(f"{path} cannot be read as a novelty file ({problem}).") from problem
