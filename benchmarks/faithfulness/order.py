"""The ink of a picture in the order of a map, and pictures with a share of it taken away or put in."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


def ink_order(pixels: np.ndarray, values: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """(K, 2): the places of the K ink pixels of (28, 28) ``pixels``, those with the largest signed ``values`` first.

    Equal values, as all pixels of a part have, come in random order: in the picture's own order a map that knows
    nothing would take away whole strokes from the top.
    """
    places = generator.permutation(np.argwhere(pixels > 0))
    return places[np.argsort(-values[tuple(places.T)], kind="stable")]


def erased(pixels: np.ndarray, order: np.ndarray, shares: Iterable[float]) -> np.ndarray:
    """(S, 28, 28): ``pixels`` with the first share of ``order`` black, for each of S ``shares`` in [0, 1]."""
    pictures = []
    for share in shares:
        picture = pixels.copy()
        picture[tuple(order[: round(len(order) * share)].T)] = 0
        pictures.append(picture)
    return np.stack(pictures)


def inserted(pixels: np.ndarray, order: np.ndarray, shares: Iterable[float]) -> np.ndarray:
    """(S, 28, 28): a black picture with only the first share of ``order`` as it is in ``pixels``."""
    return pixels - erased(pixels, order, shares)
