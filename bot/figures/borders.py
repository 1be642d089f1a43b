"""The figure of how far a picture can be changed: each change just before and just after the reading flips."""

from __future__ import annotations

from collections.abc import Sequence

from bot.figures import drawing
from bot.figures.drawing import PALE, SMALL, WIDTH, area, write
from bot.figures.words import FigureWords
from bot.values import Claim, Figure, Look
from bot.words.render import Words

EDGE, LINE = 0.08, 0.14  # inches: margin, line of small text
SIDE = (WIDTH - 5 * EDGE) / 4  # two borders a row, two pictures each
LETTERS = 14  # a line under a picture


def draw_borders(claims: Sequence[Claim], looks: Sequence[Look], said: Words, words: FigureWords) -> Figure:
    """One pair of pictures for each of the ``claims`` whose test lies at a border, in reading order.

    Under those that are no digits to the check, by its ``looks``, that is said.
    """
    unlike = {look.pixels.tobytes() for look in looks if not look.is_digit}
    shown, told = [], []
    for claim in claims:
        test, flipped = claim.test, said.by(claim.slots["flipped"])  # type: ignore[arg-type]
        held = said.by(claim.slots["held"]) if "held" in claim.slots else words.test_before  # type: ignore[arg-type]
        if test is None:
            continue
        strange = test.after.pixels.tobytes() in unlike
        shown += [(held, test.before), (f"{flipped} ({words.border_unlike})" if strange else flipped, test.after)]
        told.append(f"{held}: {words.name(test.before.digit)}, {shown[-1][0]}: {words.name(test.after.digit)}")
    captions = [drawing.wrapped(text, LETTERS) for text, _ in shown]
    rows = [range(first, min(first + 4, len(shown))) for first in range(0, len(shown), 4)]
    heights = [SIDE + 0.16 + LINE * (1 + max(len(captions[place]) for place in row)) for row in rows]
    page = drawing.Page(sum(heights) + EDGE)
    top = EDGE
    for row, height in zip(rows, heights, strict=True):
        for column, place in enumerate(row):
            left = EDGE + column * (SIDE + EDGE)
            _, outcome = shown[place]
            drawing.picture(area(page, left, top, SIDE, SIDE), outcome.pixels)
            reads = words.fill(words.border_reads, digit=outcome.digit)
            flips = place % 2 == 1
            colour = drawing.CHANGED if flips else drawing.INK
            write(page, left, top + SIDE + 0.04, reads, colour=colour, bold=flips)
            for number, line in enumerate(captions[place]):
                below = top + SIDE + 0.07 + (number + 1) * LINE
                write(page, left, below, line, size=SMALL - 1.5, colour=PALE)
        top += height
    alt = words.borders_alt.format(borders="; ".join(told))
    return Figure("borders", words.borders_title, alt, drawing.to_png(page))
