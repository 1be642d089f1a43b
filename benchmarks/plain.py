"""The plain way to both heatmaps: lime's ``LimeImageExplainer`` and captum's ``IntegratedGradients``.

Both with their defaults, on the same network in eager torch at 224×224. lime explains the probability by superpixels,
captum the logit from mid-grey, which is where the network's own input is 0.
"""

from __future__ import annotations

import time

import numpy as np
import torch
from captum.attr import IntegratedGradients
from lime.lime_image import LimeImageExplainer

from model.load import BUNDLED
from model.values import SIDE
from model.weights import read_config, read_network


class PlainWay:
    """The bundled network, and what lime and captum say of its reading of a picture."""

    def __init__(self, device: torch.device) -> None:
        """Read the weights onto ``device``."""
        network = read_network(BUNDLED, read_config(BUNDLED))
        self._network = network.to(device, memory_format=torch.channels_last).eval().requires_grad_(False)
        self._device = device

    def maps(self, pixels: np.ndarray) -> tuple[dict[str, np.ndarray], dict[str, float]]:
        """Of (28, 28) ``pixels``: the maps, (28, 28) each, summed from 224×224, and the seconds, both by method."""
        network = self._network
        batch = torch.from_numpy(pixels)[None].to(self._device)
        prepared = network.prepare(batch)
        target = int(network(batch).argmax())
        started = time.perf_counter()
        lime = self._lime(prepared, target)
        between = time.perf_counter()
        gradients = IntegratedGradients(lambda some: network.classifier(network.pooled(network.maps(some))))
        slopes = gradients.attribute(prepared, target=target)[0].sum(dim=0).detach().cpu().numpy()
        seconds = {"lime": between - started, "integrated_gradients": time.perf_counter() - between}
        scale = len(lime) // SIDE
        found = {"lime": lime, "integrated_gradients": slopes}
        return {
            name: values.reshape(SIDE, scale, SIDE, scale).sum(axis=(1, 3)) for name, values in found.items()
        }, seconds

    def _lime(self, prepared: torch.Tensor, target: int) -> np.ndarray:
        """(224, 224): each superpixel's weight, spread evenly."""
        network = self._network

        def probabilities(images: np.ndarray) -> np.ndarray:
            some = torch.from_numpy(images).to(self._device).permute(0, 3, 1, 2).float()
            with torch.no_grad():
                maps = network.maps((some - network.mean) / network.std)
                return network.classifier(network.pooled(maps)).softmax(1).cpu().numpy()

        image = (prepared * network.std + network.mean)[0].permute(1, 2, 0).double().cpu().numpy()
        explanation = LimeImageExplainer(random_state=0).explain_instance(image, probabilities)
        weights = np.zeros(explanation.segments.max() + 1)
        for segment, weight in explanation.local_exp[target]:
            weights[segment] = weight / (explanation.segments == segment).sum()
        return weights[explanation.segments]
