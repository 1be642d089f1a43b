"""From pixels to named parts."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from explainers.parts.cutting import first_pieces
from explainers.parts.gaps import Gap, find_gaps
from explainers.parts.ink import BLUR, Ink, read_ink
from explainers.parts.merging import TOUCH, Shares, join, settle, share_ink
from explainers.parts.naming import Name, distinguish, ink_form, opening_place, place_of
from explainers.parts.pieces import Piece, distance
from explainers.parts.skeleton import follow_lines, tidy
from explainers.values import Part

TANGLE = 40  # lines: more are noise, which no person would cut into strokes
BLURS = (BLUR, 1.0, 2.5)  # picture pixels: a tangle at one is looked at again from farther away


def find_parts(pixels: np.ndarray) -> tuple[Part, ...]:
    """The parts of a digit ``pixels`` (28, 28) in [0, 1]: ink parts in reading order, then gaps; () for no ink.

    The ink parts' masks are disjoint and cover every pixel above 0. Gaps hold no strong ink.
    """
    if not (pixels > 0).any():
        return ()
    for blur in BLURS:
        ink = read_ink(pixels, blur)
        lines = follow_lines(ink)
        if len(lines.edges) <= TANGLE:
            break
    graph = tidy(lines, ink)
    pieces = settle(first_pieces(graph, ink), ink)
    return _ink_parts(pieces, ink) + _gap_parts(find_gaps(graph, ink), ink)


def _ink_parts(pieces: list[Piece], ink: Ink) -> tuple[Part, ...]:
    """Named parts; pieces for which no names can be found that tell them apart are joined."""
    while True:
        shares = share_ink(pieces, ink)
        masks = [shares.owner == index for index in range(len(pieces))]
        names = distinguish([_ink_name(index, pieces, shares, ink) for index in range(len(pieces))], _centres(masks))
        same = [(i, j) for i, j in combinations(range(len(names)), 2) if names[i] == names[j]]
        if not same:
            return _numbered("part", "ink", names, masks)
        kept, gone = min(same, key=lambda pair: distance(pieces[pair[0]].points, pieces[pair[1]].points))
        pieces[kept] = join(pieces[kept], pieces[gone])
        del pieces[gone]


def _ink_name(index: int, pieces: list[Piece], shares: Shares, ink: Ink) -> Name:
    piece = pieces[index]
    alone = all(distance(piece.points, other.points) > TOUCH for other in pieces if other is not piece)
    form = ink_form(piece, float(shares.sizes[index]), alone)
    if len(pieces) == 1:
        return Name(form, "whole")
    mine = shares.owner == index
    seen = mine & ink.strong if (mine & ink.strong).any() else mine
    return Name(form, place_of(np.argwhere(seen), ink.box))


def _gap_parts(gaps: list[Gap], ink: Ink) -> tuple[Part, ...]:
    """Named gaps; of several that cannot be told apart the clearest."""
    names = [Name(gap.form, opening_place(place_of(gap.centre[None], ink.box), gap.side), gap.side) for gap in gaps]
    names = distinguish(names, _centres([gap.mask for gap in gaps]))
    clearest = {name: gap.mask for name, gap in reversed(list(zip(names, gaps, strict=True)))}
    return _numbered("gap", "gap", list(clearest), list(clearest.values()))


def _centres(masks: list[np.ndarray]) -> np.ndarray:
    return np.array([np.argwhere(mask).mean(axis=0) for mask in masks]).reshape(-1, 2)


def _numbered(prefix: str, kind: str, names: list[Name], masks: list[np.ndarray]) -> tuple[Part, ...]:
    """The parts in reading order: from top to bottom, what lies at about the same height from left to right."""
    order = np.argsort(_centres(masks) @ (1.0, 0.25), kind="stable")
    return tuple(
        Part(f"{prefix}_{number}", kind, names[i].form, names[i].place, masks[i], names[i].side)
        for number, i in enumerate(order, 1)
    )
