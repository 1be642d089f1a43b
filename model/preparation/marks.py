"""The connected marks of ink, and which of them are the digit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

SPECK_SHARE = 0.02  # of the largest mark's area: less is dust
LINE_SPAN = 0.85  # of a side: a thin mark as long as this is a rule of the paper, not a stroke
LINE_THICKNESS = 0.06  # of the other side
NEAR = 0.25  # of the main mark's longer side: a detached stroke of the same digit lies nearer than that
MOST_PIECES = 20  # no digit is broken into more; keeps a picture of thousands of marks from taking seconds
CHAIN = 0.1  # of the same: to a piece already joined, for a stroke broken more than once
FLAT = 5.0  # width / height of an underline
LOW = 0.85  # of the digit's height: an underline lies below this
BIG = 0.45  # of the tallest mark's height: a second digit is at least so tall
BIG_AREA = 0.15  # of the largest mark's area
OVERLAP = 0.25  # of the narrower mark: digits side by side overlap less than that
ALIKE = (
    0.8  # of the taller one: two marks side by side, so alike in height, are two digits even where they nearly touch
)
APART = 0.05  # of the main mark's longer side: nearer than that, a stroke is only broken


@dataclass(frozen=True)
class Mark:
    """One connected mark: its box (ends exclusive) and how much of it there is."""

    label: int
    top: int
    left: int
    bottom: int
    right: int
    area: int
    contact: float  # pixels on the picture's border / longer side of the box

    @property
    def on_border(self) -> bool:
        """Whether it runs off the picture."""
        return self.contact > 0

    @property
    def height(self) -> int:
        """Pixels."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Pixels."""
        return self.right - self.left

    @property
    def side(self) -> int:
        """The longer side."""
        return max(self.height, self.width)


@dataclass(frozen=True, eq=False)
class Marks:
    """All marks of a picture and the choice among them."""

    labels: np.ndarray  # (H, W) int, 0: page
    chosen: tuple[Mark, ...]  # the digit, its main mark first
    others: tuple[Mark, ...]  # of a size to matter, but not chosen
    specks: int  # dropped as dust
    side_by_side: int  # marks, the main one among them, that look like digits next to or above one another

    @property
    def mask(self) -> np.ndarray:
        """(H, W) bool: the digit."""
        return np.isin(self.labels, [mark.label for mark in self.chosen])

    @property
    def extent(self) -> tuple[int, int]:
        """Height and width of the box around the digit."""
        height = max(mark.bottom for mark in self.chosen) - min(mark.top for mark in self.chosen)
        return height, max(mark.right for mark in self.chosen) - min(mark.left for mark in self.chosen)

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of that box, as shares of the picture's height and width."""
        down = min(mark.top for mark in self.chosen) + max(mark.bottom for mark in self.chosen)
        across = min(mark.left for mark in self.chosen) + max(mark.right for mark in self.chosen)
        height, width = self.labels.shape
        return down / 2 / height, across / 2 / width


def find_marks(mask: np.ndarray) -> Marks:
    """(H, W) bool → the marks, and which of them are the digit."""
    labels, count = ndimage.label(mask, np.ones((3, 3)))
    if not count:
        return Marks(labels, (), (), 0, 0)
    marks = _boxes(labels, count)
    marks = [mark for mark in marks if not _is_rule(mark, *mask.shape)] or marks
    main = max(marks, key=lambda mark: _prominence(mark, *mask.shape))
    big_enough = [mark for mark in marks if mark.area >= SPECK_SHARE * main.area]
    chosen, group = [main], [mark for mark in big_enough if mark is not main]
    group = [mark for mark in group if not _underlines(main, mark)]
    side_by_side = [mark for mark in group if not mark.on_border and _another_digit(main, mark)]
    # Nearest first, so that a stroke broken twice is joined piece by piece.
    for mark in sorted(group, key=lambda mark: _gap(main, mark))[:MOST_PIECES]:
        near = _gap(main, mark) <= NEAR * main.side or min(_gap(part, mark) for part in chosen) <= CHAIN * main.side
        if near and mark not in side_by_side and not (mark.on_border and not main.on_border):
            chosen.append(mark)
    taken = {mark.label for mark in chosen}
    others = tuple(mark for mark in big_enough if mark.label not in taken)
    return Marks(labels, tuple(chosen), others, len(marks) - len(big_enough), 1 + len(side_by_side))


def _boxes(labels: np.ndarray, count: int) -> list[Mark]:
    areas = np.bincount(labels.ravel(), minlength=count + 1)
    edge = np.concatenate([labels[0], labels[-1], labels[1:-1, 0], labels[1:-1, -1]])
    contacts = np.bincount(edge, minlength=count + 1)
    marks = []
    for label, (rows, columns) in enumerate(ndimage.find_objects(labels), start=1):
        side = max(rows.stop - rows.start, columns.stop - columns.start)
        contact = float(contacts[label]) / side
        marks.append(Mark(label, rows.start, columns.start, rows.stop, columns.stop, int(areas[label]), contact))
    return marks


def _is_rule(mark: Mark, height: int, width: int) -> bool:
    """A line of the paper, or the edge of something beside the paper."""
    across = mark.width >= LINE_SPAN * width and mark.height <= LINE_THICKNESS * height
    down = mark.height >= LINE_SPAN * height and mark.width <= LINE_THICKNESS * width
    return mark.on_border and (across or down)


def _prominence(mark: Mark, height: int, width: int) -> float:
    """How likely a mark is the digit's main one: large, near the middle, not running off the picture."""
    away = max(abs((mark.top + mark.bottom) / height - 1), abs((mark.left + mark.right) / width - 1))
    return mark.area * (1 - 0.5 * away) * (0.3 if mark.on_border else 1.0)


def _underlines(main: Mark, mark: Mark) -> bool:
    """A flat line below the digit: no digit has a detached one there (the 5 has its at the top)."""
    return mark.width > FLAT * mark.height and mark.top > main.top + LOW * main.height


def _gap(one: Mark, other: Mark) -> float:
    """Pixels between two boxes; 0 where they overlap."""
    down = max(one.top - other.bottom, other.top - one.bottom, 0)
    across = max(one.left - other.right, other.left - one.right, 0)
    return float(np.hypot(down, across))


def _another_digit(main: Mark, mark: Mark) -> bool:
    """Whether ``mark`` stands beside (or above, below) ``main`` as a digit of its own."""
    if mark.height < BIG * main.height or mark.area < BIG_AREA * main.area:
        return False
    across = min(main.right, mark.right) - max(main.left, mark.left)
    down = min(main.bottom, mark.bottom) - max(main.top, mark.top)
    beside = across <= OVERLAP * min(main.width, mark.width) and -across > APART * main.side
    below = down <= OVERLAP * min(main.height, mark.height) and -down > APART * main.side
    alike = min(main.height, mark.height) >= ALIKE * max(main.height, mark.height)
    return beside or below or (alike and across < 0 and down >= ALIKE * min(main.height, mark.height))
