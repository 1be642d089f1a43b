"""How much ink lies on each pixel, whatever the light and the colours.

The page is taken as a smooth surface, bright or dark; ink is what differs from it, as a share of the page's own
brightness.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from skimage.filters import threshold_otsu
from skimage.transform import resize

FLAT = 1e-4  # values closer together than this are one: float32 has no room for 256 bins between them
LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, as Pillow's "L"
COLOUR_GAIN = 1.5  # another mix of the channels is taken only where it shows this much more contrast
PAGE_SIDE = 48  # pixels: the page's brightness changes slowly, so a small picture of it is enough
BORDER_SHARE = 0.12  # of the sides: where the page is looked for first
TUKEY = 4.685  # Tukey's biweight: 95 % efficient for normal noise (Huber, Robust Statistics)
NORMAL_QUARTILE = 0.3186  # standard deviations within which a quarter of normal values lie
LEAST_SPREAD = 0.01  # paper and cameras differ by more than this
RIDGE = 1e-6
SHADOW_SHARE = 1 / 3  # of the longer side: what is dark over more than this is a shadow, not a stroke
DARKEST_PAGE = 0.2  # dividing by less than this would make noise look like ink
FLAT_SHARE = 0.5  # of the border in one and the same grey value: drawings and cut-outs, never a camera
NOISE_GAP = 3.5  # standard deviations of the page's own noise: 1 pixel in 4,000 exceeds that by chance
PAGE_SHARE = 0.05  # of all pixels: fewer below 0 say nothing of the noise (a page of pure white has none)
WEAKEST, STRONGEST = 0.3, 0.5  # of full ink: pencil and brushes vary by half, the lines of squared paper stay below
HYSTERESIS = 0.65  # of the threshold: weak places count where they continue strong ones


@dataclass(frozen=True, eq=False)
class Ink:
    """How much ink lies where."""

    amount: np.ndarray  # (H, W) float32, 0 on the page, about the ink's own strength on a stroke
    mask: np.ndarray  # (H, W) bool: on a stroke
    strength: float  # median amount on the strokes
    threshold: float
    noise: float  # standard deviation of the page's own amount


def to_grey(colours: np.ndarray) -> tuple[np.ndarray, bool]:
    """(H, W, 3) → (H, W), and whether colour was needed to tell ink from page.

    Luminance where it shows the drawing; where it does not (yellow on white, red on green) the direction in colour
    space along which the pixels differ most, turned so that bright stays bright.
    """
    grey = colours @ LUMINANCE
    small = colours[:: max(1, colours.shape[0] // 96), :: max(1, colours.shape[1] // 96)].reshape(-1, 3)
    spread = np.cov(small.T.astype(np.float64)) if len(small) > 3 else np.zeros((3, 3))
    lengths, directions = np.linalg.eigh(spread)
    along, most = directions[:, -1], float(lengths[-1])
    if most <= COLOUR_GAIN**2 * float(LUMINANCE @ spread @ LUMINANCE) * _NEUTRAL or most < LEAST_SPREAD**2:
        return grey.astype(np.float32), False
    along = along * np.sign(along @ LUMINANCE or 1.0)
    mixed = colours @ along.astype(np.float32)
    low, high = float(mixed.min()), float(mixed.max())
    return ((mixed - low) / max(high - low, 1.0)).astype(np.float32), True


_NEUTRAL = 3.0  # a unit step along grey (1, 1, 1)/√3 changes the luminance by 1/√3, its variance by 1/3


def page_surface(grey: np.ndarray) -> np.ndarray:
    """(H, W) → the page's brightness there: a quadratic in x and y, fitted robustly, the border first."""
    height, width = grey.shape
    scale = min(1.0, PAGE_SIDE / max(height, width))
    size = (max(2, round(height * scale)), max(2, round(width * scale)))
    small = resize(grey, size, order=1, anti_aliasing=scale < 1, mode="edge")
    terms = _terms(*size)
    y, x = np.mgrid[0 : size[0], 0 : size[1]] / (np.array(size).reshape(2, 1, 1) - 1)
    edge = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y))
    values, weights = small.ravel(), (edge.ravel() <= BORDER_SHARE).astype(float)
    fitted = np.full(values.shape, np.median(values[weights > 0]))
    for count in (1, 3, 3, 6, 6, 6):  # a constant, then a plane, then a bowl: a bowl at once would bend into the ink
        residual = values - fitted
        # The lower quartile instead of the usual median: in a tight cut half of the border may be ink.
        spread = max(float(np.quantile(np.abs(residual[weights > 0]), 0.25)) / NORMAL_QUARTILE, LEAST_SPREAD)
        weights = np.clip(1 - (residual / (TUKEY * spread)) ** 2, 0, None) ** 2
        if (weights > 0).sum() <= 2 * count:
            break
        weighted = terms[:, :count] * weights[:, None]
        # The normal equations: terms within [-1, 1] keep them well conditioned, and lstsq is slower by far. The ridge
        # decides for the flatter page where the weights leave a direction open.
        solution = np.linalg.solve(weighted.T @ terms[:, :count] + RIDGE * np.eye(count), weighted.T @ values)
        fitted = terms[:, :count] @ solution
    surface = resize(fitted.reshape(size), (height, width), order=1, mode="edge")
    return np.clip(surface, 0, 1).astype(np.float32)


