"""Maps of cells: how they become a picture, and how a picture goes in."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explainers.cells import grad_cam_cells, prepared, to_picture
from tests.explainers.pictures import boxes
from tests.fakes import tiny_network


@pytest.mark.parametrize("count", [1, 3, 7, 14, 28, 56])
def test_the_sum_stays(count: int) -> None:
    cells = np.random.default_rng(count).normal(0, 1, (count, count)).astype(np.float32)
    values = to_picture(cells)
    assert values.shape == (28, 28)
    assert values.dtype == np.float32
    assert values.sum(dtype=np.float64) == pytest.approx(float(cells.sum(dtype=np.float64)), abs=1e-4)


def test_a_cell_is_shared_evenly_among_the_pixels_that_it_covers() -> None:
    cells = np.zeros((7, 7), np.float32)
    cells[2, 5] = 32.0
    expected = np.zeros((28, 28))
    expected[8:12, 20:24] = 2.0
    assert np.allclose(to_picture(cells), expected)


def test_small_cells_are_added_up() -> None:
    cells = np.arange(56 * 56, dtype=np.float32).reshape(56, 56)
    assert np.allclose(to_picture(cells), cells.reshape(28, 2, 28, 2).sum(axis=(1, 3)))


def test_a_pixel_on_the_border_of_two_cells_gets_of_both() -> None:
    rows = to_picture(np.array([[1.0], [0.0], [0.0]]))[:, 0] * 28
    assert np.allclose(rows[:9], 3 / 28)
    assert rows[9] == pytest.approx(1 / 28)
    assert np.allclose(rows[10:], 0)


def test_the_weight_of_a_map_is_its_mean_gradient() -> None:
    maps = torch.tensor([[[[1.0, 2.0]], [[-3.0, 4.0]]]])
    gradients = torch.tensor([[[[4.0, 0.0]], [[1.0, -3.0]]]])
    assert np.allclose(grad_cam_cells(maps, gradients), [[2 * 1 + 3, 2 * 2 - 4]])


def test_the_picture_goes_in_as_it_does_for_a_reading() -> None:
    network, pixels = tiny_network(), boxes(5)[0]
    assert torch.equal(prepared(network, pixels), network.prepare(torch.from_numpy(pixels[None])))
