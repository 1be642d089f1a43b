"""The network is torchvision's, with the preparation in front and nothing in place."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torchvision.models import DenseNet, densenet121

from model.network import MEAN, STD, DigitNet
from tests.fakes import tiny_network


def random_pictures(count: int, seed: int = 0) -> torch.Tensor:
    return torch.rand(count, 28, 28, generator=torch.Generator().manual_seed(seed))


def test_the_logits_are_those_of_torchvisions_own_forward() -> None:
    torch.manual_seed(0)
    network = DigitNet(image_size=96).eval()
    reference = densenet121(num_classes=10).eval()
    reference.load_state_dict(network.state_dict())
    with torch.inference_mode():
        pictures = random_pictures(2)
        expected = reference(network.prepare(pictures))
        np.testing.assert_allclose(network(pictures), expected, atol=1e-5)


def test_the_tensors_have_torchvisions_names_and_shapes() -> None:
    ours, theirs = DigitNet().state_dict(), densenet121(num_classes=10).state_dict()
    assert {name: tensor.shape for name, tensor in ours.items()} == {k: v.shape for k, v in theirs.items()}


def test_the_preparation_in_closed_form() -> None:
    network = tiny_network()
    flat = network.prepare(torch.full((1, 28, 28), 0.3))
    assert flat.shape == (1, 3, network.image_size, network.image_size)
    for channel in range(3):
        np.testing.assert_allclose(flat[0, channel], (0.3 - MEAN[channel]) / STD[channel], rtol=1e-5)
    # Bilinear at twice the size, corners not aligned: a new pixel is 3/4 of the nearer and 1/4 of the farther one.
    row = torch.zeros(1, 28, 28)
    row[0, :, 10] = 1
    values = network.prepare(row, 56)[0, 0, 30] * STD[0] + MEAN[0]
    np.testing.assert_allclose(values[18:24], [0, 0.25, 0.75, 0.75, 0.25, 0], atol=1e-6)


def test_the_parts_compose_to_the_whole() -> None:
    network, pictures = tiny_network(), random_pictures(3)
    with torch.inference_mode():
        maps = network.maps(network.prepare(pictures))
        assert maps.min() >= 0
        pooled = network.pooled(maps)
        np.testing.assert_allclose(pooled, maps.mean(dim=(2, 3)), rtol=1e-5)
        np.testing.assert_allclose(network.classifier(pooled), network(pictures), atol=1e-6)


def test_nothing_works_in_place() -> None:
    network = DigitNet()
    assert not any(module.inplace for module in network.modules() if isinstance(module, nn.ReLU))
    assert any(module.inplace for module in DenseNet().modules() if isinstance(module, nn.ReLU)), "torchvision's do"
    pictures = random_pictures(2)
    before = pictures.clone()
    maps = []
    tiny = tiny_network()
    handles = [
        module.register_forward_hook(lambda _, inputs, __: maps.append((inputs[0], inputs[0].clone())))
        for module in tiny.modules()
        if isinstance(module, nn.ReLU | nn.BatchNorm2d | nn.AdaptiveAvgPool2d)
    ]
    with torch.inference_mode():
        tiny(pictures)
    for handle in handles:
        handle.remove()
    assert torch.equal(pictures, before)
    assert all(torch.equal(now, then) for now, then in maps)


def test_the_gradient_reaches_the_picture_and_agrees_with_a_finite_difference() -> None:
    network = tiny_network().double()
    picture = random_pictures(1).double().requires_grad_(True)
    network(picture)[0, 3].backward()
    gradient = picture.grad
    assert gradient is not None
    assert gradient.abs().sum() > 0
    step = 1e-6
    with torch.no_grad():
        for row, column in ((5, 7), (14, 14), (20, 3)):
            up, down = picture.detach().clone(), picture.detach().clone()
            up[0, row, column] += step
            down[0, row, column] -= step
            slope = (network(up)[0, 3] - network(down)[0, 3]) / (2 * step)
            assert float(gradient[0, row, column]) == pytest.approx(float(slope), rel=1e-4, abs=1e-8)
