"""The reader: pictures in, logits, probabilities and gradients out. Safe to share among threads.

Visitors take turns (``model/turns.py``): a call raises ``Stopped`` where the job that it belongs to was given up.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import torch

from model.atlas import Atlas
from model.engines import Engine
from model.heads import HeadEngine, SharedReading, fresh_head, together, with_head
from model.jobs import Job
from model.line import Waiting
from model.network import INTERPOLATION, DigitNet, enlarged
from model.novelty import Novelty
from model.torch_engine import PROCESSOR, TorchEngine, log_odds
from model.turns import Turns
from model.values import ModelIdentity, Prediction

Result = TypeVar("Result")


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
        atlas: Atlas | None = None,
    ) -> None:
        """``engine`` runs ``network``; None takes torch on ``device``."""
        self.device = torch.device(device)
        self.network = network.to(self.device).eval().requires_grad_(False)
        self.identity = identity
        self.temperature = temperature
        self.novelty = novelty
        self.atlas = atlas
        self.engine = engine or TorchEngine(self.network, self.device)
        self._turns = Turns(self.engine.at_once)
        self._black: dict[int, tuple[float, np.ndarray]] = {}
        self._black_reading: tuple[np.ndarray, np.ndarray] | None = None
        self._shared = SharedReading(self.engine)
        self._fresh: dict[tuple[int, bool], Classifier] = {}

    def predict(self, pixels: np.ndarray) -> Prediction:
        """Read one picture (28, 28) in [0, 1]."""
        return self.look(pixels)[0]

    def look(self, pixels: np.ndarray) -> tuple[Prediction, np.ndarray]:
        """Read one picture (28, 28) in [0, 1]; with what the last layer saw, (1024,) float32."""
        features, logits = self._read(pixels[None])
        return self._prediction(features[0], logits[0]), features[0]

    def predictions(self, pictures: np.ndarray) -> list[Prediction]:
        """Read many, (N, 28, 28)."""
        return [self._prediction(*one) for one in zip(*self._read(pictures), strict=True)]

    def _prediction(self, features: np.ndarray, logits: np.ndarray) -> Prediction:
        probabilities = self.probabilities(logits)
        # The order of the logits is that of the probabilities, and does not tie where those round to 0 and 1.
        digit, runner_up = (int(place) for place in np.argsort(-logits, kind="stable")[:2])
        strangeness = self.novelty.strangeness(features, logits) if self.novelty else None
        unusual = self.novelty is not None and strangeness is not None and self.novelty.unusual <= strangeness <= 1
        return Prediction(logits, probabilities, digit, runner_up, strangeness, unusual)

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        """(N, 28, 28) in [0, 1] → logits (N, 10) float32."""
        return self._read(pictures)[1]

    def enlarged(self, pixels: np.ndarray, interpolation: str = INTERPOLATION) -> np.ndarray:
        """(28, 28) → the picture that the network's first layer gets, before it is normalised: (224, 224) float32."""
        picture = torch.from_numpy(np.ascontiguousarray(pixels, np.float32))[None]
        return enlarged(picture, self.network.image_size, interpolation)[0, 0].numpy()

    def logits_enlarged(self, pixels: np.ndarray, interpolation: str) -> np.ndarray:
        """(28, 28), enlarged in another way than the network is used to → logits (10,) float32."""
        picture = torch.from_numpy(np.ascontiguousarray(pixels, np.float32))[None]

        def read(network: DigitNet) -> np.ndarray:
            with torch.inference_mode():
                prepared = network.prepare(picture.to(network.mean.device), interpolation=interpolation)
                return network.classifier(network.pooled(network.maps(prepared)))[0].cpu().numpy()

        return self.look_inside(read)

    def features(self, pictures: np.ndarray) -> np.ndarray:
        """(N, 28, 28) in [0, 1] → what the last layer sees, (N, 1024) float32."""
        return self._read(pictures)[0]

    def probabilities(self, logits: np.ndarray) -> np.ndarray:
        """softmax(logits / temperature) over the last axis."""
        scaled = np.asarray(logits, np.float64) / self.temperature
        exponents = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
        return (exponents / exponents.sum(axis=-1, keepdims=True)).astype(np.float32)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the reader of any reply should know: of the weights, and of the device."""
        return (*self.identity.warnings, *self.engine.warnings)

    def waiting(self, job: Job) -> Waiting | None:
        """Who is served before ``job``; None where nobody is."""
        return self._turns.waiting(job)

    @property
    def runs_on(self) -> str:
        """The kind of device that the network runs on now: "cpu", "cuda" or "mps"."""
        return "cpu" if PROCESSOR in self.warnings else self.device.type

    @property
    def aside(self) -> bool:
        """Whether the network runs on a device of its own, which leaves the processor free for other work."""
        return self.runs_on != "cpu"

    @property
    def gradients_together(self) -> int:
        """How many gradients are best asked for at once."""
        return self.engine.gradient_batch

    def log_odds_gradients(self, pictures: np.ndarray, target: int) -> tuple[np.ndarray, np.ndarray]:
        """The log-odds of ``target`` (N,) and their gradients by the pixels (N, 28, 28), both float32.

        Raw logits, no temperature.
        """
        self.engine.prepare_gradients()  # before the turn, which would keep all others waiting meanwhile
        pieces = _pieces(pictures, self.engine.gradient_batch)
        found = self._turns.map(lambda piece: self.engine.log_odds_gradients(piece, target), pieces)
        odds, gradients = (np.concatenate(part) for part in zip(*found, strict=True))
        return odds, gradients

    def look_inside(self, work: Callable[[DigitNet], Result]) -> Result:
        """What ``work`` makes of the network itself, when its turn has come: for methods that need the inner maps.

        The network is shared by all: ``work`` leaves its weights, modes and hooks as they are. Where a GPU's memory
        does not do, it is called once more, on the processor.
        """

        def fitting(network: DigitNet) -> Result:
            together(network)
            try:
                return work(network)
            except torch.OutOfMemoryError:
                if not self.engine.leave_gpu():
                    raise
            return work(together(network))  # here, as the exception held on to the tensors

        return self._turns.map(fitting, [self.network])[0]

    def fresh(self, seed: int, mirrored: bool = False) -> Classifier:
        """The same network with a last layer that has learnt nothing, drawn from ``seed``; made once.

        ``mirrored``: all signs of that layer turned, which is as likely a draw. It shares all other layers, the engine
        and the turns; the temperature is 1, and no picture is unusual to it.
        """
        if (seed, mirrored) not in self._fresh:
            head = fresh_head(self.network, seed, mirrored)
            twin = self._fresh[seed, mirrored] = copy.copy(self)
            twin.network, twin.engine = with_head(self.network, head), HeadEngine(self._shared, head)
            twin.temperature, twin.novelty = 1.0, None
            twin._black, twin._black_reading, twin._fresh = {}, None, {}
        return self._fresh[seed, mirrored]

    def black_slope(self, target: int) -> tuple[float, np.ndarray]:
        """Of a black picture, which every picture's path starts from, computed once a digit.

        The log-odds of ``target``, as the network reads it, and their gradient (28, 28).
        """
        if target not in self._black:
            black = np.zeros((1, 28, 28), np.float32)
            _, gradients = self.log_odds_gradients(black, target)
            self._black[target] = float(log_odds(torch.from_numpy(self.logits(black)), target)), gradients[0]
        return self._black[target]

    def _read(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What the last layer sees (N, 1024), and logits (N, 10).

        The black picture, which is what erasing every part leaves of any, is run once for all.
        """
        inked = pictures.any(axis=(1, 2))
        if inked.all():
            return self._run(pictures)
        if self._black_reading is None:
            self._black_reading = self._run(pictures[~inked][:1])
        features, logits = (np.repeat(part, len(pictures), axis=0) for part in self._black_reading)
        if inked.any():
            features[inked], logits[inked] = self._run(pictures[inked])
        return features, logits

    def _run(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found = self._turns.map(self.engine.read, _pieces(pictures, self.engine.batch))
        features, logits = (np.concatenate(part) for part in zip(*found, strict=True))
        return features, logits


def _pieces(pictures: np.ndarray, size: int) -> list[np.ndarray]:
    return [pictures[start : start + size] for start in range(0, len(pictures), size)]
