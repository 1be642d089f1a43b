"""What an answer costs as things grow: ``python -m benchmarks.scale``

Prints the cost of one run and of one gradient; of the table of runs against the number of parts; how close Integrated
Gradients comes to its limit against the number of gradients, with halved intervals and with equal steps, the limit
being 256 equal steps; and how long several visitors wait who ask at the same moment. The pictures are the examples of
the page. Times are for comparing within one run.
"""

from __future__ import annotations

import argparse
import resource
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from unittest import mock

import numpy as np

from benchmarks.exhaustive import FINE_STEPS, equal_steps
from benchmarks.machine import describe
from bot.api import Bot
from explainers import integrated_gradients
from explainers.base import Case
from explainers.subsets.runs import ENUMERATED, FEWEST_RUNS, kept_rows
from model.classifier import Classifier
from model.load import load_classifier
from model.preprocess import to_digit

EXAMPLES = Path(__file__).parent.parent / "interface" / "examples"
LIMITS = (0.2, 0.12, integrated_gradients.MAP_ERROR, 0.06)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=4, help="examples for the integral; 15 seconds each")
    parser.add_argument("--visitors", type=int, nargs="+", default=[1, 2, 10])
    options = parser.parse_args()
    print(describe())
    pictures = [to_digit(path).pixels for path in sorted(EXAMPLES.glob("*.png"))]
    classifier = load_classifier()
    _runs(classifier, pictures)
    _integral(classifier, pictures[: options.pictures])
    _visitors(options.visitors)


def _runs(classifier: Classifier, pictures: Sequence[np.ndarray]) -> None:
    some = np.stack(pictures[:8])
    run = _seconds(lambda: classifier.logits(some)) / len(some)
    gradient = _seconds(lambda: classifier.log_odds_gradients(some, 5)) / len(some)
    print(f"one run {1000 * run:.0f} ms, one gradient {1000 * gradient:.0f} ms (the quickest of three times eight)")
    for count in (1, 8, 32):
        batch = np.concatenate([some] * 4)[:count]
        each = _seconds(partial(classifier.logits, batch)) / count
        print(f"  {count:2} pictures in one call: {1000 * each:.0f} ms each")
    for parts in range(2, 10):
        most = len(kept_rows(parts, seed=0))
        least = most if most <= ENUMERATED else FEWEST_RUNS
        print(f"  {parts} parts: {least} to {most} runs, {least * run:.2f} to {most * run:.2f} s")


def _integral(classifier: Classifier, pictures: Sequence[np.ndarray]) -> None:
    print(f"Integrated Gradients, distance from {FINE_STEPS} equal steps as a share of the map (mean, most)")
    cases = [Case(classifier, picture) for picture in pictures]
    limits = [equal_steps(case, FINE_STEPS) for case in cases]

    def row(name: str, maps: Sequence[np.ndarray], gradients: Sequence[int]) -> None:
        away = [np.abs(one - limit).sum() / np.abs(limit).sum() for one, limit in zip(maps, limits, strict=True)]
        print(f"  {name:<24} {np.mean(gradients):5.1f} gradients  {np.mean(away):6.1%} {max(away):6.1%}", flush=True)

    for limit in LIMITS:
        with mock.patch.object(integrated_gradients, "MAP_ERROR", limit):
            found = [integrated_gradients.integrate(one, one.prediction.digit) for one in cases]
        row(f"halved, limit {limit:.2f}", [one.values for one in found], [one.steps + 1 for one in found])
    for steps in (8, 16, 32, 64):
        row("equal steps", [equal_steps(case, steps) for case in cases], [steps + 1] * len(cases))


def _visitors(counts: Sequence[int]) -> None:
    bot = Bot.load()
    bot.ask(EXAMPLES / "five.png", "why?")
    paths = sorted(EXAMPLES.glob("*.png"))
    print(
        "visitors who open a picture and ask why at the same moment: reading in words, first sentence of the answer, "
        "whole answer (quickest, slowest)"
    )
    for count in counts:
        found: list[tuple[float, float, float]] = []
        started = time.perf_counter()
        threads = [
            threading.Thread(target=_visit, args=(bot, paths[place % len(paths)], started, found))
            for place in range(count)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        words, first, whole = (sorted(times) for times in zip(*found, strict=True))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(
            f"  {count:2}: {words[0]:5.2f} to {words[-1]:5.2f} s, {first[0]:5.2f} to {first[-1]:5.2f} s, "
            f"{whole[0]:5.2f} to {whole[-1]:5.2f} s, "
            f"{peak:.1f} GiB at most so far",
            flush=True,
        )


def _visit(bot: Bot, picture: Path, started: float, found: list[tuple[float, float, float]]) -> None:
    words = first = 0.0
    for step in bot.show(bot.new_session(), picture):
        session, _ = step
        words = words or time.perf_counter() - started
    for _ in bot.stream(session, "why?"):
        first = first or time.perf_counter() - started
    found.append((words, first, time.perf_counter() - started))


def _seconds(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


if __name__ == "__main__":
    main()
