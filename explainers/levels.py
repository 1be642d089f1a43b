"""Grey values: how dark the strokes of a picture are, and values that can be stored exactly."""

from __future__ import annotations

import numpy as np

GREYS = 255  # pictures are whole multiples of 1/255
FILL_LEVEL = 90  # percentile of the ink's values: as dark as the strokes, not as their darkest pixel


def fill_level(pixels: np.ndarray) -> np.float32:
    """How dark the strokes are: the 90th percentile of the ink's values, a whole multiple of 1/255; 1 without ink."""
    ink = pixels[pixels > 0]
    return np.float32(np.round(np.percentile(ink, FILL_LEVEL) * GREYS) / GREYS if ink.size else 1.0)


def whole_greys(pixels: np.ndarray) -> np.ndarray:
    """(28, 28) of any values → float32 in [0, 1], whole multiples of 1/255."""
    return (np.round(np.clip(pixels, 0, 1) * GREYS) / GREYS).astype(np.float32)
