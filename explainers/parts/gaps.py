"""Empty places whose filling would matter: holes in closed loops, and openings that one stroke would close."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from explainers.parts.ink import PAD, SCALE, Ink, to_fine
from explainers.parts.lines import Network, build_network
from explainers.parts.skeleton import STEP, Graph

DETOUR = 1.7  # the way round along the ink, as a multiple of the way across: below it nobody sees an opening
NARROW, WIDE = 1.0, 11.5  # picture pixels of empty paper that the closing stroke would cross
POCKET = 8.0  # picture pixels of empty paper behind the opening: a smaller place is none
SHARED = 0.3  # of the shorter way round: two mouths that share more of it open into the same pocket
UPWARD, DOWNWARD = 1.2, 2.0  # as many times as far up or down as sideways points an opening to the top or bottom:
# readers call a 7 open to the left, though its mouth points down as well
MOST_OPENINGS = 3
MOST_ENDS = 8  # a picture with more strokes' ends is a scribble
SAMPLES = 96  # points looked at on the way across a mouth: more than fine pixels on it


@dataclass(frozen=True, eq=False)
class Gap:
    """An empty place, not yet named."""

    form: str  # "hole" or "opening"
    mask: np.ndarray  # (28, 28) bool
    centre: np.ndarray  # (2,) of the hole, or of the opening's mouth
    side: str | None = None  # where an opening opens to; None for a hole, and for a break between two strokes


def find_gaps(graph: Graph, ink: Ink) -> list[Gap]:
    """Holes, the largest first, then openings, the clearest first."""
    holes = _holes(ink)
    openings = _openings(build_network(graph), ink)
    inside = np.any([hole.mask for hole in holes], axis=0) if holes else np.zeros_like(ink.strong)
    return holes + [gap for gap in openings if (gap.mask & inside).sum() < 0.5 * gap.mask.sum()]


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
    found = [
        Gap("opening", _band(points[one], points[other], ink), (points[one] + points[other]) / 2)
        for one, other in network.breaks[:MOST_OPENINGS]
        if _crosses_paper(points[one], points[[other]], ink)[0]
    ]
    ends = network.ends if len(network.ends) <= MOST_ENDS else []
    taken: list[np.ndarray] = []  # the ways round the pockets found: no two openings lead into the same one
    for mouths in sorted((_mouths(network, end, ink) for end in ends), key=lambda mouths: -mouths.clearness):
        way = next((way for way in mouths.ways() if _is_pocket(points[way], ink) and _is_new(way, taken)), None)
        if way is not None:
            taken.append(way)
            found.append(_opening(points[way], ink))
    return [gap for gap in found if gap.mask.sum() >= 2][:MOST_OPENINGS]


@dataclass(frozen=True, eq=False)
class _Mouths:
    """The mouths at one stroke's end: to which points a stroke could close them, the clearest first."""

    others: np.ndarray  # (n,) points
    clearness: float  # of the first; 0 for none
    before: np.ndarray  # the point before each point on the way from the end

    def ways(self) -> Iterator[np.ndarray]:
        """The points on the way round, from the far side of each mouth to the end."""
        for other in self.others:
            way = [int(other)]
            while self.before[way[-1]] >= 0:
                way.append(int(self.before[way[-1]]))
            yield np.array(way)


def _mouths(network: Network, end: int, ink: Ink) -> _Mouths:
    points = network.points
    lengths, before = network.from_end(end)
    across = np.maximum(np.hypot(*(points - points[end]).T), STEP)
    clearness = lengths / across**2  # of two mouths the narrower: each bay of a 3 has its own
    open_to = np.flatnonzero((lengths >= DETOUR * across) & _crosses_paper(points[end], points, ink))
    others = open_to[np.argsort(-clearness[open_to], kind="stable")]
    return _Mouths(others, float(clearness[others[0]]) if len(others) else 0.0, before)


def _is_new(way: np.ndarray, taken: list[np.ndarray]) -> bool:
    return not any(np.isin(way, other).sum() > SHARED * min(len(other), len(way)) for other in taken)


def _is_pocket(way: np.ndarray, ink: Ink) -> bool:
    """Whether the closed line through the points (n, 2) holds enough paper: its area (shoelace formula) less what
    the strokes on its border take of it. In corners strokes overlap, hence not their full half width."""
    rows, columns = way.T
    area = abs(float(rows @ np.roll(columns, 1) - columns @ np.roll(rows, 1))) / 2
    return area - 0.35 * ink.pen * len(way) * STEP >= POCKET


def _crosses_paper(start: np.ndarray, points: np.ndarray, ink: Ink) -> np.ndarray:
    """For each of the ``points`` (n, 2): does the straight way there leave the ink once, for a while?"""
    share = np.linspace(0, 1, SAMPLES)[None, :, None]
    rows, columns = np.moveaxis(np.rint(to_fine(start + share * (points[:, None] - start))).astype(int), -1, 0)
    inked = ink.fine[rows, columns]
    once = inked[:, 0] & inked[:, -1] & ((inked[:, 1:] != inked[:, :-1]).sum(axis=1) == 2)
    paper = (~inked).mean(axis=1) * np.hypot(*(points - start).T)
    return once & (paper >= NARROW) & (paper <= WIDE)


def _opening(way: np.ndarray, ink: Ink) -> Gap:
    """The opening between the first and the last point of the ``way`` (n, 2) round a pocket."""
    centre = (way[0] + way[-1]) / 2
    down, right = centre - way.mean(axis=0)
    if down < -UPWARD * abs(right):
        side = "top"
    elif down > DOWNWARD * abs(right):
        side = "bottom"
    else:
        side = "right" if right > 0 else "left"
    return Gap("opening", _band(way[0], way[-1], ink), centre, side)


def _band(one: np.ndarray, other: np.ndarray, ink: Ink) -> np.ndarray:
    """The ink to be added: a stroke of the pen's width from one point to the other, where there is none yet."""
    pixels = np.moveaxis(np.indices(ink.weights.shape), 0, -1)
    along = ((pixels - one) @ (other - one)) / max(float((other - one) @ (other - one)), 1e-9)
    nearest = one + np.clip(along, 0, 1)[..., None] * (other - one)
    return (np.hypot(*np.moveaxis(pixels - nearest, -1, 0)) <= max(ink.pen / 2, 0.8) + 1e-6) & ~ink.strong
