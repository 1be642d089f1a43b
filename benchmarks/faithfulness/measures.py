"""What is measured on maps. None stands where a measure has no value (a map of zeros, values that are all equal)."""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

PATCH = 4  # pixels a side
BLACK = 0.3  # share of the patches that go black together
DRAWS = 100


def area(curve: np.ndarray) -> float:
    """The mean height of a curve given at equally spaced places, by the trapezoid rule."""
    return float((curve[1:] + curve[:-1]).mean() / 2)


def patch_sets(shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
    """(DRAWS, H, W) bool: which pixels go black together.

    The picture is cut into a grid of 4×4 patches, 49 of a 28×28 picture; in each draw 30 % of them, rounded (15 of
    49), drawn without replacement, wherever they lie.
    """
    rows, columns = (side // PATCH for side in shape)
    chosen = generator.random((DRAWS, rows * columns)).argsort(axis=1) < round(BLACK * rows * columns)
    return chosen.reshape(DRAWS, rows, columns).repeat(PATCH, axis=1).repeat(PATCH, axis=2)


def patch_sensitivity(values: np.ndarray, black: np.ndarray, falls: np.ndarray) -> float | None:
    """How well a map tells what blackening patches costs, −1 to 1: sensitivity-n on sets of patches.

    Pearson's correlation, over the D sets, between Σ of the (28, 28) ``values`` on ``black`` (D, 28, 28) and by how
    much the digit's log-odds fall when it goes black, ``falls`` (D,). Sensitivity-n is from Ancona et al., 2018
    (arXiv 1711.06104): there a set is n pixels drawn at random; here it is patches, as single pixels missing all over
    the picture are noise rather than missing strokes.
    """
    return _correlation(np.tensordot(black, values.astype(np.float64), axes=2), falls)


def background_share(values: np.ndarray, pixels: np.ndarray) -> float | None:
    """Σ|a| off the ink / Σ|a|, 0 to 1: what the map gives to places where there is nothing."""
    sizes = np.abs(values.astype(np.float64))
    total = sizes.sum()
    return float(sizes[pixels == 0].sum() / total) if total > 0 else None


def ink_agreement(first: np.ndarray, second: np.ndarray, pixels: np.ndarray) -> float | None:
    """Spearman's correlation of two maps on the ink alone, signs kept, −1 to 1.

    On the whole picture, or without signs, all maps that are multiplied by the ink look alike, even those of networks
    that have learnt nothing (Adebayo et al., 2018, arXiv 1810.03292).
    """
    ranks = [rankdata(values[pixels > 0]) for values in (first, second)]
    return _correlation(*ranks)


def _correlation(first: np.ndarray, second: np.ndarray) -> float | None:
    """Pearson's; None where one of them does not vary."""
    centred = [values - values.mean() for values in (first, second)]
    lengths = [np.linalg.norm(values) for values in centred]
    rounding = [1e-9 * (1 + np.abs(values).max(initial=0)) for values in (first, second)]
    if any(length <= noise for length, noise in zip(lengths, rounding, strict=True)):
        return None
    return float(centred[0] @ centred[1] / (lengths[0] * lengths[1]))
