"""CAM against its formula, and against Grad-CAM."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

from explainers.cam import Cam, cam
from explainers.cells import to_picture
from explainers.grad_cam import grad_cam
from explainers.values import log_odds
from model.classifier import Classifier
from model.network import DigitNet
from model.values import ModelIdentity
from tests.explainers.pictures import boxes, boxes_case
from tests.fakes import tiny_network


@pytest.fixture(scope="module")
def network() -> DigitNet:
    return tiny_network(1, image_size=224).requires_grad_(False)


def slow_cam(network: DigitNet, pixels: np.ndarray, target: int) -> np.ndarray:
    """Cell by cell and digit by digit, in float64."""
    picture = torch.from_numpy(pixels[None])
    maps = network.maps(network.prepare(picture))[0].double().numpy()
    logits = network(picture)[0].double().numpy()
    rows = network.classifier.weight.double().numpy()
    others = [digit for digit in range(10) if digit != target]
    total = sum(np.exp(logits[digit]) for digit in others)
    weights = rows[target] - sum(np.exp(logits[digit]) / total * rows[digit] for digit in others)
    cells = np.zeros(maps.shape[1:])
    for channel, weight in enumerate(weights):
        cells += weight * maps[channel]
    return cells


@pytest.mark.parametrize("target", [0, 6])
def test_it_is_the_formula_s(network: DigitNet, target: int) -> None:
    cells = cam(network, boxes(5)[0], target)
    assert cells.shape == (7, 7)
    assert cells.dtype == np.float32
    assert np.allclose(cells, slow_cam(network, boxes(5)[0], target), atol=1e-3 * np.abs(cells).max())
    assert cells.min() < 0 < cells.max()


@pytest.mark.parametrize("target", [0, 6])
def test_it_is_grad_cam_times_the_number_of_cells(network: DigitNet, target: int) -> None:
    theirs = grad_cam(network, boxes(5)[0], target)
    assert np.abs(theirs).max() > 1e-3
    assert np.allclose(cam(network, boxes(5)[0], target) / 49, theirs, atol=1e-5 * np.abs(theirs).max())


def test_two_digits_of_which_one_is_sure_leave_the_difference_of_their_rows(network: DigitNet) -> None:
    with torch.no_grad():
        sure = copy.deepcopy(network)
        sure.classifier.bias[3] = 1e4
        maps = sure.maps(sure.prepare(torch.from_numpy(boxes(5)[0][None])))[0]
        expected = torch.tensordot(sure.classifier.weight[6] - sure.classifier.weight[3], maps, dims=1)
    assert np.allclose(cam(sure, boxes(5)[0], 6), expected.numpy(), atol=1e-4 * float(expected.abs().max()))


def test_the_mean_cell_is_the_linear_part_of_the_log_odds(network: DigitNet) -> None:
    pixels = boxes(5)[0]
    with torch.no_grad():
        pooled = network.pooled(network.maps(network.prepare(torch.from_numpy(pixels[None]))))
        up, down = (
            log_odds(network.classifier(pooled * (1 + step)).numpy(), 6)[0].item() for step in (1e-3, -1e-3)
        )  # along the pooled maps themselves
    assert cam(network, pixels, 6).mean() == pytest.approx((up - down) / 2e-3, rel=0.01)


def test_the_picture_holds_the_cells(network: DigitNet) -> None:
    case = boxes_case(Classifier(network, ModelIdentity("tiny", None, "")))
    attribution = Cam().explain(case, 6)
    cells = cam(case.classifier.network, case.pixels, 6)
    assert np.array_equal(attribution.values, to_picture(cells))
    assert attribution.settings["cells"] == [7, 7]
    assert attribution.unit == "relative"
    assert attribution.gap is None
    assert attribution.values[case.pixels == 0].any(), "cells reach over the empty paper, and the map says so"


def test_the_map_moves_with_the_ink(network: DigitNet) -> None:
    """Four pixels are one cell; one other digit is so sure that the weights are the same for both pictures."""
    sure = copy.deepcopy(network)
    sure.classifier.bias[3] = 1e4
    here, there = np.zeros((2, 28, 28), np.float32)
    here[12:16, 10:13], there[12:16, 14:17] = 1, 1
    first, second = cam(sure, here, 6), cam(sure, there, 6)
    assert second[3, 4] == pytest.approx(first[3, 3], abs=1e-3 * float(np.abs(first).max()))
    assert abs(second[3, 3] - first[3, 3]) > 0.01 * np.abs(first).max()
