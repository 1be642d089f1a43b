"""Bars of probabilities beside and below pictures: of which classes, and how wide."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.figures import drawing
from bot.figures.drawing import area
from bot.figures.words import FigureWords

MOST_BARS = 10  # probabilities drawn beside a picture
SHORTEST_BAR = 0.12  # inches


def likeliest(probabilities: np.ndarray) -> list[int]:
    """The classes whose bars are drawn: all in their order, or of more than ``MOST_BARS`` the likeliest first."""
    if len(probabilities) <= MOST_BARS:
        return list(range(len(probabilities)))
    return [int(place) for place in np.argsort(-probabilities, kind="stable")[:MOST_BARS]]


def name_room(names: Sequence[str]) -> float:
    """Inches by which the longest name beside a bar is wider than a digit."""
    return max(0.0, max(map(drawing.length, names)) - drawing.length("0"))


def draw_bars(
    page: drawing.Page,
    left: float,
    top: float,
    width: float,
    digits: Sequence[int],
    values: Sequence[float],
    colours: Sequence[str],
    words: FigureWords,
) -> None:
    """The bars of some classes below a picture; ``width`` is theirs beside digits, and less beside longer names."""
    names = words.bars(digits)
    room = name_room(names)
    chart = area(page, left + 0.14 + room, top, max(width - room / 2, SHORTEST_BAR), 0.19 * len(digits))
    drawing.bars(chart, names, values, colours, words.numbers)
