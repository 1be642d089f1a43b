"""Empty places whose filling would matter: holes in closed loops, and openings that one stroke would close."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from skimage.draw import polygon2mask

from explainers.parts.ink import PAD, SCALE, Ink, to_fine
from explainers.parts.lines import Network, build_network
from explainers.parts.skeleton import STEP, Graph

DETOUR = 1.9  # the way round along the ink, as a multiple of the way across: below it nobody sees an opening
NARROW, WIDE = 1.0, 11.0  # picture pixels of empty paper that the closing stroke would cross
POCKET = 8.0  # picture pixels of empty paper behind the opening: a smaller place is none
MOST_OPENINGS = 3


@dataclass(frozen=True, eq=False)
class Gap:
    """An empty place, not yet named."""

    form: str  # "hole" or "opening"
    mask: np.ndarray  # (28, 28) bool
    centre: np.ndarray  # (2,) of the hole, or of the opening's mouth
    side: str | None = None  # where an opening opens to; None for a hole, and for a break between two strokes


def find_gaps(graph: Graph, ink: Ink) -> list[Gap]:
    """Holes, the largest first, then openings, the clearest first."""
    return _holes(ink) + _openings(build_network(graph), ink)


def _holes(ink: Ink) -> list[Gap]:
    """The inside of every closed loop."""
    empty, number = ndimage.label(~ink.fine)
    middle = slice(PAD * SCALE + SCALE // 2, -PAD * SCALE, SCALE)
    coarse = empty[middle, middle]
    found = []
    for hole in range(1, number + 1):
        mask = (coarse == hole) & ~ink.strong
        if hole != empty[0, 0] and mask.sum() >= 2:
            found.append(Gap("hole", mask, np.argwhere(mask).mean(axis=0)))
    return sorted(found, key=lambda gap: -int(gap.mask.sum()))


def _openings(network: Network, ink: Ink) -> list[Gap]:
    """Breaks between strokes, and mouths: where a stroke's end lies near other ink and the way round is long."""
    points = network.points
    found = [_gap(points[[one, other]], None, ink) for one, other in network.breaks]
    mouths = []
    for end in network.ends:
        lengths, before = network.from_end(end)
        detours = lengths / np.maximum(np.hypot(*(points - points[end]).T), STEP)
        for other in np.argsort(-detours, kind="stable"):
            if detours[other] < DETOUR:
                break
            if _crosses_paper(points[end], points[other], ink):
                mouths.append((float(detours[other]), points[_way(before, int(other))]))
                break
    mouths.sort(key=lambda mouth: -mouth[0])
    found += [_gap(way[[0, -1]], way, ink) for _, way in mouths]
    kept: list[Gap] = []
    for gap in found:
        if gap is not None and not any((gap.mask & other.mask).sum() > 0.3 * gap.mask.sum() for other in kept):
            kept.append(gap)
    return kept[:MOST_OPENINGS]


def _way(before: np.ndarray, last: int) -> list[int]:
    way = [last]
    while before[way[-1]] >= 0:
        way.append(int(before[way[-1]]))
    return way


def _crosses_paper(one: np.ndarray, other: np.ndarray, ink: Ink) -> bool:
    """Whether the straight way leaves the ink once, for a while, and comes back to it once."""
    number = max(2, int(np.hypot(*(other - one)) * SCALE) + 1)
    rows, columns = np.rint(to_fine(np.linspace(one, other, number))).astype(int).T
    paper = np.diff(np.flatnonzero(np.diff(ink.fine[rows, columns].astype(int))))
    return len(paper) == 1 and NARROW * SCALE <= paper[0] <= WIDE * SCALE


def _gap(mouth: np.ndarray, way: np.ndarray | None, ink: Ink) -> Gap | None:
    """The opening with the ``mouth`` (2, 2), behind which the ``way`` (n, 2) leads round a pocket; None where the
    pocket is too small or the mouth is no empty place."""
    one, other = mouth
    centre = (one + other) / 2
    side = None
    if way is None:
        if not _crosses_paper(one, other, ink):
            return None
    else:
        pocket = polygon2mask(ink.weights.shape, way) & ~ink.strong
        if pocket.sum() < POCKET:
            return None
        down, right = centre - np.argwhere(pocket).mean(axis=0)
        side = ("bottom" if down > 0 else "top") if abs(down) > abs(right) else ("right" if right > 0 else "left")
    mask = _band(one, other, ink)
    return Gap("opening", mask, centre, side) if mask.sum() >= 2 else None


def _band(one: np.ndarray, other: np.ndarray, ink: Ink) -> np.ndarray:
    """The ink to be added: a stroke of the pen's width from one point to the other, where there is none yet."""
    pixels = np.moveaxis(np.indices(ink.weights.shape), 0, -1)
    along = ((pixels - one) @ (other - one)) / max(float((other - one) @ (other - one)), 1e-9)
    nearest = one + np.clip(along, 0, 1)[..., None] * (other - one)
    return (np.hypot(*np.moveaxis(pixels - nearest, -1, 0)) <= max(ink.pen / 2, 0.8)) & ~ink.strong
