"""Drawing without pyplot: a canvas, digits pixel by pixel, outlines, bars and the signed colours. Safe among threads.

Figures are laid out at 360 CSS pixels, the width of a phone, and saved at three times that, so that they stay sharp.
Each has its own light background, so that it can stand in a dark page.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from bot.numbers import Numbers

WIDTH = 3.6  # inches, 100 CSS pixels each
DOTS = 300  # an inch
SMALL, NORMAL = 8.0, 9.0  # points; 11 and 12.5 CSS pixels
INK, PALE, PAGE = "#1a1a1a", "#6b6b6b", "#ffffff"
EMPHASIS, PLAIN = "#0072b2", "#9a9a9a"  # bars: the digit in question, and the others
CHANGED = "#d55e00"  # outline of what a test changed
# Okabe and Ito's colours, told apart with every kind of colour vision. A number stands beside each, so that nothing
# rests on colour alone.
PART_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#999999")
GAP_COLOUR = "#4d4d4d"
# Brewer's PuOr with a white middle and an odd number of steps, so that zero is white. Orange is for, purple against.
SIGNED = LinearSegmentedColormap.from_list("signed", ["#542788", "#998ec3", "#ffffff", "#f1a340", "#b35806"], N=257)
FOR, AGAINST = "#f1a340", "#998ec3"


def ink_colour(number: int) -> str:
    """The colour of ink part ``number``, counted from 1."""
    return PART_COLOURS[(number - 1) % len(PART_COLOURS)]


def canvas(height: float) -> Canvas:
    """An empty page, ``height`` in inches."""
    page = Canvas(figsize=(WIDTH, height), dpi=DOTS, facecolor=PAGE)
    FigureCanvasAgg(page)
    return page


def area(page: Canvas, left: float, top: float, width: float, height: float) -> Axes:
    """Axes by their place in inches, ``top`` counted from the top of the page."""
    page_width, page_height = page.get_size_inches()
    box = (left / page_width, 1 - (top + height) / page_height, width / page_width, height / page_height)
    return page.add_axes(box)


def write(page: Canvas, left: float, top: float, text: str, **style: object) -> None:
    """A line of text, its upper left corner (or what ``ha`` says) at a place in inches."""
    page_width, page_height = page.get_size_inches()
    settings = {"fontsize": SMALL, "color": INK, "va": "top", "ha": "left", "family": "DejaVu Sans", **style}
    page.text(left / page_width, 1 - top / page_height, text, **settings)  # type: ignore[arg-type]


def to_png(page: Canvas) -> bytes:
    """The page as PNG, the same bytes for the same drawing: no date and no version inside."""
    buffer = io.BytesIO()
    page.savefig(buffer, format="png", dpi=DOTS, facecolor=PAGE, metadata={"Software": None})
    return buffer.getvalue()


def picture(axes: Axes, pixels: np.ndarray, colours: str = "gray") -> None:
    """Grey values (H, W) in [0, 1], each pixel a square, no axis."""
    axes.imshow(pixels, cmap=colours, vmin=0, vmax=1, interpolation="nearest")
    _frame(axes)


def signed_picture(axes: Axes, values: np.ndarray, scale: float) -> None:
    """Signed values (28, 28): ``scale`` and above in the full colour, zero white."""
    axes.imshow(values, cmap=SIGNED, norm=Normalize(-scale, scale), interpolation="nearest")
    _frame(axes)


def ink_outline(axes: Axes, pixels: np.ndarray) -> None:
    """A thin line around the ink, at half brightness."""
    if pixels.max() > 0.5 > pixels.min():
        axes.contour(pixels, levels=[0.5], colors=INK, linewidths=0.7, alpha=0.75)


def region(mask: np.ndarray) -> Path:
    """The boundary of a mask (not empty) along its pixels' edges: closed rings in picture coordinates."""
    padded = np.pad(mask.astype(bool), 1)
    following: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for row, column in zip(*np.nonzero(padded), strict=True):
        y, x = int(row), int(column)
        if not padded[y - 1, x]:
            following.setdefault((x, y), []).append((x + 1, y))
        if not padded[y, x + 1]:
            following.setdefault((x + 1, y), []).append((x + 1, y + 1))
        if not padded[y + 1, x]:
            following.setdefault((x + 1, y + 1), []).append((x, y + 1))
        if not padded[y, x - 1]:
            following.setdefault((x, y + 1), []).append((x, y))
    points: list[tuple[float, float]] = []
    codes: list[np.uint8] = []
    while following:
        start = point = next(iter(following))
        ring = [start]
        while point in following:  # clockwise around the ink, until the edge comes back to its start
            ends = following[point]
            point, rest = ends[0], ends[1:]
            if rest:
                following[ring[-1]] = rest
            else:
                del following[ring[-1]]
            ring.append(point)
        points += [(x - 1.5, y - 1.5) for x, y in ring]  # the padding moved everything by one; centres are whole
        codes += [Path.MOVETO, *[Path.LINETO] * (len(ring) - 2), Path.CLOSEPOLY]
    return Path(np.array(points), codes)


