"""The reader: pictures in, logits, probabilities and gradients out. Safe to share among threads."""

from __future__ import annotations

import numpy as np
import torch

from model.engines import Engine, TorchEngine
from model.network import DigitNet
from model.novelty import Novelty
from model.values import ModelIdentity, Prediction


class Classifier:
    """A network that only looks: its weights and mode never change after it is made."""

    def __init__(
        self,
        network: DigitNet,
        identity: ModelIdentity,
        temperature: float = 1.0,
        novelty: Novelty | None = None,
        device: torch.device | str = "cpu",
        engine: Engine | None = None,
    ) -> None:
        """``engine`` runs ``network``; None takes torch on ``device``."""
        self.device = torch.device(device)
        self.network = network.to(self.device).to(memory_format=torch.channels_last).eval().requires_grad_(False)
        self.identity = identity
        self.temperature = temperature
        self.novelty = novelty
        self.engine = engine or TorchEngine(self.network, self.device)
        self._black: dict[int, tuple[float, np.ndarray]] = {}

    def predict(self, pixels: np.ndarray) -> Prediction:
        """Read one picture (28, 28) in [0, 1]."""
        (features,), (logits,) = self.engine.read(pixels[None])
        probabilities = self.probabilities(logits)
        # The order of the logits is that of the probabilities, and does not tie where those round to 0 and 1.
        digit, runner_up = (int(place) for place in np.argsort(-logits, kind="stable")[:2])
        strangeness = self.novelty.strangeness(features) if self.novelty else None
        unusual = self.novelty is not None and strangeness is not None and self.novelty.unusual <= strangeness <= 1
        return Prediction(logits, probabilities, digit, runner_up, strangeness, unusual)

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        """(N, 28, 28) in [0, 1] → logits (N, 10) float32."""
        return self.engine.read(pictures)[1]

    def features(self, pictures: np.ndarray) -> np.ndarray:
        """(N, 28, 28) in [0, 1] → what the last layer sees, (N, 1024) float32."""
        return self.engine.read(pictures)[0]

    def probabilities(self, logits: np.ndarray) -> np.ndarray:
        """softmax(logits / temperature) over the last axis."""
        scaled = np.asarray(logits, np.float64) / self.temperature
        exponents = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
        return (exponents / exponents.sum(axis=-1, keepdims=True)).astype(np.float32)

    def log_odds_gradients(self, pictures: np.ndarray, target: int) -> tuple[np.ndarray, np.ndarray]:
        """The log-odds of ``target`` (N,) and their gradients by the pixels (N, 28, 28), both float32.

        Raw logits, no temperature.
        """
        return self.engine.log_odds_gradients(pictures, target)

    def black_slope(self, target: int) -> tuple[float, np.ndarray]:
        """``log_odds_gradients`` of a black picture, which every picture's path starts from: computed once a digit."""
        if target not in self._black:
            odds, gradients = self.log_odds_gradients(np.zeros((1, 28, 28), np.float32), target)
            self._black[target] = float(odds[0]), gradients[0]
        return self._black[target]
