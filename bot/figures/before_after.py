"""The figure of a test: the picture before and after a change, and the probabilities of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.figures import drawing
from bot.figures.bars import draw_bars
from bot.figures.drawing import EDGE, NORMAL, PALE, area, write
from bot.figures.words import FigureWords
from bot.values import Figure

if TYPE_CHECKING:
    from explainers.values import Test

MOST_OUTLINED = 0.15  # share of the picture: where more has changed, as by turning it, an outline shows nothing


def draw_test(identity: str, test: Test, digit: int, what: str, words: FigureWords, kind: str = "other") -> Figure:
    """The picture before and after a change, what was changed outlined, with the digits whose probabilities matter.

    ``what`` names the parts of ``kind`` "erase" or "fill"; of "other" it says all that was done.
    """
    said = words.tests[kind]
    digits = list(dict.fromkeys([digit, test.before.digit, test.after.digit]))
    side, gap = 1.3, 0.85
    page = drawing.Page(0.3 + side + 0.32 + 0.19 * len(digits) + EDGE)
    changed = np.abs(test.after.pixels - test.before.pixels) > 1 / 512
    for left, label, outcome in (
        (EDGE, words.test_before, test.before),
        (EDGE + side + gap, said["after"], test.after),
    ):
        write(page, left, 0.06, label, size=NORMAL, bold=True)
        spot = area(page, left, 0.27, side, side)
        drawing.picture(spot, outcome.pixels)
        if changed.mean() <= MOST_OUTLINED:
            drawing.outline(spot, changed, drawing.CHANGED)
        values = [float(outcome.probabilities[one]) for one in digits]
        colours = [drawing.EMPHASIS if one == digit else drawing.PLAIN for one in digits]
        draw_bars(page, left, 0.27 + side + 0.26, 0.66, digits, values, colours, words)
        write(page, left, 0.27 + side + 0.06, words.test_probability, colour=PALE)
    write(page, EDGE + side + gap / 2, 0.27 + side / 2, "\u2192", size=20, middle=True, colour=PALE)
    alt = words.fill(
        said["alt"],
        what=what,
        digit=digit,
        before=words.numbers.percent(float(test.before.probabilities[digit])),
        after=words.numbers.percent(float(test.after.probabilities[digit])),
        reading=test.after.digit,
    )
    compared = (test.before.pixels, test.after.pixels)
    return Figure(identity, said["title"].format(what=what), alt, drawing.to_png(page), compared=compared)
