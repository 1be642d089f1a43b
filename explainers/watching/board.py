"""The figures and the heatmaps in TensorBoard: ``tensorboard --logdir runs``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

SHOWN = 10  # pictures of the panel
ENLARGED = 3  # pixels of the image a pixel of the picture
# Orange speaks for the class and purple against it: the ends of Brewer's PuOr.
FOR, AGAINST = np.array([179, 88, 6]) / 255, np.array([84, 39, 136]) / 255


class Board:
    """Writes TensorBoard's files into a folder."""

    def __init__(self, folder: Path, steps: int) -> None:
        """What was written of later steps than ``steps`` counts no more. Raises ImportError without tensorboard."""
        from torch.utils.tensorboard import SummaryWriter

        self._writer = SummaryWriter(str(folder), purge_step=steps + 1)

    def write(self, figures: Mapping[str, float | None], steps: int) -> None:
        """One point of each curve."""
        for name, value in figures.items():
            if value is not None:
                self._writer.add_scalar(name, value, steps)

    def show(self, pictures: np.ndarray, maps: Sequence[np.ndarray], steps: int) -> None:
        """The first pictures (N, 28, 28) uint8 of the panel, and below each its map (28, 28)."""
        self._writer.add_image("heatmaps", sheet(pictures[:SHOWN], maps[:SHOWN]), steps, dataformats="HWC")
        self._writer.flush()

    def close(self) -> None:
        """Write what is left."""
        self._writer.close()


def sheet(pictures: np.ndarray, maps: Sequence[np.ndarray]) -> np.ndarray:
    """(2·84, N·84, 3) uint8: the pictures, and their maps below."""
    above = np.concatenate([np.repeat(picture[:, :, None], 3, axis=2) for picture in pictures], axis=1)
    below = np.concatenate([coloured(one) for one in maps], axis=1)
    whole = np.concatenate([above, below])
    return whole.repeat(ENLARGED, axis=0).repeat(ENLARGED, axis=1)


def coloured(values: np.ndarray) -> np.ndarray:
    """(28, 28) signed → (28, 28, 3) uint8: white where 0, full colour where the size is largest."""
    strength = (values / max(float(np.abs(values).max()), 1e-12))[:, :, None]
    colour = np.where(strength > 0, FOR, AGAINST)
    return np.round(255 * (1 - np.abs(strength) * (1 - colour))).astype(np.uint8)
