"""Class activation map: Zhou et al., "Learning Deep Features for Discriminative Localization", 2016 (arXiv 1512.04150).

CAM(x, y) = Σ_j w_j A_j(x, y) over the last maps A after the ReLU. The network's head is a mean over the cells and one
linear layer, z_c = Σ_j W_cj mean(A_j) + b_c, so a digit's weights are its row of W. The log-odds of the target weigh
that against all other digits: w = W_t − Σ_{c≠t} s_c W_c, s the softmax of the others' logits for this picture.

The mean cell is Σ_j w_j mean(A_j), the log-odds as far as they are linear in the pooled maps (logit). The cells add up
to their number times that, 49 times at 224 × 224, where the map is 49 times Grad-CAM's and shows the same.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch

from explainers.base import Case, Explainer
from explainers.cells import prepared, to_picture, weighted_cells
from explainers.values import Attribution
from model.network import DigitNet


class Cam(Explainer):
    """The last maps, weighted as the last layer weighs them; one forward pass."""

    id: ClassVar[str] = "cam"
    title: ClassVar[str] = "CAM"
    paper: ClassVar[str] = "arXiv 1512.04150"
    authors: ClassVar[tuple[str, ...]] = ("Zhou", "Khosla", "Lapedriza", "Oliva", "Torralba")
    year: ClassVar[int] = 2016
    signed: ClassVar[bool] = True
    additive: ClassVar[bool] = False
    random: ClassVar[bool] = False
    resolution: ClassVar[str] = "7x7"
    inside: ClassVar[bool] = True

    def explain(self, case: Case, target: int) -> Attribution:
        """The attribution of the log-odds of ``target``, each cell shared evenly among its pixels."""
        cells = case.classifier.look_inside(lambda network: cam(network, case.pixels, target))
        return Attribution(
            method=self.id,
            target=target,
            values=to_picture(cells),
            unit="relative",  # the amounts of Grad-CAM times the number of cells
            gap=None,
            settings={"layer": "last_relu", "cells": list(cells.shape)},
        )


def cam(network: DigitNet, pixels: np.ndarray, target: int) -> np.ndarray:
    """(h, w) float32: the class activation map of (28, 28) ``pixels``, 7×7 at the trained size."""
    with torch.no_grad():
        maps = network.maps(prepared(network, pixels))
        others = network.classifier(network.pooled(maps))[0]  # (10,) logits
        others[target] = -torch.inf
        rows = network.classifier.weight  # (10, C)
        weights = rows[target] - others.softmax(dim=0) @ rows
        return weighted_cells(maps, weights[None, :, None, None])
