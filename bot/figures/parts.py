"""The figure of the parts: the ink coloured and numbered, with the names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import to_rgb

from bot.figures import drawing
from bot.figures.drawing import EDGE, LINE, area, write
from bot.figures.words import FigureWords
from bot.values import Figure

if TYPE_CHECKING:
    from explainers.values import Part


def draw_parts(pixels: np.ndarray, parts: Sequence[Part], names: Mapping[str, str], words: FigureWords) -> Figure:
    """The ink with its parts coloured, outlined and numbered, the gaps hatched, and a legend with their names."""
    legend = [(number, part, drawing.wrapped(names[part.id], 24)) for number, part in enumerate(parts, start=1)]
    text_height = sum(LINE * len(lines) + 0.07 for _, _, lines in legend)
    page = drawing.Page(max(1.85, text_height + 0.1) + 2 * EDGE)
    spot = area(page, EDGE, EDGE, 1.75, 1.75)
    drawing.picture(spot, _tinted(pixels, parts))
    for number, part in enumerate(parts, start=1):
        drawing.outline(spot, part.mask, _colour(number, part), dashed=part.kind == "gap")
    for number, part in enumerate(parts, start=1):
        if part.mask.any():
            drawing.badge(spot, drawing.centre_of(part.mask), str(number), _colour(number, part), size=6.0)
    top = EDGE + 0.02
    for number, part, lines in legend:
        key = area(page, 1.92, top - 0.02, 0.2, 0.2, columns=1, rows=1)
        drawing.badge(key, (0, 0), str(number), _colour(number, part), size=6.0)
        for place, line in enumerate(lines):
            write(page, 2.16, top + 0.01 + place * LINE, line)
        top += LINE * len(lines) + 0.07
    listed = "; ".join(f"{number}: {names[part.id]}" for number, part in enumerate(parts, start=1))
    return Figure("parts", words.parts_title, words.parts_alt.format(parts=listed), drawing.to_png(page))


def _tinted(pixels: np.ndarray, parts: Sequence[Part]) -> np.ndarray:
    """(28, 28, 3): each ink part in its colour on white, paler where the ink is."""
    amount = pixels[..., None].astype(float)
    colours = np.zeros((*pixels.shape, 3))
    for number, part in enumerate(parts, start=1):
        if part.kind == "ink":
            colours[part.mask] = to_rgb(_colour(number, part))
    return 1 - amount * (1 - colours)


def _colour(number: int, part: Part) -> str:
    return drawing.GAP_COLOUR if part.kind == "gap" else drawing.ink_colour(number)
