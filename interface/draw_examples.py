"""Draw the example digits from strokes: ``python -m interface.draw_examples`` writes ``interface/examples/*.png``.

A stroke is a list of points on a 100 × 100 sheet; the pen follows a Catmull-Rom curve through them. A point written
twice in a row makes a corner. Drawn at four times the size and reduced, dark blue ink on white paper.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

_SIDE = 200  # pixels of the picture
_FINER = 4  # drawn so many times larger, then reduced: smooth edges
_PAPER, _INK = (252, 252, 249), (28, 36, 84)
_STEPS = 24  # points of the curve between two given ones

Stroke = tuple[tuple[float, float], ...]

# id → thickness of the pen (on the 100 × 100 sheet) and the strokes.
DRAWINGS: dict[str, tuple[float, tuple[Stroke, ...]]] = {
    "five": (
        6.5,
        (
            (
                (40, 18),
                (38, 31),
                (33, 53),
                (33, 53),
                (44, 49),
                (57, 51),
                (66, 56),
                (67, 65),
                (58, 77),
                (45, 81),
                (31, 76),
            ),
            ((40, 18), (48.5, 19), (57, 19)),
        ),
    ),
    "three": (
        6.5,
        (
            (
                (32, 30),
                (46, 18),
                (60, 18),
                (66, 28),
                (62, 38),
                (51, 45),
                (51, 45),
                (62, 50),
                (69, 63),
                (62, 77),
                (46, 82),
                (31, 75),
            ),
        ),
    ),
    "eight": (
        6.5,
        (
            (
                (65, 27),
                (54, 17),
                (40, 20),
                (37, 33),
                (49, 46),
                (62, 57),
                (66, 71),
                (52, 83),
                (37, 77),
                (35, 62),
                (48, 49),
                (62, 39),
                (65, 27),
            ),
        ),
    ),
    "four": (6.5, (((43, 17), (36, 36), (29, 55), (29, 55), (50, 55), (74, 53)), ((60, 34), (58, 58), (56, 84)))),
    "seven": (6.5, (((30, 22), (48, 22), (69, 19), (69, 19), (60, 40), (51, 62), (46, 84)), ((39, 54), (67, 50)))),
    "two": (
        6.5,
        (
            (
                (33, 32),
                (38, 20),
                (52, 16),
                (64, 24),
                (63, 39),
                (50, 58),
                (36, 75),
                (27, 80),
                (26, 72),
                (36, 70),
                (50, 77),
                (62, 82),
                (75, 76),
            ),
        ),
    ),
    # As on a digital clock: people read a 6 without doubt, the bundled network reads a 5.
    "six": (
        6.5,
        (
            (
                (67, 17),
                (34, 19),
                (34, 19),
                (34, 50),
                (33, 83),
                (33, 83),
                (66, 81),
                (66, 81),
                (67, 50),
                (67, 50),
                (34, 51),
            ),
        ),
    ),
    "five_or_six": (
        6.5,
        (
            (
                (42, 19),
                (37, 32),
                (34, 47),
                (34, 47),
                (46, 43),
                (59, 46),
                (66, 57),
                (64, 71),
                (54, 80),
                (42, 80),
                (35, 70.6),
                (32.6, 58),
            ),
            ((42, 19), (53, 18), (66, 16)),
        ),
    ),
    "four_or_nine": (
        6.5,
        (
            ((50, 28), (40, 30), (34, 42), (34, 52), (44, 56), (56, 51), (64, 40)),
            ((67, 19), (64, 40), (61, 62), (59, 84)),
        ),
    ),
    "one_or_seven": (6.5, (((36, 25), (47, 22), (60, 17), (60, 17), (55, 38), (51, 60), (47, 84)),)),
    "three_or_five": (
        6.5,
        (
            ((35, 20), (49, 20), (65, 18)),
            (
                (51.7, 20),
                (47.2, 32),
                (42.4, 44),
                (42.4, 44),
                (54, 42),
                (66, 51),
                (68, 65),
                (59, 78),
                (45, 81),
                (31, 75),
            ),
        ),
    ),
}


def curve(points: Stroke) -> np.ndarray:
    """(n, 2) points along Catmull-Rom curves through ``points`` (Catmull and Rom, 1974), cut at the corners."""
    corners = [i for i in range(1, len(points)) if points[i] == points[i - 1]]
    bounds = [0, *corners, len(points)]
    return np.vstack([_smooth(np.asarray(points[a:b], dtype=np.float64)) for a, b in pairwise(bounds)])


def _smooth(given: np.ndarray) -> np.ndarray:
    padded = np.vstack([given[:1], given, given[-1:]])
    t = np.linspace(0, 1, _STEPS, endpoint=False)[:, None]
    pieces = []
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        linear, square, cube = (
            end - before,
            2 * before - 5 * start + 4 * end - after,
            3 * (start - end) + after - before,
        )
        pieces.append(0.5 * (2 * start + linear * t + square * t**2 + cube * t**3))
    return np.vstack([*pieces, given[-1:]])


def draw(thickness: float, strokes: tuple[Stroke, ...]) -> Image.Image:
    """The picture of some strokes."""
    scale = _SIDE * _FINER / 100
    sheet = Image.new("RGB", (_SIDE * _FINER, _SIDE * _FINER), _PAPER)
    pen = ImageDraw.Draw(sheet)
    radius = thickness * scale / 2
    for stroke in strokes:
        path = curve(stroke) * scale
        # Discs along the path rather than ImageDraw's wide lines, which leave notches at bends.
        steps = [np.linspace(a, b, max(2, int(np.hypot(*(b - a)) / 2))) for a, b in pairwise(path)]
        for x, y in np.vstack(steps):
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_INK)
    return sheet.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)


def main() -> None:
    """Write every example."""
    folder = Path(__file__).parent / "examples"
    folder.mkdir(exist_ok=True)
    for name, (thickness, strokes) in DRAWINGS.items():
        draw(thickness, strokes).save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
