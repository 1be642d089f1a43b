"""The answers to "why?" beside a played GPU: ``python -m benchmarks.played``, on a machine without one.

The network's answers are computed once and then given after the time that an H100 takes (docs/speed.md), while the
processor does what it does beside a GPU. So it shows what that work costs and what is done meanwhile, not what a GPU
gives: that is ``python -m benchmarks.gpu``. "In turns" is with the work in the order that is best without a GPU,
"beside each other" as it is done with one.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import torch

from benchmarks.gpu import answered
from benchmarks.machine import describe
from bot.api import Bot
from model.engines import Engine
from model.heads import Head
from model.load import load_classifier

# Milliseconds of a call on an H100, recorded; pictures in it, filled up to a power of two.
PICTURES = (1, 8, 32, 128)
READING = (4.3, 6.2, 13.3, 39.9)
GRADIENT = (4.2, 7.2, 19.1, 62.9)

Answer = tuple[np.ndarray, np.ndarray]


class Played:
    """An engine that remembers what the real one said, and from ``playing`` on says it as a GPU would."""

    name, at_once, warnings = "played", 1, ()
    batch, gradient_batch = 256, 64

    def __init__(self, real: Engine) -> None:
        self.real, self.playing = real, False
        self._known: dict[tuple[int | None, bytes], Answer] = {}

    def read(self, pictures: np.ndarray) -> Answer:
        """As ``Engine`` says."""
        return self._answer(self.real.read, None, pictures, READING)

    def log_odds_gradients(self, pictures: np.ndarray, target: int, head: Head | None = None) -> Answer:
        """As ``Engine`` says."""
        return self._answer(lambda some: self.real.log_odds_gradients(some, target, head), target, pictures, GRADIENT)

    def prepare_gradients(self) -> None:
        """As ``Engine`` says."""
        self.real.prepare_gradients()

    def leave_gpu(self) -> bool:
        """As ``Engine`` says."""
        return False

    def _answer(
        self, run: Callable[[np.ndarray], Answer], target: int | None, pictures: np.ndarray, times: tuple[float, ...]
    ) -> Answer:
        started = time.perf_counter()
        found = []
        for picture in pictures.astype(np.float32):
            key = (target, picture.tobytes())
            if key not in self._known:
                first, second = run(picture[None])
                self._known[key] = first[0], second[0]
            found.append(self._known[key])
        if self.playing:
            size = 1 << (len(pictures) - 1).bit_length()
            over = started + np.interp(size, PICTURES, times) / 1000
            time.sleep(max(0.0, over - time.perf_counter()))
        first, second = (np.stack(part) for part in zip(*found, strict=True))
        return first, second


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.played", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=4)
    options = parser.parse_args()
    print(describe("cpu"))
    classifier = load_classifier(device="cpu")
    played = Played(classifier.engine)
    classifier.engine = played
    bot = Bot(classifier)
    for aside in (False, True):
        classifier.device = torch.device("cuda" if aside else "cpu")
        played.playing = False
        answered(bot)  # computes what is then played
        played.playing = True
        said = "beside each other" if aside else "in turns"
        for _ in range(options.rounds):
            print(f"{said:<18} {answered(bot)}")


if __name__ == "__main__":
    main()
