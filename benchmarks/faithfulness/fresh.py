"""The same network with weights that have learnt nothing (Adebayo et al., 2018, arXiv 1810.03292)."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from types import MappingProxyType

import torch
from torch import nn

from model.classifier import Classifier
from model.engines import pick_engine
from model.network import DigitNet


def fresh_classifiers(classifier: Classifier, seed: int) -> Mapping[str, Classifier]:
    """``classifier`` with a fresh last layer, "fresh_layer", and with fresh weights everywhere, "fresh_network"."""
    networks = {
        "fresh_layer": fresh_layer(classifier.network, seed),
        "fresh_network": fresh_network(classifier.network, seed),
    }
    return MappingProxyType(
        {
            name: Classifier(
                network,
                classifier.identity,
                classifier.temperature,
                device=classifier.device,
                engine=pick_engine(network, classifier.device),
            )
            for name, network in networks.items()
        }
    )


def fresh_layer(network: DigitNet, seed: int) -> DigitNet:
    """A copy whose last layer is drawn anew, as torch draws a linear layer."""
    fresh = copy.deepcopy(network)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        _draw(fresh.classifier)
    return fresh.eval()


def fresh_network(network: DigitNet, seed: int) -> DigitNet:
    """A copy that is as ``DigitNet`` is before any training: convolutions after He et al., 2015 (arXiv 1502.01852)."""
    fresh = copy.deepcopy(network)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        for module in fresh.modules():
            if isinstance(module, nn.Conv2d | nn.Linear | nn.BatchNorm2d):
                _draw(module)
    return fresh.eval()


def _draw(module: nn.Conv2d | nn.Linear | nn.BatchNorm2d) -> None:
    """On the processor, so that every device gets the same weights."""
    drawn = copy.deepcopy(module).cpu()
    drawn.reset_parameters()
    if isinstance(drawn, nn.Conv2d):
        nn.init.kaiming_normal_(drawn.weight)
    module.load_state_dict(drawn.state_dict())
