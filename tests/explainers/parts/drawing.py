"""Digits drawn by the tests themselves: strokes as lines of points, rendered with a round pen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Points = Sequence[tuple[float, float]]  # (row, column) in pixels


def draw(*strokes: Points, pen: float = 2.6) -> np.ndarray:
    """The ``strokes`` as a picture (28, 28) float32 in [0, 1], with soft edges."""
    pixels = np.moveaxis(np.indices((28, 28)).astype(np.float64), 0, -1)
    picture = np.zeros((28, 28))
    for stroke in strokes:
        points = np.array(stroke, float)
        for one, other in zip(points, points[1:] if len(points) > 1 else points, strict=False):
            along = ((pixels - one) @ (other - one)) / max(float((other - one) @ (other - one)), 1e-9)
            nearest = one + np.clip(along, 0, 1)[..., None] * (other - one)
            away = np.hypot(*np.moveaxis(pixels - nearest, -1, 0))
            picture = np.maximum(picture, np.clip(pen / 2 + 0.5 - away, 0, 1))
    return picture.astype(np.float32)


def arc(centre: tuple[float, float], radii: tuple[float, float], start: float, end: float) -> list[tuple[float, float]]:
    """Points on an ellipse from ``start`` to ``end`` degrees; 0 is right, 90 is down."""
    angles = np.radians(np.linspace(start, end, 40))
    return [(centre[0] + radii[0] * np.sin(a), centre[1] + radii[1] * np.cos(a)) for a in angles]


ZERO = [arc((14, 14), (9, 6), 0, 360)]
ONE = [[(4, 14), (24, 14)]]
THREE = [[*arc((9, 12.5), (4.5, 5), -150, 80), (13.5, 10.0)], [(13.5, 10.0), *arc((18.5, 12.5), (5, 6), -80, 150)]]
FOUR = [[(4, 8), (15, 7), (15, 19)], [(4, 18), (24, 18)]]
FIVE = [[(4, 20), (4, 9), (12.5, 8.5), *arc((17.5, 12.5), (6, 7), -100, 140)]]
SIX = [[(4, 15), (9, 10), (15, 8.5), *arc((18.5, 13.5), (4.5, 5), -180, 180)]]
SEVEN = [[(5, 7), (5, 20), (24, 12)]]
EIGHT = [arc((9, 14), (4.5, 4.5), 0, 360), arc((19, 14), (5, 5.5), 0, 360)]
NINE = [arc((9, 13), (4.5, 5), 0, 360), [(9, 18), (24, 17)]]
BROKEN_ZERO = [arc((14, 14), (9, 6.5), -55, 235)]
DOTTED_ONE = [[(11, 14), (24, 14)], [(4.5, 14)]]
DETACHED_FIVE = [[(3.5, 13), (3.5, 22)], [(6, 8), (12.5, 8.5), *arc((17.5, 12.5), (6, 7), -100, 140)]]

ALL = {
    "zero": ZERO, "one": ONE, "three": THREE, "four": FOUR, "five": FIVE, "six": SIX, "seven": SEVEN,
    "eight": EIGHT, "nine": NINE, "broken zero": BROKEN_ZERO, "dotted one": DOTTED_ONE, "detached five": DETACHED_FIVE,
}  # fmt: skip
