"""Changes of the picture that a person can ask for: erase, fill or keep a place, turn, mirror, move, blur and so on.

Each takes the 28×28 picture and gives another, in whole multiples of 1/255, so that what was run can be stored and run
again exactly. What is moved or thickened is moved on its own where a mask says which ink is meant, and laid over the
rest by the maximum, as ink over ink. Nobody asks for "add" and "cut", which draw and erase a piece of a stroke
anywhere: ``explainers/changes/redraw.py`` makes them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from explainers.errors import ExplainerError
from explainers.levels import fill_level, whole_greys
from explainers.values import Part

FINE = 4  # sub-pixels a side in which ink is moved, thickened and thinned
STROKE_STEP = 2 / FINE  # pixels: a stroke changes by whole sub-pixels on either side
LIMITS = {  # the amounts that make sense, least and most
    "rotate": (-360.0, 360.0),  # degrees
    "shift": (0.0, 27.0),  # pixels
    "scale": (0.25, 4.0),  # factor
    "thicken": (0.0, 12.0),  # pixels of stroke width
    "thin": (0.0, 12.0),
    "noise": (0.0, 1.0),  # standard deviation
    "blur": (0.0, 8.0),  # standard deviation, pixels
}
# How much is meant where no amount is said; thinner strokes by a whole pixel are nearly gone already.
USUAL = {"rotate": 15.0, "shift": 3.0, "scale": 0.7, "thicken": 1.0, "thin": 0.5, "noise": 0.2, "blur": 1.0}
PIECES = ("add", "cut")  # of a stroke: several are told together, by their places
STEPS = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}  # direction → rows, columns


@dataclass(frozen=True, eq=False)
class Edit:
    """One change of a picture."""

    change: str
    mask: np.ndarray | None = None  # (28, 28) bool: the ink or the place meant; None: the whole picture
    amount: float | None = None  # in the unit of LIMITS; None where the change takes none
    # Of "shift" one of STEPS; of "rotate" "left" (anticlockwise) or "right"; of "mirror" with "up" and "down" top and
    # bottom change places, else left and right.
    direction: str | None = None
    seed: int = 0  # of "noise"
    parts: tuple[Part, ...] = ()  # what the mask stands for, where it stands for parts
    region: str | None = None  # the place that the mask stands for, where it stands for a region
    ink: np.ndarray | None = None  # of "add": (28, 28) float32 in [0, 1], what is drawn where the mask is

    def to_operation(self) -> dict[str, object]:
        """What stands in a test's ``operation``: enough to make the same picture again."""
        named = {
            "kind": self.change,
            "parts": [part.id for part in self.parts],
            "region": self.region,
            "amount": self.amount,
            "direction": self.direction,
            "seed": self.seed if self.change == "noise" else None,
        }
        return {name: value for name, value in named.items() if value not in (None, [])}


def apply(edit: Edit, pixels: np.ndarray) -> np.ndarray:
    """``pixels`` (28, 28) in [0, 1] after the change, the same form; the input stays as it is.

    Raises ExplainerError where the change is not known, needs what the edit lacks, or lies outside LIMITS.
    """
    if edit.change not in CHANGES:
        raise ExplainerError(f"There is no change {edit.change!r}.")
    if edit.change in LIMITS:
        least, most = LIMITS[edit.change]
        if edit.amount is None or not least <= edit.amount <= most:
            raise ExplainerError(f"The amount of {edit.change} is from {least:g} to {most:g}; {edit.amount} came.")
    return whole_greys(CHANGES[edit.change](edit, pixels))


def ink_lost(edit: Edit, pixels: np.ndarray) -> float:
    """The share of the ink of ``pixels`` that ``edit`` turns, moves or scales over the edge; 0 for other changes."""
    if edit.change not in ("rotate", "shift", "scale"):
        return 0.0
    ink = pixels if edit.mask is None else np.where(edit.mask, pixels, np.float32(0))
    places = np.argwhere(ink > 0)
    if edit.change == "shift":
        moved = places + _way(edit)
    else:
        back = _turn(edit) if edit.change == "rotate" else np.eye(2) / _amount(edit)
        moved = (places - _pivot(edit, ink)) @ np.linalg.inv(back).T + _pivot(edit, ink)
    out = ((moved < -0.5) | (moved > len(pixels) - 0.5)).any(axis=1)
    return float(ink[tuple(places[out].T)].sum(dtype=np.float64) / pixels.sum(dtype=np.float64))


