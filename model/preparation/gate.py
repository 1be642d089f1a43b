"""Why a picture cannot be one digit, from its statistics alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.preparation.form import BOX, Glyph
from model.preparation.ink import Ink
from model.preparation.marks import Marks

BLANK = "blank"
TOO_SMALL = "too_small"
SEVERAL_DIGITS = "several_digits"
NOT_A_DIGIT = "not_a_digit"
REASONS = (BLANK, TOO_SMALL, SEVERAL_DIGITS, NOT_A_DIGIT)

LEAST_CONTRAST = 0.07  # of the page's brightness: faint pencil has 0.15, the grain of paper below 0.05
LEAST_SIDE = 6  # pixels of the upload: a digit drawn on fewer cannot be told from another
MOST_INK = 0.45  # of the picture: more is a thing or a texture, not strokes on a page
MOST_MARKS = 40  # specks and marks: a page of writing, stars, gravel
WIDEST = 6.5  # MNIST's pixels: thicker than the thickest pen (99.9th percentile of MNIST: about 6)
FLATTEST = 2.0  # width / height: no digit lies so flat


@dataclass(frozen=True)
class Finding:
    """A reason and the number that it rests on."""

    reason: str
    measure: str
    value: float


def of_ink(ink: Ink) -> str | None:
    """blank: no ink, or none that stands out from the page's own grain."""
    if not ink.mask.any() or ink.strength < LEAST_CONTRAST:
        return BLANK
    return None


def of_marks(marks: Marks, ink: Ink, scale: float) -> str | None:
    """Several digits, a page of text, a texture. ``scale``: pixels of the upload to one of these."""
    main = marks.chosen[0]
    if marks.side_by_side > 1:
        return SEVERAL_DIGITS
    if len(marks.others) + len(marks.chosen) > 12 or marks.specks > MOST_MARKS * 10:
        return NOT_A_DIGIT
    if float(ink.mask.mean()) > MOST_INK:
        return NOT_A_DIGIT
    if main.side * scale < LEAST_SIDE:
        return TOO_SMALL
    return None


def of_glyph(glyph: Glyph) -> str | None:
    """A solid thing, or a lying stroke."""
    inked = glyph.ink > 0.5
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if rows.size == 0:
        return BLANK
    if glyph.stroke > WIDEST or glyph.stroke > BOX:
        return NOT_A_DIGIT
    if np.ptp(columns) + 1 > FLATTEST * (np.ptp(rows) + 1):
        return NOT_A_DIGIT
    return None
