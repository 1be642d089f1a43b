"""Takes away the lines of squared and ruled paper.

As staff lines are taken out of scanned music (Dalitz et al. 2008): a long, nearly straight run is found first; of it,
only those places are erased that are no thicker than the line, so that a stroke which crosses it stays whole.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

LEAST_SIDE = 64  # pixels: on fewer, a line is as thick as a stroke
SEGMENT = 0.25  # of the side: a line holds together over this much
SPAN = 0.7  # of the side: a line of the paper runs at least so far
SLACK = 2  # pixels to either side: lets a line lean by 4°
THICKEST = 0.03  # of the side: thicker than this is no printed line
SEVERAL = 3  # so many parallel ones are paper, wherever they end; fewer have to run from border to border
CROSSING = 1.6  # of the line's thickness: where ink is thicker, a stroke crosses


def paper_lines(mask: np.ndarray) -> tuple[np.ndarray, int]:
    """(H, W) bool, ink and lines → (H, W) bool, the lines alone, and how many there are."""
    across, down = _lying(mask), _lying(mask.T)
    paper = max(len(across), len(down)) >= SEVERAL
    lines = np.zeros_like(mask)
    count = 0
    for found, view, ink in ((across, lines, mask), (down, lines.T, mask.T)):
        for line in found:
            if paper or _crosses_picture(line, ink):
                view |= line
                count += 1
    return lines, count


def _lying(mask: np.ndarray) -> list[np.ndarray]:
    """The nearly horizontal lines, each (H, W) bool without what crosses it."""
    height, width = mask.shape
    if min(height, width) < LEAST_SIDE:
        return []
    length = max(8, round(SEGMENT * width))
    tall = ndimage.maximum_filter1d(mask.view(np.uint8), 2 * SLACK + 1, axis=0, mode="constant")
    runs = length <= _vertical_runs(tall.T).T
    if not runs.any():
        return []
    labels, _ = ndimage.label(runs, np.ones((3, 3)))
    thickness = _vertical_runs(mask)
    lines = []
    for label, box in enumerate(ndimage.find_objects(labels), start=1):
        if box[1].stop - box[1].start < SPAN * width:
            continue
        part = (labels == label) & mask
        if not part.any():
            continue
        # The thinnest place of each column: a stroke that runs along a part of the line does not count.
        thinnest = np.where(part, thickness, height).min(axis=0)
        usual = float(np.median(thinnest[part.any(axis=0)]))
        if usual <= max(THICKEST * width, 3):
            lines.append(part & (thickness <= max(CROSSING * usual, usual + 1)))
    return lines


def _vertical_runs(mask: np.ndarray) -> np.ndarray:
    """(H, W) int: for each pixel of ink, how many pixels of ink stand above one another there."""
    height, width = mask.shape
    labels, _ = ndimage.label(mask, np.array([[0, 1, 0], [0, 1, 0], [0, 1, 0]]))  # joins up and down only
    lengths = np.bincount(labels.ravel())
    lengths[0] = 0
    return lengths[labels].reshape(height, width)


def _crosses_picture(line: np.ndarray, ink: np.ndarray) -> bool:
    """From border to border, unless its ink also runs from top to bottom: then it is a tightly cut 4."""
    if not (line[:, :2].any() and line[:, -2:].any()):
        return False
    labels, _ = ndimage.label(ink, np.ones((3, 3)))
    own = np.isin(labels, np.unique(labels[line]))
    return not (own[:2].any() and own[-2:].any())
