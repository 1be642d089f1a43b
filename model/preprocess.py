"""Any upload → 28 × 28 exactly as MNIST is made, with every step kept for showing, or with one step left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image
from scipy import ndimage

from model.alphabet import CLOTHES, DIGITS
from model.errors import ImageError, ModelError
from model.preparation import form, garment, gate
from model.preparation.focus import refocus
from model.preparation.gate import REASONS
from model.preparation.ink import (
    LUMINANCE,
    NOISE_GAP,
    Ink,
    find_ink,
    ink_on,
    is_flat,
    page_surface,
    to_grey,
    without_shadows,
)
from model.preparation.lines import paper_lines
from model.preparation.marks import Marks, find_marks
from model.preparation.reading import Upload, read
from model.values import SIDE, DigitImage, Step

__all__ = ["REASONS", "REMOVABLE", "STEP_NAMES", "as_it_is", "to_digit", "without"]

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
READING = ("decode", "first_frame", "rotate", "page_under_transparency")  # steps before the grey picture is made
REMOVABLE = (  # steps that can be left out while the others are taken, in the order in which they are taken
    "rotate", "grey_by_colour", "sheet", "drop_frame", "drop_edges", "even_light", "polarity", "drop_lines",
    "threshold", "drop_marks", "crop", "stroke", "shrink", "centre",
)  # fmt: skip


def to_digit(raw: object, kind: str = DIGITS) -> DigitImage:
    """A path, bytes, Pillow picture or array (H, W) or (H, W, 3 or 4) → ``DigitImage``.

    ``kind`` is the alphabet's. Letters and other characters are made ready as digits are, which is nearly as their data
    sets are made: EMNIST has a margin of 2 pixels and centres the box and not the mass, KMNIST, cut from old books,
    fills more of its 28 pixels. Clothes are made ready as Fashion-MNIST is.

    ``reason`` says why the picture cannot be one digit (one of ``REASONS``), and is None where it may be; the pixels
    are there in any case. Raises ImageError, and nothing else, for what cannot be read. ``raw`` is not changed.
    """
    upload = read(raw)
    # Eight bits a colour, as nearly all files have: so what is kept is exactly what was prepared.
    colours = np.round(upload.colours * 255).astype(np.uint8)
    if kind == CLOTHES:
        return _garment(colours, _reading_steps(upload), upload.width / colours.shape[1])
    made = _made(colours, _Way(upload.width / colours.shape[1]), _reading_steps(upload))
    return made if made.steps[-1].name == "left_alone" else replace(made, upload=colours)


def without(image: DigitImage, step: str) -> DigitImage:
    """The upload of ``image`` prepared anew without ``step``, one of ``REMOVABLE``; the other steps are taken as ever.

    Without "rotate" it stays as the camera held it, without "polarity" dark on light. Without "threshold" the digit's
    box is taken with the page in it, without "crop" the whole picture is shrunk as it is, strokes and place included.
    Without "shrink" the digit fills all 28 pixels, without "centre" it stays where it lay, as far as it fits.
    ``reason`` says why such a picture would not be taken for one digit. Raises ModelError where there is no such step,
    or where it was not taken.
    """
    taken = {one.name: one.numbers for one in image.steps}
    if step not in REMOVABLE or step not in taken or image.upload is None:
        raise ModelError(f"The step {step!r} cannot be left out here; the steps taken were {', '.join(taken)}.")
    way = _Way(float(taken["decode"]["width"]) / image.upload.shape[1], step)
    colours = image.upload if way.takes("rotate") else np.rot90(image.upload, int(taken["rotate"]["degrees"]) // 90)
    return _made(colours, way, [one for one in image.steps if one.name in READING and one.name != step])


def as_it_is(pixels: np.ndarray) -> DigitImage:
    """(28, 28) values in [0, 1] that a person changed pixel by pixel: rounded to whole multiples of 1/255, else kept.

    Not centred or scaled again, or a small change would move the whole digit, and more than was changed would differ.
    Raises ImageError for anything else: whole numbers, which may mean 0 to 255, would be read as another picture.
    """
    _check_edited(pixels)
    rounded = (np.round(pixels * 255) / np.float32(255)).astype(np.float32)
    return DigitImage(rounded, (_step("edited", rounded),), None if rounded.any() else gate.BLANK)


def _check_edited(pixels: object) -> None:
    if not isinstance(pixels, np.ndarray) or pixels.shape != (SIDE, SIDE) or pixels.dtype.kind != "f":
        what = f"{pixels.dtype} {pixels.shape}" if isinstance(pixels, np.ndarray) else f"a {type(pixels).__name__}"
        raise ImageError(f"An edited picture is an array ({SIDE}, {SIDE}) of fractions from 0 to 1; {what} came.")
    low, high = float(pixels.min()), float(pixels.max())
    if not (low >= 0 and high <= 1):  # so that NaN, which is never within, is refused too
        raise ImageError(f"The values of an edited picture run from 0 to 1; these run from {low:g} to {high:g}.")


def _garment(colours: np.ndarray, steps: list[Step], scale: float) -> DigitImage:
    """(H, W, 3) uint8 → 28 × 28 as Fashion-MNIST is made; ``scale``: pixels of the upload to one of these.

    The upload is not kept: its few steps rest on each other, so that none can be left out.
    """
    values = colours.astype(np.float32) / 255
    grey = (np.round(values @ LUMINANCE * 255) / np.float32(255)).astype(np.float32)
    if garment.is_ready(grey):
        return DigitImage(grey, (*steps, _step("left_alone", grey)))
    found = garment.cut_out(values)
    if found.reason == gate.BLANK:
        return DigitImage(found.pixels, tuple(steps), gate.BLANK)
    height, width = found.cut.shape
    steps.append(_step("threshold", found.mask, percent=100 * float(found.mask.mean())))
    if found.dark:
        steps.append(_step("polarity", found.cut, ink="dark"))
    steps.append(_step("crop", found.cut, width=round(width * scale), height=round(height * scale)))
    steps.append(_step("shrink", found.pixels, width=found.small[0], height=found.small[1]))
    return DigitImage(found.pixels, tuple(steps), found.reason)


@dataclass(frozen=True)
class _Way:
    """How an upload is made ready."""

    scale: float  # pixels of the upload to one of the picture that the steps work on
    left_out: str | None = None  # a step that is not taken

    def takes(self, step: str) -> bool:
        """Whether a step is taken where it has something to do."""
        return step != self.left_out


def _made(colours: np.ndarray, way: _Way, steps: list[Step]) -> DigitImage:
    """(H, W, 3) uint8 → 28 × 28, after the ``steps`` of reading it."""
    values = colours.astype(np.float32) / 255
    grey, by_colour = to_grey(values) if way.takes("grey_by_colour") else (values @ LUMINANCE, False)
    rounded = np.round(grey * 255) / np.float32(255)
    if form.is_mnist_like(rounded):
        steps.append(_step("left_alone", rounded))
        return DigitImage(rounded.astype(np.float32), tuple(steps))
    if by_colour:
        steps.append(_step("grey_by_colour", grey))
    return _prepare(grey, way, steps)


def _prepare(grey: np.ndarray, way: _Way, steps: list[Step], looks: int = MOST_LOOKS) -> DigitImage:
    """``looks``: how often something in the way may be left out."""
    found, seen = _look(grey, way)
    whole = [*steps, *seen]
    focus = None if looks == 0 or gate.of_ink(found.ink) else refocus(grey, found.page, found.marks)
    if focus is None or not way.takes(focus.step):
        return _finish(found, way, whole)
    inside = _prepare(focus.grey, way, [*steps, _step(focus.step, focus.grey)], looks - 1)
    if inside.reason == gate.BLANK or (inside.reason and focus.step == "sheet"):
        outside = _finish(found, way, whole)
        # Nothing is written on it: the thing itself was meant, be it a thick 0 or a plate.
        if outside.reason is None or inside.reason == gate.BLANK:
            return outside
    return inside


@dataclass(frozen=True, eq=False)
class _Look:
    """What one look at a grey picture finds."""

    page: np.ndarray
    ink: Ink
    dark: bool  # ink on a brighter page
    marks: Marks


def _look(grey: np.ndarray, way: _Way) -> tuple[_Look, list[Step]]:
    page = page_surface(grey)
    if not way.takes("even_light"):
        page = np.full_like(page, np.median(page))
    amount, dark = ink_on(grey, page)
    smooth = is_flat(grey) or not way.takes("even_light")
    amount, shadows = (amount, False) if smooth else without_shadows(amount)
    steps = []
    uneven = round(100 * float(np.ptp(page)))
    if uneven >= UNEVEN or shadows:
        steps.append(_step("even_light", 1 - amount if dark else amount, percent=uneven))
    if way.takes("polarity"):
        steps.append(_step("polarity", amount, ink="dark" if dark else "light"))
    ink = find_ink(amount)
    lines, count = paper_lines(amount > max(FAINT * ink.threshold, NOISE_GAP * ink.noise))
    if count and way.takes("drop_lines"):
        around = ndimage.binary_dilation(lines, np.ones((3, 3))) & ~(ink.mask & ~lines)
        amount = np.where(around, 0, amount)
        steps.append(_step("drop_lines", amount, lines=count))
        ink = find_ink(amount)
    if way.takes("threshold"):
        steps.append(_step("threshold", ink.mask, percent=100 * float(ink.mask.mean())))
    return _Look(page, ink, dark, find_marks(ink.mask)), steps


def _finish(found: _Look, way: _Way, steps: list[Step]) -> DigitImage:
    """What was found → 28 × 28."""
    ink, marks = found.ink, found.marks
    reason = gate.of_ink(ink)
    if not marks.chosen:
        return DigitImage(np.zeros((SIDE, SIDE), np.float32), tuple(steps), reason or gate.BLANK)
    reason = reason or gate.of_marks(marks, ink, way.scale)
    dropped = len(marks.others) + marks.specks
    if dropped and way.takes("drop_marks"):
        steps.append(_step("drop_marks", marks.mask, dropped=dropped, kept=len(marks.chosen)))
    mask = marks.mask if way.takes("drop_marks") else ink.mask
    if way.takes("crop"):
        pixels, refused = _cut(found, mask, way, steps)
        reason = reason or refused
    else:
        small = form.shrink_whole(form.cleaned(ink.amount, mask, ink.strength, ink.threshold))
        steps.append(_step("shrink", small, width=small.shape[1], height=small.shape[0]))
        pixels = form.lay(small, (0.5, 0.5))
    if found.dark and not way.takes("polarity"):
        pixels = form.inverted(pixels)
    return DigitImage(pixels, tuple(steps), reason or gate.of_finished(pixels))


def _cut(found: _Look, mask: np.ndarray, way: _Way, steps: list[Step]) -> tuple[np.ndarray, str | None]:
    """The digit by itself → 28 × 28, and why it cannot be one."""
    ink, marks = found.ink, found.marks
    if way.takes("threshold"):
        cut = form.cut_out(form.cleaned(ink.amount, mask, ink.strength, ink.threshold))
    else:
        cut = form.cut_box(ink.amount, mask)
    height, width = marks.extent
    steps.append(_step("crop", cut.ink, width=round(width * way.scale), height=round(height * way.scale)))
    reason = gate.of_glyph(cut)
    mended = form.mend_strokes(cut) if way.takes("stroke") else cut
    if mended is not cut:
        steps.append(_step("stroke", mended.ink, before=round(cut.stroke, 1), after=round(mended.stroke, 1)))
    small = form.shrink(mended, form.BOX if way.takes("shrink") else SIDE)
    if way.takes("shrink"):
        steps.append(_step("shrink", small, width=small.shape[1], height=small.shape[0]))
    if not way.takes("centre"):
        return form.lay(small, marks.middle), reason
    pixels, (down, right) = form.centre(small)
    steps.append(_step("centre", pixels, down=down, right=right))
    return pixels, reason


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
