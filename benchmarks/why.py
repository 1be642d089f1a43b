"""How long "why?" takes and how faithful it is, beside the plain way: ``python -m benchmarks.why``

The plain way (benchmarks/plain.py) is lime and captum with their defaults in eager torch. Each of the two runs in a
process of its own, one after the other, so that the peak memory is its own; loading is not counted. Times are for
comparing within one run, not between machines. What the faithfulness is: benchmarks/exhaustive.py; over many pictures:
benchmarks/defaults.py.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.machine import describe
from model.devices import DEVICES, pick_device

if TYPE_CHECKING:  # the plain way's process has no use for it
    from bot.api import Bot
    from bot.values import Reply, Session

EXAMPLE = Path(__file__).parent.parent / "interface" / "examples" / "five.png"
WHY = {"de": "warum?", "es": "¿por qué?", "fr": "pourquoi ?"}
AT_ONCE, LATER, WHOLE = "at once", "later", "whole answer"
Found = tuple[dict[str, float], dict[str, np.ndarray]]  # seconds by what, and (28, 28) maps by method


def ours(picture: Path, device: str) -> Found:
    """The full answer: reading, tests, LIME, Integrated Gradients, words and figures; and a second question.

    Twice, each time by a new visitor: as soon as the weights are loaded, while the rest still gets ready in the
    background; and when all is. Then the first visitor of each other language, whose sentences nobody heard before.
    """
    from bot.api import Bot

    bot = Bot.load(device=device)
    seconds: dict[str, float] = {}
    for when in (AT_ONCE, LATER):
        session, reply = _visit(bot, picture, when, seconds)
    started = time.perf_counter()
    for _ in bot.stream(session, "why not 3?"):
        seconds["then: why not 3?"] = time.perf_counter() - started
    for language, why in WHY.items():
        started = time.perf_counter()
        for step in bot.show(bot.new_session(language), picture):
            session, _ = step
        next(bot.stream(session, why))
        seconds[f"first visitor, {language}: first sentence"] = time.perf_counter() - started
    return seconds, {one.attribution.method: one.attribution.values for one in reply.heatmaps}


def _visit(bot: Bot, picture: Path, when: str, seconds: dict[str, float]) -> tuple[Session, Reply]:
    """One visitor, from the upload to the whole answer; when each thing stood there goes into ``seconds``."""
    started = time.perf_counter()
    for step in bot.show(bot.new_session(), picture):
        session, _ = step
        seconds.setdefault(f"{when}: reading in words", time.perf_counter() - started)
        seconds[f"{when}: its figure"] = time.perf_counter() - started
    for step in bot.stream(session, "why?"):
        session, reply = step
        now = time.perf_counter() - started
        seconds.setdefault(f"{when}: first sentence", now)
        if any(claim.test for claim in reply.claims):
            seconds.setdefault(f"{when}: first tested sentence", now)
        seconds[f"{when}: {WHOLE}"] = now
    return session, reply


def plain(picture: Path, device: str) -> Found:
    """lime's and captum's defaults, on the network's own input."""
    from benchmarks.plain import PlainWay
    from model.preprocess import to_digit

    maps, took = PlainWay(pick_device(device)).maps(to_digit(picture).pixels)
    seconds = {"LIME": took["lime"], "Integrated Gradients": took["integrated_gradients"], "both": sum(took.values())}
    return seconds, maps


def _measured(name: str, picture: Path, device: str, answer: Connection) -> None:
    found = {"ours": ours, "plain": plain}[name](picture, device)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
    answer.send((found, peak / (1024**2 if sys.platform == "darwin" else 1024)))


def _faithfulness(picture: Path, maps: dict[str, dict[str, np.ndarray]]) -> None:
    from benchmarks.exhaustive import measure, random_deletion
    from explainers.base import Case
    from model.load import load_classifier
    from model.preprocess import to_digit

    case = Case(load_classifier(), to_digit(picture).pixels)
    print("faithfulness: mean log-odds while the ink goes (lower is better), rank correlation with an exhaustive run")
    for name, one in maps.items():
        for method, found in measure(case, one).items():
            ranking = "none" if found.ranking is None else f"{found.ranking:.2f}"
            print(f"  {name + ', ' + method:<30} {found.deletion:8.2f} logit  {ranking:>5}")
    print(f"  {'ink in random order':<30} {random_deletion(case):8.2f} logit")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.why", description=__doc__.splitlines()[0])
    parser.add_argument("--picture", type=Path, default=EXAMPLE)
    parser.add_argument("--device", default="cpu", choices=DEVICES)
    options = parser.parse_args()
    print(describe(str(pick_device(options.device))))
    spawn = multiprocessing.get_context("spawn")
    totals, maps = {}, {}
    for name, whole in (("ours", f"{LATER}: {WHOLE}"), ("plain", "both")):
        receiver, sender = spawn.Pipe(duplex=False)
        process = spawn.Process(target=_measured, args=(name, options.picture, options.device, sender))
        process.start()
        sender.close()  # so that a crash in the other process ends this one
        (seconds, maps[name]), gibibytes = receiver.recv()
        process.join()
        print(f"{name}: peak memory {gibibytes:.1f} GiB")
        for what, value in seconds.items():
            print(f"  {what:<34} {value:8.2f} s")
        totals[name] = seconds[whole]
    print(f"the plain way takes {totals['plain'] / totals['ours']:.1f} times as long as the whole answer, asked later")
    _faithfulness(options.picture, maps)


if __name__ == "__main__":
    main()
