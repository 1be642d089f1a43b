"""Digits drawn by strokes, as people would upload them."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

STROKES: dict[int, tuple[tuple[tuple[float, float], ...], ...]] = {  # lines through points, in a box of 1 × 1
    0: (tuple((0.5 + 0.35 * np.cos(a), 0.5 + 0.5 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 60)),),
    1: (((0.3, 0.2), (0.55, 0.0), (0.55, 1.0)),),
    2: (((0.15, 0.2), (0.35, 0.02), (0.65, 0.02), (0.8, 0.25), (0.15, 1.0), (0.85, 1.0)),),
    4: (((0.6, 1.0), (0.6, 0.0), (0.1, 0.65), (0.9, 0.65)),),
    5: (((0.85, 0.0), (0.25, 0.0), (0.2, 0.45), (0.6, 0.4), (0.8, 0.65), (0.6, 0.95), (0.15, 0.95)),),
    7: (((0.1, 0.0), (0.85, 0.0), (0.4, 1.0)),),
}


def draw(
    digit: int = 5,
    size: tuple[int, int] = (200, 260),
    box: tuple[float, float, float, float] = (50, 50, 100, 160),
    ink: object = 30,
    page: object = 235,
    pen: int = 14,
    mode: str = "L",
) -> Image.Image:
    """One digit; ``size`` is (width, height), ``box`` (left, top, width, height) in pixels."""
    picture = Image.new(mode, size, page)
    stroke(picture, digit, box, ink, pen)
    return picture


def stroke(picture: Image.Image, digit: int, box: tuple[float, float, float, float], ink: object, pen: int) -> None:
    """Draws one more digit onto ``picture``."""
    canvas = ImageDraw.Draw(picture)
    left, top, width, height = box
    for line in STROKES[digit]:
        points = [(left + x * width, top + y * height) for x, y in line]
        canvas.line(points, fill=ink, width=pen, joint="curve")
        for x, y in points:
            canvas.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=ink)


def noisy(picture: Image.Image, spread: float = 4.0) -> np.ndarray:
    """(H, W) uint8 with a camera's noise."""
    values = np.asarray(picture.convert("L"), np.float32)
    return np.clip(values + np.random.default_rng(0).normal(0, spread, values.shape), 0, 255).astype(np.uint8)
