"""The figures of "can you be fooled?": what was added to the picture, and the heatmaps before and after."""

from __future__ import annotations

from bot.figures import drawing
from bot.figures.bars import draw_bars
from bot.figures.drawing import EDGE, NORMAL, PALE, SMALL, WIDTH, area, write
from bot.figures.heatmaps import colour_key, draw_signed_legend, full_colour
from bot.figures.words import FigureWords
from bot.values import Figure
from explainers.changes.adversarial import Attack
from explainers.levels import GREYS
from explainers.values import Attribution

SIGN_ROOM = 0.2  # inches between two pictures, for "+" and "="
TOP = 0.42  # inches: where the pictures begin, below two lines


def draw_attack(attack: Attack, words: FigureWords) -> Figure:
    """The picture, the change magnified in signed colours with its factor, and the result, with bars below."""
    said, before, after = words.fool, attack.test.before, attack.test.after
    digits = list(dict.fromkeys([before.digit, after.digit, *([] if attack.target is None else [attack.target])]))
    side = (WIDTH - 2 * EDGE - 2 * SIGN_ROOM) / 3
    below = TOP + side
    page = drawing.Page(below + 0.32 + 0.19 * max(len(digits), 2) + EDGE)
    factor = max(1, GREYS // max(attack.levels, 1))
    lefts = [EDGE + place * (side + SIGN_ROOM) for place in range(3)]
    headings = (said["before"], said["change"], said["after"])
    for left, heading in zip(lefts, headings, strict=True):
        write(page, left, 0.06, heading, size=NORMAL, bold=True)
    write(page, lefts[1], 0.23, said["factor"].format(factor=factor), colour=PALE)
    drawing.signed_picture(area(page, lefts[1], TOP, side, side), attack.change, 1 / factor)
    for left, sign in zip(lefts[1:], "+=", strict=True):
        write(page, left - SIGN_ROOM / 2, TOP + side / 2, sign, size=14, middle=True, colour=PALE)
    for left, outcome in ((lefts[0], before), (lefts[2], after)):
        write(page, left, 0.23, words.fill(said["read"], digit=outcome.digit), colour=PALE)
        drawing.picture(area(page, left, TOP, side, side), outcome.pixels)
        write(page, left, below + 0.06, words.test_probability, colour=PALE)
        values = [float(outcome.probabilities[digit]) for digit in digits]
        colours = [drawing.EMPHASIS if digit == outcome.digit else drawing.PLAIN for digit in digits]
        draw_bars(page, left, below + 0.26, side - 0.55, digits, values, colours, words)
    for number, (colour, name) in enumerate(((drawing.FOR, "brighter"), (drawing.AGAINST, "darker"))):
        colour_key(page, lefts[1], below + 0.08 + number * 0.18, colour)
        write(page, lefts[1] + 0.19, below + 0.085 + number * 0.18, said[name], size=SMALL)
    alt = words.fill(
        said["alt"],
        levels=attack.levels,
        greys=GREYS,
        factor=factor,
        digit=before.digit,
        before=words.numbers.percent(float(before.probabilities[before.digit])),
        reading=after.digit,
        after=words.numbers.percent(float(after.probabilities[after.digit])),
    )
    return Figure("attack", said["title" if attack.found else "title_missed"], alt, drawing.to_png(page))


def draw_attack_heatmaps(attack: Attack, before: Attribution, after: Attribution, words: FigureWords) -> Figure:
    """What speaks for the digit read in the picture, beside what speaks for the one read after the change."""
    said = words.fool
    side = (WIDTH - 3 * EDGE) / 2
    page = drawing.Page(side + 0.75)
    pictures = (attack.test.before.pixels, attack.test.after.pixels)
    for place, (attribution, pixels, name) in enumerate(
        zip((before, after), pictures, ("map_before", "map_after"), strict=True)
    ):
        left = EDGE + place * (side + EDGE)
        write(page, left, 0.06, words.fill(said[name], digit=attribution.target), size=NORMAL, bold=True)
        spot = area(page, left, 0.27, side, side)
        drawing.signed_picture(spot, attribution.values, full_colour(attribution, (before, after)))
        drawing.ink_outline(spot, pixels)
        draw_signed_legend(left, side + 0.34, page, attribution.target, words)
    slots = {
        "method": words.methods.get(before.method, before.method),
        "digit": before.target,
        "reading": after.target,
    }
    title, alt = (words.fill(said[name], **slots) for name in ("maps_title", "maps_alt"))
    return Figure("attack_heatmaps", title, alt, drawing.to_png(page))
