"""How a digit is written, measured on the picture alone: slant, width of the pen, proportions, pieces, loops.

A garment has no strokes: of it only the proportions are measured, and how dark it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from explainers.parts.garment import SEEN
from explainers.parts.ink import read_ink

LEAST_LOOP = 0.5  # picture pixels of paper inside; less is a flaw of the pen, not a loop
TALL = 4.0  # picture pixels: what is lower, such as a dash, has no slant worth the name

_EIGHT = ndimage.generate_binary_structure(2, 2)


@dataclass(frozen=True)
class Form:
    """The measures of one picture; None where one has no value."""

    slant: float | None  # degrees by which upright strokes lean to the right; negative: to the left
    pen: float  # width of the strokes in picture pixels
    aspect: float  # width / height of the box around the strokes
    size: float  # longer side of that box, in picture pixels
    darkness: float  # mean value of what is clearly ink, 0 to 1: below it, strokes are faint
    pieces: float  # strokes that do not touch each other
    loops: float  # places that the strokes enclose


@dataclass(frozen=True)
class GarmentForm:
    """The measures of one picture of a garment."""

    aspect: float  # width / height of the box around what is clearly seen
    darkness: float  # mean value of what is clearly seen, 0 to 1: dark fabric has low ones


def garment_form_of(pixels: np.ndarray) -> GarmentForm | None:
    """The form of a garment on ``pixels`` (28, 28) in [0, 1]; None where nothing is clearly seen."""
    seen = pixels >= SEEN
    if not seen.any():
        return None
    height, width = (int(np.ptp(np.flatnonzero(seen.any(axis=axis)))) + 1 for axis in (1, 0))
    return GarmentForm(aspect=width / height, darkness=float(pixels[seen].mean()))


def form_of(pixels: np.ndarray) -> Form | None:
    """The form of ``pixels`` (28, 28) in [0, 1]; None for a picture without ink."""
    if not (pixels > 0).any():
        return None
    ink = read_ink(pixels)
    top, left, bottom, right = ink.box
    height, width = bottom - top, right - left
    _, pieces = ndimage.label(ink.fine, _EIGHT)
    return Form(
        slant=_slant(ink.weights) if height >= TALL else None,
        pen=ink.pen,
        aspect=width / max(height, 1.0),
        size=max(height, width),
        darkness=float(pixels[ink.strong].mean()),
        pieces=float(pieces),
        loops=float(_loops(ink.fine)),
    )


def _slant(weights: np.ndarray) -> float | None:
    """atan(μ₁₁ / μ₂₀) in degrees, μ the central moments, rows counted upwards: the shear that would undo the lean."""
    rows, columns = np.indices(weights.shape)
    total = weights.sum()
    up = -(rows - (weights * rows).sum() / total)
    across = columns - (weights * columns).sum() / total
    spread = float((weights * up**2).sum())
    return float(np.degrees(np.arctan((weights * up * across).sum() / spread))) if spread > 0 else None


def _loops(fine: np.ndarray) -> int:
    """Enclosed places of at least ``LEAST_LOOP``, in fine pixels nine to a picture pixel."""
    empty, count = ndimage.label(~fine)
    sizes = np.bincount(empty.ravel(), minlength=count + 1)[1:]
    return int((sizes >= 9 * LEAST_LOOP).sum()) - 1