def operation_of(edits: Sequence[Edit]) -> dict[str, object]:
    """What stands in the ``operation`` of a test of one or more changes, one upon the other."""
    operations = [edit.to_operation() for edit in edits]
    return operations[0] if len(operations) == 1 else {"kind": "edits", "edits": operations}


def apply_all(edits: Iterable[Edit], pixels: np.ndarray) -> np.ndarray:
    """``pixels`` after one change upon the other; raises as ``apply`` does."""
    for edit in edits:
        pixels = apply(edit, pixels)
    return pixels


def region_mask(region: str, pixels: np.ndarray) -> np.ndarray:
    """(28, 28) bool: "top" is the upper half of the box that the ink spans, "top_left" its quarter, "middle" its core.

    The core is the middle half of either side. All of the picture outside the box belongs to the nearest of them.
    """
    rows, columns = np.nonzero(pixels)
    if not len(rows):
        raise ExplainerError("A region is told by the ink around it; this picture is black.")
    row, column = np.indices(pixels.shape)
    height, width = rows.max() - rows.min() + 1, columns.max() - columns.min() + 1
    down, along = (row - rows.min() + 0.5) / height, (column - columns.min() + 0.5) / width
    sides = {"top": down < 0.5, "bottom": down >= 0.5, "left": along < 0.5, "right": along >= 0.5}
    if region == "middle":
        return (abs(down - 0.5) < 0.25) & (abs(along - 0.5) < 0.25)
    return np.logical_and.reduce([sides[side] for side in region.split("_")])


def region_ink(region: str, pixels: np.ndarray) -> np.ndarray:
    """(28, 28) bool: the ink of a region; of a black picture none."""
    ink = pixels > 0
    return region_mask(region, pixels) & ink if ink.any() else ink


def _erased(edit: Edit, pixels: np.ndarray) -> np.ndarray:
    return np.where(_place(edit), np.float32(0), pixels)


def _kept(edit: Edit, pixels: np.ndarray) -> np.ndarray:
    return np.where(_place(edit), pixels, np.float32(0))


def _filled(edit: Edit, pixels: np.ndarray) -> np.ndarray:
    return np.where(_place(edit), np.maximum(pixels, fill_level(pixels)), pixels)


def _added(edit: Edit, pixels: np.ndarray) -> np.ndarray:
    if edit.ink is None:
        raise ExplainerError("To add needs ink; none came.")
    return np.where(_place(edit), np.maximum(pixels, edit.ink), pixels)


def _place(edit: Edit) -> np.ndarray:
    if edit.mask is None:
        raise ExplainerError(f"To {edit.change} needs a place; none came.")
    return edit.mask


def _moved(edit: Edit, pixels: np.ndarray, move: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """The ink that is meant, moved, over the ink that stays."""
    if edit.mask is None:
        return move(pixels)
    return np.maximum(np.where(edit.mask, np.float32(0), pixels), move(np.where(edit.mask, pixels, np.float32(0))))


def _turned(edit: Edit, pixels: np.ndarray) -> np.ndarray:
    return _moved(edit, pixels, lambda ink: _affine(ink, _turn(edit), edit))


def _turn(edit: Edit) -> np.ndarray:
    """From a place of the result to where its ink comes from, turned anticlockwise where rows run downwards."""
    angle = math.radians(_amount(edit) * (-1 if edit.direction == "right" else 1))
    return np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])


def _mirrored(edit: Edit, pixels: np.ndarray) -> np.ndarray:
    """The whole picture mirrored, or the ink that is meant, within the box that it spans."""
    axis = 0 if edit.direction in ("up", "down") else 1
    return _moved(edit, pixels, lambda ink: np.flip(ink, axis) if edit.mask is None else _flipped(ink, axis))


