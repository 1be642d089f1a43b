"""The figures of a picture's neighbours: a strip of training digits, and the map of all digits with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path

from bot.claims.neighbours import DigitMap, Neighbour
from bot.figures import drawing
from bot.figures.drawing import EMPHASIS, INK, NORMAL, PALE, SMALL, WIDTH, Area, area, write
from bot.figures.words import FigureWords
from bot.values import Figure
from bot.words.render import Words
from explainers.base import Case

EDGE, GAP = 0.08, 0.09  # inches: the margin of the page, between two pictures
COLUMNS = 5  # neighbours in a row
OTHER = "#d55e00"  # another label than the one read, together with its number: nothing rests on colour alone
OWN, REST = EMPHASIS, "#c4c4c4"
DOT, MARK, CROSS = 4, 9, 14  # dots: the radius of a digit, of a ring around a neighbour, half of the cross
COVERED = 0.06  # side of the map: nearer than this a number would lie below the cross
FEW = 10  # labels; the names of more are written smaller
SYMBOL = 2  # letters of a name that still fit a round frame
NAME_ROOM = 0.01  # side of the map: about the margin around the outermost dots, which a name may cover
MARK_ROOM = 0.02  # side of the map: half of the picture's mark
ROUNDING = 1e-9
PUSHES = 60  # rounds in which names that lie upon each other are moved apart
LEGEND = 0.17  # inches of a line
BADGE, SMALL_BADGE = 7.0, 5.5  # points: the names on the map
BOLDER = 1.12  # how much wider bold letters are


def draw_similar(case: Case, found: Sequence[Neighbour], pictures: Sequence[np.ndarray], words: FigureWords) -> Figure:
    """The picture on the left, then the training digits, the nearest first, each with its label below."""
    said, read = words.map, case.prediction.digit
    side = (WIDTH - 2 * EDGE - COLUMNS * GAP) / (COLUMNS + 1)
    row, top = side + 0.3, EDGE + 0.2
    rows = -(-len(found) // COLUMNS)
    page = drawing.Page(top + rows * row)
    write(page, EDGE, EDGE, said["similar_heading"], colour=PALE)
    own = area(page, EDGE, top, side, side)
    drawing.picture(own, case.pixels)
    own.frame(OWN, 2.0)
    write(page, EDGE + side / 2, top + side + 0.12, said["similar_yours"], SMALL, bold=True, middle=True)
    longest = max(drawing.length(words.name(one.label), NORMAL) for one in found)
    size = min(NORMAL, NORMAL * side / (longest * BOLDER))
    for place, (one, pixels) in enumerate(zip(found, pictures, strict=True)):
        left = EDGE + (1 + place % COLUMNS) * (side + GAP)
        high = top + place // COLUMNS * row
        spot = area(page, left, high, side, side)
        drawing.picture(spot, pixels)
        other = one.label != read
        if other:
            spot.frame(OTHER, 2.0)
        name = words.name(one.label)
        write(page, left + side / 2, high + side + 0.12, name, size, OTHER if other else INK, True, True)
    labels = ", ".join(words.name(one.label) for one in found)
    return Figure("similar", said["similar_title"], said["similar_alt"].format(labels=labels), drawing.to_png(page))


def draw_map(chart: DigitMap, words: FigureWords, said: Words) -> Figure:
    """All digits as dots, those of the label read and of the one next to it in colours, and where the picture is."""
    side = WIDTH - 2 * EDGE
    texts = words.map
    shown = [(OWN, said.plural(chart.digit))]
    shown += [(OTHER, said.plural(chart.other))] if chart.other is not None else []
    shown.append((REST, texts["rest"]))
    top = EDGE + LEGEND * 2 + 0.06
    page = drawing.Page(top + side + EDGE)
    _legend(page, shown, texts)
    plot = area(page, EDGE, top, side, side, columns=1, rows=1)
    plot.paint(_dots(chart, plot))
    plot.frame(drawing.FRAME, 0.6)
    for one in chart.neighbours:
        _ring(plot, _inside(one.at))
    size = BADGE if len(middles(chart)) <= FEW else SMALL_BADGE
    names = {label: words.name(label) for label in middles(chart)}
    rooms = {
        label: ((drawing.length(name, size) + 0.08) / side, 1.6 * size / 72 / side) for label, name in names.items()
    }
    for label, at in name_places(chart, rooms).items():
        colour = OWN if label == chart.digit else OTHER if label == chart.other else PALE
        mark = drawing.badge if len(names[label]) <= SYMBOL else drawing.tag
        mark(plot, _inside(at), names[label], colour, size)
    _cross(plot, _inside(chart.at))
    labels = ", ".join(words.name(one.label) for one in chart.neighbours)
    alt = texts["alt"].format(digits=said.plural(chart.digit), labels=labels)
    return Figure("feature_map", texts["title"], alt, drawing.to_png(page), map=chart)


def middles(chart: DigitMap) -> dict[int, tuple[float, float]]:
    """Where the number, or name, of each label belongs: the median of its places, in [0, 1].

    Where that lies among others, as between the capital and the small letters of one label, it is where its own stand
    closest together.
    """
    found = {}
    for label in np.unique(chart.labels):
        mine = chart.points[chart.labels == label]
        middle = np.median(mine, axis=0)
        beside_it = np.linalg.norm(chart.points - middle, axis=1).argmin()
        across, down = middle if chart.labels[beside_it] == label else _densest(mine)
        found[int(label)] = float(across), float(down)
    return found


def _densest(points: np.ndarray) -> np.ndarray:
    """The one of (N, 2) points that has a third of the others nearest to it."""
    apart = np.linalg.norm(points[:, None] - points, axis=2)
    return points[np.sort(apart, axis=1)[:, (len(points) - 1) // 3].argmin()]


def name_places(chart: DigitMap, rooms: Mapping[int, tuple[float, float]]) -> dict[int, tuple[float, float]]:
    """Where each label's name is written, its middle in [0, 1]: not below the picture's mark, nor upon another name.

    ``rooms``: how wide and high each name is, in sides of the map. Names that do not fit are moved as little as can be.
    """
    labels = list(rooms)
    found = middles(chart)
    places = [list(beside(found[label], chart.at)) for label in labels]
    halves = [(wide / 2, high / 2) for wide, high in rooms.values()]
    for _ in range(PUSHES):
        pushed = False
        for one, (place, half) in enumerate(zip(places, halves, strict=True)):
            for other, other_half in zip(places[:one], halves, strict=False):
                if push := _push(place, half, other, other_half):
                    axis, length = push
                    place[axis] += length / 2
                    other[axis] -= length / 2
                    pushed = True
            if push := _push(place, half, chart.at, (MARK_ROOM, MARK_ROOM)):
                axis, length = push
                place[axis] += length
                pushed = True
        if not pushed:
            break
    inside = np.clip(places, np.array(halves) - NAME_ROOM, 1 + NAME_ROOM - np.array(halves))
    return {label: (across, down) for label, (across, down) in zip(labels, inside.tolist(), strict=True)}


def beside(middle: tuple[float, float], at: tuple[float, float]) -> tuple[float, float]:
    """Where a number is written, above its middle where the picture's own mark would lie on it."""
    covered = float(np.hypot(middle[0] - at[0], middle[1] - at[1])) < COVERED
    return (middle[0], at[1] - 1.5 * COVERED) if covered else middle


