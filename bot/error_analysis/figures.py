"""The reliability diagram as bars: of each bin of confidence, the share that is read right."""

from __future__ import annotations

from collections.abc import Sequence

from bot.figures import drawing
from bot.figures.drawing import EMPHASIS, PALE, area, write
from bot.values import Figure
from bot.words.render import Words
from model.evaluate import Bin

EDGE, BAR = 0.08, 0.19  # inches


def draw_reliability(bins: Sequence[Bin], said: Words) -> Figure:
    """A bar for each bin; where confidence can be trusted, its length is the confidence beside it."""
    page = drawing.Page(0.3 + BAR * len(bins) + EDGE)
    write(page, EDGE, 0.06, said.say("errors_reliability_axis", {}), colour=PALE)
    percent = said.numbers.short_percent
    behind = [
        said.say("errors_reliability_behind", {"accuracy": one.accuracy, "pictures": one.pictures}) for one in bins
    ]
    names = [percent(one.confidence) for one in bins]
    chart = area(page, 0.7, 0.28, 1.6, BAR * len(bins))
    drawing.labelled_bars(chart, names, [one.accuracy for one in bins], behind, [EMPHASIS] * len(bins))
    told = "; ".join(f"{name}: {right}" for name, right in zip(names, behind, strict=True))
    alt = said.say("errors_reliability_alt", {"told": told})
    return Figure("reliability", said.say("errors_reliability_title", {}), alt, drawing.to_png(page))
