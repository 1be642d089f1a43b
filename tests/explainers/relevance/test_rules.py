"""The rules against their slow twins, and what a batch norm before a ReLU becomes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explainers.relevance.linear import Convolution, LinearLayer, Preparation
from explainers.relevance.network import Entered
from explainers.relevance.rules import gamma_rule, mean_rule
from model.folding import Affine, fold
from tests.explainers.pictures import boxes
from tests.explainers.relevance import slow
from tests.fakes import tiny_network

GAMMAS = (0.0, 0.25, 3.0)


def drawn(*shape: int, seed: int = 0) -> Tensor:
    """Normal numbers, double."""
    return torch.randn(*shape, dtype=torch.double, generator=torch.Generator().manual_seed(seed))


def handed_back(outputs: Tensor, inputs: Tensor, relevance: Tensor) -> np.ndarray:
    return torch.autograd.grad(outputs, inputs, relevance)[0].numpy()


@pytest.mark.parametrize("gamma", GAMMAS)
@pytest.mark.parametrize("side", [1, 3])
@pytest.mark.parametrize("signed", [True, False])
def test_the_gamma_rule_of_a_convolution(gamma: float, side: int, signed: bool) -> None:
    kernel, bias, relevance = drawn(3, 2, side, side), drawn(3, seed=1), drawn(1, 3, 4, 5, seed=2)
    inputs = drawn(1, 2, 4, 5, seed=3)
    inputs = (inputs if signed else inputs.relu()).requires_grad_(True)
    outputs = gamma_rule(Convolution(kernel, bias), inputs, gamma)
    expected = F.conv2d(inputs, kernel, bias, padding=side // 2)
    assert torch.allclose(outputs, expected)
    assert (outputs > 0).any()
    assert (outputs < 0).any()

    units = torch.eye(inputs.numel(), dtype=torch.double).reshape(-1, *inputs.shape[1:])
    weights = F.conv2d(units, kernel, padding=side // 2).flatten(1).T.numpy()  # (K, J)
    flat = (inputs.detach().numpy().ravel(), weights, bias.repeat_interleave(4 * 5).numpy(), relevance.numpy().ravel())
    found = handed_back(outputs, inputs, relevance).ravel()
    np.testing.assert_allclose(found, slow.gamma_rule(*flat, gamma), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("gamma", GAMMAS)
@pytest.mark.parametrize("size", [28, 48, 56])
def test_the_gamma_rule_from_the_pixels_to_the_first_maps(gamma: float, size: int) -> None:
    network = tiny_network(1)
    network.image_size = size
    layer, network = Preparation(fold(network).stem).double(), network.double()
    picture = torch.from_numpy(boxes(12)[0]).double()
    picture[0, 0] = picture[-1, -1] = 0.5  # the edge, where resizing repeats pixels and the convolution pads
    inputs = picture[None].requires_grad_(True)
    outputs = gamma_rule(layer, inputs, gamma)

    def first_maps(pictures: Tensor) -> Tensor:
        return network.features.norm0(network.features.conv0(network.prepare(pictures))).detach()

    assert torch.allclose(outputs, first_maps(inputs), atol=1e-5)
    relevance = drawn(*outputs.shape) * outputs.detach().abs()
    ink = torch.nonzero(picture.detach().flatten())[:, 0]
    units = torch.eye(28 * 28, dtype=torch.double)[ink].reshape(-1, 28, 28)
    bias = first_maps(torch.zeros(1, 28, 28, dtype=torch.double))
    weights = (first_maps(units) - bias).flatten(1).T.numpy()
    expected = slow.gamma_rule(
        picture.detach().flatten()[ink].numpy(), weights, bias.flatten().numpy(), relevance.numpy().ravel(), gamma
    )
    found = handed_back(outputs, inputs, relevance).ravel()
    np.testing.assert_allclose(found[ink], expected, atol=1e-4 * np.abs(expected).max())
    assert not np.delete(found, ink).any(), "a black pixel gets nothing at all"


@pytest.mark.parametrize("shape", [(4, 6), (5, 4), (7, 7)])
def test_the_rule_of_the_mean(shape: tuple[int, int]) -> None:
    inputs = drawn(1, 1, *shape).requires_grad_(True)
    outputs = mean_rule(inputs)
    assert torch.equal(outputs, F.avg_pool2d(inputs, 2))
    relevance = drawn(*outputs.shape, seed=1)
    expected = slow.mean_rule(inputs[0, 0].detach().numpy(), relevance[0, 0].numpy())
    np.testing.assert_allclose(handed_back(outputs, inputs, relevance)[0, 0], expected, rtol=1e-6)


def test_where_nothing_came_out_nothing_goes_back() -> None:
    inputs = torch.zeros(1, 2, 4, 4, requires_grad=True)
    for outputs in (mean_rule(inputs), gamma_rule(Convolution(torch.ones(2, 2, 1, 1)), inputs, 0.25)):
        assert not handed_back(outputs, inputs, torch.ones_like(outputs)).any()


SCALES = torch.tensor([0.8, -1.3, 1e-12, 0.0, -1e-12, 0.4, -0.2], dtype=torch.double)
SHIFTS = torch.tensor([0.1, 0.3, 0.7, -0.7, -0.4, -0.5, 0.9], dtype=torch.double)


def entered() -> tuple[Entered, Tensor, Tensor, Tensor]:
    """A batch norm with scales of both signs and next to none before a convolution; kernel, inputs, outputs."""
    kernel, shift = drawn(4, len(SCALES), 1, 1), drawn(4, seed=1)
    inputs = drawn(1, len(SCALES), 5, 5, seed=2).requires_grad_(True)
    layer = Entered(Affine(SCALES, SHIFTS), kernel, shift)
    outputs = layer(inputs, 0.25)
    opened = (inputs * SCALES[:, None, None] + SHIFTS[:, None, None]).relu()
    assert torch.allclose(outputs, F.conv2d(opened, kernel, shift), atol=1e-9)
    return layer, inputs, outputs, opened


def test_a_batch_norm_before_a_relu_goes_into_the_convolution() -> None:
    layer, inputs, outputs, opened = entered()
    relevance = drawn(*outputs.shape, seed=3)
    found = handed_back(outputs, inputs, relevance)[0]
    follows = SCALES.abs() > 1e-8
    passed = np.where(opened[0].detach() > 0, inputs[0].detach(), -(SHIFTS / SCALES)[:, None, None])  # t(x)
    passed[~follows] = 0
    kernel = layer.squeeze.kernel[:, :, 0, 0].numpy()
    bias = layer.squeeze.bias[:, 0, 0].numpy()
    for row, column in np.ndindex(5, 5):
        expected = slow.gamma_rule(passed[:, row, column], kernel, bias, relevance[0, :, row, column].numpy(), 0.25)
        expected[(opened[0, :, row, column] == 0).numpy()] = 0
        np.testing.assert_allclose(found[:, row, column], expected, rtol=1e-6, atol=1e-9)


def test_a_stopped_unit_and_one_that_nothing_moves_get_nothing() -> None:
    _, inputs, outputs, opened = entered()
    found = handed_back(outputs, inputs, torch.ones_like(outputs))[0]
    stopped = (opened[0] == 0).numpy()
    assert stopped[(SCALES.abs() > 1e-8).numpy()].any()
    assert not found[stopped].any()
    assert not found[(SCALES.abs() <= 1e-8).numpy()].any()
    assert found[~stopped].any()


def test_layers_are_made_of_what_is_given() -> None:
    """Each kind of layer sends back what the transpose of its weights says."""
    stem = fold(tiny_network()).stem
    layers: list[tuple[LinearLayer, Tensor]] = [
        (Convolution(drawn(3, 2, 3, 3)), drawn(2, 2, 4, 5)),
        (Preparation(stem).double(), drawn(2, 28, 28)),
    ]
    for layer, inputs in layers:
        outputs = layer.send(inputs, layer.weights)
        other = drawn(*outputs.shape, seed=4)
        assert torch.allclose((outputs * other).sum(), (inputs * layer.back(other, layer.weights)).sum())
        assert not isinstance(layer.bias, nn.Parameter)
