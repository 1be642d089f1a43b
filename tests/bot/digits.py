"""Digits drawn by the tests themselves: pen strokes on 28×28 pixels."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

STROKES = {
    "five": [[(19, 5), (9, 5), (8, 13), (15, 12), (19, 16), (17, 21), (11, 23), (7, 20)]],
    "seven": [[(7, 6), (20, 6), (12, 23)]],
    "four": [[(9, 5), (7, 15), (20, 15)], [(17, 5), (17, 23)]],
    "three": [[(8, 6), (15, 5), (19, 9), (13, 13), (19, 18), (14, 23), (8, 21)]],
}


def drawn(name: str, scale: int = 8) -> np.ndarray:
    """(28, 28) float32 in [0, 1], whole multiples of 1/255, ink bright on black."""
    picture = Image.new("L", (28 * scale, 28 * scale))
    pen = ImageDraw.Draw(picture)
    for stroke in STROKES[name]:
        line = [(x * scale, y * scale) for x, y in stroke]
        pen.line(line, fill=255, width=int(2.6 * scale), joint="curve")
    return np.asarray(picture.resize((28, 28), Image.Resampling.BOX), np.float32) / 255
