"""Why a picture cannot be one digit, from its statistics alone."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from model.preparation.form import FINE, Glyph, crop, widest
from model.preparation.ink import Ink
from model.preparation.marks import Marks

BLANK = "blank"
TOO_SMALL = "too_small"
SEVERAL_DIGITS = "several_digits"
NOT_A_DIGIT = "not_a_digit"
REASONS = (BLANK, TOO_SMALL, SEVERAL_DIGITS, NOT_A_DIGIT)

LEAST_CONTRAST = 0.07  # of the page's brightness: faint pencil has 0.15, the grain of paper below 0.05
GRAINY = 0.15  # noise of the page, as a share of its brightness: gravel, cloth, busy photos; blurred paper has 0.1
LEAST_SIDE = 6  # pixels of the upload: a digit drawn on fewer cannot be told from another
MOST_INK = 0.5  # of the picture: more is a thing or a texture, not strokes on a page
MOST_MARKS = 5  # marks too large to be dust: a digit has one to three, a page of writing dozens
MOST_SPECKS = 100  # stars, gravel, leaves; dirty paper has some twenty
WIDEST = 9.0  # MNIST's pixels: the widest place of any of MNIST's thickest digits is 8.6
WIDEST_STROKE = 6.0  # MNIST's pixels: its thickest pens are 5.1
FLATTEST = 2.1  # width / height: MNIST's flattest digit has 2.0
FULLEST = 0.93  # of its box: only an upright 1 fills more
ON = 0.2  # of full ink: from here a pixel of the finished picture counts as inked
SHADED, MOST_SHADED = (
    0.75,
    5,
)  # pixels within strokes that are greyer than this; 1 MNIST digit in 250 has more
SOLID = 25  # pixels two or more from any edge, beside which shades are no faint pen but cloth
MOST_SOLID = 0.22  # such pixels as a share of all inked ones: 1 MNIST digit in 180 has more, most clothes have
UPRIGHT = 0.45  # width / height: a 1 that fills its box is no wider


def of_ink(ink: Ink) -> str | None:
    """No ink, or none that stands out from the page's own grain."""
    if ink.noise > GRAINY:
        return NOT_A_DIGIT
    if not ink.mask.any() or ink.strength < LEAST_CONTRAST:
        return BLANK
    return None


def of_marks(marks: Marks, ink: Ink, scale: float) -> str | None:
    """Several digits, a page of writing, a texture. ``scale``: pixels of the upload to one of these."""
    if float(ink.mask.mean()) > MOST_INK or marks.specks > MOST_SPECKS:
        return NOT_A_DIGIT
    if marks.side_by_side > 1:
        return SEVERAL_DIGITS
    if len(marks.others) + len(marks.chosen) > MOST_MARKS:
        return NOT_A_DIGIT
    if marks.chosen[0].side * scale < LEAST_SIDE:
        return TOO_SMALL
    return None


def of_glyph(glyph: Glyph) -> str | None:
    """A solid thing, or a lying stroke."""
    inked = crop(glyph.ink > 0.5, 1.0)
    height, width = inked.shape
    if not inked.any() or width > FLATTEST * height:
        return NOT_A_DIGIT
    if glyph.stroke > WIDEST_STROKE or widest(inked) / FINE > WIDEST:
        return NOT_A_DIGIT
    if inked.mean() > FULLEST and width > UPRIGHT * height:
        return NOT_A_DIGIT
    return None


def of_finished(pixels: np.ndarray) -> str | None:
    """A thing with shades, or a solid one, made as small as a digit: strokes are thin and evenly inked. (28, 28)"""
    inked = pixels > ON
    inside = ndimage.binary_erosion(inked, np.ones((3, 3)))
    solid = int(ndimage.binary_erosion(inked, np.ones((5, 5))).sum())
    shaded = int((inside & (pixels < SHADED)).sum())
    if (shaded > MOST_SHADED and solid >= SOLID) or solid > MOST_SOLID * inked.sum():
        return NOT_A_DIGIT
    return None
