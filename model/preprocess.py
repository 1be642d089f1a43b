"""Any upload → 28 × 28 exactly as MNIST is made, with every step kept for showing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from model.preparation import form, gate
from model.preparation.focus import refocus
from model.preparation.gate import REASONS
from model.preparation.ink import NOISE_GAP, Ink, find_ink, ink_on, is_flat, page_surface, to_grey, without_shadows
from model.preparation.lines import paper_lines
from model.preparation.marks import Marks, find_marks
from model.preparation.reading import Upload, read
from model.values import SIDE, DigitImage, Step

__all__ = ["REASONS", "STEP_NAMES", "as_it_is", "to_digit"]

SHOWN_SIDE = 256  # pixels: the longer side of a step's picture
FAINT = 0.6  # of the threshold: lines are looked for among weaker ink too, or they would be found in pieces
UNEVEN = 5  # percent of brightness by which the page varies, from which on it is worth a word
MOST_LOOKS = 3  # a table's edge, the sheet, its frame

STEP_NAMES = {  # name → the keys of its numbers, in the order in which steps are taken
    "decode": ("width", "height", "kind"),
    "first_frame": (),
    "rotate": ("degrees",),
    "page_under_transparency": ("page",),
    "left_alone": (),
    "edited": (),
    "grey_by_colour": (),
    "sheet": (),
    "drop_frame": (),
    "drop_edges": (),
    "even_light": ("percent",),
    "polarity": ("ink",),
    "drop_lines": ("lines",),
    "threshold": ("percent",),
    "drop_marks": ("dropped", "kept"),
    "crop": ("width", "height"),
    "stroke": ("before", "after"),
    "shrink": ("width", "height"),
    "centre": ("down", "right"),
}


def to_digit(raw: object) -> DigitImage:
    """A path, bytes, Pillow picture or array (H, W) or (H, W, 3 or 4) → ``DigitImage``.

    ``reason`` says why the picture cannot be one digit (one of ``REASONS``), and is None where it may be; the pixels
    are there in any case. Raises ImageError, and nothing else, for what cannot be read. ``raw`` is not changed.
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
    return _prepare(grey, upload.width / grey.shape[1], steps)


def as_it_is(pixels: np.ndarray) -> DigitImage:
    """(28, 28) values in [0, 1] that a person changed pixel by pixel: rounded to whole multiples of 1/255, else kept.

    Not centred or scaled again, or a small change would move the whole digit, and more than was changed would differ.
    """
    rounded = (np.round(pixels * 255) / np.float32(255)).astype(np.float32)
    return DigitImage(rounded, (_step("edited", rounded),), None if rounded.any() else gate.BLANK)


def _prepare(grey: np.ndarray, scale: float, steps: list[Step], looks: int = MOST_LOOKS) -> DigitImage:
    """``scale``: pixels of the upload to one of ``grey``; ``looks``: how often something in the way may be left out."""
    found, seen = _look(grey)
    whole = [*steps, *seen]
    focus = None if looks == 0 or gate.of_ink(found.ink) else refocus(grey, found.page, found.marks)
    if focus is None:
        return _finish(found, scale, whole)
    inside = _prepare(focus.grey, scale, [*steps, _step(focus.step, focus.grey)], looks - 1)
    if inside.reason == gate.BLANK or (inside.reason and focus.step == "sheet"):
        outside = _finish(found, scale, whole)
        # Nothing is written on it: the thing itself was meant, be it a thick 0 or a plate.
        if outside.reason is None or inside.reason == gate.BLANK:
            return outside
    return inside


def _finish(found: _Look, scale: float, steps: list[Step]) -> DigitImage:
    """What was found → 28 × 28."""
    ink, marks = found.ink, found.marks
    reason = gate.of_ink(ink)
    if not marks.chosen:
        return DigitImage(np.zeros((SIDE, SIDE), np.float32), tuple(steps), reason or gate.BLANK)
    reason = reason or gate.of_marks(marks, ink, scale)
    dropped = len(marks.others) + marks.specks
    if dropped:
        steps.append(_step("drop_marks", marks.mask, dropped=dropped, kept=len(marks.chosen)))
    cut = form.cut_out(ink.amount, marks.mask, ink.strength, ink.threshold)
    height, width = marks.extent
    steps.append(_step("crop", cut.ink, width=round(width * scale), height=round(height * scale)))
    reason = reason or gate.of_glyph(cut)
    mended = form.mend_strokes(cut)
    if mended is not cut:
        steps.append(_step("stroke", mended.ink, before=round(cut.stroke, 1), after=round(mended.stroke, 1)))
    small = form.shrink(mended)
    steps.append(_step("shrink", small, width=small.shape[1], height=small.shape[0]))
    pixels, (down, right) = form.centre(small)
    steps.append(_step("centre", pixels, down=down, right=right))
    return DigitImage(pixels, tuple(steps), reason or gate.of_finished(pixels))


@dataclass(frozen=True, eq=False)
class _Look:
    """What one look at a grey picture finds."""

    page: np.ndarray
    ink: Ink
    marks: Marks


def _look(grey: np.ndarray) -> tuple[_Look, list[Step]]:
    page = page_surface(grey)
    amount, dark = ink_on(grey, page)
    amount, shadows = (amount, False) if is_flat(grey) else without_shadows(amount)
    steps = []
    uneven = round(100 * float(np.ptp(page)))
    if uneven >= UNEVEN or shadows:
        steps.append(_step("even_light", 1 - amount if dark else amount, percent=uneven))
    steps.append(_step("polarity", amount, ink="dark" if dark else "light"))
    ink = find_ink(amount)
    lines, count = paper_lines(amount > max(FAINT * ink.threshold, NOISE_GAP * ink.noise))
    if count:
        around = ndimage.binary_dilation(lines, np.ones((3, 3))) & ~(ink.mask & ~lines)
        amount = np.where(around, 0, amount)
        steps.append(_step("drop_lines", amount, lines=count))
        ink = find_ink(amount)
    steps.append(_step("threshold", ink.mask, percent=round(100 * float(ink.mask.mean()))))
    return _Look(page, ink, find_marks(ink.mask)), steps


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
