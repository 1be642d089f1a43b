"""Drawing: digits pixel by pixel, outlines, bars and the signed colours. Safe among threads.

Pages are laid out at 360 CSS pixels, the width of a phone, and saved at twice that, so that they stay sharp. Each has
its own light background, so that it can stand in a dark page. A person waits for them, so matplotlib only draws the
lines and shapes: its figures and axes take longer to make than all that is drawn in them here. Pillow writes.
"""

from __future__ import annotations

import struct
import textwrap
import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from contourpy import contour_generator
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.patches import Circle, Patch, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, IdentityTransform
from PIL import Image, ImageDraw, ImageFont

from bot.words.numbers import Numbers

WIDTH = 3.6  # inches, 100 CSS pixels each
DOTS = 200  # an inch
EDGE = 0.08  # inches: the margin of the page
LINE = 0.16  # inches: a line of small text
SIDE = 28  # squares along the edge of a picture, unless said otherwise
COMPRESSION = 1  # of a PNG, 0 to 9
SMALL, NORMAL = 8.0, 9.0  # points; 11 and 12.5 CSS pixels
POINT = DOTS / 72  # dots
BADGES, WORDS = 2, 3  # what lies above what: pictures at 0, matplotlib's patches at 1
INK, PALE, PAGE = "#1a1a1a", "#6b6b6b", "#ffffff"
EMPHASIS, PLAIN = "#0072b2", "#9a9a9a"  # bars: the digit in question, and the others
FRAME = "#b0b0b0"
TRACK = "#f0f0f0"  # the room that a bar could fill
BESIDE = 9  # dots between a bar and what is written beside it
CHANGED = "#d55e00"  # outline of what a test changed
# Okabe and Ito's colours, told apart with every kind of colour vision. A number stands beside each, so that nothing
# rests on colour alone.
PART_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#999999")
GAP_COLOUR = "#4d4d4d"
# Brewer's PuOr with a white middle and an odd number of steps, so that zero is white. Orange is for, purple against.
SIGNED = LinearSegmentedColormap.from_list("signed", ["#542788", "#998ec3", "#ffffff", "#f1a340", "#b35806"], N=257)
FOR, AGAINST = "#f1a340", "#998ec3"
# Painting is work for one core (it is all Python), and pages are large: doing it side by side gains nothing.
_one_paints = threading.Lock()


def ink_colour(number: int) -> str:
    """The colour of ink part ``number``, counted from 1."""
    return PART_COLOURS[(number - 1) % len(PART_COLOURS)]


class Page:
    """A white page; what is put on it is drawn in the end, first what lies lowest."""

    def __init__(self, height: float) -> None:
        """``height`` in inches; every page is ``WIDTH`` wide."""
        self.height = height
        self.wide, self.high = round(WIDTH * DOTS), round(height * DOTS)  # dots
        self._all: list[_Dots | Patch] = []

    def put(self, one: _Dots | Patch) -> None:
        """One more thing."""
        self._all.append(one)

    def drawn(self) -> np.ndarray:
        """(high, wide, 4) uint8, from the upper edge down. Matplotlib draws the patches; its figures take longer."""
        renderer = RendererAgg(self.wide, self.high, DOTS)
        dots = np.asarray(renderer.buffer_rgba())
        dots.view(np.uint32)[...] = _number(PAGE)
        for one in sorted(self._all, key=lambda one: one.zorder):
            if isinstance(one, Patch):
                one.draw(renderer)
            else:
                one.draw(dots)
        return dots


def _number(colour: str) -> np.uint32:
    """A colour that hides what is below it, its four bytes as one number: numbers fill a page far sooner."""
    return np.array([*np.multiply(to_rgb(colour), 255), 255], np.uint8).view(np.uint32)[0]


