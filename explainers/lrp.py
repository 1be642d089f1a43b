"""Layer-wise Relevance Propagation: Bach et al., 2015 (doi 10.1371/journal.pone.0130140).

The log-odds of the target are handed back from layer to layer, each sharing out to its inputs what its outputs got.
The network is first written without batch norms (``relevance/network.py``), and the γ rule is that for inputs of both
signs (``relevance/rules.py``). The first layer's inputs are the pixels of the 28×28 picture, so that black ones, being
0, get exactly nothing.

γ works in every layer anew, and this network has 120 of them: 0.25, usual in shallow ones, would drown all that speaks
against the target, and erasing by such maps costs the digit less (a test on the real network compares the two).

Biases take a share too: the values do not add up to the log-odds, and no gap is told.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch

from explainers.base import Case, Explainer
from explainers.relevance.network import relevance_net
from explainers.subsets.spread import part_sums
from explainers.values import Attribution
from model.network import DigitNet
from model.torch_engine import log_odds

GAMMA = 0.01  # how much more counts what points the way of the outcome, in each layer


class LRP(Explainer):
    """Each pixel's share of the log-odds, layer by layer."""

    id: ClassVar[str] = "lrp"
    title: ClassVar[str] = "Layer-wise Relevance Propagation"
    paper: ClassVar[str] = "doi 10.1371/journal.pone.0130140"
    authors: ClassVar[tuple[str, ...]] = ("Bach", "Binder", "Montavon", "Klauschen", "Müller", "Samek")
    year: ClassVar[int] = 2015
    signed: ClassVar[bool] = True
    additive: ClassVar[bool] = False
    random: ClassVar[bool] = False
    resolution: ClassVar[str] = "pixel"
    inside: ClassVar[bool] = True

    def explain(self, case: Case, target: int) -> Attribution:
        """The relevance of each pixel for the log-odds of ``target``."""
        odds, values = case.classifier.look_inside(lambda network: share_out(network, case.pixels, target))
        return Attribution(
            method=self.id,
            target=target,
            values=values,
            unit="relative",
            gap=None,
            settings={
                "rule": "gamma",
                "gamma": GAMMA,
                "start": "log-odds",
                "sum_to_output": float(values.sum(dtype=np.float64)) / odds if odds else None,
            },
            part_values=part_sums(case, values),
        )


def share_out(network: DigitNet, pixels: np.ndarray, target: int, gamma: float = GAMMA) -> tuple[float, np.ndarray]:
    """The log-odds of ``target`` for (28, 28) ``pixels``, and the relevance of these, (28, 28) float32."""
    layers = relevance_net(network)
    picture = torch.from_numpy(pixels[None]).to(layers.weight).requires_grad_(True)
    maps = layers.maps(picture, gamma)
    odds = log_odds(layers.logits(network.pooled(maps)), target)
    # By the ε rule with ε → 0, what a mean and a linear layer hand back is gradient × input.
    (slopes,) = torch.autograd.grad(odds, maps, retain_graph=True)
    (values,) = torch.autograd.grad(maps, picture, maps.detach() * slopes)
    return odds.item(), values[0].cpu().numpy()
