"""The same network with another last layer: all before it is shared, so it costs neither memory nor a second engine."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from model.network import DigitNet

if TYPE_CHECKING:
    from model.engines import Engine

REMEMBERED = 128  # pictures whose features are kept, 4 kB each: as many as a table of runs has


@dataclass(frozen=True, eq=False)
class Head:
    """A last layer of K classes over C features: logits = features @ weight.T + bias."""

    weight: np.ndarray  # (K, C) float32
    bias: np.ndarray  # (K,) float32

    def logits(self, features: np.ndarray) -> np.ndarray:
        """(N, C) → (N, K) float32."""
        return features @ self.weight.T + self.bias


def head_of(layer: nn.Linear) -> Head:
    """The numbers of ``layer``."""
    return Head(*(values.detach().float().cpu().numpy() for values in (layer.weight, layer.bias)))


def fresh_head(network: DigitNet, seed: int, mirrored: bool = False) -> Head:
    """Drawn from ``seed`` as torch draws a linear layer before any training, uniform within ±1/√C.

    ``mirrored`` turns all signs.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        drawn = head_of(nn.Linear(network.classifier.in_features, network.classifier.out_features))
    return Head(-drawn.weight, -drawn.bias) if mirrored else drawn


def with_head(network: DigitNet, head: Head) -> DigitNet:
    """A network that shares every layer of ``network`` but the last one; ``network`` stays as it is."""
    twin = copy.copy(network)
    twin._modules = dict(network._modules)
    layer = nn.Linear(head.weight.shape[1], head.weight.shape[0])
    layer.load_state_dict({"weight": torch.from_numpy(head.weight), "bias": torch.from_numpy(head.bias)})
    twin.classifier = layer.to(network.classifier.weight.device).requires_grad_(False)
    return twin.eval()


def together(network: DigitNet) -> DigitNet:
    """``network`` with its last layer where the others are: one of its own stays behind where those leave a GPU."""
    network.classifier.to(network.mean.device)
    return network


class SharedReading:
    """What the layers before the last one make of a picture, for several last layers: each picture runs once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._known: dict[bytes, np.ndarray] = {}  # never changed but replaced, as several threads may be here

    def features(self, pictures: np.ndarray) -> np.ndarray:
        """(N, 28, 28) → (N, C) float32."""
        keys, known = [picture.tobytes() for picture in pictures], self._known
        new = {key: picture for key, picture in zip(keys, pictures, strict=True) if key not in known}
        if new:
            read = dict(zip(new, self.engine.read(np.stack(list(new.values())))[0], strict=True))
            self._known = {**known, **read} if len(known) + len(read) <= REMEMBERED else read
            known = {**known, **read}
        return np.stack([known[key] for key in keys])


class HeadEngine:
    """An engine's network with another last layer."""

    def __init__(self, shared: SharedReading, head: Head) -> None:
        self._shared, self._engine, self._head = shared, shared.engine, head
        self.batch, self.gradient_batch = self._engine.batch, self._engine.gradient_batch
        self.at_once, self.name = self._engine.at_once, self._engine.name

    @property
    def warnings(self) -> tuple[str, ...]:
        """As ``Engine`` says."""
        return self._engine.warnings

    def leave_gpu(self) -> bool:
        """As ``Engine`` says."""
        return self._engine.leave_gpu()

    def read(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As ``Engine`` says."""
        features = self._shared.features(pictures)
        return features, self._head.logits(features)

    def prepare_gradients(self) -> None:
        """As ``Engine`` says."""
        self._engine.prepare_gradients()

    def log_odds_gradients(
        self, pictures: np.ndarray, target: int, head: Head | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """As ``Engine`` says."""
        return self._engine.log_odds_gradients(pictures, target, head or self._head)
