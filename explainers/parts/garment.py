"""The parts of a piece of clothing: places in the box that it fills, as a person would point at them.

A garment has no strokes to cut it by, and a seam cannot be told from a fold among 28×28 pixels. So its box is divided
evenly, and what a place is called follows from where it lies and from what the network takes the whole for: the upper
middle of a coat is its neckline, the lowest strip of a boot its sole. That is a name for a place and no more is
claimed by it.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from explainers.values import Part

TWO, THREE = 8, 15  # pixels: from these sides on a box is divided in two, and in three
LEAST = 0.03  # of all brightness: what holds less belongs to the place beside it
SEEN = 0.05  # of full brightness: fainter pixels do not widen the box
ROWS = {1: ("",), 2: ("top", "bottom"), 3: ("top", "", "bottom")}
COLUMNS = {1: ("",), 2: ("left", "right"), 3: ("left", "", "right")}
UPPER, LEGS, SHOE, BAG = "upper", "legs", "shoe", "bag"
CUTS = {  # Fashion-MNIST's label → what it is made like
    "T-shirt/top": UPPER,
    "Trouser": LEGS,
    "Pullover": UPPER,
    "Dress": UPPER,
    "Coat": UPPER,
    "Sandal": SHOE,
    "Shirt": UPPER,
    "Sneaker": SHOE,
    "Bag": BAG,
    "Ankle boot": SHOE,
}
FORMS = {  # what it is made like → place → form; any other place is an "area"
    UPPER: {
        "top": "neckline",
        **dict.fromkeys(("top_left", "top_right"), "shoulder"),
        **dict.fromkeys(("left", "right"), "sleeve"),
        **dict.fromkeys(("bottom_left", "bottom", "bottom_right"), "hem"),
    },
    LEGS: dict.fromkeys(("top_left", "top", "top_right"), "waistband"),
    SHOE: dict.fromkeys(("bottom_left", "bottom", "bottom_right"), "sole"),
    BAG: dict.fromkeys(("top_left", "top", "top_right"), "handle"),
}


def find_places(pixels: np.ndarray, label: str) -> tuple[Part, ...]:
    """The places of ``pixels`` (28, 28) in [0, 1] that hold something, in reading order; () for a black picture.

    Their masks are disjoint and cover every pixel above 0. ``label``: what the network takes it for.
    """
    if not (pixels > 0).any():
        return ()
    forms = FORMS.get(CUTS.get(label, ""), {})
    return tuple(
        Part(f"part_{number}", "ink", forms.get(place, "area"), place, mask)
        for number, (place, mask) in enumerate(_cells(pixels).items(), 1)
    )


def _cells(pixels: np.ndarray) -> dict[str, np.ndarray]:
    """The masks (28, 28) bool by place; what holds hardly anything has been given to the place beside it."""
    rows, columns = np.nonzero(pixels > min(SEEN, float(pixels.max()) / 2))
    down, across = _bands(rows, ROWS, len(pixels)), _bands(columns, COLUMNS, len(pixels))
    grid = list(product(dict.fromkeys(down), dict.fromkeys(across)))
    masks = {(row, column): (down == row)[:, None] & (across == column) & (pixels > 0) for row, column in grid}
    least = LEAST * float(pixels.sum(dtype=np.float64))
    for one in sorted(grid, key=lambda one: float(pixels[masks[one]].sum())):
        beside = [other for other in masks if sum(a != b for a, b in zip(one, other, strict=True)) == 1]
        if float(pixels[masks[one]].sum()) < least and beside:
            near = max(beside, key=lambda other: (other[0] == one[0], float(pixels[masks[other]].sum())))
            masks[near] = masks[near] | masks.pop(one)
    alone = len(masks) == 1
    return {"whole" if alone else "_".join(filter(None, one)) or "middle": mask for one, mask in masks.items()}


def _bands(places: np.ndarray, names: dict[int, tuple[str, ...]], side: int) -> np.ndarray:
    """For each row or column the band that it lies in; those outside the box belong to the nearest one."""
    first, length = int(places.min()), int(np.ptp(places)) + 1
    bands = names[1 if length < TWO else 2 if length < THREE else 3]
    share = np.clip((np.arange(side) - first + 0.5) / length, 0, 1 - 1e-9)
    return np.array([bands[int(one * len(bands))] for one in share])
