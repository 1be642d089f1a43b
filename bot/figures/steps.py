"""The figure of the preparation: the picture after each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.figures import drawing
from bot.figures.drawing import EDGE, LINE, SMALL, WIDTH, area, write
from bot.figures.words import FigureWords
from bot.values import Figure

if TYPE_CHECKING:
    from model.values import DigitImage, Step


def caption_of(step: Step) -> str:
    """The name of a step, by what it did: light ink is left as it is."""
    return "polarity_light" if step.numbers.get("ink") == "light" else step.name


def draw_steps(image: DigitImage, enlarged: np.ndarray, words: FigureWords) -> Figure:
    """The picture after each step of its preparation, in reading order; last as the network gets it, ``enlarged``."""
    shown = [*((caption_of(step), step.picture) for step in image.steps), ("enlarge", enlarged)]
    columns = 4 if len(shown) > 3 else 3
    side = (WIDTH - (columns + 1) * EDGE) / columns
    captions = [drawing.wrapped(words.steps.get(name, ""), 12 if columns == 4 else 17) for name, _ in shown]
    rows = [range(first, min(first + columns, len(captions))) for first in range(0, len(captions), columns)]
    heights = [side + 0.12 + LINE * max(len(captions[place]) for place in row) for row in rows]
    page = drawing.Page(max(sum(heights), side) + EDGE)
    top = EDGE
    for row, height in zip(rows, heights, strict=True):
        for column, place in enumerate(row):
            left = EDGE + column * (side + EDGE)
            drawing.picture(area(page, left, top, side, side), _squared(shown[place][1]))
            for number, line in enumerate(captions[place]):
                text = f"{place + 1} {line}" if number == 0 else line
                write(page, left, top + side + 0.04 + number * LINE, text, size=SMALL - 1)
        top += height
    listed = "; ".join(f"{place}: {' '.join(caption)}" for place, caption in enumerate(captions, start=1))
    return Figure("steps", words.steps_title, words.steps_alt.format(steps=listed), drawing.to_png(page))


def _squared(grey: np.ndarray) -> np.ndarray:
    """The picture in the middle of a square, the rest in light grey."""
    height, width = grey.shape
    side = max(height, width)
    square = np.full((side, side), 0.93, np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = grey
    return square
