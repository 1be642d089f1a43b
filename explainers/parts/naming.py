"""Form and place of a piece, as a person would say them, and what tells two alike ones apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from explainers.parts.pieces import STRAIGHT, Piece, ends_apart, straightness, total_turn

FLAT = 28.0  # degrees off the horizontal: a bar
UPRIGHT = 27.0  # degrees off the vertical: a stem
WINDING = 110.0  # degrees: a line that turns by more in all is a curve, even where it bows out little
STUB = 4.0  # picture pixels: a shorter end piece is a tail
THIRD = 0.11  # of the box: as far off its middle begins the top, the left, …
ROOM = 1.9  # picture pixels: nearer to the middle nobody says "left" or "top"

OPPOSITE = {"top": "bottom", "bottom": "top", "left": "right", "right": "left"}


@dataclass(frozen=True)
class Name:
    """What a part is called; unique in its picture."""

    form: str
    place: str
    side: str | None = None


def mirrored(name: Name) -> Name:
    """The same name with left and right exchanged."""

    def swap(words: str) -> str:
        return "_".join(OPPOSITE[word] if word in ("left", "right") else word for word in words.split("_"))

    return Name(name.form, swap(name.place), None if name.side is None else swap(name.side))


def ink_form(piece: Piece, size: float, alone: bool) -> str:
    """One of INK_FORMS, for a piece with ``size`` of all ink that touches no other if it is ``alone``."""
    if piece.ring:
        return "loop"
    if piece.length < 2.0 and (alone or not any(piece.free)):
        return "dot"
    if piece.length < STUB and sum(piece.free) == 1 and size < 0.15:
        return "tail"
    if piece.arc or straightness(piece.path) > STRAIGHT or total_turn(piece.path) > WINDING:
        return "curve"
    down, right = np.abs(ends_apart(piece.path) if piece.chord is None else piece.chord)
    off = float(np.degrees(np.arctan2(down, right)))
    return "bar" if off <= FLAT else "stem" if off >= 90 - UPRIGHT else "slant"


def place_of(points: np.ndarray, box: tuple[float, float, float, float]) -> str:
    """One of PLACES for the middle of ``points`` (n, 2) in the box of all ink."""
    top, left, bottom, right = box
    row, column = (points.min(axis=0) + points.max(axis=0) + 2 * points.mean(axis=0)) / 4
    rows = _third(row, top, bottom)
    columns = _third(column, left, right)
    vertical, horizontal = ("top", "", "bottom")[rows], ("left", "", "right")[columns]
    return "_".join(filter(None, (vertical, horizontal))) or "middle"


def opening_place(place: str, side: str | None) -> str:
    """``place`` without the word that would contradict ``side``: nothing is "at the top" and open "to the bottom"."""
    words = [word for word in place.split("_") if side is None or word != OPPOSITE[side]]
    return "_".join(words) or "middle"


def _third(value: float, low: float, high: float) -> int:
    off = value - (low + high) / 2
    if abs(off) < max(ROOM, THIRD * (high - low)):
        return 1
    return 0 if off < 0 else 2


def distinguish(names: list[Name], centres: np.ndarray) -> list[Name]:
    """The names with a side wherever two are alike: "upper" and "lower", or "left" and "right".

    ``centres`` (n, 2) are the parts' middles. Where three or more are alike, or the sides are taken, names stay alike;
    so do those of breaks between strokes, as the side of an opening is where it opens to.
    """
    names = list(names)
    for name in dict.fromkeys(names):
        alike = [index for index, other in enumerate(names) if other == name]
        if len(alike) != 2 or name.side is not None or name.form == "opening":
            continue
        one, other = alike
        down, right = centres[other] - centres[one]
        first, second = ("upper", "lower") if abs(down) >= abs(right) else ("left", "right")
        if (down if abs(down) >= abs(right) else right) < 0:
            one, other = other, one
        names[one], names[other] = replace(name, side=first), replace(name, side=second)
    return names
