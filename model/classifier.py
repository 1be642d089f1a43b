"""The reader: pictures in, logits, probabilities and gradients out. Safe to share among threads."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from model.network import DigitNet
from model.novelty import Novelty
from model.values import ModelIdentity, Prediction

BATCH = 32


class Classifier:
    """A network that only looks: its weights and mode never change after it is made."""

    def __init__(
        self,
        network: DigitNet,
        identity: ModelIdentity,
        temperature: float = 1.0,
        novelty: Novelty | None = None,
        device: torch.device | str = "cpu",
    ) -> None:
        self.device = torch.device(device)
        self.network = network.to(self.device, memory_format=torch.channels_last).eval().requires_grad_(False)
        self.identity = identity
        self.temperature = temperature
        self.novelty = novelty

    def predict(self, pixels: np.ndarray) -> Prediction:
        """Read one picture (28, 28) in [0, 1]."""
        with torch.inference_mode():
            features = self._features(self._tensor(pixels[None]))
            logits = self.network.classifier(features)[0].cpu().numpy()
        probabilities = self.probabilities(logits)
        # The order of the logits is that of the probabilities, and does not tie where those round to 0 and 1.
        digit, runner_up = (int(place) for place in np.argsort(-logits, kind="stable")[:2])
        strangeness = self.novelty.strangeness(features[0].cpu().numpy()) if self.novelty else None
        unusual = self.novelty is not None and strangeness is not None and self.novelty.unusual <= strangeness <= 1
        return Prediction(logits, probabilities, digit, runner_up, strangeness, unusual)

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        """(N, 28, 28) in [0, 1] → logits (N, 10) float32."""
        with torch.inference_mode():
            parts = [
                self.network.classifier(self._features(part)).cpu() for part in self._tensor(pictures).split(BATCH)
            ]
        return torch.cat(parts).numpy()

    def features(self, pictures: np.ndarray) -> np.ndarray:
        """(N, 28, 28) in [0, 1] → what the last layer sees, (N, 1024) float32."""
        with torch.inference_mode():
            return torch.cat([self._features(part).cpu() for part in self._tensor(pictures).split(BATCH)]).numpy()

    def probabilities(self, logits: np.ndarray) -> np.ndarray:
        """softmax(logits / temperature) over the last axis."""
        scaled = np.asarray(logits, np.float64) / self.temperature
        exponents = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
        return (exponents / exponents.sum(axis=-1, keepdims=True)).astype(np.float32)

    def log_odds_gradients(self, pictures: np.ndarray, target: int, batch: int = 8) -> tuple[np.ndarray, np.ndarray]:
        """The log-odds of ``target`` (N,) and their gradients by the pixels (N, 28, 28), both float32.

        Raw logits, no temperature. Small batches keep the memory for the backward pass below two gigabytes.
        """
        values, gradients = [], []
        for part in self._tensor(pictures).split(batch):
            leaf = part.clone().requires_grad_(True)
            odds = log_odds(self.network(leaf), target)
            (gradient,) = torch.autograd.grad(odds.sum(), leaf)
            values.append(odds.detach().cpu())
            gradients.append(gradient.cpu())
        return torch.cat(values).numpy(), torch.cat(gradients).numpy()

    def _tensor(self, pictures: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(pictures, dtype=np.float32)).to(self.device)

    def _features(self, pictures: Tensor) -> Tensor:
        prepared = self.network.prepare(pictures).contiguous(memory_format=torch.channels_last)
        return self.network.pooled(self.network.maps(prepared))


def log_odds(logits: Tensor, target: int) -> Tensor:
    """(N, K) logits → (N,): z_t − log Σ_{c≠t} exp z_c, the logarithm of p_t / (1 − p_t) at temperature 1."""
    others = torch.cat([logits[:, :target], logits[:, target + 1 :]], dim=1)
    return logits[:, target] - others.logsumexp(dim=1)
