"""Intervals of a mean over pictures."""

from __future__ import annotations

import numpy as np

RESAMPLES = 2000
SEED = 0


def interval(values: np.ndarray) -> tuple[float, float]:
    """The 95 % interval of the mean of (N,) ``values``, one a picture: the percentile bootstrap over the pictures.

    Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13. Given the differences between two
    methods on the same pictures, it is the paired interval. Raises ValueError where there is no value.
    """
    if not len(values):
        raise ValueError("An interval needs at least one value; none came.")
    generator = np.random.default_rng(SEED)
    means = values[generator.integers(len(values), size=(RESAMPLES, len(values)))].mean(axis=1)
    return float(np.percentile(means, 2.5)), float(np.percentile(means, 97.5))
