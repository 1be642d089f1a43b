"""A classifier that runs no picture twice, for tests that ask the same about the same picture again and again.

What an engine makes of a picture depends on nothing else (tests/model/test_openvino_engine.py and test_torch_engine.py,
tests/faults/test_reproducible.py): what it has made can be kept. Not for tests of the engines, of threads or of runs.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np

from model.classifier import Classifier
from model.engines import Engine
from model.heads import Head

Answer = tuple[np.ndarray, np.ndarray]


def remembering(classifier: Classifier) -> Classifier:
    """The same network on the same engine, each picture run once."""
    return Classifier(
        classifier.network, classifier.identity, classifier.temperature, classifier.novelty, classifier.device,
        Remembering(classifier.engine), classifier.atlas,
    )  # fmt: skip


class Remembering:
    """An engine that keeps what another makes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._read: dict[Hashable, Sequence[np.ndarray]] = {}
        self._slopes: dict[Hashable, Sequence[np.ndarray]] = {}

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def read(self, pictures: np.ndarray) -> Answer:
        """As ``Engine`` says."""
        return _once(self._read, (), pictures, self._engine.read)

    def log_odds_gradients(self, pictures: np.ndarray, target: int, head: Head | None = None) -> Answer:
        """As ``Engine`` says."""
        asked = (target, head and (head.weight.tobytes(), head.bias.tobytes()))
        return _once(self._slopes, asked, pictures, lambda some: self._engine.log_odds_gradients(some, target, head))


def _once(
    known: dict[Hashable, Sequence[np.ndarray]], asked: Hashable, pictures: np.ndarray, run: Callable[..., Answer]
) -> Answer:
    keys = [(asked, np.asarray(picture, np.float32).tobytes()) for picture in pictures]
    new = {key: picture for key, picture in zip(keys, pictures, strict=True) if key not in known}
    if new:
        known.update(zip(new, zip(*run(np.stack(list(new.values()))), strict=True), strict=True))
    first, second = (np.stack(part) for part in zip(*(known[key] for key in keys), strict=True))
    return first, second