def _push(
    place: Sequence[float], half: tuple[float, float], other: Sequence[float], other_half: tuple[float, float]
) -> tuple[int, float] | None:
    """Along which axis and how far the first of two boxes moves, so that they do not overlap; None if they do not.

    By numbers, one at a time: arrays of two take ten times as long, and there are a thousand pairs of names of letters.
    """
    apart = place[0] - other[0], place[1] - other[1]
    lacks = half[0] + other_half[0] - abs(apart[0]), half[1] + other_half[1] - abs(apart[1])
    if min(lacks) <= ROUNDING:
        return None
    axis = lacks.index(min(lacks))
    return axis, lacks[axis] if apart[axis] >= 0 else -lacks[axis]


def _legend(page: drawing.Page, shown: Sequence[tuple[str, str]], texts: Mapping[str, str]) -> None:
    """Two lines above the map: what the colours mean, then the marks."""
    whole = area(page, 0, 0, WIDTH, page.height)
    left = EDGE
    for colour, text in shown:
        _dot(whole, left + 0.05, EDGE + 0.05, colour)
        write(page, left + 0.13, EDGE, text)
        left += 0.13 + drawing.length(text) + 0.17
    second, left = EDGE + LEGEND, EDGE
    _cross(whole, _from_inches(whole, left + 0.05, second + 0.05), small=True)
    write(page, left + 0.16, second, texts["yours"])
    left += 0.16 + drawing.length(texts["yours"]) + 0.17
    _ring(whole, _from_inches(whole, left + 0.05, second + 0.05))
    write(page, left + 0.16, second, texts["neighbours"])


