"""The figures of a reply, each a PNG with a title and a sentence for those who cannot see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import to_rgb

from bot import drawing
from bot.drawing import NORMAL, PALE, SMALL, WIDTH, area, write
from bot.figure_words import FigureWords, load_words
from bot.values import Figure

if TYPE_CHECKING:
    from explainers.values import Attribution, Part, Test
    from model.values import DigitImage, Prediction, Step

__all__ = ["FigureWords", "draw_heatmaps", "draw_parts", "draw_reading", "draw_steps", "draw_test", "load_words"]

EDGE = 0.08  # inches: the margin of the page
LINE = 0.16  # inches: a line of small text
HEADING, LEGEND = 0.27, 0.40  # inches: above a heatmap, and below the last of them, where each has its own legend
SCALE = 0.28  # inches below the last heatmap, where all share one
MOST_OUTLINED = 0.15  # share of the picture: where more has changed, as by turning it, an outline shows nothing
FULL = 0.95  # share of the values that are not zero below that of full colour
MOST_BARS = 10  # probabilities drawn beside a picture
SHORTEST_BAR = 0.12  # inches
LEAST_SCALE = 0.01  # logit a pixel: a map that is faint everywhere looks faint, and is not stretched to full colour


def draw_reading(image: DigitImage, prediction: Prediction, words: FigureWords) -> Figure:
    """The picture that the model saw beside bars of the probabilities, of more than ten classes the largest ten."""
    page = drawing.Page(2.0)
    write(page, EDGE, 0.06, words.reading_picture, colour=PALE)
    drawing.picture(area(page, EDGE, 0.28, 1.4, 1.4), image.pixels)
    write(page, 1.75, 0.06, words.reading_bars, colour=PALE)
    digits = likeliest(prediction.probabilities)
    colours = [drawing.EMPHASIS if digit == prediction.digit else drawing.PLAIN for digit in digits]
    probabilities = [float(prediction.probabilities[digit]) for digit in digits]
    names = words.bars(digits)
    room = name_room(names)
    drawing.bars(area(page, 1.75 + room, 0.26, 1.22 - room, 1.7), names, probabilities, colours, words.numbers)
    alt = words.fill(
        words.reading_alt,
        digit=prediction.digit,
        probability=words.numbers.percent(prediction.probability),
        runner_up=prediction.runner_up,
        second=words.numbers.percent(float(prediction.probabilities[prediction.runner_up])),
    )
    return Figure("probabilities", words.reading_title, alt, drawing.to_png(page))


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


def draw_heatmaps(pixels: np.ndarray, attributions: Sequence[Attribution], words: FigureWords) -> Figure:
    """Heatmaps on the picture, two beside each other, in colours that mean the same wherever amounts can be compared.

    Those of one digit share one legend; of two digits, each column has its own: its maps are of one digit.
    """
    count = len(attributions)
    digits = list(dict.fromkeys(str(attribution.target) for attribution in attributions))
    names = [words.methods.get(attribution.method, attribution.method) for attribution in attributions]
    side = 2.2 if count == 1 else (WIDTH - 3 * EDGE) / 2
    rows = (count + 1) // 2
    row_height = side + HEADING + EDGE
    alike = len(digits) == 1
    page = drawing.Page(rows * row_height + (SCALE if alike else LEGEND))
    alts = []
    for place, (attribution, method) in enumerate(zip(attributions, names, strict=True)):
        left = (WIDTH - side) / 2 if count == 1 else EDGE + place % 2 * (side + EDGE)
        top = place // 2 * row_height
        heading = "{method}" if alike else words.heatmap_heading
        write(
            page, left, top + 0.06, words.fill(heading, method=method, digit=attribution.target), size=NORMAL, bold=True
        )
        spot = area(page, left, top + HEADING, side, side)
        drawing.signed_picture(spot, attribution.values, full_colour(attribution, attributions))
        drawing.ink_outline(spot, pixels)
        if not alike and place >= count - 2:
            draw_signed_legend(left, (rows - 1) * row_height + side + 0.34, page, attribution.target, words)
        sentence = words.heatmap_alt if np.any(attribution.values) else words.heatmap_flat
        alts.append(words.fill(sentence, method=method, digit=attribution.target))
    if alike:
        draw_signed_scale((rows - 1) * row_height + HEADING + side + 0.09, page, attributions[0].target, words)
    targets = " / ".join(str(words.naming.name(int(digit))) for digit in digits)
    title = words.fill(words.heatmap_title if count == 1 else words.heatmaps_title, method=names[0], digit=targets)
    identity = "_".join([attributions[0].method if count == 1 else "heatmaps", *digits])
    return Figure(identity, title, " ".join(alts), drawing.to_png(page))


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


def draw_signed_legend(left: float, top: float, page: drawing.Page, digit: int, words: FigureWords) -> None:
    """What the two colours of a heatmap for ``digit`` mean, in words."""
    for number, (colour, sentence) in enumerate(
        ((drawing.FOR, words.speaks_for), (drawing.AGAINST, words.speaks_against))
    ):
        colour_key(page, left, top + 0.01 + number * 0.18, colour)
        write(page, left + 0.19, top + 0.015 + number * 0.18, words.fill(sentence, digit=digit))


def draw_signed_scale(top: float, page: drawing.Page, digit: int, words: FigureWords) -> None:
    """The colours from one end to the other, with what each end means for ``digit`` in words beside it."""
    against, speaks_for = (words.fill(sentence, digit=digit) for sentence in (words.speaks_against, words.speaks_for))
    start = EDGE + drawing.length(against) + 0.1
    end = WIDTH - EDGE - drawing.length(speaks_for) - 0.1
    write(page, EDGE, top + 0.02, against)
    drawing.signed_bar(area(page, start, top, end - start, 0.15, columns=101, rows=1))
    write(page, end + 0.1, top + 0.02, speaks_for)


def colour_key(page: drawing.Page, left: float, top: float, colour: str) -> None:
    """A small square of a colour, for the words beside it to explain."""
    area(page, left, top, 0.13, 0.13).frame(PALE, 0.5, fill=colour)


def full_colour(attribution: Attribution, shown: Sequence[Attribution]) -> float:
    """The value of full colour: 95 % of the values that are not zero lie below it, in all maps of logits together.

    Relative amounts compare only within one method.
    """
    logits = attribution.unit == "logit"
    same = [one for one in shown if one.unit == attribution.unit and (logits or one.method == attribution.method)]
    scale = large_value(np.concatenate([one.values.ravel() for one in same]))
    return max(scale, LEAST_SCALE) if logits else scale


def large_value(values: np.ndarray) -> float:
    """The size below which ``FULL`` of the values lie that are not zero; 1 where all are."""
    sizes = np.abs(values[values != 0])
    return float(np.percentile(sizes, 100 * FULL)) if sizes.size else 1.0


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


def _squared(grey: np.ndarray) -> np.ndarray:
    """The picture in the middle of a square, the rest in light grey."""
    height, width = grey.shape
    side = max(height, width)
    square = np.full((side, side), 0.93, np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = grey
    return square
