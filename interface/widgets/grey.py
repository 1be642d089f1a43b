"""The 28×28 picture as 784 bytes, row by row, ink = 255: as the editor sends it and as a link holds it."""

from __future__ import annotations

import numpy as np

SIDE = 28


def packed(pixels: np.ndarray) -> bytes:
    """(28, 28) in [0, 1] → 784 bytes."""
    return np.round(pixels * 255).astype(np.uint8).tobytes()


def unpacked(grey: bytes) -> np.ndarray:
    """784 bytes → (28, 28) float32 in [0, 1], whole multiples of 1/255."""
    return np.frombuffer(grey, np.uint8).reshape(SIDE, SIDE).astype(np.float32) / np.float32(255)
