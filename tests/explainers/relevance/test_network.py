"""The network made of linear layers computes what the network does, and hands back what it should."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn

from explainers.lrp import share_out
from explainers.relevance import network as relevance_network
from explainers.relevance.linear import LinearLayer
from explainers.relevance.network import RelevanceNet, relevance_net
from explainers.relevance.rules import gamma_rule
from model.folding import fold
from model.heads import fresh_head, with_head
from model.network import DigitNet
from model.torch_engine import log_odds
from tests.explainers.pictures import boxes
from tests.fakes import tiny_network

PIXELS = boxes(9)[0]


def awkward_network(seed: int, blocks: tuple[int, ...] = (2, 1, 3, 2), size: int = 80) -> DigitNet:
    """Several layers a block, maps of odd sides, batch norms whose scales are negative, tiny and 0."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = DigitNet(image_size=size, growth_rate=4, block_config=blocks, num_init_features=8)
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                nn.init.normal_(module.weight)
                nn.init.normal_(module.bias)
                nn.init.normal_(module.running_mean)
                nn.init.uniform_(module.running_var, 0.5, 2)
                with torch.no_grad():
                    module.weight[0], module.weight[1] = 1e-12, 0
    return network.eval().requires_grad_(False)


def logits(network: DigitNet, pictures: torch.Tensor) -> torch.Tensor:
    layers = relevance_net(network)
    with torch.no_grad():
        return layers.logits(network.pooled(layers.maps(pictures, 0.25)))


@pytest.mark.parametrize("seed", range(4))
def test_logits_are_the_network_s_before_during_and_after(seed: int) -> None:
    network, pictures = awkward_network(seed), torch.from_numpy(np.stack([PIXELS, 0 * PIXELS, 1 - PIXELS]))
    before = network(pictures)
    assert before.std(dim=0).max() > 0.03
    scale = before.abs().max().item()
    assert torch.allclose(logits(network, pictures), before, atol=1e-5 * scale)
    odds, _ = share_out(network, PIXELS, 3)
    assert odds == pytest.approx(log_odds(before[:1], 3).item(), abs=1e-5 * scale)
    assert torch.equal(network(pictures), before)


@pytest.mark.parametrize("seed", range(4))
def test_with_gamma_0_everywhere_relevance_is_gradient_times_input(seed: int) -> None:
    network = awkward_network(seed)
    relevance_net(network).double()
    odds, found = share_out(network, PIXELS, 6, gamma=0)
    picture = torch.from_numpy(PIXELS[None]).double().requires_grad_(True)
    (slope,) = torch.autograd.grad(log_odds(network.double()(picture), 6), picture)
    expected = (slope * picture).detach()[0].numpy()
    assert np.abs(expected).max() > 1e-3
    np.testing.assert_allclose(found, expected, atol=1e-4 * np.abs(expected).max())


def test_without_biases_nothing_is_lost_whatever_gamma_is() -> None:
    network = tiny_network(0)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.bias.data.zero_()
            module.running_mean.zero_()
    network.mean.zero_()
    relevance_net(network).double()
    picture = torch.from_numpy(PIXELS[None]).double().requires_grad_(True)
    (slope,) = torch.autograd.grad(log_odds(network.double()(picture), 6), picture)
    whole = (slope * picture).sum().item()  # such a network's logits grow in proportion to the picture
    maps = [share_out(network, PIXELS, 6, gamma)[1] for gamma in (0, 0.25, 10)]
    assert abs(whole) > 0.05 * np.abs(maps[0]).sum()
    for values in maps:
        assert values.sum() == pytest.approx(whole, rel=1e-4)
    for first, second in zip(maps, maps[1:], strict=False):
        assert np.abs(first - second).max() > 0.01 * np.abs(first).max()


def test_gamma_counts_in_every_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    network, met = awkward_network(0), []

    def noting(layer: LinearLayer, inputs: torch.Tensor, gamma: float) -> torch.Tensor:
        met.append((layer, gamma))
        return gamma_rule(layer, inputs, gamma)

    monkeypatch.setattr(relevance_network, "gamma_rule", noting)
    share_out(network, PIXELS, 6, gamma=0.7)
    layers = [module for module in relevance_net(network).modules() if isinstance(module, LinearLayer)]
    assert len(layers) == 1 + 2 * (2 + 1 + 3 + 2) + 3
    assert {layer for layer, _ in met} == set(layers)
    assert {gamma for _, gamma in met} == {0.7}


def test_it_is_made_once_and_goes_with_its_network() -> None:
    network = tiny_network()
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(relevance_net, [network] * 8))
    assert len(made) == 1
    assert relevance_net(tiny_network()) not in made
    kept = [weakref.ref(network), weakref.ref(made.pop())]
    del network
    gc.collect()
    assert [one() for one in kept] == [None, None]


def test_networks_that_differ_in_the_last_layer_alone_share_the_rest() -> None:
    network = tiny_network(4)
    twin = with_head(network, fresh_head(network, 0))
    ours, other, alone = relevance_net(network), relevance_net(twin), RelevanceNet(fold(twin))
    assert other is relevance_net(twin)
    assert all(one is two for one, two in zip(ours.children(), other.children(), strict=True))
    assert not torch.equal(ours.weight, other.weight)
    assert torch.equal(other.weight, alone.weight)
    assert torch.equal(other.bias, alone.bias)
    pictures = torch.rand(2, 28, 28, generator=torch.Generator().manual_seed(0))
    found = other.logits(twin.pooled(other.maps(pictures, 0.0)))
    assert torch.allclose(found, twin(pictures), atol=1e-4)
