"""What runs the network: torch itself on any device, and OpenVINO on a processor (``model/openvino_engine.py``)."""

from __future__ import annotations

import logging
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from model.network import DigitNet

log = logging.getLogger(__name__)

# Pictures at a time, to read and for a gradient. On two cores eight and four are the quickest; a GPU wants more.
BATCHES = {"cpu": (8, 4), "mps": (32, 8), "cuda": (256, 64)}


class Engine(Protocol):
    """Runs one network whose weights and mode never change. Safe to share among threads."""

    def read(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(N, 28, 28) float32 in [0, 1] → what the last layer sees (N, 1024) and logits (N, 10), both float32."""

    def log_odds_gradients(self, pictures: np.ndarray, target: int) -> tuple[np.ndarray, np.ndarray]:
        """(N, 28, 28) float32 → the log-odds of ``target`` (N,) and their gradients (N, 28, 28), both float32."""


class TorchEngine:
    """Eager torch."""

    def __init__(self, network: DigitNet, device: torch.device) -> None:
        self.network, self.device = network, device
        self.batch, self.gradient_batch = BATCHES[device.type]

    def read(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As ``Engine`` says."""
        with torch.inference_mode():
            features = torch.cat([self._features(part) for part in self._tensor(pictures).split(self.batch)])
            logits = self.network.classifier(features)
        return features.cpu().numpy(), logits.cpu().numpy()

    def log_odds_gradients(self, pictures: np.ndarray, target: int) -> tuple[np.ndarray, np.ndarray]:
        """As ``Engine`` says."""
        values, gradients = [], []
        for part in self._tensor(pictures).split(self.gradient_batch):
            leaf = part.clone().requires_grad_(True)
            odds = log_odds(self.network.classifier(self._features(leaf)), target)
            (gradient,) = torch.autograd.grad(odds.sum(), leaf)
            values.append(odds.detach().cpu())
            gradients.append(gradient.cpu())
        return torch.cat(values).numpy(), torch.cat(gradients).numpy()

    def _tensor(self, pictures: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(pictures, dtype=np.float32)).to(self.device)

    def _features(self, pictures: Tensor) -> Tensor:
        prepared = self.network.prepare(pictures).contiguous(memory_format=torch.channels_last)
        return self.network.pooled(self.network.maps(prepared))


def pick_engine(network: DigitNet, device: torch.device) -> Engine:
    """OpenVINO on a processor where it is installed and works, else torch; the answers are equal but for rounding."""
    if device.type == "cpu":
        try:
            from model.openvino_engine import OpenVinoEngine

            return OpenVinoEngine(network)
        except (ImportError, RuntimeError) as problem:  # RuntimeError: what OpenVINO raises for all it cannot do
            log.warning("OpenVINO cannot be used (%s); torch runs the network, more slowly.", problem)
    return TorchEngine(network, device)


def log_odds(logits: Tensor, target: int) -> Tensor:
    """(N, K) logits → (N,): z_t − log Σ_{c≠t} exp z_c, the logarithm of p_t / (1 − p_t) at temperature 1."""
    others = torch.cat([logits[:, :target], logits[:, target + 1 :]], dim=1)
    return logits[:, target] - others.logsumexp(dim=1)