def _flipped(ink: np.ndarray, axis: int) -> np.ndarray:
    rows, columns = np.nonzero(ink)
    if not len(rows):
        return ink
    box = np.s_[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    turned = ink.copy()
    turned[box] = np.flip(ink[box], axis)
    return turned


def _scaled(edit: Edit, pixels: np.ndarray) -> np.ndarray:
    return _moved(edit, pixels, lambda ink: _affine(ink, np.eye(2) / _amount(edit), edit))


def _affine(ink: np.ndarray, matrix: np.ndarray, edit: Edit) -> np.ndarray:
    """``ink`` moved about the middle of the picture, or about its own middle where only some ink is meant.

    Where it shrinks, the average over the pixels that fall together, so that thin strokes do not vanish between them;
    elsewhere that would only blur.
    """
    finer = FINE if np.linalg.det(matrix) > 1 + 1e-9 else 1
    middle = _pivot(edit, ink)
    places = (np.indices((28 * finer, 28 * finer)).reshape(2, -1) + 0.5) / finer - 0.5  # fine pixels, in pixels
    sources = matrix @ (places - middle[:, None]) + middle[:, None]
    fine = ndimage.map_coordinates(ink, sources, order=1, mode="constant")
    return fine.reshape(28, finer, 28, finer).mean(axis=(1, 3))


def _pivot(edit: Edit, ink: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero(ink)
    return np.array([rows.mean(), columns.mean()]) if edit.mask is not None and len(rows) else np.array([13.5, 13.5])


def _shifted(edit: Edit, pixels: np.ndarray) -> np.ndarray:
    return _moved(edit, pixels, lambda ink: ndimage.shift(ink, _way(edit), order=1, mode="constant"))


def _way(edit: Edit) -> np.ndarray:
    if edit.direction not in STEPS:
        raise ExplainerError(f"A shift goes left, right, up or down; {edit.direction} came.")
    return np.array(STEPS[edit.direction]) * _amount(edit)


def _thickened(edit: Edit, pixels: np.ndarray) -> np.ndarray:
    return _moved(edit, pixels, lambda ink: _rolled(ink, _amount(edit), ndimage.grey_dilation))


def _thinned(edit: Edit, pixels: np.ndarray) -> np.ndarray:
    return _moved(edit, pixels, lambda ink: _rolled(ink, _amount(edit), ndimage.grey_erosion))


def _rolled(ink: np.ndarray, width: float, roll: Callable[..., np.ndarray]) -> np.ndarray:
    """Strokes wider or narrower by ``width`` pixels: half of it on either side, in sub-pixels."""
    radius = round(width / 2 * FINE)
    if radius == 0:
        return ink
    rows, columns = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    disk = rows**2 + columns**2 <= radius**2
    fine = ndimage.zoom(np.pad(ink, 1), FINE, order=1, grid_mode=True, mode="grid-constant")
    wide = roll(fine, footprint=disk, mode="constant")
    return wide.reshape(30, FINE, 30, FINE).mean(axis=(1, 3))[1:-1, 1:-1]


def _noisy(edit: Edit, pixels: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(edit.seed).normal(0, 1, pixels.shape) * _amount(edit)
    return _within(edit, pixels, pixels + noise)


def _blurred(edit: Edit, pixels: np.ndarray) -> np.ndarray:
    return _within(edit, pixels, ndimage.gaussian_filter(pixels, _amount(edit), mode="constant"))


def _inverted(edit: Edit, pixels: np.ndarray) -> np.ndarray:
    return _within(edit, pixels, 1 - pixels)


def _within(edit: Edit, pixels: np.ndarray, changed: np.ndarray) -> np.ndarray:
    return changed if edit.mask is None else np.where(edit.mask, changed, pixels)


def _amount(edit: Edit) -> float:
    return 0.0 if edit.amount is None else edit.amount  # ``apply`` lets none pass that needs one


CHANGES: dict[str, Callable[[Edit, np.ndarray], np.ndarray]] = {
    "erase": _erased,
    "fill": _filled,
    "keep": _kept,
    "add": _added,
    "cut": _erased,
    "rotate": _turned,
    "mirror": _mirrored,
    "shift": _shifted,
    "scale": _scaled,
    "thicken": _thickened,
    "thin": _thinned,
    "noise": _noisy,
    "blur": _blurred,
    "invert": _inverted,
}
