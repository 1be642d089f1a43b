"""Figures of what the record holds: how often each digit was misread, and which was read as which."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from bot import drawing
from bot.counts import DIGITS, Counts
from bot.drawing import PALE, SMALL, area, write
from bot.figure_words import FigureWords
from bot.values import Figure

EDGE, LINE = 0.08, 0.16  # inches: the margin of the page, a line of small text
LONGEST_LINE = 56  # characters that fit the width
CELL = 0.315  # inches: 31 CSS pixels, room for four digits
RIGHT = 0.93  # grey of the diagonal
# From a count of one to the most: black numbers are well read on each.
COUNTED = LinearSegmentedColormap.from_list("counted", ["#fde4cc", "#e69f00"])
LONGEST_LIST = 3  # mistakes that the words for a figure tell


def draw_confusions(counts: Counts, words: FigureWords, digit: int | None = None) -> Figure:
    """The table of counts, the digit shown downwards, the digit read across; row and column of ``digit`` outlined."""
    said = words.record
    lines = drawing.wrapped(said["confusions_axes"], LONGEST_LINE)
    top = EDGE + LINE * len(lines) + 0.28
    left = drawing.WIDTH - EDGE - 10 * CELL
    page = drawing.canvas(top + 10 * CELL + EDGE)
    for place, line in enumerate(lines):
        write(page, EDGE, EDGE + place * LINE, line, colour=PALE)
    grid = area(page, left, top, 10 * CELL, 10 * CELL, columns=10, rows=10)
    grid.paint(_shades(counts.table))
    grid.frame(drawing.FRAME, 0.6)
    for row in DIGITS:
        middle = (row + 0.5) * CELL
        write(page, left + middle, top - 0.12, str(row), bold=row == digit, middle=True)
        write(page, left - 0.13, top + middle, str(row), bold=row == digit, middle=True)
        for column in DIGITS:
            number = int(counts.table[row, column])
            if number:
                colour, size = (PALE, SMALL - 1) if row == column else (drawing.INK, SMALL)
                write(page, left + (column + 0.5) * CELL, top + middle, str(number), size, colour, middle=True)
    if digit is not None:
        for x, y, wide, high in ((0, digit, 10, 1), (digit, 0, 1, 10)):
            band = area(page, left + x * CELL, top + y * CELL, wide * CELL, high * CELL)
            band.frame(drawing.EMPHASIS, 1.4)
    return Figure("confusions", said["confusions_title"], _told(counts, words), drawing.to_png(page))


def draw_accuracy(counts: Counts, words: FigureWords, digit: int | None = None) -> Figure:
    """A bar for each digit: the share of its test pictures that was misread, the largest at full width."""
    said = words.record
    lines = drawing.wrapped(said["accuracy_bars"], LONGEST_LINE)
    top = EDGE + LINE * len(lines) + 0.06
    page = drawing.canvas(top + 1.9 + EDGE)
    for place, line in enumerate(lines):
        write(page, EDGE, EDGE + place * LINE, line, colour=PALE)
    tested = [one for one in DIGITS if counts.of(one)]
    misread = [1 - counts.accuracy(one) for one in tested]
    longest = max(misread) or 1.0
    behind = [
        said["accuracy_bar"].format(
            wrong=words.numbers.whole(counts.of(one) - counts.right(one)), pictures=words.numbers.whole(counts.of(one))
        )
        for one in tested
    ]
    colours = [drawing.EMPHASIS if one == digit else drawing.PLAIN for one in tested]
    chart = area(page, 0.3, top, 1.95, 1.9)
    drawing.labelled_bars(chart, [str(one) for one in tested], [one / longest for one in misread], behind, colours)
    most, least = counts.extreme(best=False)[0], counts.extreme(best=True)[0]
    alt = said["accuracy_alt"].format(
        hardest=most,
        hardest_share=words.numbers.percent(counts.accuracy(most)),
        easiest=least,
        easiest_share=words.numbers.percent(counts.accuracy(least)),
    )
    return Figure("accuracy", said["accuracy_title"], alt, drawing.to_png(page))


def _shades(table: np.ndarray) -> np.ndarray:
    """(10, 10, 3): the diagonal grey, no mistakes white, others from pale to strong."""
    wrong = table * ~np.eye(10, dtype=bool)
    scale = max(int(wrong.max()) - 1, 1)
    shades = np.where((wrong > 0)[..., None], COUNTED(np.clip((wrong - 1) / scale, 0, 1))[..., :3], 1.0)
    shades[np.eye(10, dtype=bool)] = RIGHT
    return shades


def _told(counts: Counts, words: FigureWords) -> str:
    """The largest counts off the diagonal, for those who cannot see the table."""
    found = [(number, one, other) for one in DIGITS for other, number in counts.mistakes(one)]
    found.sort(key=lambda mistake: -mistake[0])
    said = words.record
    largest = "; ".join(
        said["confusions_one"].format(digit=one, other=other, count=words.numbers.whole(number))
        for number, one, other in found[:LONGEST_LIST]
    )
    return said["confusions_alt"].format(largest=largest) if found else said["confusions_alt_none"]
