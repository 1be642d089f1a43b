"""From pixels to named parts."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from explainers.parts.cutting import first_pieces
from explainers.parts.gaps import Gap, find_gaps
from explainers.parts.ink import BLUR, Ink, read_ink
from explainers.parts.merging import TOUCH, Shares, join, settle, share_ink
from explainers.parts.naming import Name, distinguish, ink_form, mirrored, opening_place, place_of
from explainers.parts.pieces import Piece, distance
from explainers.parts.skeleton import follow_lines, tidy
from explainers.values import Part

TANGLE = 20  # lines: more are noise, which no person would cut into strokes
BLURS = (BLUR, 1.0, 2.5)  # picture pixels: a tangle at one is looked at again from farther away


Named = list[tuple[Name, np.ndarray]]  # each with its mask (28, 28) bool


def find_parts(pixels: np.ndarray) -> tuple[Part, ...]:
    """The parts of a digit ``pixels`` (28, 28) in [0, 1]: ink parts in reading order, then gaps; () for no ink.

    The ink parts' masks are disjoint and cover every pixel above 0. Gaps hold no strong ink. A picture and its mirror
    image have the same parts, mirrored.
    """
    if not (pixels > 0).any():
        return ()
    # Thinning and cutting prefer one side by a hair: of a picture and its mirror image, always the same one is cut.
    turned = _leans_left(pixels)
    ink, gaps = _find(pixels[:, ::-1] if turned else pixels)
    if turned:
        ink, gaps = ([(mirrored(name), mask[:, ::-1]) for name, mask in named] for named in (ink, gaps))
    return _numbered("part", "ink", ink) + _numbered("gap", "gap", gaps)


def _leans_left(pixels: np.ndarray) -> bool:
    """Whether the longer tail of the ink is on the left, by the third moment of its columns."""
    columns = pixels.sum(axis=0, dtype=np.float64)
    away = np.arange(len(columns)) - (columns @ np.arange(len(columns))) / columns.sum()
    return bool(columns @ away**3 < 0)


def _find(pixels: np.ndarray) -> tuple[Named, Named]:
    """Named ink parts and gaps of a picture that is not blank."""
    for blur in BLURS:
        ink = read_ink(pixels, blur)
        lines = follow_lines(ink)
        if len(lines.edges) <= TANGLE:
            break
    graph = tidy(lines, ink)
    pieces = settle(first_pieces(graph, ink), ink)
    return _name_pieces(pieces, ink), _name_gaps(find_gaps(graph, ink), ink)


def _name_pieces(pieces: list[Piece], ink: Ink) -> Named:
    """Named parts; pieces for which no names can be found that tell them apart are joined."""
    while True:
        shares = share_ink(pieces, ink)
        masks = [shares.owner == index for index in range(len(pieces))]
        names = distinguish([_ink_name(index, pieces, shares, ink) for index in range(len(pieces))], _centres(masks))
        same = [(i, j) for i, j in combinations(range(len(names)), 2) if names[i] == names[j]]
        if not same:
            return list(zip(names, masks, strict=True))
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


def _name_gaps(gaps: list[Gap], ink: Ink) -> Named:
    """Named gaps; of several that cannot be told apart the clearest."""
    names = [Name(gap.form, opening_place(place_of(gap.centre[None], ink.box), gap.side), gap.side) for gap in gaps]
    names = distinguish(names, _centres([gap.mask for gap in gaps]))
    clearest = {name: gap.mask for name, gap in reversed(list(zip(names, gaps, strict=True)))}
    return list(clearest.items())


def _centres(masks: list[np.ndarray]) -> np.ndarray:
    return np.array([np.argwhere(mask).mean(axis=0) for mask in masks]).reshape(-1, 2)


def _numbered(prefix: str, kind: str, named: Named) -> tuple[Part, ...]:
    """The parts in reading order: from top to bottom, what lies at about the same height from left to right."""
    order = np.argsort(_centres([mask for _, mask in named]) @ (1.0, 0.25), kind="stable")
    return tuple(
        Part(f"{prefix}_{number}", kind, name.form, name.place, np.ascontiguousarray(mask), name.side)
        for number, (name, mask) in enumerate((named[index] for index in order), 1)
    )