@dataclass(frozen=True, eq=False)
class _Dots:
    """Colours dot by dot."""

    colours: np.ndarray  # (height, width, 4) uint8, from the upper edge down
    left: int  # dots from the left edge of the page
    bottom: int  # dots from its lower edge
    zorder: int = 0  # as patches have one; only what lies above the pictures may be pervious

    def draw(self, page: np.ndarray) -> None:
        """Onto a page of (high, wide, 4) dots; what would lie beside it is left out."""
        high, wide = self.colours.shape[:2]
        top = page.shape[0] - self.bottom - high
        below = page[max(0, top) : max(0, top + high), max(0, self.left) : max(0, self.left + wide)]
        colours = self.colours[max(0, -top) :, max(0, -self.left) :][: below.shape[0], : below.shape[1]]
        if self.zorder == 0:
            below[...] = colours
        else:
            cover = colours[..., 3:].astype(np.uint16)
            below[..., :3] = (colours[..., :3] * cover + below[..., :3] * (255 - cover) + 127) // 255


@dataclass(frozen=True, eq=False)
class Area:
    """A rectangle of a page that holds ``columns`` × ``rows`` squares, (0, 0) the middle of the upper left one."""

    page: Page
    left: int  # dots from the left edge of the page
    bottom: int  # dots from its lower edge
    width: int
    height: int
    columns: int
    rows: int

    @property
    def inside(self) -> Affine2D:
        """From columns and rows to dots."""
        across, down = self.width / self.columns, self.height / self.rows
        shift = (self.left + across / 2, self.bottom + self.height - down / 2)
        return Affine2D().scale(across, -down).translate(*shift)

    def paint(self, colours: np.ndarray) -> None:
        """Fill it with (rows, columns, 3) colours in [0, 1], each square in its own."""
        rows, columns = (
            ((np.arange(dots) + 0.5) * count / dots).astype(int)
            for dots, count in ((self.height, colours.shape[0]), (self.width, colours.shape[1]))
        )
        shades = np.full((*colours.shape[:2], 4), 255, np.uint8)
        shades[..., :3] = colours * 255 + 0.5
        squares = shades.view(np.uint32)[..., 0]  # a square's colour as one number is moved as one
        dots = squares[:, columns][rows].view(np.uint8).reshape(self.height, self.width, 4)
        self.page.put(_Dots(dots, self.left, self.bottom))

    def frame(self, colour: str, width: float, fill: str | None = None) -> None:
        """A line around it, ``width`` in points; filled where a colour is given."""
        corner = (self.left, self.bottom)
        box = Rectangle(corner, self.width, self.height, facecolor=fill or "none", edgecolor=colour, linewidth=width)
        self.add(box, IdentityTransform())

    def add(self, patch: Patch, placing: Affine2D | IdentityTransform | None = None) -> None:
        """A patch, given in columns and rows; other units where ``placing`` turns them into dots."""
        patch.set_transform(placing or self.inside)
        patch.set_clip_on(False)
        self.page.put(patch)


def area(
    page: Page, left: float, top: float, width: float, height: float, columns: int = SIDE, rows: int = SIDE
) -> Area:
    """A rectangle by its place in inches, ``top`` counted from the top of the page."""
    first, last = (round(edge * DOTS) for edge in (page.height - top - height, page.height - top))
    start, end = (round(edge * DOTS) for edge in (left, left + width))
    return Area(page, start, first, end - start, last - first, columns, rows)


def write(
    page: Page,
    left: float,
    top: float,
    text: str,
    size: float = SMALL,
    colour: str = INK,
    bold: bool = False,
    middle: bool = False,
) -> None:
    """A line of text at a place in inches: its upper left corner, or, with ``middle``, its middle."""
    dots = (left * DOTS, (page.height - top) * DOTS)
    _put(page, dots, _written(text, size, colour, bold), "middle" if middle else "corner")


def length(text: str, size: float = SMALL) -> float:
    """How long a line of text is, in inches."""
    return _written(text, size, INK, False).length / DOTS


