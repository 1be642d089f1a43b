"""Stand-ins for the trained network: a classifier linear in the pixels, and a tiny DenseNet with fixed weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import torch
from torch import nn

from explainers.values import log_odds
from model.classifier import Classifier
from model.network import DigitNet
from model.values import ModelIdentity, Prediction


class FakeClassifier(Classifier):
    """Logits that are linear in the pixels, so that every answer is known in closed form.

    ``runs`` counts the pictures that were read, ``gradients`` those whose gradient was asked for.
    """

    gradients_together = 1
    warnings = ()

    def __init__(self, weights: np.ndarray, biases: np.ndarray | None = None, temperature: float = 1.0) -> None:
        self.weights = np.asarray(weights, np.float64)  # (10, 28, 28), logit per pixel
        self.biases = np.zeros(10) if biases is None else np.asarray(biases, np.float64)  # (10,)
        self.identity = ModelIdentity("fake", None, "0" * 64)
        self.temperature = temperature
        self.novelty = None
        self.atlas = None
        self.device = torch.device("cpu")
        self.runs = 0
        self.gradients = 0
        self._black = {}

    @classmethod
    def one_digit(cls, digit: int, weights: np.ndarray, temperature: float = 1.0) -> FakeClassifier:
        """Only ``digit`` depends on the pixels, by ``weights`` (28, 28): its log-odds are Σ weights·pixels − log 9."""
        every = np.zeros((10, 28, 28))
        every[digit] = weights
        return cls(every, temperature=temperature)

    @classmethod
    def random(cls, seed: int = 0, scale: float = 0.3) -> FakeClassifier:
        """Weights drawn at random."""
        return cls(np.random.default_rng(seed).normal(0, scale, (10, 28, 28)))

    def look(self, pixels: np.ndarray) -> tuple[Prediction, np.ndarray]:
        """Read one picture (28, 28), and what stands for its features."""
        logits = self.logits(pixels[None])[0]
        digit, runner_up = (int(place) for place in np.argsort(-logits, kind="stable")[:2])
        prediction = Prediction(logits, self.probabilities(logits), digit, runner_up, None)
        return prediction, self.features(pixels[None])[0]

    def predictions(self, pictures: np.ndarray) -> list[Prediction]:
        """Read many, (N, 28, 28)."""
        return [self.predict(one) for one in pictures]

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        """(N, 28, 28) → (N, 10) float32."""
        self.runs += len(pictures)
        return self._exact(pictures).astype(np.float32)

    def fresh(self, seed: int, mirrored: bool = False) -> FakeClassifier:
        """Weights drawn anew, or those with all signs turned."""
        drawn = np.random.default_rng(seed).normal(0, 0.01, self.weights.shape)
        return FakeClassifier(-drawn if mirrored else drawn)

    def enlarged(self, pixels: np.ndarray, interpolation: str = "bilinear") -> np.ndarray:
        """(28, 28) → (224, 224), each pixel a square."""
        return np.kron(pixels, np.ones((8, 8), np.float32))

    def logits_enlarged(self, pixels: np.ndarray, interpolation: str) -> np.ndarray:
        """(28, 28) → (10,): a sum over the pixels does not depend on how they are enlarged."""
        return self.logits(pixels[None])[0]

    def features(self, pictures: np.ndarray) -> np.ndarray:
        """The pixels themselves stand for features, (N, 784)."""
        return np.asarray(pictures, np.float32).reshape(len(pictures), -1)

    def log_odds_gradients(self, pictures: np.ndarray, target: int) -> tuple[np.ndarray, np.ndarray]:
        """∂(z_t − log Σ_{c≠t} exp z_c)/∂x = w_t − Σ_{c≠t} softmax_c w_c, the softmax over the others."""
        self.gradients += len(pictures)
        logits = self._exact(pictures)
        others = np.exp(logits - logits.max(axis=1, keepdims=True))
        others[:, target] = 0
        others /= others.sum(axis=1, keepdims=True)
        gradients = self.weights[target] - np.tensordot(others, self.weights, axes=1)
        return log_odds(logits, target).astype(np.float32), gradients.astype(np.float32)

    def _exact(self, pictures: np.ndarray) -> np.ndarray:
        return np.tensordot(np.asarray(pictures, np.float64), self.weights, axes=([1, 2], [1, 2])) + self.biases


Some = TypeVar("Some", bound=Classifier)


def aside(classifier: Some) -> Some:
    """The classifier as if its network ran on a GPU, of which the processor then plays the part."""
    classifier.device = torch.device("cuda")
    return classifier


def tiny_classifier(seed: int = 0, image_size: int = 56) -> Classifier:
    """A real but tiny DenseNet with random weights drawn from ``seed``; milliseconds a picture."""
    return Classifier(tiny_network(seed, image_size), ModelIdentity("tiny", None, "0" * 64))


def tiny_network(seed: int = 0, image_size: int = 56) -> DigitNet:
    """The network of ``tiny_classifier``. At 56 its last maps are a single cell, at 224 they are 7×7 as the real ones.

    Its batch norms take their statistics from random pictures, for else some seeds give a network that is dead;
    its last layer is enlarged so that the log-odds move by whole logits.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = DigitNet(image_size=image_size, growth_rate=4, block_config=(1, 1, 1, 1), num_init_features=8)
        pictures = torch.rand(32, 28, 28) * (torch.rand(32, 28, 28) > 0.7)
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = 1.0
    with torch.no_grad():
        network.train()(pictures)
        network.classifier.weight *= 5
    return network.eval()


class FakeEngine:
    """Runs a ``FakeClassifier``'s arithmetic one picture at a time; ``before`` is called with the number of the run."""

    name = "fake"
    batch = gradient_batch = at_once = 1
    warnings: tuple[str, ...] = ()

    def __init__(self, fake: FakeClassifier, before: Callable[[int], None] = lambda number: None) -> None:
        self.fake, self.before, self.runs = fake, before, 0

    def read(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As ``Engine`` says."""
        self._count()
        return self.fake.features(pictures), self.fake.logits(pictures)

    def prepare_gradients(self) -> None:
        """As ``Engine`` says."""

    def log_odds_gradients(self, pictures: np.ndarray, target: int) -> tuple[np.ndarray, np.ndarray]:
        """As ``Engine`` says."""
        self._count()
        return self.fake.log_odds_gradients(pictures, target)

    def leave_gpu(self) -> bool:
        """As ``Engine`` says."""
        return False

    def classifier(self) -> Classifier:
        """A real classifier on this engine: visitors take turns."""
        return Classifier(tiny_network(), ModelIdentity("fake", None, "0" * 64), engine=self)

    def _count(self) -> None:
        self.runs += 1
        self.before(self.runs)
