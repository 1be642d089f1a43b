"""Strokes → pictures like MNIST's: 20 pixels on the longer side, the centre of mass in the middle of 28×28."""

from __future__ import annotations

from functools import cache
from itertools import pairwise, product

import numpy as np
from scipy import ndimage

from explainers.drawn.strokes import STYLES, Arc, Stroke, Style
from explainers.levels import whole_greys
from model.values import SIDE

BOX = 20.0  # pixels: the longer side of a digit, ink included
SLANTS = (-0.1, 0.15, 0.4)  # how far the top leans to the right, in heights
WIDTHS = (0.75, 1.0, 1.25)  # times as wide as in ``STYLES``
PENS = (2.2, 3.2)  # pixels: width of a stroke
SPACING = 0.4  # pixels between two points of a stroke that are drawn


@cache
def drawn_digits(digit: int) -> np.ndarray:
    """(N, 28, 28) float32 in [0, 1]: every style of ``digit``, upright and slanted, narrow and wide, thin and thick."""
    drawn = [_drawn(*variant) for variant in product(STYLES[digit], SLANTS, WIDTHS, PENS)]
    pictures = np.stack(list({picture.tobytes(): picture for picture in drawn}.values()))  # a stem is as wide anyway
    pictures.setflags(write=False)  # shared by all who ask
    return pictures


def _drawn(style: Style, slant: float, width: float, pen: float) -> np.ndarray:
    lines = [_points(stroke) for stroke in style]
    lean = np.array([[width, 0.0], [-slant, 1.0]])
    lines = [line @ lean for line in lines]
    every = np.vstack(lines)
    size = (BOX - pen) / float(np.ptp(every, axis=0).max())
    inked = np.vstack([_dense((line - every.min(axis=0)) * size) for line in lines])
    inked += (SIDE - 1 - np.ptp(inked, axis=0)) / 2
    return whole_greys(_centred(_inked(inked, pen)))


def _points(stroke: Stroke) -> np.ndarray:
    """(n, 2) x and y along a stroke."""
    found: list[np.ndarray] = []
    for piece in stroke:
        if isinstance(piece, Arc):
            angles = np.radians(np.linspace(piece.start, piece.end, 33))
            found.append(np.stack([piece.x + piece.wide * np.cos(angles), piece.y + piece.high * np.sin(angles)], 1))
        else:
            found.append(np.array([piece], np.float64))
    return np.vstack(found)


def _dense(line: np.ndarray) -> np.ndarray:
    """The same line with a point every ``SPACING`` pixels at most."""
    steps = [max(2, int(np.hypot(*(end - start)) / SPACING) + 2) for start, end in pairwise(line)]
    return np.vstack([np.linspace(*ends, count) for ends, count in zip(pairwise(line), steps, strict=True)])


def _inked(points: np.ndarray, pen: float) -> np.ndarray:
    """Ink where a pixel's centre is within half the pen's width of a point, fading over one pixel."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    away = np.hypot(columns[..., None] - points[:, 0], rows[..., None] - points[:, 1]).min(axis=-1)
    return np.clip(pen / 2 + 0.5 - away, 0, 1)


def _centred(pixels: np.ndarray) -> np.ndarray:
    middle = np.array(ndimage.center_of_mass(pixels))
    return ndimage.shift(pixels, np.round((SIDE - 1) / 2 - middle), order=0)
