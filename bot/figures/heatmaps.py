"""The figure of heatmaps, and what its colours mean and how strong they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bot.figures import drawing
from bot.figures.drawing import EDGE, NORMAL, PALE, WIDTH, area, write
from bot.figures.words import FigureWords
from bot.values import Figure

if TYPE_CHECKING:
    from explainers.values import Attribution

HEADING, LEGEND = 0.27, 0.40  # inches: above a heatmap, and below the last of them, where each has its own legend
SCALE = 0.28  # inches below the last heatmap, where all share one
FULL = 0.95  # share of the values that are not zero below that of full colour
LEAST_SCALE = 0.01  # logit a pixel: a map that is faint everywhere looks faint, and is not stretched to full colour


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