def _terms(height: int, width: int) -> np.ndarray:
    """(height · width, 6): 1, x, y, x², xy, y² with x and y in [-1, 1]."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    x, y = x.ravel(), y.ravel()
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)


def ink_on(grey: np.ndarray, page: np.ndarray) -> tuple[np.ndarray, bool]:
    """(H, W) amounts of ink, as a share of the page's brightness (or darkness), and whether the ink is dark.

    Below 0 where the page is on the far side of its own mean: no ink lies there, so it shows the page's noise.
    """
    difference = page - grey
    size = np.abs(difference)
    far = size > _otsu(size)
    dark = float(difference[far].sum()) >= 0
    amount = difference / np.maximum(page, DARKEST_PAGE) if dark else -difference / np.maximum(1 - page, DARKEST_PAGE)
    return np.clip(amount, -1, 1).astype(np.float32), dark


def _otsu(values: np.ndarray) -> float:
    """Otsu's threshold; the value itself where all are equal."""
    return float(threshold_otsu(values)) if np.ptp(values) > FLAT else float(values.flat[0])


def is_flat(grey: np.ndarray) -> bool:
    """Whether the page has one and the same value along the border, as drawn and cut-out pictures have: no shadows."""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    _, counts = np.unique(np.round(border * 255), return_counts=True)
    return bool(counts.max() >= FLAT_SHARE * border.size)


def without_shadows(amount: np.ndarray) -> tuple[np.ndarray, bool]:
    """Takes away what is wider than any stroke; and whether there was such a thing.

    A morphological opening keeps only what a large square fits into. Where that is as strong as the ink itself it is
    no shadow but a thing, and stays, for the gate to see.
    """
    scale = min(1.0, 2 * PAGE_SIDE / max(amount.shape))
    size = (max(1, round(amount.shape[0] * scale)), max(1, round(amount.shape[1] * scale)))
    small = resize(amount, size, order=1, anti_aliasing=scale < 1, mode="edge")
    window = max(3, round(SHADOW_SHARE * max(size)))
    opened = ndimage.grey_opening(small, size=(window, window), mode="nearest")
    strongest = float(np.quantile(small, 0.99))
    if opened.max() < 2 * LEAST_SPREAD or opened.max() > 0.6 * strongest:
        return amount, False
    shadow = resize(ndimage.gaussian_filter(opened, window / 8), amount.shape, order=1, mode="edge")
    return np.clip((amount - shadow) / np.maximum(1 - shadow, DARKEST_PAGE), -1, 1).astype(np.float32), True


def find_ink(amount: np.ndarray) -> Ink:
    """Separates strokes from page.

    The page's own noise is measured first, from the values below 0, where no ink is; Otsu's threshold is then taken
    among the pixels beyond it, since ink is often less than one pixel in a hundred and Otsu over all would split the
    page.
    """
    blur = max(amount.shape) / 600  # keeps single noisy pixels from counting, and no stroke from counting less
    smooth = ndimage.gaussian_filter(amount, blur) if blur > 0.4 else amount
    below = smooth[smooth < 0]
    noise = 1.4826 * float(np.median(-below)) if below.size > PAGE_SHARE * smooth.size else 0.0
    amount, smooth = np.maximum(amount, 0), np.maximum(smooth, 0)
    beyond = smooth[smooth > max(NOISE_GAP * noise, LEAST_SPREAD)]
    if beyond.size < 3:
        return Ink(amount, np.zeros(amount.shape, bool), float(smooth.max()), 1.0, noise)
    full = float(np.quantile(beyond, 0.95))
    threshold = float(np.clip(min(_otsu(beyond), _otsu(smooth)), WEAKEST * full, STRONGEST * full))
    mask = _hysteresis(smooth, max(HYSTERESIS * threshold, NOISE_GAP * noise), threshold)
    strength = float(np.median(amount[mask])) if mask.any() else float(smooth.max())
    return Ink(amount, mask, strength, threshold, noise)


def _hysteresis(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Pixels above ``low`` that hang together with one above ``high`` (Canny 1986)."""
    labels, count = ndimage.label(values > min(low, high), np.ones((3, 3)))
    strong = np.zeros(count + 1, bool)
    strong[np.unique(labels[values > high])] = True
    strong[0] = False
    return strong[labels]
