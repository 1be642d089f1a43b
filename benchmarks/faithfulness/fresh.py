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


def fresh_classifiers(classifier: Classifier, seed: int) -> Mapping[str, tuple[Classifier, Classifier]]:
    """``classifier`` with a fresh last layer, "fresh_layer", and with fresh weights everywhere, "fresh_network".

    Each is a pair, the second with all signs of its last layer turned: as likely a draw, so that which way one layer
    happens to point cancels out.
    """
    network = fresh_network(classifier.network, seed)
    engine = pick_engine(network, classifier.device)
    unlearnt = Classifier(network, classifier.identity, 1.0, device=classifier.device, engine=engine)
    whole = {"fresh_layer": classifier, "fresh_network": unlearnt}
    return MappingProxyType({name: (one.fresh(seed), one.fresh(seed, mirrored=True)) for name, one in whole.items()})


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
