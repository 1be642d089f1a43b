"""Figures of what the record holds: how often each digit was misread, and which was read as which."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from bot.figures import drawing
from bot.figures.bars import name_room
from bot.figures.drawing import PALE, SMALL, area, write
from bot.figures.words import FigureWords
from bot.record.counts import Counts
from bot.values import Figure

EDGE, LINE = 0.08, 0.16  # inches: the margin of the page, a line of small text
LONGEST_LINE = 56  # characters that fit the width
CELL = 0.315  # inches: 31 CSS pixels, room for four digits
BAR = 0.19  # inches: a bar with the space below it
READABLE = 6.0  # points: smaller numbers are left to the colours
RIGHT = 0.93  # grey of the diagonal
# From a count of one to the most: black numbers are well read on each.
COUNTED = LinearSegmentedColormap.from_list("counted", ["#fde4cc", "#e69f00"])
LONGEST_LIST = 3  # mistakes that the words for a figure tell


def draw_confusions(counts: Counts, words: FigureWords, digit: int | None = None) -> Figure:
    """The table of counts, the digit shown downwards, the digit read across; row and column of ``digit`` outlined.

    The cells of more than ten classes are smaller, and hold no numbers where these would not fit.
    """
    said = words.record
    lines = drawing.wrapped(said["confusions_axes"], LONGEST_LINE)
    names, count = words.bars(counts.classes), len(counts.classes)
    named = max(map(len, names)) > 2  # names are written beside the rows only, numbers above the columns
    room = name_room(names) if named else 0.0
    cell = (10 * CELL - room) / count
    size = min(SMALL, SMALL * cell / CELL * 1.25)
    across = [str(row + 1) for row in counts.classes] if named else names
    beside = [f"{row + 1} {name}" for row, name in enumerate(names)] if named else names
    top = EDGE + LINE * len(lines) + 0.28
    left = drawing.WIDTH - EDGE - count * cell
    page = drawing.Page(top + count * cell + EDGE)
    for place, line in enumerate(lines):
        write(page, EDGE, EDGE + place * LINE, line, colour=PALE)
    grid = area(page, left, top, count * cell, count * cell, columns=count, rows=count)
    grid.paint(_shades(counts.table))
    grid.frame(drawing.FRAME, 0.6)
    for row in counts.classes:
        middle = (row + 0.5) * cell
        write(page, left + middle, top - 0.12, across[row], size, bold=row == digit, middle=True)
        aside = 0.13 if not named else drawing.length(beside[row], size) / 2 + 0.05
        write(page, left - aside, top + middle, beside[row], size, bold=row == digit, middle=True)
        for column in counts.classes:
            number = int(counts.table[row, column])
            if number and size >= READABLE:
                colour, large = (PALE, size - 1) if row == column else (drawing.INK, size)
                write(page, left + (column + 0.5) * cell, top + middle, str(number), large, colour, middle=True)
    if digit is not None:
        for x, y, wide, high in ((0, digit, count, 1), (digit, 0, 1, count)):
            band = area(page, left + x * cell, top + y * cell, wide * cell, high * cell)
            band.frame(drawing.EMPHASIS, 1.4)
    return Figure("confusions", said["confusions_title"], _told(counts, words), drawing.to_png(page))


def draw_accuracy(counts: Counts, words: FigureWords, digit: int | None = None) -> Figure:
    """A bar for each digit: the share of its test pictures that was misread, the largest at full width."""
    said = words.record
    lines = drawing.wrapped(said["accuracy_bars"], LONGEST_LINE)
    top = EDGE + LINE * len(lines) + 0.06
    tested = [one for one in counts.classes if counts.of(one)]
    high = BAR * max(len(tested), 10)
    page = drawing.Page(top + high + EDGE)
    for place, line in enumerate(lines):
        write(page, EDGE, EDGE + place * LINE, line, colour=PALE)
    misread = [1 - counts.accuracy(one) for one in tested]
    longest = max(misread) or 1.0
    behind = [
        said["accuracy_bar"].format(
            wrong=words.numbers.whole(counts.of(one) - counts.right(one)), pictures=words.numbers.whole(counts.of(one))
        )
        for one in tested
    ]
    colours = [drawing.EMPHASIS if one == digit else drawing.PLAIN for one in tested]
    room = name_room(words.bars(tested))
    chart = area(page, 0.3 + room, top, 1.95 - room, high)
    drawing.labelled_bars(chart, words.bars(tested), [one / longest for one in misread], behind, colours)
    return Figure("accuracy", said["accuracy_title"], _extremes(counts, words), drawing.to_png(page))


def _extremes(counts: Counts, words: FigureWords) -> str:
    """The figure in words: which digit was read right most often, and which least, or that all are alike."""
    hardest, easiest = counts.extreme(best=False)[0], counts.extreme(best=True)[0]
    most, least = (words.numbers.percent(counts.accuracy(one)) for one in (easiest, hardest))
    if counts.accuracy(easiest) == counts.accuracy(hardest):
        return words.record["accuracy_alt_even"].format(share=words.numbers.counted(counts.accuracy(easiest)))
    return words.record["accuracy_alt"].format(
        hardest=words.name(hardest), hardest_share=least, easiest=words.name(easiest), easiest_share=most
    )


def _shades(table: np.ndarray) -> np.ndarray:
    """(K, K, 3): the diagonal grey, no mistakes white, others from pale to strong."""
    diagonal = np.eye(len(table), dtype=bool)
    wrong = table * ~diagonal
    scale = max(int(wrong.max()) - 1, 1)
    shades = np.where((wrong > 0)[..., None], COUNTED(np.clip((wrong - 1) / scale, 0, 1))[..., :3], 1.0)
    shades[diagonal] = RIGHT
    return shades


def _told(counts: Counts, words: FigureWords) -> str:
    """The largest counts off the diagonal, for those who cannot see the table."""
    found = [(number, one, other) for one in counts.classes for other, number in counts.mistakes(one)]
    found.sort(key=lambda mistake: -mistake[0])
    said = words.record
    largest = "; ".join(
        words.fill(said["confusions_one"], digit=one, other=other, count=words.numbers.whole(number))
        for number, one, other in found[:LONGEST_LIST]
    )
    return said["confusions_alt"].format(largest=largest) if found else said["confusions_alt_none"]
