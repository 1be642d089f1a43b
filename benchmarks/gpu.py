"""What a GPU gives: ``python -m benchmarks.gpu`` on a machine with one.

How far the precisions move the answers from the processor's float32, how many pictures a second each way of running
gives, whole answers to "why?", and LIME's 1,000 runs with 50 gradients beside lime and captum on the same GPU.
``python -m benchmarks.why --device cuda`` measures one picture more closely.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from scipy.special import softmax
from torch import Tensor

from benchmarks.machine import describe
from benchmarks.why import plain
from bot.api import Bot
from model import datasets
from model.devices import usable_cores
from model.load import BUNDLED
from model.network import DigitNet
from model.torch_engine import TorchEngine
from model.weights import read_config, read_network

EXAMPLES = sorted((Path(__file__).parent.parent / "interface" / "examples").glob("*.png"))
GPU = torch.device("cuda")
COUNTS = (1, 8, 32, 128)
PRECISIONS = ("float32", "tf32", "bfloat16")
REPEATS = 10


class Variant(TorchEngine):
    """The engine in another precision, with or without recording."""

    def __init__(self, precision: str, recorded: bool = True) -> None:
        super().__init__(network(), GPU)
        self.precision = precision
        if not recorded:
            self._reading, self._slopes = self._read, self._differentiate

    def _features(self, pictures: Tensor) -> Tensor:
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = self.precision == "tf32"
        with torch.autocast("cuda", torch.bfloat16, enabled=self.precision == "bfloat16"):
            return super()._features(pictures).float()


def network() -> DigitNet:
    """The bundled network."""
    return read_network(BUNDLED, read_config(BUNDLED)).eval()


def precision(count: int) -> None:
    """The largest and the mean difference from the processor, over ``count`` test digits."""
    pictures = datasets.load("mnist", "test").pictures[:count].astype(np.float32) / 255
    faint = pictures * np.linspace(0.1, 1, count, dtype=np.float32)[:, None, None]  # where a reading is open
    both = np.concatenate([pictures, faint])
    on_processor = TorchEngine(network(), torch.device("cpu"))
    torch.set_num_threads(usable_cores())
    wanted = np.concatenate([on_processor.read(both[start : start + 50])[1] for start in range(0, len(both), 50)])
    slopes = on_processor.log_odds_gradients(pictures[:16], 3)[1]
    print(f"difference from the processor, {len(both)} pictures: probabilities (most), logits (most); gradients, ‖·‖")
    for name in PRECISIONS:
        engine = Variant(name)
        found = np.concatenate([engine.read(both[start : start + 100])[1] for start in range(0, len(both), 100)])
        probabilities = np.abs(softmax(found, axis=1) - softmax(wanted, axis=1)).max()
        there = engine.log_odds_gradients(pictures[:16], 3)[1]
        off = np.linalg.norm(there - slopes) / np.linalg.norm(slopes)
        print(f"  {name:<10} {probabilities:9.6f} {np.abs(found - wanted).max():9.5f} logit {off:8.2%}")


def speed() -> None:
    """Pictures and gradients a second."""
    for name in PRECISIONS:
        for recorded in (False, True):
            engine = Variant(name, recorded)
            line = f"  {name:<10} {'recorded' if recorded else 'eager':<9}"
            for count in COUNTS:
                pictures = np.full((count, 28, 28), 0.5, np.float32)
                reading = seconds(lambda some=pictures, one=engine: one.read(some))
                slope = seconds(lambda some=pictures, one=engine: one.log_odds_gradients(some, 3))
                line += f" | {count:3}: {1000 * reading:6.1f} ms, {1000 * slope:6.1f} ms"
            print(line)
            del engine
            torch.cuda.empty_cache()


def answers(device: str) -> None:
    """Whole answers to "why?" about the examples, each by a new visitor after a first round."""
    started = time.perf_counter()
    bot = Bot.load(device=device)
    print(f"loaded in {time.perf_counter() - started:.1f} s")
    for place in range(4):
        print(f"  round {place + 1}: {answered(bot)}")


def answered(bot: Bot) -> str:
    """The times of the answers to "why?" about the examples, each picture by a new visitor."""
    wholes, firsts = [], []
    for picture in EXAMPLES:
        started = time.perf_counter()
        *_, (session, _) = bot.show(bot.new_session(), picture)
        first = None
        for _, _ in bot.stream(session, "why?"):
            first = first or time.perf_counter() - started
        wholes.append(time.perf_counter() - started)
        firsts.append(first or 0.0)
    return (
        f"whole answer {np.median(wholes):.3f} s (median of {len(wholes)} pictures, "
        f"{min(wholes):.3f} to {max(wholes):.3f}), first sentence {np.median(firsts):.3f} s"
    )


def as_many_runs() -> None:
    """1,000 runs and 50 gradients: this engine, and lime and captum in eager torch."""
    engine = TorchEngine(network(), GPU)
    masks = np.random.default_rng(0).random((1000, 28, 28)).astype(np.float32)

    def all_runs() -> None:
        for start in range(0, 1000, engine.batch):
            engine.read(masks[start : start + engine.batch])
        engine.log_odds_gradients(masks[:50], 3)

    plain(EXAMPLES[0], "cuda")
    found, _ = plain(EXAMPLES[0], "cuda")
    said = ", ".join(f"{name} {value:.2f} s" for name, value in found.items())
    print(f"  lime and captum, eager, their defaults: {said}")
    print(f"  this engine, as many runs and gradients: {seconds(all_runs):.2f} s")


def seconds(work: Callable[[], object]) -> float:
    """The median of ``REPEATS`` times, after two that do not count."""
    times = []
    for _ in range(REPEATS + 2):
        started = time.perf_counter()
        work()
        torch.cuda.synchronize()
        times.append(time.perf_counter() - started)
    return float(np.median(times[2:]))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=200, help="test digits that the precisions are compared on")
    options = parser.parse_args()
    print(describe("cuda"))
    precision(options.pictures)
    print("one call (median): readings, gradients; pictures in it")
    speed()
    print("LIME's 1,000 runs and 50 gradients")
    as_many_runs()
    print('"why?"')
    answers("cuda")


if __name__ == "__main__":
    main()
