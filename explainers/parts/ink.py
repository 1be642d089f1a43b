"""The ink of a picture, enlarged and cleaned, as the cutting needs it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import ndimage

SCALE = 3  # fine pixels a picture pixel: thinning on 28x28 itself gives ragged lines
PAD = 2  # picture pixels of empty border, so that nothing depends on the picture's edge
LEVEL = 0.4  # of the darkest ink: what counts as strong ink
BLUR = 0.35  # picture pixels: smooths the steps of enlarging, keeps the strokes
PINHOLE = 1.3  # picture pixels; a smaller hole is a flaw of the pen
SPECK = 2.0  # picture pixels; a smaller stain is no stroke of its own

_FOUR = ndimage.generate_binary_structure(2, 1)
_EIGHT = ndimage.generate_binary_structure(2, 2)


@dataclass(frozen=True, eq=False)
class Ink:
    """What was written. Points and lengths elsewhere are in picture pixels, (row, column), pixel centres whole."""

    weights: np.ndarray  # (28, 28) float64, the darkest ink is 1
    strong: np.ndarray  # (28, 28) bool: clearly ink
    fine: np.ndarray  # (96, 96) bool: the strokes, enlarged by SCALE, with a border of PAD
    depth: np.ndarray  # (96, 96) float64: distance to the nearest empty place

    @cached_property
    def pen(self) -> float:
        """The strokes' usual width in picture pixels: twice the depth along their ridges."""
        ridges = self.fine & (self.depth == ndimage.maximum_filter(self.depth, SCALE))
        return float(2 * np.median(self.depth[ridges]))

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Top, left, bottom and right edge of the strokes; specks do not count."""
        pixels = from_fine(np.argwhere(self.fine).astype(np.float64))
        (top, left), (bottom, right) = pixels.min(axis=0), pixels.max(axis=0)
        return float(top), float(left), float(bottom), float(right)

    def depth_at(self, points: np.ndarray) -> np.ndarray:
        """Half the pen's width at each of the ``points`` (N, 2)."""
        rows, columns = np.clip(np.rint(to_fine(points)).astype(int), 0, len(self.depth) - 1).T
        return self.depth[rows, columns]


def to_fine(points: np.ndarray) -> np.ndarray:
    """Picture coordinates → coordinates in ``Ink.fine``."""
    return (points + PAD + 0.5) * SCALE - 0.5


def from_fine(points: np.ndarray) -> np.ndarray:
    """Coordinates in ``Ink.fine`` → picture coordinates."""
    return (points + 0.5) / SCALE - PAD - 0.5


def read_ink(pixels: np.ndarray, blur: float = BLUR) -> Ink:
    """The ink of ``pixels`` (28, 28) in [0, 1], not all 0, smoothed by ``blur`` picture pixels."""
    weights = pixels.astype(np.float64) / float(pixels.max())
    padded = np.pad(weights, PAD)
    smooth = ndimage.gaussian_filter(
        ndimage.zoom(padded, SCALE, order=1, mode="grid-constant", grid_mode=True), SCALE * blur
    )
    fine = _clean(smooth > LEVEL * smooth.max())
    return Ink(weights, weights > LEVEL, fine, ndimage.distance_transform_edt(fine) / SCALE)


def _clean(fine: np.ndarray) -> np.ndarray:
    """Without pinholes and specks, unless specks are all there is."""
    empty, _ = ndimage.label(~fine, _FOUR)
    sizes = np.bincount(empty.ravel())
    fine = fine | ((sizes < PINHOLE * SCALE**2)[empty] & ~fine)
    blobs, _ = ndimage.label(fine, _EIGHT)
    large = np.bincount(blobs.ravel()) >= SPECK * SCALE**2
    large[0] = False
    return large[blobs] if large.any() else fine
