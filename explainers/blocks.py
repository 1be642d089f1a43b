"""Grad-CAM after each dense block and each transition: what in the maps of each depth speaks for a digit.

Selvaraju et al. 2017 (arXiv 1610.02391) name the last layer; the same formula, Σ_j α_j A_j with α_j the mean of
∂f/∂A_j over the cells and f the log-odds, holds at any. A is the output of the block or the transition as it is: before
the batch norm and the ReLU that come next, thus with negative values, and of a dense block with all that came in beside
what its layers added. So the map after the last block is not the Grad-CAM after the last ReLU (``grad_cam.py``).

A channel that is alike everywhere shifts the whole map, so that after the first blocks empty paper has a level of its
own, far from 0. The numbers are therefore about the relief, the map less that level; the sign of the map itself means
less than its differences. They say what the maps are like and no more, not what would happen without a place:
``erase_strongest`` tries that for one cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainers.base import Case
from explainers.cells import grad_cam_cells, prepared, to_picture
from explainers.checks import try_pictures
from explainers.measures import REGIONS, ink_parts, rank_correlation, region_shares, thirds
from explainers.values import Part, Test
from model.network import DenseBlock, DigitNet, Transition
from model.torch_engine import log_odds
from model.values import SIDE


@dataclass(frozen=True, eq=False)
class BlockMap:
    """The map of one depth, with what can be said of it in words."""

    name: str  # as in the network: "denseblock1", "transition1", … "denseblock4"
    cells: np.ndarray  # (h, w) float32, signed, 56×56 after the first block to 7×7 after the last
    values: np.ndarray  # (28, 28) float32, signed: the cells in the picture, their sum kept
    cell_size: float  # pixels of the 28×28 picture a side of a cell; what a cell depends on is larger
    level: float  # the median of ``values`` where there is no ink; relief = values − level
    on_ink: float | None  # Σ_ink |relief| / Σ |relief|, 0 to 1; an even relief has the ink's share of the picture
    evenness: float | None  # exp(H) / pixels, H the entropy of |relief| as shares: above 0 (one pixel) to 1 (all alike)
    region: str | None  # the ninth of the picture (a name in PLACES) with the middle of the strongest cell
    region_share: float | None  # its share of the positive relief, 0 to 1
    part: str | None  # id of the ink part whose mean relief is the largest; None where none is above 0
    agreement: float | None  # Spearman's correlation of the parts' mean values with the last map's, −1 to 1
    same_first: bool  # whether the part with the largest mean value is the last map's


def block_maps(case: Case, target: int) -> tuple[BlockMap, ...]:
    """The maps for the log-odds of ``target``, from the picture on; one forward and one backward pass for all."""
    found = case.classifier.look_inside(lambda network: block_cells(network, case.pixels, target))
    pictures = [to_picture(cells) for cells in found.values()]
    last = part_means(pictures[-1], case.parts)
    return tuple(
        _block_map(case, name, cells, values, last)
        for (name, cells), values in zip(found.items(), pictures, strict=True)
    )


def block_cells(network: DigitNet, pixels: np.ndarray, target: int) -> Mapping[str, np.ndarray]:
    """Name → (h, w) float32, in the order of the network.

    The layers run one by one and their maps are kept, so that no hook is needed on a network that others share; what
    comes before the first block needs no gradient.
    """
    kept: dict[str, Tensor] = {}
    maps = prepared(network, pixels)
    for name, layer in network.features.named_children():
        maps = layer(maps)
        if isinstance(layer, DenseBlock | Transition):
            kept[name] = maps if kept else maps.requires_grad_(True)
    odds = log_odds(network.classifier(network.pooled(network.last_relu(maps))), target)
    gradients = torch.autograd.grad(odds.sum(), list(kept.values()))
    return {name: grad_cam_cells(kept[name], slope) for name, slope in zip(kept, gradients, strict=True)}


def erase_strongest(case: Case, found: BlockMap) -> Test | None:
    """The ink in the strongest cell erased; None where that cell holds no ink, or more than half of all there is."""
    place = strongest_cell(found)
    ink = 0.0 if place is None else float(case.pixels[place].sum(dtype=np.float64))
    if place is None or not 0 < 2 * ink <= float(case.pixels.sum(dtype=np.float64)):
        return None
    row, column = np.argwhere(found.cells == found.cells.max())[0].tolist()
    operation = {"kind": "erase_cell", "layer": found.name, "row": row, "column": column, "cells": len(found.cells)}
    (test,) = try_pictures(case, [(operation, np.where(place, np.float32(0), case.pixels))])
    return test


def strongest_cell(found: BlockMap) -> np.ndarray | None:
    """(28, 28) bool: the pixels with their middle in the cell of the largest value; None where no cell stands out."""
    if found.cells.max() <= found.cells.min():
        return None
    row, column = np.argwhere(found.cells == found.cells.max())[0]
    cell = ((np.arange(SIDE) + 0.5) / found.cell_size).astype(int)  # (28,): the cell of each row, or column, of pixels
    return (cell[:, None] == row) & (cell == column)


def _block_map(case: Case, name: str, cells: np.ndarray, values: np.ndarray, last: np.ndarray) -> BlockMap:
    """``last``: the parts' mean values in the last map."""
    on_ink = case.pixels > 0
    level = float(np.median(values[~on_ink])) if not on_ink.all() else 0.0
    relief = values.astype(np.float64) - level
    size = np.abs(relief)
    means = part_means(relief, case.parts)
    region, region_share = _strongest_region(cells, relief)
    return BlockMap(
        name=name,
        cells=cells,
        values=values,
        cell_size=SIDE / len(cells),
        level=level,
        on_ink=float(size[on_ink].sum() / size.sum()) if size.any() else None,
        evenness=evenness(size),
        region=region,
        region_share=region_share,
        part=ink_parts(case.parts)[int(means.argmax())].id if means.size and means.max() > 0 else None,
        agreement=rank_correlation(means, last),
        same_first=bool(means.size and means.argmax() == last.argmax()),
    )


def _strongest_region(cells: np.ndarray, relief: np.ndarray) -> tuple[str | None, float | None]:
    """The ninth with the middle of the strongest cell, and its share of the positive relief; None without any."""
    shares = region_shares(np.maximum(relief, 0))
    if shares is None:
        return None, None
    row, column = thirds((np.argwhere(cells == cells.max())[0] + 0.5) * SIDE / len(cells))
    return REGIONS[row][column], float(shares[row, column])


def evenness(size: np.ndarray) -> float | None:
    """exp(−Σ s log s) / pixels, s = size / Σ size: the share of the pixels that, all alike, would be as spread out."""
    if not size.any():
        return None
    shares = size[size > 0] / size.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()) / size.size)


def part_means(values: np.ndarray, parts: Sequence[Part]) -> np.ndarray:
    """(M,) float64: the mean over each ink part's pixels, for sums would favour large parts in maps this coarse."""
    return np.array([values[part.mask].mean(dtype=np.float64) for part in ink_parts(parts)])
