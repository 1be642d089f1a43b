"""From a picture to a near example of another digit: what ink would have to be added, and what erased.

The idea of a distractor picture whose parts replace the picture's own is Goyal et al., "Counterfactual Visual
Explanations", 2019 (arXiv 1904.07451). There regions of features are exchanged; here pieces of strokes, which a person
can draw. Examples are compared by the ink that would change and not by the network's features, which would cost a run
for each of thousands.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy import ndimage

from explainers.changes.edits import Edit
from explainers.levels import fill_level, whole_greys
from explainers.parts.ink import read_ink
from explainers.parts.naming import place_of

MOVES = 2  # pixels: as far is an example moved about its centre of mass
NEAREST = 24  # examples that are fitted; comparing is quick, fitting is not
SLANTS = (-0.2, -0.1, 0.0, 0.1, 0.2)  # pixels sideways a pixel upwards
SIZES = (0.85, 1.0, 1.15)  # times as wide, times as high
CLEAR = 0.3  # of full ink: a smaller difference is no ink
REACH = 2  # pixels: pieces grow as far into the fringe that was no difference, so that strokes join
SMALLEST = 2.0  # ink (sum of pixel values): a smaller piece is no stroke
MOST_PIECES = 6  # 63 subsets

_SQUARE = np.ones((3, 3), bool)


def nearest(pixels: np.ndarray, examples: np.ndarray, count: int) -> list[tuple[Edit, ...]]:
    """The pieces towards those ``count`` of the ``examples`` (N, 28, 28) that would change least ink of ``pixels``.

    Each example is moved so that its centre of mass is that of the picture, then by up to ``MOVES`` pixels; the
    nearest are slanted and stretched as fits best.
    """
    chosen = examples[np.argsort(_changed_ink(pixels, examples).min(axis=0), kind="stable")[:NEAREST]]
    fitted = [_fitted(pixels, example) for example in chosen]
    order = np.argsort([ink for ink, _ in fitted], kind="stable")[:count]
    return [difference(pixels, fitted[place][1]) for place in order]


def difference(pixels: np.ndarray, example: np.ndarray) -> tuple[Edit, ...]:
    """The pieces that take ``pixels`` (28, 28) to ``example``: the ``MOST_PIECES`` largest, what is added first.

    Strokes that lie within a pixel of each other are the same: the picture keeps its own.
    """
    level = fill_level(pixels)
    add, cut = _places(pixels, example)
    box = read_ink(pixels).box
    found: list[tuple[float, Edit]] = []
    for change, places in (("add", add), ("cut", cut)):
        labels, number = ndimage.label(places, _SQUARE)
        for mask in (labels == label for label in range(1, number + 1)):
            ink = np.where(mask, np.minimum(example, level), 0).astype(np.float32) if change == "add" else None
            amount = float(np.maximum(ink - pixels, 0).sum() if ink is not None else pixels[mask].sum())
            if amount >= SMALLEST:
                found.append((amount, Edit(change, mask, region=place_of(np.argwhere(mask), box), ink=ink)))
    largest = sorted(found, key=lambda piece: -piece[0])[:MOST_PIECES]
    return tuple(sorted((edit for _, edit in largest), key=lambda edit: edit.change))


def _places(pixels: np.ndarray, example: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(28, 28) bool each: where ink is to be added, and where it is to be erased."""
    missing = example - _wider(pixels) > CLEAR
    add = _grown(missing, (example > pixels) | missing)
    too_much = pixels - _wider(example) > CLEAR
    erase = _grown(too_much, (pixels > 0) & (pixels > example) | too_much)
    left = np.where(erase, 0, np.where(add, np.maximum(example, pixels), pixels))
    crumbs = fragments(left)[1:]
    return add, erase | _grown(np.any(crumbs, axis=0) & ~add, pixels > 0) if crumbs else erase


def _grown(core: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    return ndimage.binary_dilation(core, _SQUARE, iterations=REACH, mask=allowed)


def fragments(pixels: np.ndarray) -> list[np.ndarray]:
    """Each connected piece of clear ink in (28, 28) ``pixels`` as a mask (28, 28) bool, the largest first."""
    labels, number = ndimage.label(pixels > CLEAR, _SQUARE)
    masks = [labels == label for label in range(1, number + 1)]
    return sorted(masks, key=lambda mask: -float(pixels[mask].sum()))


def _wider(pixels: np.ndarray) -> np.ndarray:
    """(..., 28, 28) with every stroke wider by a pixel on either side."""
    size = (1,) * (pixels.ndim - 2) + (3, 3)
    return ndimage.maximum_filter(pixels, size=size, mode="constant")


def _changed_ink(pixels: np.ndarray, examples: np.ndarray) -> np.ndarray:
    """(moves, N): the ink that each example would change, for every move of up to ``MOVES`` pixels."""
    flat = examples.reshape(len(examples), -1)
    wide = _wider(examples).reshape(len(examples), -1)
    costs = []
    for down in range(-MOVES, MOVES + 1):
        for right in range(-MOVES, MOVES + 1):
            moved = np.roll(pixels, (-down, -right), axis=(0, 1))  # the picture, instead of thousands of examples
            missing, too_much = flat - _wider(moved).ravel(), moved.ravel() - wide
            costs.append((np.maximum(missing, 0) + np.maximum(too_much, 0)).sum(axis=1))
    return np.array(costs)


def _fitted(pixels: np.ndarray, example: np.ndarray) -> tuple[float, np.ndarray]:
    """The least changed ink, and ``example`` slanted, stretched and moved so."""
    shaped = np.stack([_shaped(pixels, example, *shape) for shape in product(SLANTS, SIZES, SIZES)])
    costs = _changed_ink(pixels, shaped)
    move, shape = np.unravel_index(int(costs.argmin()), costs.shape)
    down, right = divmod(int(move), 2 * MOVES + 1)
    best = ndimage.shift(shaped[shape], (down - MOVES, right - MOVES), order=0)
    return float(costs.min()), whole_greys(best)


def _shaped(pixels: np.ndarray, example: np.ndarray, slant: float, wide: float, high: float) -> np.ndarray:
    """``example`` about its centre of mass, which comes to lie on that of ``pixels``."""
    matrix = np.array([[1 / high, 0.0], [slant / wide, 1 / wide]])
    middle, goal = (np.array(ndimage.center_of_mass(one)) for one in (example, pixels))
    return ndimage.affine_transform(example, matrix, middle - matrix @ goal, order=1, mode="constant")
