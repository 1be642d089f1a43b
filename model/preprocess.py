"""Any upload → 28 × 28 exactly as MNIST is made, with every step kept for showing."""

from __future__ import annotations

import numpy as np
from PIL import Image

from model.preparation import form, gate
from model.preparation.gate import REASONS
from model.preparation.ink import find_ink, ink_on, page_surface, to_grey, without_shadows
from model.preparation.marks import find_marks
from model.preparation.reading import Upload, read
from model.values import SIDE, DigitImage, Step

__all__ = ["REASONS", "STEP_NAMES", "to_digit"]

SHOWN_SIDE = 256  # pixels: the longer side of a step's picture

STEP_NAMES = {  # name → the keys of its numbers, in the order in which steps are taken
    "decode": ("width", "height", "kind"),
    "first_frame": (),
    "rotate": ("degrees",),
    "page_under_transparency": ("page",),
    "left_alone": (),
    "grey_by_colour": (),
    "even_light": ("percent",),
    "polarity": ("ink",),
    "threshold": ("percent",),
    "drop_marks": ("dropped", "kept"),
    "crop": ("width", "height"),
    "stroke": ("before", "after"),
    "shrink": ("width", "height"),
    "centre": ("down", "right"),
}


def to_digit(raw: object) -> DigitImage:
    """A path, bytes, Pillow picture or array (H, W) or (H, W, 3 or 4) → ``DigitImage``.

    ``reason`` says why the picture cannot be one digit (one of ``REASONS``), and is None where it may be; the pixels are
    there in any case. Raises ImageError, and nothing else, for what cannot be read. ``raw`` is not changed.
    """
    upload = read(raw)
    steps = _reading_steps(upload)
    grey, by_colour = to_grey(upload.colours)
    rounded = np.round(grey * 255) / np.float32(255)
    if form.is_mnist_like(rounded):
        steps.append(_step("left_alone", rounded))
        return DigitImage(rounded.astype(np.float32), tuple(steps))
    if by_colour:
        steps.append(_step("grey_by_colour", grey))
    return _prepare(upload, grey, steps)


def _prepare(upload: Upload, grey: np.ndarray, steps: list[Step]) -> DigitImage:
    page = page_surface(grey)
    amount, dark = ink_on(grey, page)
    unevenness = round(100 * float(np.ptp(page)))
    amount, shadows = without_shadows(amount)
    if unevenness >= 5 or shadows:
        steps.append(_step("even_light", 1 - amount if dark else amount, percent=unevenness))
    steps.append(_step("polarity", amount, ink="dark" if dark else "light"))
    ink = find_ink(amount)
    reason = gate.of_ink(ink)
    steps.append(_step("threshold", ink.mask, percent=round(100 * float(ink.mask.mean()))))
    marks = find_marks(ink.mask)
    if not marks.chosen:
        return DigitImage(np.zeros((SIDE, SIDE), np.float32), tuple(steps), gate.BLANK)
    reason = reason or gate.of_marks(marks, ink, upload.width / grey.shape[1])
    chosen = marks.mask
    dropped = len(marks.others) + marks.specks
    if dropped:
        steps.append(_step("drop_marks", chosen, dropped=dropped, kept=len(marks.chosen)))
    cut = form.cut_out(ink.amount, chosen, ink.strength, ink.threshold)
    steps.append(_step("crop", cut.ink, width=_width(marks, across=True), height=_width(marks, across=False)))
    reason = reason or gate.of_glyph(cut)
    mended = form.mend_strokes(cut)
    if mended is not cut:
        steps.append(_step("stroke", mended.ink, before=round(cut.stroke, 1), after=round(mended.stroke, 1)))
    small = form.shrink(mended)
    steps.append(_step("shrink", small, width=small.shape[1], height=small.shape[0]))
    pixels, (down, right) = form.centre(small)
    steps.append(_step("centre", pixels, down=down, right=right))
    return DigitImage(pixels, tuple(steps), reason)


def _width(marks, across: bool) -> int:
    if across:
        return max(mark.right for mark in marks.chosen) - min(mark.left for mark in marks.chosen)
    return max(mark.bottom for mark in marks.chosen) - min(mark.top for mark in marks.chosen)


def _reading_steps(upload: Upload) -> list[Step]:
    shown = upload.colours.mean(axis=2)
    steps = [_step("decode", shown, width=upload.width, height=upload.height, kind=upload.kind)]
    if upload.animated:
        steps.append(_step("first_frame", shown))
    if upload.degrees:
        steps.append(_step("rotate", shown, degrees=upload.degrees))
    if upload.page:
        steps.append(_step("page_under_transparency", shown, page=upload.page))
    return steps


def _step(name: str, picture: np.ndarray, **numbers: float | int | str) -> Step:
    """A step with its picture, (H, W) in [0, 1], shrunk to at most SHOWN_SIDE."""
    values = np.asarray(picture, np.float32)
    shrink = max(values.shape) / SHOWN_SIDE
    if shrink > 1:
        size = (max(1, round(values.shape[1] / shrink)), max(1, round(values.shape[0] / shrink)))
        values = np.asarray(
            Image.fromarray(np.ascontiguousarray(values)).resize(size, Image.Resampling.BOX), np.float32
        )
    return Step(name, numbers, np.clip(values, 0, 1).astype(np.float32))
