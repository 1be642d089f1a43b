"""Grad-CAM: Selvaraju et al., "Grad-CAM", 2017 (arXiv 1610.02391), on the last maps after the ReLU.

Its ReLU on the finished map is left out, so that what speaks against the digit is seen too. As the network ends in a
mean over the cells and one linear layer, each α_j is CAM's weight over the number of cells: at 224 × 224 this map is
CAM's divided by 49. Its cells add up to Σ_j w_j mean(A_j), the log-odds as far as they are linear in the pooled maps.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch

from explainers.base import Case, Explainer
from explainers.cells import grad_cam_cells, prepared, to_picture
from explainers.values import Attribution
from model.network import DigitNet
from model.torch_engine import log_odds


class GradCam(Explainer):
    """The last maps, weighted by the mean gradient of the log-odds by each; one forward pass, the head's backward."""

    id: ClassVar[str] = "grad_cam"
    title: ClassVar[str] = "Grad-CAM"
    paper: ClassVar[str] = "arXiv 1610.02391"
    authors: ClassVar[tuple[str, ...]] = ("Selvaraju", "Cogswell", "Das", "Vedantam", "Parikh", "Batra")
    year: ClassVar[int] = 2017
    signed: ClassVar[bool] = True
    additive: ClassVar[bool] = False
    random: ClassVar[bool] = False
    resolution: ClassVar[str] = "7x7"
    inside: ClassVar[bool] = True

    def explain(self, case: Case, target: int) -> Attribution:
        """The attribution of the log-odds of ``target``, each cell shared evenly among its pixels."""
        cells = case.classifier.look_inside(lambda network: grad_cam(network, case.pixels, target))
        return Attribution(
            method=self.id,
            target=target,
            values=to_picture(cells),
            unit="logit",
            gap=None,
            settings={"layer": "last_relu", "cells": list(cells.shape)},
        )


def grad_cam(network: DigitNet, pixels: np.ndarray, target: int) -> np.ndarray:
    """(h, w) float32: the map of (28, 28) ``pixels``, 7×7 at the trained size."""
    with torch.no_grad():
        maps = network.maps(prepared(network, pixels))
    maps.requires_grad_(True)
    odds = log_odds(network.classifier(network.pooled(maps)), target)
    (gradients,) = torch.autograd.grad(odds.sum(), maps)
    return grad_cam_cells(maps, gradients)