@dataclass(frozen=True, eq=False)
class _Writing:
    """A line of text as dots; one and the same for all who write it."""

    colours: np.ndarray  # (height, width, 4) uint8, from the upper edge down
    left: int  # dots from where the line begins to the first of ``colours``
    low: int  # dots from the line that letters stand on down to the lowest of them
    length: int  # dots from where the line begins to where one more letter would stand
    rise: int  # dots from the line up to the top of an "l"


@lru_cache(maxsize=500)
def _written(text: str, size: float, colour: str, bold: bool) -> _Writing:
    font = _font(size, bold)
    left, top, right, bottom = (round(edge) for edge in font.getbbox(text, anchor="ls"))
    cover = Image.new("L", (max(1, right - left), max(1, bottom - top)))
    ImageDraw.Draw(cover).text((-left, -top), text, fill=255, font=font, anchor="ls")
    colours = np.empty((cover.height, cover.width, 4), np.uint8)
    colours[..., :3] = np.multiply(to_rgb(colour), 255)
    colours[..., 3] = np.asarray(cover)
    return _Writing(colours, left, bottom, round(font.getlength(text)), round(-font.getbbox("l", anchor="ls")[1]))


@cache
def _font(size: float, bold: bool) -> ImageFont.FreeTypeFont:
    path = findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal"))
    return ImageFont.truetype(path, size * POINT, layout_engine=ImageFont.Layout.BASIC)


def _put(page: Page, dots: Sequence[float], writing: _Writing, anchor: str) -> None:
    """Writing at a place in dots: its upper left corner, its middle, or its start or end at half its height."""
    height, width = writing.colours.shape[:2]
    left, bottom = dots[0] + writing.left, dots[1] - height / 2
    if anchor == "corner":
        bottom = dots[1] - writing.rise - writing.low
    elif anchor == "middle":
        left = dots[0] - width / 2
    elif anchor == "end":
        left -= writing.length
    page.put(_Dots(writing.colours, round(left), round(bottom), WORDS))


def to_png(page: Page) -> bytes:
    """The page as PNG, the same bytes for the same drawing: no date and no version inside."""
    height, width = page.high, page.wide
    with _one_paints:
        dots = page.drawn()
    # Pillow would weigh five filters against each other for every row, which takes three times as long as all of this.
    # Squares and lines are as small without any: a 0 before each row.
    rows = np.zeros((height, 1 + 3 * width), np.uint8)
    for colour in range(3):  # thrice as quick as all at once
        rows[:, 1 + colour :: 3] = dots[..., colour]
    head = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)  # eight bits for each of three colours
    pieces = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.data, COMPRESSION)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*piece) for piece in pieces)


def _chunk(name: bytes, content: bytes) -> bytes:
    """A piece of a PNG file (W3C, Portable Network Graphics, section 5.3)."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def picture(place: Area, pixels: np.ndarray) -> None:
    """Grey values (H, W), or colours (H, W, 3), in [0, 1], each pixel a square."""
    colours = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)
    place.paint(np.clip(colours, 0, 1))
    place.frame(FRAME, 0.6)


def signed_picture(place: Area, values: np.ndarray, scale: float) -> None:
    """Signed values (H, W): ``scale`` and above in the full colour, zero white."""
    place.paint(SIGNED((np.clip(values / scale, -1, 1) + 1) / 2)[..., :3])
    place.frame(FRAME, 0.6)


def signed_bar(place: Area) -> None:
    """The signed colours from all against, on the left, to all for, on the right."""
    place.paint(SIGNED(np.linspace(0, 1, place.columns))[None, :, :3])
    place.frame(FRAME, 0.6)


def ink_outline(place: Area, pixels: np.ndarray) -> None:
    """A thin line around the ink, at half brightness."""
    lines = contour_generator(z=pixels.astype(np.float64)).lines(0.5)
    if lines:
        path = Path.make_compound_path(*[Path(np.asarray(line)) for line in lines])
        place.add(PathPatch(path, fill=False, edgecolor=INK, linewidth=0.7, alpha=0.75))


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


def outline(place: Area, mask: np.ndarray, colour: str, width: float = 1.2, dashed: bool = False) -> None:
    """A line along the edges of a mask's pixels; dashed ones are hatched inside."""
    if not mask.any():
        return
    path = region(mask)
    if dashed:
        inside = PathPatch(path, fill=False, edgecolor=colour, linewidth=0, hatch="/////", alpha=0.55)
        inside.set_hatch_linewidth(0.5)
        place.add(inside)
    place.add(PathPatch(path, fill=False, edgecolor=colour, linewidth=width, linestyle=(0, (3, 2)) if dashed else "-"))


