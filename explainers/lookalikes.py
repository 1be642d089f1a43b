"""Which training pictures look most like one, pixel by pixel: an opinion that owes nothing to the network.

Euclidean distance after a slight blur, so that a stroke that lies one pixel beside another is near it.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy import ndimage

from explainers.examples import training_pictures
from explainers.levels import GREYS

BLUR = 1.0  # pixels


def nearest_labels(pixels: np.ndarray, dataset: str, count: int = 10) -> tuple[int, ...] | None:
    """The labels of the ``count`` training pictures of ``dataset`` nearest to ``pixels`` (28, 28), the nearest first.

    None where these are not on this machine.
    """
    known = _known(dataset)
    if known is None:
        return None
    pictures, lengths, labels = known
    wanted = ndimage.gaussian_filter(pixels.astype(np.float32), BLUR).ravel()
    distances = lengths - 2 * (pictures @ wanted)  # and the same for all: the length of what is looked for
    nearest = np.argsort(distances, kind="stable")[:count]
    return tuple(int(label) for label in labels[nearest])


@cache
def _known(dataset: str) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Blurred pictures (N, 784) float32, their squared lengths (N,) and labels (N,)."""
    training = training_pictures(dataset)
    if training is None:
        return None
    blurred = ndimage.gaussian_filter(training.pictures.astype(np.float32) / GREYS, (0, BLUR, BLUR))
    flat = blurred.reshape(len(blurred), -1)
    return flat, (flat**2).sum(axis=1), training.labels
