"""The digit's ink → 28 × 28 exactly as MNIST is made.

MNIST's page (LeCun, Cortes, Burges): the digit fits a 20 × 20 box with its aspect ratio kept, antialiased, and lies in
the 28 × 28 picture with its centre of mass in the middle. Of 20,000 training pictures all have a longer side of exactly
20 pixels and their centre of mass within half a pixel of (14, 14), and the page is exactly 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage
from skimage.morphology import dilation, disk, erosion, skeletonize

from model.values import SIDE

BOX = 20  # pixels: the digit's longer side
MIDDLE = 14  # the pixel that the centre of mass falls on
FINE = 8  # fine pixels to one of MNIST's: strokes are mended at this size, then averaged
MARGIN = 4 * FINE  # fine pixels around the digit, so that strokes may grow
THIN, THICK = 2.2, 4.6  # MNIST's pixels: about the 5th and beyond the 95th percentile of MNIST's stroke widths
MEND_THIN = (2.6, 2.2, 1.8)  # what thinner strokes are brought to, the first that closes no loop; MNIST's usual is 2.8
MEND_THICK = 4.2  # what thicker strokes are brought to
LEAST_LOOP = 1.0  # MNIST's square pixels: a smaller hole is grain, not a loop
GRAIN = 0.25  # MNIST's pixels: the grain of pencil and paper within a stroke
FLOOR = 0.35  # of the threshold: less ink than this is page
FADE = 0.12  # less than this share of full ink in an outermost row would be lost in rounding


@dataclass(frozen=True, eq=False)
class Glyph:
    """A digit cut out at the fine size."""

    ink: np.ndarray  # (H, W) float32 in [0, 1], with MARGIN around
    stroke: float  # width of its strokes in MNIST's pixels, were it shrunk as it is


def cleaned(amount: np.ndarray, mask: np.ndarray, strength: float, threshold: float) -> np.ndarray:
    """(H, W) in [0, 1]: the ink by its grey values, stretched so that a full stroke is 1, and the page 0."""
    floor = min(FLOOR * threshold, 0.5 * strength)
    near = ndimage.binary_dilation(mask, np.ones((3, 3)), iterations=max(1, round(0.01 * max(_extent(mask)))))
    return np.clip((amount - floor) / max(strength - floor, 1e-6), 0, 1) * near


def cut_out(ink: np.ndarray) -> Glyph:
    """Crops the digit, (H, W) in [0, 1]."""
    return _glyph(_resized(crop(ink, FADE), BOX * FINE))


def cut_box(amount: np.ndarray, mask: np.ndarray) -> Glyph:
    """Crops the box around the digit with all that lies in it: the grain of the page, shades and other marks too."""
    rows, columns = _span(mask.max(axis=1), True), _span(mask.max(axis=0), True)
    box = np.clip(amount[rows[0] : rows[1], columns[0] : columns[1]], 0, 1)
    return _glyph(_resized(box, BOX * FINE))


def mend_strokes(glyph: Glyph) -> Glyph:
    """Thickens lines that shrinking would lose, as far as no loop closes, and thins ones that would close the loops."""
    if glyph.stroke > THICK:
        radius = max(1, round((glyph.stroke - MEND_THICK) * FINE / 2))
        return _glyph(_resized(crop(erosion(glyph.ink, _disk(radius)), FADE), BOX * FINE))
    if glyph.stroke >= THIN:
        return glyph
    loops = _loops(glyph.ink, LEAST_LOOP * FINE**2)
    for wanted in MEND_THIN:
        grown = _grown(glyph, wanted)
        if _loops(shrink(grown), 1) >= loops:
            break
    return grown


def _grown(glyph: Glyph, wanted: float) -> Glyph:
    """Strokes dilated by a disk to ``wanted`` MNIST pixels, after the digit itself, larger now, is shrunk again."""
    # Growing by r on every side turns width w and side s into (w + 2r) / (s + 2r) of the side.
    share, side, width = wanted / BOX, BOX * FINE, glyph.stroke * FINE
    radius = max(1, round((share * side - width) / (1 - share) / 2))
    grown = dilation(np.pad(glyph.ink, radius), _disk(radius))
    return _glyph(_resized(crop(grown, FADE), BOX * FINE))


def _disk(radius: int) -> tuple:
    """A disk as a sequence of small steps, which is much faster than one large footprint."""
    return disk(radius, decomposition="sequence")


def _loops(ink: np.ndarray, least: float) -> int:
    """Places of at least ``least`` pixels that ink encloses."""
    labels, count = ndimage.label(np.pad(ink < 0.5, 1, constant_values=True))
    return int((np.bincount(labels.ravel())[1:] >= least).sum()) - 1 if count else 0


def shrink(glyph: Glyph, side: int = BOX) -> np.ndarray:
    """(h, w) in [0, 1] with max(h, w) = ``side``, each pixel the mean of the area that it covers."""
    ink = crop(glyph.ink, FADE)
    small = _resized(ink, side)
    for _ in range(3):  # an outermost row that fades away in rounding would leave 19 pixels
        cropped = crop(small, FADE)
        if max(cropped.shape) == side:
            break
        rows, columns = _span(small.max(axis=1), FADE), _span(small.max(axis=0), FADE)
        height, width = np.array(ink.shape) / np.array(small.shape)
        (top, bottom), (left, right) = np.round(np.array(rows) * height), np.round(np.array(columns) * width)
        ink = ink[int(top) : int(bottom), int(left) : int(right)]
        small = _resized(ink, side)
    return _full(small)


def shrink_whole(ink: np.ndarray) -> np.ndarray:
    """(H, W) in [0, 1] → (h, w) with max(h, w) = 28, the empty page around the digit included."""
    return _full(_resized(ink, SIDE))


def _full(small: np.ndarray) -> np.ndarray:
    """Stretched so that the fullest pixel is 1."""
    full = float(small.max())
    return np.clip(small / full, 0, 1) if full > 0 else small


def centre(small: np.ndarray) -> tuple[np.ndarray, tuple[int, int]]:
    """(h, w) → (28, 28) with the centre of mass at (14, 14) ± ½, and the whole-pixel shift (down, right).

    Values become whole multiples of 1/255. The shift is from the box's own centring.
    """
    levels = np.round(np.clip(small, 0, 1) * 255)
    height, width = levels.shape
    down, right = (SIDE - height) // 2, (SIDE - width) // 2
    mass = np.array(ndimage.center_of_mass(levels)) if levels.any() else np.array([height / 2, width / 2])
    top, left = (int(np.floor(MIDDLE - at + 0.5)) for at in mass)
    top, left = int(np.clip(top, 0, SIDE - height)), int(np.clip(left, 0, SIDE - width))
    return _laid(levels, top, left), (top - down, left - right)


def lay(small: np.ndarray, middle: tuple[float, float]) -> np.ndarray:
    """(h, w) → (28, 28) with the middle of its box at these shares of the height and width, as far as it fits.

    Values become whole multiples of 1/255.
    """
    room = np.array([SIDE, SIDE]) - small.shape
    top, left = np.clip(np.ceil(np.array(middle) * SIDE - np.array(small.shape) / 2 - 0.5), 0, room)
    return _laid(np.round(np.clip(small, 0, 1) * 255), int(top), int(left))


def _laid(levels: np.ndarray, top: int, left: int) -> np.ndarray:
    """(h, w) from 0 to 255 → (28, 28) in [0, 1], black around."""
    pixels = np.zeros((SIDE, SIDE), np.float32)
    pixels[top : top + levels.shape[0], left : left + levels.shape[1]] = levels
    return pixels / np.float32(255)


def inverted(pixels: np.ndarray) -> np.ndarray:
    """Bright for dark and dark for bright, in whole multiples of 1/255."""
    return (255 - np.round(pixels * 255)).astype(np.float32) / np.float32(255)


def is_mnist_like(grey: np.ndarray) -> bool:
    """Whether (28, 28) values have MNIST's form already: see the module's first lines."""
    if grey.shape != (SIDE, SIDE) or grey.max() < 0.75:
        return False
    inked = grey > 0
    ring = np.ones_like(inked)
    ring[2:-2, 2:-2] = False
    if (inked & ring).any() and inked[ring].mean() > 0.1:
        return False
    height, width = _extent(inked)
    mass = np.array(ndimage.center_of_mass(grey))
    return bool(max(height, width) == BOX and np.abs(mass - MIDDLE).max() <= 1 and 0.02 <= inked.mean() <= 0.5)


def stroke_width(inked: np.ndarray) -> float:
    """(H, W) bool → the median width of its strokes in pixels: twice the distance from the skeleton to the edge."""
    if not inked.any():
        return 0.0
    boxed = _boxed(inked)
    distance = ndimage.distance_transform_edt(boxed)
    return float(2 * np.median(distance[skeletonize(boxed)]) - 1)


def widest(inked: np.ndarray) -> float:
    """(H, W) bool → the diameter of the largest circle that fits into the ink, in pixels."""
    return float(2 * ndimage.distance_transform_edt(_boxed(inked)).max())


def _boxed(inked: np.ndarray) -> np.ndarray:
    """What is True, (h, w) bool, with a margin of one pixel: nothing beyond that bears on the ink's own distances."""
    found = ndimage.find_objects(inked.astype(np.uint8))
    return np.pad(inked[found[0]] if found else inked[:0, :0], 1)


