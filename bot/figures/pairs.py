"""The figure of two pictures side by side, and of what came of exchanging one place."""

from __future__ import annotations

import numpy as np

from bot.figures import drawing
from bot.figures.bars import draw_bars
from bot.figures.drawing import EDGE, NORMAL, PALE, WIDTH, area, write
from bot.figures.words import FigureWords
from bot.values import Figure
from explainers.changes.exchange import Difference, Pair
from explainers.values import Outcome, Test

BETWEEN = 0.12  # inches between two pictures


def draw_pair(pair: Pair, place: Difference | None, test: Test | None, words: FigureWords) -> Figure:
    """This picture, the one before, and this one with ``place`` taken over where that was done; bars below each.

    The place is outlined in all of them.
    """
    said = words.pair
    shown: list[tuple[str, Outcome, np.ndarray | None]] = [
        (said["present"], pair.present.outcome, place.mask if place else None),
        (
            said["earlier"],
            pair.earlier.outcome,
            pair.turn(place).mask if place else None,
        ),
    ]
    if place is not None and test is not None:
        shown.append((said["exchanged"], test.after, place.mask))
    side = (WIDTH - 2 * EDGE - 2 * BETWEEN) / 3
    digits = list(dict.fromkeys(outcome.digit for _, outcome, _ in shown))
    page = drawing.Page(0.27 + side + 0.26 + 0.19 * max(len(digits), 2) + EDGE)
    for column, (label, outcome, mask) in enumerate(shown):
        left = EDGE + column * (side + BETWEEN)
        write(page, left, 0.06, label, size=NORMAL, bold=True)
        spot = area(page, left, 0.27, side, side)
        drawing.picture(spot, outcome.pixels)
        if mask is not None:
            drawing.outline(spot, mask, drawing.CHANGED)
        write(page, left, 0.27 + side + 0.06, words.test_probability, colour=PALE)
        values = [float(outcome.probabilities[digit]) for digit in digits]
        colours = [drawing.EMPHASIS if digit == outcome.digit else drawing.PLAIN for digit in digits]
        draw_bars(page, left, 0.27 + side + 0.26, side - 0.62, digits, values, colours, words)
    present, earlier = pair.present.outcome, pair.earlier.outcome
    slots = {
        "digit": present.digit,
        "probability": _percent(present, words),
        "earlier": earlier.digit,
        "earlier_probability": _percent(earlier, words),
    }
    alt = words.fill(said["alt"], **slots)
    if test is not None:
        alt += " " + words.fill(said["alt_exchanged"], reading=test.after.digit, after=_percent(test.after, words))
    return Figure("pair", said["title"], alt, drawing.to_png(page))


def _percent(outcome: Outcome, words: FigureWords) -> str:
    return words.numbers.percent(float(outcome.probabilities[outcome.digit]))
