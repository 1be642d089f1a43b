"""Maps of cells: what the network's inner layers leave of the picture is a grid of cells, each a square of it."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from model.network import DigitNet
from model.values import SIDE


def prepared(network: DigitNet, pixels: np.ndarray) -> Tensor:
    """(28, 28) → (1, 3, S, S), where and as the network computes; no gradient leads back to the picture."""
    picture = torch.from_numpy(np.ascontiguousarray(pixels[None], np.float32)).to(network.mean.device)
    return network.prepare(picture).contiguous(memory_format=torch.channels_last)


def grad_cam_cells(maps: Tensor, gradients: Tensor) -> np.ndarray:
    """(1, C, h, w) maps and gradients by them → (h, w) float32: Σ_j α_j A_j, α_j the mean of ∂f/∂A_j over the cells.

    Selvaraju et al. 2017 (arXiv 1610.02391), equations 1 and 2 without the ReLU, so that what speaks against stays.
    """
    weights = gradients.mean(dim=(2, 3), keepdim=True)
    return weighted_cells(maps, weights)


def weighted_cells(maps: Tensor, weights: Tensor) -> np.ndarray:
    """(1, C, h, w) maps and (1, C, 1, 1) weights → (h, w) float32: Σ_j w_j A_j."""
    return (weights * maps).sum(dim=1)[0].detach().cpu().numpy()


def to_picture(cells: np.ndarray) -> np.ndarray:
    """(h, w) → (28, 28) float32: each cell's value shared evenly among its pixels, so that the sum stays.

    No interpolation between the cells: it would draw a finer map than was measured.
    """
    rows, columns = (_shares(count) for count in cells.shape)
    return (rows @ cells @ columns.T).astype(np.float32)


def _shares(count: int) -> np.ndarray:
    """(28, count): which share of the length of each of ``count`` equal pieces of a side lies in which pixel."""
    pixel, piece = np.arange(SIDE)[:, None] / SIDE, np.arange(count) / count
    overlap = np.minimum(pixel + 1 / SIDE, piece + 1 / count) - np.maximum(pixel, piece)
    return np.maximum(overlap, 0) * count