def crop(ink: np.ndarray, least: float) -> np.ndarray:
    """Cuts off rows and columns where no value reaches ``least`` of the highest one."""
    level = least * float(ink.max())
    if level <= 0:
        return ink
    rows, columns = _span(ink.max(axis=1), level), _span(ink.max(axis=0), level)
    return ink[rows[0] : rows[1], columns[0] : columns[1]]


def _span(values: np.ndarray, least: float) -> tuple[int, int]:
    found = np.flatnonzero(values >= least)
    return int(found[0]), int(found[-1]) + 1


def _extent(mask: np.ndarray) -> tuple[int, int]:
    """Height and width of the box around what is True."""
    if not mask.any():
        return 0, 0
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def _resized(ink: np.ndarray, side: int) -> np.ndarray:
    """The longer side made ``side``: by area when shrinking, by cubics when growing."""
    height, width = ink.shape
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = Image.Resampling.BOX if scale <= 1 else Image.Resampling.BICUBIC
    picture = Image.fromarray(np.ascontiguousarray(ink, np.float32)).resize(size, how)
    return np.clip(np.asarray(picture, np.float32), 0, 1)


def _glyph(ink: np.ndarray) -> Glyph:
    ink = ndimage.gaussian_filter(ink, GRAIN * FINE, mode="constant")
    top = float(np.quantile(ink[ink > 0.5], 0.75)) if (ink > 0.5).any() else max(float(ink.max()), 1e-6)
    stretched = np.pad(np.clip(ink / top, 0, 1), MARGIN)
    return Glyph(stretched, stroke_width(stretched > 0.5) / FINE)
