"""The figure of a change: what ink to add and what to erase, and what is read afterwards."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import PathPatch

from bot.figures import drawing
from bot.figures.bars import draw_bars
from bot.figures.drawing import NORMAL, PALE, Area, area, write
from bot.figures.words import FigureWords
from bot.values import Figure
from explainers.values import Test

EDGE, SIDE, GAP = 0.08, 1.3, 0.85  # inches: margin, side of a picture, between the two
ADD, CUT = "#56b4e9", "#e69f00"  # Okabe and Ito's sky blue and orange
HATCHES = {ADD: "////", CUT: "xxxx"}  # so that nothing rests on colour
SEEN = 1 / 16  # of full ink: a smaller change is not worth a mark


def draw_change(test: Test, digit: int, what: str, words: FigureWords, found: bool = True) -> Figure:
    """The picture with the change marked on it, beside the result with its probabilities.

    ``digit`` is the one that the change leads to, or, where it is not ``found``, should have led to; ``what`` says in
    words what was changed.
    """
    digits = list(dict.fromkeys([digit, test.before.digit, test.after.digit]))
    page = drawing.Page(0.3 + SIDE + 0.32 + max(0.19 * len(digits), 0.4) + EDGE)
    right = EDGE + SIDE + GAP
    for left, label, outcome in ((EDGE, words.change_before, test.before), (right, words.change_after, test.after)):
        write(page, left, 0.06, label, size=NORMAL, bold=True)
        spot = area(page, left, 0.27, SIDE, SIDE)
        drawing.picture(spot, outcome.pixels)
        if outcome is test.before:
            difference = test.after.pixels - test.before.pixels
            _mark(spot, difference > SEEN, ADD)
            _mark(spot, difference < -SEEN, CUT)
    below = 0.27 + SIDE + 0.08
    for number, (colour, sentence) in enumerate(((ADD, words.ink_to_add), (CUT, words.ink_to_erase))):
        key = area(page, EDGE, below + 0.21 * number, 0.15, 0.15, columns=1, rows=1)
        key.frame(PALE, 0.5, fill="#202020")
        _mark(key, np.ones((1, 1), bool), colour)
        write(page, EDGE + 0.22, below + 0.01 + 0.21 * number, sentence)
    write(page, EDGE + SIDE + GAP / 2, 0.27 + SIDE / 2, "→", size=20, middle=True, colour=PALE)
    write(page, right, below - 0.02, words.test_probability, colour=PALE)
    values = [float(test.after.probabilities[one]) for one in digits]
    colours = [drawing.EMPHASIS if one == digit else drawing.PLAIN for one in digits]
    draw_bars(page, right, below + 0.18, 0.66, digits, values, colours, words)
    slots = {
        "what": what,
        "digit": digit,
        "before": words.numbers.percent(float(test.before.probabilities[digit])),
        "after": words.numbers.percent(float(test.after.probabilities[digit])),
        "reading": test.after.digit,
    }
    title = words.fill(words.change_title if found else words.change_title_missed, read=test.before.digit, digit=digit)
    compared = (test.before.pixels, test.after.pixels)
    return Figure(
        f"become_{digit}", title, words.fill(words.change_alt, **slots), drawing.to_png(page), compared=compared
    )


def _mark(place: Area, mask: np.ndarray, colour: str) -> None:
    """The pixels of a mask in a colour that lets the ink show through, hatched and outlined."""
    if not mask.any():
        return
    path = drawing.region(mask)
    place.add(PathPatch(path, facecolor=colour, edgecolor="none", alpha=0.55))
    hatched = PathPatch(path, fill=False, edgecolor=colour, linewidth=1.0, hatch=HATCHES[colour])
    hatched.set_hatch_linewidth(0.6)
    place.add(hatched)
