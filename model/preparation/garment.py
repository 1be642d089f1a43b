"""A photo of a piece of clothing → 28 × 28 as Fashion-MNIST is made.

Its makers (Xiao, Rasul, Vollgraf, 2017, arXiv 1708.07747, section 2) took shop pictures on a plain ground, cut off the
ground around the garment, shrank the longer side to 28 pixels, put the shorter one in the middle, and turned the grey
values round: what differs from the white ground is bright on black, by how much it differs. So nothing is centred by
its mass, no line is dropped and no stroke mended, and there may be several pieces: two sandals are one picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from model.preparation import gate
from model.preparation.ink import LUMINANCE
from model.values import SIDE

BORDER = 0.03  # of the shorter side: the ring that shows the ground
GROUND = 0.06  # of full colour: what differs less from the ground is ground
NOISES = 4.0  # spreads of the ground's own colours, where these are larger
SPECK = 0.002  # of the picture: a smaller piece is dirt
LEAST_SIDE = 12  # pixels of the upload
FAINT = 0.08  # least brightness of a garment's pixel: white cloth on a white ground is there all the same
FULL = 98  # percentile of the garment that becomes full brightness


@dataclass(frozen=True, eq=False)
class Garment:
    """A piece of clothing, cut out."""

    pixels: np.ndarray  # (28, 28) float32 in [0, 1], whole multiples of 1/255
    dark: bool  # darker than the ground it lay on
    mask: np.ndarray  # (H, W) bool: where it is in the upload
    cut: np.ndarray  # (h, w) float32 in [0, 1]: the box around it, bright on black
    small: tuple[int, int]  # width and height of that among the 28 pixels
    reason: str | None  # why there is none


def is_ready(grey: np.ndarray) -> bool:
    """Whether (28, 28) values have Fashion-MNIST's form already: bright on a black ground, from edge to edge."""
    if grey.shape != (SIDE, SIDE) or grey.max() < 0.3:
        return False
    corners = grey[[0, 0, -1, -1], [0, -1, 0, -1]]
    inked = np.argwhere(grey > 0.02)
    extent = inked.max(axis=0) - inked.min(axis=0) + 1
    return bool(np.median(corners) <= 0.02 and extent.max() >= SIDE - 4)


def cut_out(colours: np.ndarray) -> Garment:
    """(H, W, 3) in [0, 1], a garment on a plain ground, lighter or darker than it."""
    ground, spread = _ground(colours)
    apart = np.abs(colours - ground).max(axis=2)
    mask = _pieces(apart > max(GROUND, NOISES * spread))
    if not mask.any():
        return Garment(
            np.zeros((SIDE, SIDE), np.float32), False, mask, np.zeros((1, 1), np.float32), (0, 0), gate.BLANK
        )
    brightness = colours @ LUMINANCE
    dark = bool(brightness[mask].mean() < float(ground @ LUMINANCE))
    values = np.where(mask, np.maximum(apart, FAINT), 0)
    full = float(np.percentile(values[mask], FULL))
    cut = _box(np.clip(values / full, 0, 1), mask).astype(np.float32)
    small = _shrunk(cut)
    height, width = small.shape
    pixels = np.zeros((SIDE, SIDE), np.float32)
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    pixels[top : top + height, left : left + width] = small
    pixels = (np.round(pixels * 255) / np.float32(255)).astype(np.float32)
    return Garment(pixels, dark, mask, cut, (width, height), gate.TOO_SMALL if max(cut.shape) < LEAST_SIDE else None)


def _ground(colours: np.ndarray) -> tuple[np.ndarray, float]:
    """The colour (3,) of the ring along the edges, and how far its pixels stray from that."""
    wide = max(1, round(BORDER * min(colours.shape[:2])))
    ring = np.ones(colours.shape[:2], bool)
    ring[wide:-wide, wide:-wide] = False
    around = colours[ring]
    ground = np.median(around, axis=0)
    return ground, float(np.median(np.abs(around - ground).max(axis=1)))


def _pieces(differs: np.ndarray) -> np.ndarray:
    """Without dirt, and without holes where the cloth has the colour of the ground."""
    closed = ndimage.binary_closing(np.pad(differs, 2), iterations=2)[2:-2, 2:-2] | differs
    labels, count = ndimage.label(closed)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    large = sizes >= max(SPECK * differs.size, 4)
    large[0] = False
    return large[labels]


def _box(values: np.ndarray, mask: np.ndarray) -> np.ndarray:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return values[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _shrunk(cut: np.ndarray) -> np.ndarray:
    """The longer side made 28 pixels, each the mean of the area that it covers."""
    scale = SIDE / max(cut.shape)
    size = (max(1, round(cut.shape[1] * scale)), max(1, round(cut.shape[0] * scale)))
    how = Image.Resampling.BOX if scale <= 1 else Image.Resampling.BICUBIC
    return np.clip(np.asarray(Image.fromarray(cut).resize(size, how), np.float32), 0, 1)