def _from_inches(place: Area, left: float, top: float) -> tuple[float, float]:
    x, y = place.inside.inverted().transform((left * drawing.DOTS, place.height - top * drawing.DOTS)).tolist()
    return x, y


def _dot(place: Area, left: float, top: float, colour: str) -> None:
    dots = (left * drawing.DOTS, place.height - top * drawing.DOTS)
    place.add(Circle(dots, DOT + 3, facecolor=colour, linewidth=0), drawing.IdentityTransform())


def _dots(chart: DigitMap, plot: Area) -> np.ndarray:
    """(height, width, 3): every digit a round dot, the others first so that they cover nobody."""
    page = np.ones((plot.height, plot.width, 3), np.float32)
    offsets = [
        (down, right) for down in range(-DOT, DOT + 1) for right in range(-DOT, DOT + 1) if down**2 + right**2 <= DOT**2
    ]
    own, other = chart.labels == chart.digit, chart.labels == chart.other
    places = np.array([_inside((x, y)) for x, y in chart.points]) + 0.5
    for chosen, colour in ((~own & ~other, REST), (other, OTHER), (own, OWN)):
        columns, rows = (places[chosen] * [plot.width - 1, plot.height - 1]).round().astype(int).T
        for down, right in offsets:
            page[rows + down, columns + right] = to_rgb(colour)
    return page


def _inside(at: tuple[float, float]) -> tuple[float, float]:
    """A place on the map in the plot's own units, with room at the edges."""
    return tuple((0.95 * one + 0.025) - 0.5 for one in at)  # type: ignore[return-value]


def _ring(plot: Area, where: tuple[float, float]) -> None:
    """Around a neighbour, at a column and a row."""
    dots = plot.inside.transform(where).tolist()
    plot.add(Circle(dots, MARK, fill=False, edgecolor=INK, linewidth=1.0), drawing.IdentityTransform())


def _cross(plot: Area, where: tuple[float, float], small: bool = False) -> None:
    """Where the picture is: a cross, black on white, so that it is seen on every colour."""
    x, y = plot.inside.transform(where).tolist()
    arm = MARK if small else CROSS
    ends = [(x - arm, y - arm), (x + arm, y + arm), (x - arm, y + arm), (x + arm, y - arm)]
    arms = Path(ends, [Path.MOVETO, Path.LINETO, Path.MOVETO, Path.LINETO])
    for colour, width in (("#ffffff", 5.0), (INK, 2.4)):
        mark = PathPatch(arms, fill=False, edgecolor=colour, linewidth=width, zorder=drawing.WORDS + 1)
        plot.add(mark, drawing.IdentityTransform())
