"""Join pieces that are too small to be pointed at, cut on where there are too few, and say whose each pixel is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree

from explainers.parts.cutting import halves, thirds
from explainers.parts.ink import Ink
from explainers.parts.pieces import STRAIGHT, Piece, distance, straightness

FEWEST, WANTED, MOST = 3, 4, 9  # ink parts
LARGE = 0.28  # of all ink: a bent line that holds more is cut where parts are WANTED
TINY = 0.06  # of all ink: a smaller piece is joined to its neighbour
DOT = 0.02  # of all ink: a stain that touches nothing is a part from here on
TOUCH = 1.2  # picture pixels: pieces nearer than that touch
DIVISIBLE = 6.0  # picture pixels: a shorter piece is not cut,
HEAVY = 0.2  # of all ink: nor is a lighter one


@dataclass(frozen=True, eq=False)
class Shares:
    """Which piece each pixel of ink belongs to: the one whose line is nearest."""

    owner: np.ndarray  # (28, 28) int, -1 where there is no ink
    sizes: np.ndarray  # (pieces,) share of all ink by weight, summing to 1


def share_ink(pieces: list[Piece], ink: Ink) -> Shares:
    """Give every pixel that is not empty to its nearest piece."""
    points = np.vstack([piece.points for piece in pieces])
    labels = np.repeat(np.arange(len(pieces)), [len(piece.points) for piece in pieces])
    pixels = np.argwhere(ink.weights > 0)
    _, nearest = cKDTree(points).query(pixels)
    owner = np.full(ink.weights.shape, -1)
    owner[tuple(pixels.T)] = labels[nearest]
    sizes = np.bincount(labels[nearest], ink.weights[tuple(pixels.T)], minlength=len(pieces))
    return Shares(owner, sizes / sizes.sum())


def settle(pieces: list[Piece], ink: Ink) -> list[Piece]:
    """As many pieces as a person would name: none too small, neither too few nor too many."""
    pieces = _enough(_without_tiny(pieces, ink), ink)
    return _without_tiny(pieces, ink)


def _without_tiny(pieces: list[Piece], ink: Ink) -> list[Piece]:
    pieces = list(pieces)
    while len(pieces) > 1:
        sizes = share_ink(pieces, ink).sizes
        smallest = next((int(i) for i in np.argsort(sizes, kind="stable") if _too_small(pieces, int(i), sizes)), None)
        if smallest is None:
            return pieces
        small = pieces.pop(smallest)
        into = max(range(len(pieces)), key=lambda index: _fit(small, pieces[index]))
        pieces[into] = join(pieces[into], small)
    return pieces


def _too_small(pieces: list[Piece], index: int, sizes: np.ndarray) -> bool:
    if len(pieces) > MOST:
        return True
    alone = all(distance(pieces[index].points, other.points) > TOUCH for other in pieces if other is not pieces[index])
    return bool(sizes[index] < (DOT if alone else TINY))


def _fit(small: Piece, other: Piece) -> float:
    """How well ``small`` continues ``other``: near first, then straight on, a ring only where nothing else is."""
    apart = distance(small.points, other.points)
    if apart > TOUCH:
        return -10 - apart
    return -2.0 if other.ring else _straight_on(small.path, other.path)


def _straight_on(first: np.ndarray, second: np.ndarray) -> float:
    """Cosine of the turn where two lines meet end to end; -1 where they meet otherwise."""
    best = -1.0
    for one in (first, first[::-1]):
        for other in (second, second[::-1]):
            if len(one) > 1 and len(other) > 1 and np.hypot(*(one[-1] - other[0])) <= TOUCH:
                ahead, onward = one[-1] - one[max(0, len(one) - 7)], other[min(6, len(other) - 1)] - other[0]
                lengths = np.hypot(*ahead) * np.hypot(*onward)
                best = max(best, float(ahead @ onward / lengths) if lengths > 0 else -1.0)
    return best


def join(piece: Piece, small: Piece) -> Piece:
    """``piece`` made longer by ``small`` where that goes straight on, else with it taken in."""
    if not piece.ring and _straight_on(small.path, piece.path) > 0.5:
        for one, free in ((piece.path, piece.free), (piece.path[::-1], piece.free[::-1])):
            for other, other_free in ((small.path, small.free), (small.path[::-1], small.free[::-1])):
                if np.hypot(*(one[-1] - other[0])) <= TOUCH:
                    return Piece(np.vstack([one, other]), (free[0], other_free[1]), more=(*piece.more, *small.more))
    return replace(piece, more=(*piece.more, small.path, *small.more))


def _enough(pieces: list[Piece], ink: Ink) -> list[Piece]:
    """Cut the largest piece on until there are FEWEST, as long as the pieces are long enough; then large bent lines
    until there are WANTED."""
    if len(pieces) == 1 and not pieces[0].ring and straightness(pieces[0].path) < 0.2:
        return thirds(pieces[0]) if pieces[0].length > DIVISIBLE else pieces
    while len(pieces) < WANTED:
        sizes = share_ink(pieces, ink).sizes
        long = [i for i in range(len(pieces)) if pieces[i].length > DIVISIBLE and sizes[i] > HEAVY]
        lines = [i for i in long if not pieces[i].ring]
        if len(pieces) >= FEWEST:
            long = lines = [i for i in lines if sizes[i] > LARGE and _bent(pieces[i])]
        if not long:
            break
        largest = max(lines or long, key=lambda i: sizes[i])  # a loop is worth naming as one: lines are cut first
        pieces = [*pieces[:largest], *halves(pieces[largest]), *pieces[largest + 1 :]]
    return pieces


def _bent(piece: Piece) -> bool:
    return not piece.arc and piece.length > 1.5 * DIVISIBLE and straightness(piece.path) > STRAIGHT