def centre_of(mask: np.ndarray) -> tuple[float, float]:
    """(x, y) of the pixel of the mask that lies deepest in it, nearest to its middle: where a number is best read."""
    rows, columns = np.nonzero(mask)
    padded = np.pad(mask.astype(float), 1)
    depth = sum(padded[1 + down : 29 + down, 1 + right : 29 + right] for down in (-1, 0, 1) for right in (-1, 0, 1))
    distance = np.hypot(rows - rows.mean(), columns - columns.mean())
    best = np.argmin(distance - 0.5 * np.asarray(depth)[rows, columns])
    return float(columns[best]), float(rows[best])


def badge(place: Area, where: tuple[float, float], text: str, colour: str, size: float = 7.0) -> None:
    """A number in a round frame of the part's colour, at a column and a row."""
    dots = place.inside.transform(where).tolist()
    radius = size * POINT * (0.55 + 0.2 * len(text))
    round_frame = Circle(dots, radius, facecolor=PAGE, edgecolor=colour, linewidth=1.2, zorder=BADGES)
    place.add(round_frame, IdentityTransform())
    _put(place.page, dots, _written(text, size, INK, False), "middle")


def tag(place: Area, where: tuple[float, float], text: str, colour: str, size: float = 7.0) -> None:
    """A name in a frame of a colour, at a column and a row."""
    across, down = place.inside.transform(where).tolist()
    wide, high = _written(text, size, INK, False).length + size * POINT * 0.7, size * POINT * 1.5
    corner = (across - wide / 2, down - high / 2)
    place.add(
        Rectangle(corner, wide, high, facecolor=PAGE, edgecolor=colour, linewidth=1.2, zorder=BADGES),
        IdentityTransform(),
    )
    _put(place.page, (across, down), _written(text, size, INK, False), "middle")


def bars(place: Area, labels: Sequence[str], values: Sequence[float], colours: Sequence[str], numbers: Numbers) -> None:
    """Bars from left to right, the first on top, each with its probability behind it. The full width is 1."""
    _lengths(place, [1.0] * len(values), [TRACK] * len(values))
    labelled_bars(place, labels, values, [numbers.short_percent(value) for value in values], colours)


def labelled_bars(
    place: Area, labels: Sequence[str], lengths: Sequence[float], behind: Sequence[str], colours: Sequence[str]
) -> None:
    """Bars with any words ``behind`` them, ``lengths`` from 0 to 1 of the full width."""
    _lengths(place, lengths, colours)
    height = place.height / len(labels)
    for number, (label, words) in enumerate(zip(labels, behind, strict=True)):
        middle = place.bottom + place.height - (number + 0.5) * height
        _put(place.page, (place.left - BESIDE, middle), _written(label, SMALL, INK, False), "end")
        end = place.left + place.width + BESIDE
        _put(place.page, (end, middle), _written(words, SMALL, INK, False), "start")


def _lengths(place: Area, lengths: Sequence[float], colours: Sequence[str]) -> None:
    height = place.height / len(lengths)
    for number, (length, colour) in enumerate(zip(lengths, colours, strict=True)):
        low = place.bottom + place.height - (number + 0.84) * height
        size = (round(0.68 * height), max(round(length * place.width), 1 if length > 0 else 0))
        if size[1]:
            shade = np.full(size, _number(colour)).view(np.uint8).reshape(*size, 4)
            place.page.put(_Dots(shade, place.left, round(low)))


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` characters."""
    return textwrap.wrap(text, width) or [""]
