"""Finds where to look: on the sheet that lies on a table, inside the frame around a digit, past what hugs
the border.

Each answer is a grey picture to look at again, or None where there is nothing to leave out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from skimage.morphology import convex_hull_image

from model.preparation.marks import Mark, Marks

EDGE_CONTACT = (
    0.6  # of its longer side: a mark that hugs the border so is a table's edge, not a stroke running off (≤ 0.35)
)
SHEET_FILL = 0.72  # of its box: a sheet or plate is solid, even turned by 10° or with a digit in it
SHEET_SIDE = 0.15  # of the picture's side: smaller solid things are blots
SHEET_PIXELS = 40  # smaller than this nothing could be read on it
SHEET_CONVEX = 0.93  # of its convex hull: paper and plates have no bays, hands and shoes do
SHEET_ASPECT = 3.0  # a sheet is not as long and narrow as a thick 1
SHEET_BARE = 0.6  # of the sheet: what the writing on it leaves free; a drawn 0 with its inside filled has less
FRAME_FILL = 0.82  # of its own outline's box, filled: a drawn rectangle, even askew; a round 0 fills 0.79
FRAME_INK = 0.35  # of what it encloses
FRAME_HOLDS = 0.25  # of its height: what is inside is at least so tall
SHEET_RIM = 0.05  # of the sheet's sides: its soft edge and shadow


@dataclass(frozen=True, eq=False)
class Focus:
    """A grey picture (H, W) without what was in the way, and the step's name for it."""

    grey: np.ndarray
    step: str


def refocus(grey: np.ndarray, page: np.ndarray, marks: Marks) -> Focus | None:
    """What to look at instead; None where the marks are to be taken as they are."""
    frame = next((mark for mark in marks.chosen if _is_frame(mark, marks)), None)
    if frame is not None:
        cover = _grown(marks.labels == frame.label)
        inside = np.where(cover, page, grey)[frame.top : frame.bottom, frame.left : frame.right]
        return Focus(inside, "drop_frame")
    edges = [mark for mark in (*marks.chosen, *marks.others) if mark.contact > EDGE_CONTACT]
    sheet = next((mark for mark in marks.chosen if _is_sheet(mark, marks.labels)), None)
    if sheet is not None:
        down, across = round(SHEET_RIM * sheet.height), round(SHEET_RIM * sheet.width)
        inside = grey[sheet.top + down : sheet.bottom - down, sheet.left + across : sheet.right - across]
        return Focus(inside, "sheet")
    if edges:
        cover = np.isin(marks.labels, [mark.label for mark in edges])
        return Focus(np.where(_grown(cover), page, grey), "drop_edges")
    return None


def _grown(mask: np.ndarray) -> np.ndarray:
    """With the soft edges around it."""
    return ndimage.binary_dilation(mask, np.ones((3, 3)), iterations=max(2, round(0.01 * max(mask.shape))))


def _is_frame(mark: Mark, marks: Marks) -> bool:
    """A thin box drawn around something else of a size to be a digit."""
    own = marks.labels[mark.top : mark.bottom, mark.left : mark.right] == mark.label
    solid = float(ndimage.binary_fill_holes(own).mean())
    if solid < FRAME_FILL or float(own.mean()) > FRAME_INK * solid:
        return False
    return any(
        other.height >= FRAME_HOLDS * mark.height
        and mark.top < other.top
        and other.bottom < mark.bottom
        and mark.left < other.left
        and other.right < mark.right
        for other in (*marks.chosen, *marks.others)
    )


def _is_sheet(mark: Mark, labels: np.ndarray) -> bool:
    """Solid, of a sheet's proportions, and large enough to be written on."""
    height, width = labels.shape
    if min(mark.height / height, mark.width / width) < SHEET_SIDE or min(mark.height, mark.width) < SHEET_PIXELS:
        return False
    if mark.side > SHEET_ASPECT * min(mark.height, mark.width):
        return False
    own = labels[mark.top : mark.bottom, mark.left : mark.right] == mark.label
    solid = float(ndimage.binary_fill_holes(own).mean())
    if solid < SHEET_FILL or float(own.mean()) < SHEET_BARE * solid:
        return False
    return solid >= SHEET_CONVEX * float(convex_hull_image(own).mean())
