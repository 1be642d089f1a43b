"""The map of all digits to look around in: every dot tells which digit it is, to mouse, finger and arrow keys.

Of other weights than those for digits the dots are training pictures, and are called by the names of their classes.

An SVG that is whole without any script, so that it follows the theme of the page; ``script.js`` answers to pointers
and keys for all maps of a page.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from bot.claims.neighbours import DigitMap, Neighbour
from bot.figures.neighbours import FEW, SYMBOL, name_places
from bot.values import Figure
from bot.words.naming import OF_DIGITS

_TEMPLATE = (Path(__file__).parent / "template.html").read_text(encoding="utf-8")
_SIDE, _MARGIN, _ARM = 1000, 25, 17  # the drawing's own units
_LETTERS = 46  # the same: the size of names on it, as style.css has it
_SMALLER = {"map-words": 36, "map-many": 34}  # and where they are words, or many


def digit_map(figure: Figure, words: Mapping[str, str], names: Sequence[str] = OF_DIGITS.short) -> str | None:
    """The HTML of the map that a figure shows; None where it shows none.

    ``words`` are those of the interface, ``names`` those of the classes.
    """
    chart = figure.map
    if chart is None:
        return None
    said = {
        name: html.escape(words[name].replace("{count}", str(len(chart.neighbours))))
        for name in words
        if name.startswith("digit_map_")
    }
    named = [html.escape(name) for name in names]
    sizes = _sizes(chart, names)
    x, y = _place(chart.at)
    cross = f"M{x - _ARM} {y - _ARM}l{2 * _ARM} {2 * _ARM}m0 {-2 * _ARM}l{-2 * _ARM} {2 * _ARM}"
    return _TEMPLATE.format(
        **said,
        sizes="".join(f" {one}" for one in sizes),
        alt=html.escape(f"{figure.alt} {words['digit_map_hint']}"),
        legend="".join(_key(chart, label, named) for label in (chart.digit, chart.other) if label is not None),
        dots="".join(_dots(chart, int(label), named) for label in np.unique(chart.labels)),
        names="".join(
            _name(chart, label, at, named) for label, at in name_places(chart, _rooms(chart, names, sizes)).items()
        ),
        rings="".join(_ring(one) for one in chart.neighbours),
        cross=cross,
        at=f"{x} {y}",
        read=named[chart.digit],
        buttons="".join(_button(chart, place, words, named) for place in range(len(chart.neighbours))),
    )


def _place(at: tuple[float, float]) -> tuple[int, int]:
    across, down = (round(_MARGIN + one * (_SIDE - 2 * _MARGIN)) for one in at)
    return across, down


def _kind(chart: DigitMap, label: int) -> str:
    return "own" if label == chart.digit else "other" if label == chart.other else "rest"


def _sizes(chart: DigitMap, names: Sequence[str]) -> list[str]:
    """What the style sheet has to know of the names: whether they are words, and whether there are many."""
    shown = np.unique(chart.labels)
    words = any(len(names[label]) > SYMBOL for label in shown)
    return [*(["map-words"] if words else []), *(["map-many"] if len(shown) > FEW else [])]


def _rooms(chart: DigitMap, names: Sequence[str], sizes: Sequence[str]) -> dict[int, tuple[float, float]]:
    """How wide and high each name is drawn, in sides of the map, with a gap between two."""
    high = min([_LETTERS, *(_SMALLER[one] for one in sizes)]) / _SIDE
    return {int(label): ((0.62 * len(names[label]) + 0.38) * high, high) for label in np.unique(chart.labels)}


def _key(chart: DigitMap, label: int, names: Sequence[str]) -> str:
    return f'<span><b class="map-key-{_kind(chart, label)}">●</b> {names[label]}</span>'


def _dots(chart: DigitMap, label: int, names: Sequence[str]) -> str:
    """All dots of a label as one path of lines without length, which round ends make dots: short, and quickly drawn."""
    points = (_place((float(x), float(y))) for x, y in chart.points[chart.labels == label])
    line = "".join(f"M{x} {y}h0" for x, y in points)
    return f'<path class="map-dots map-{_kind(chart, label)}" data-digit="{names[label]}" d="{line}"/>'


def _name(chart: DigitMap, label: int, at: tuple[float, float], names: Sequence[str]) -> str:
    x, y = _place(at)
    return f'<text class="map-name map-{_kind(chart, label)}" x="{x}" y="{y}">{names[label]}</text>'


def _ring(neighbour: Neighbour) -> str:
    x, y = _place(neighbour.at)
    return f'<circle class="map-ring" cx="{x}" cy="{y}" r="14"/>'


def _button(chart: DigitMap, place: int, words: Mapping[str, str], names: Sequence[str]) -> str:
    """A neighbour as a button, in the order of nearness: rings may lie upon each other on the map."""
    one = chart.neighbours[place]
    x, y = _place(one.at)
    name = names[one.label]
    label = html.escape(words["digit_map_neighbour"]).format(place=place + 1, count=len(chart.neighbours), digit=name)
    seen = f"<img src=\"{_inline(chart.pictures[place])}\" alt=''>" if chart.pictures else ""
    other = " map-another" if one.label != chart.digit else ""
    return (
        f'<button type="button" class="map-near{other}" data-at="{x} {y}" data-place="{place + 1}" '
        f'data-digit="{name}" aria-label="{label}">{seen}<b>{name}</b></button>'
    )


def _inline(pixels: np.ndarray) -> str:
    """The picture as an address that holds it, as small as it is: the page enlarges it."""
    data = io.BytesIO()
    Image.fromarray((pixels * 255).round().astype(np.uint8)).save(data, "PNG")
    return "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()