def outline(axes: Axes, mask: np.ndarray, colour: str, width: float = 1.2, dashed: bool = False) -> None:
    """A line along the edges of a mask's pixels; dashed ones are hatched inside."""
    if not mask.any():
        return
    path = region(mask)
    style = (0, (3, 2)) if dashed else "-"
    patch = PathPatch(path, fill=False, edgecolor=colour, linewidth=width, linestyle=style)
    if dashed:
        inside = PathPatch(path, fill=False, edgecolor=colour, linewidth=0, hatch="/////", alpha=0.55)
        inside.set_hatch_linewidth(0.5)
        axes.add_patch(inside)
    axes.add_patch(patch)


def centre_of(mask: np.ndarray) -> tuple[float, float]:
    """(x, y) of the pixel of the mask that lies deepest in it, nearest to its middle: where a number is best read."""
    rows, columns = np.nonzero(mask)
    padded = np.pad(mask.astype(float), 1)
    depth = sum(padded[1 + down : 29 + down, 1 + right : 29 + right] for down in (-1, 0, 1) for right in (-1, 0, 1))
    distance = np.hypot(rows - rows.mean(), columns - columns.mean())
    best = np.argmin(distance - 0.5 * np.asarray(depth)[rows, columns])
    return float(columns[best]), float(rows[best])


def badge(axes: Axes, place: tuple[float, float], text: str, colour: str, size: float = 7.0) -> None:
    """A number in a round frame of the part's colour."""
    frame = {"boxstyle": "circle,pad=0.18", "facecolor": PAGE, "edgecolor": colour, "linewidth": 1.2}
    axes.text(*place, text, fontsize=size, color=INK, ha="center", va="center", family="DejaVu Sans", bbox=frame)


def bars(axes: Axes, labels: Sequence[str], values: Sequence[float], colours: Sequence[str], numbers: Numbers) -> None:
    """Bars from left to right, the first on top, each with its probability behind it. The full width is 1."""
    places = np.arange(len(labels))
    axes.barh(places, values, color=colours, height=0.68)
    axes.barh(places, [1] * len(labels), color="#f0f0f0", height=0.68, zorder=0)
    for place, value in enumerate(values):
        said = numbers.short_percent(value)
        axes.text(1.05, place, said, va="center", fontsize=SMALL, color=INK, family="DejaVu Sans")
    axes.set_yticks(places, labels, fontsize=SMALL, family="DejaVu Sans", color=INK)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(labels) - 0.45, -0.55)
    axes.set_xticks([])
    axes.tick_params(length=0, pad=3)
    axes.set_frame_on(False)


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` characters."""
    return textwrap.wrap(text, width) or [""]


def _frame(axes: Axes) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set(color="#b0b0b0", linewidth=0.6)
