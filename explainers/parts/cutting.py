"""Cut the middle lines into pieces as a person would: at meetings, at corners, round loops, along long curves."""

from __future__ import annotations

import numpy as np
from scipy import ndimage
from skimage.draw import line

from explainers.parts.ink import PINHOLE, SCALE, Ink, to_fine
from explainers.parts.pieces import STRAIGHT, Piece, straightness, total_turn, turns
from explainers.parts.skeleton import STEP, Graph

CORNER = 52.0  # degrees within REACH on either side: as sharp a turn is a corner
ROUNDED = 38.0  # degrees: so is a weaker one between two straight lines, each
ARM = 4.0  # picture pixels long
BEND = 150.0  # degrees: a curve that turns by more is cut
SHORTEST = 3.0  # picture pixels that a cut leaves on either side
WHOLE = 0.75  # of the height of all ink: a loop as tall is the digit itself
SHARED = 5.0  # picture pixels: a longer line between two loops is a part of its own


def first_pieces(graph: Graph, ink: Ink) -> list[Piece]:
    """Rings round holes, and lines without corners or strong bends."""
    rings, used = _rings(graph, ink)
    found = [part for ring in rings for part in (ring_sides(ring) if _is_whole(ring, ink) else [ring])]
    degrees = graph.degrees()
    for index, edge in enumerate(graph.edges):
        if index not in used:
            lone = len(edge.path) == 1
            free = (lone or degrees[edge.start] == 1, lone or degrees[edge.end] == 1)
            found += _cut_line(Piece(edge.path, free))
    return found


def halves(piece: Piece) -> list[Piece]:
    """Two pieces of one: a ring's left and right side, a line cut at its strongest bend."""
    if not piece.ring:
        return piece.split([_best_cut(piece.path)])
    columns = piece.path[:, 1]
    return _sectors(piece, (columns > (columns.min() + columns.max()) / 2).astype(int))


def thirds(piece: Piece) -> list[Piece]:
    """Three pieces of one line, of the same length."""
    return piece.split([len(piece.path) // 3, 2 * len(piece.path) // 3])


def ring_sides(ring: Piece) -> list[Piece]:
    """A ring's top, right, bottom and left."""
    low, high = ring.path.min(axis=0), ring.path.max(axis=0)
    down, right = ((ring.path - (low + high) / 2) / np.maximum(high - low, STEP)).T
    upright = np.abs(down) > np.abs(right)
    return _sectors(ring, np.where(upright, np.where(down < 0, 0, 2), np.where(right > 0, 1, 3)))


def _sectors(ring: Piece, sector: np.ndarray) -> list[Piece]:
    """A ring's points grouped by ``sector`` (n,), each group in order."""
    found = []
    for each in np.unique(sector):
        inside = np.flatnonzero(sector == each)
        widest = int(np.argmax(np.diff(inside, append=inside[0] + len(sector))))
        found.append(Piece(ring.path[np.roll(inside, -widest - 1)], arc=True))
    return found


def _is_whole(ring: Piece, ink: Ink) -> bool:
    top, _, bottom, _ = ink.box
    return bool(np.ptp(ring.path[:, 0]) + 2 * ink.depth_at(ring.path).mean() >= WHOLE * (bottom - top))


def _rings(graph: Graph, ink: Ink) -> tuple[list[Piece], set[int]]:
    """A ring for each hole, made of the edges round it, and which edges those are."""
    canvas = np.zeros(ink.fine.shape, bool)
    drawn = [_draw(edge.path, canvas) for edge in graph.edges]
    faces, number = ndimage.label(~canvas)
    sizes = np.bincount(faces.ravel())
    beside: dict[int, list[int]] = {}
    for face in range(1, number + 1):
        if face == faces[0, 0] or sizes[face] < PINHOLE * SCALE**2:
            continue
        near = ndimage.binary_dilation(faces == face, np.ones((3, 3), bool))
        beside[face] = [i for i, pixels in enumerate(drawn) if len(pixels[0]) > 2 and near[pixels].mean() > 0.5]
    times = np.bincount([index for edges in beside.values() for index in edges], minlength=len(drawn))
    rings: list[Piece] = []
    used: set[int] = set()
    for face in sorted(beside, key=lambda face: sizes[face]):
        own = [i for i in beside[face] if i not in used and (times[i] < 2 or graph.edges[i].length < SHARED)]
        if own:
            used.update(own)
            points = to_fine(np.vstack([graph.edges[i].path for i in own]))
            rows, columns = (points - np.argwhere(faces == face).mean(axis=0)).T
            order = np.argsort(np.arctan2(rows, columns), kind="stable")
            rings.append(Piece(np.vstack([graph.edges[i].path for i in own])[order], ring=True))
    return rings, used


def _draw(path: np.ndarray, canvas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draw the line on ``canvas``, without gaps, and say which pixels it took."""
    points = np.clip(np.rint(to_fine(path)).astype(int), 0, len(canvas) - 1)
    steps = [line(*one, *other) for one, other in zip(points, points[1:], strict=False)] or [tuple(points[:1].T)]
    rows, columns = np.concatenate([step[0] for step in steps]), np.concatenate([step[1] for step in steps])
    canvas[rows, columns] = True
    return rows, columns


def _cut_line(piece: Piece) -> list[Piece]:
    """Cut at the sharpest corner, or where it bends too much, until nothing is left to cut."""
    cut = _corner(piece.path)
    if cut is None and total_turn(piece.path) > BEND and piece.length > 3 * SHORTEST:
        cut = _best_cut(piece.path)
    if cut is None:
        return [piece]
    return [part for half in piece.split([cut]) for part in _cut_line(half)]


def _corner(path: np.ndarray) -> int | None:
    """Where the line has its sharpest corner; None where it has none."""
    sharp = turns(path)
    margin = round(SHORTEST / STEP)
    sharp[:margin] = sharp[-margin:] = 0.0  # a cut there would leave too short a piece
    cut = int(np.argmax(sharp))
    if sharp[cut] >= CORNER:
        return cut
    arms = path[: cut + 1], path[cut:]
    two_lines = all(len(arm) * STEP >= ARM and straightness(arm) < STRAIGHT for arm in arms)
    return cut if sharp[cut] >= ROUNDED and two_lines else None


def _best_cut(path: np.ndarray) -> int:
    """Where to cut a line in two: at a strong bend not far from its middle, or in the middle of a straight one."""
    along = np.linspace(-1, 1, len(path))
    return int(np.argmax((turns(path) + 25.0) * (1 - along**2) * (np.abs(along) < 0.4)))
