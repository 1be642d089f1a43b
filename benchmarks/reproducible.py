"""The same weights, picture and question give the same bytes: ``python -m benchmarks.reproducible``

It answers some questions in processes of their own: again, with other seeds of Python's hashes, with eight threads
instead of one, and with each interpreter that ``--python`` names, in whose environment the requirements are. What
differs from the first run is listed, part by part; the status is 1 where that is a text, a claim or a stated number.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.machine import describe

ROOT = Path(__file__).parent.parent
QUESTIONS = ("why?", "why not 3?", "what if I erase the top?", "do LIME and IG agree?", "make a handout")
# What a person or a program is told. Logits are what it comes from: their last bits may depend on the threads.
STATED = ("text", "json", "figure", "file")


@dataclass(frozen=True)
class Run:
    """One way to run."""

    name: str
    python: str = sys.executable
    threads: int = 1
    hash_seed: int = 1

    def parts(self, examples: int, questions: Sequence[str]) -> dict[str, str]:
        """The hash of each part of the answers, by its name."""
        order = json.dumps({"threads": self.threads, "examples": examples, "questions": list(questions)})
        command = [self.python, "-m", "benchmarks.reproducible", "--answer", order]
        environment = {**os.environ, "PYTHONHASHSEED": str(self.hash_seed)}
        found = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
        return json.loads(found.stdout.splitlines()[-1])


def answered(examples: int, questions: Sequence[str], threads: int) -> Iterator[tuple[str, bytes]]:
    """The parts of some answers, by name, on so many threads of this process."""
    import torch

    from bot import Bot
    from interface.chat.examples import OFFERED
    from model import engines, openvino_engine

    openvino_engine.usable_cores = lambda: threads  # type: ignore[assignment]
    engines.free_cores = lambda: threads  # type: ignore[assignment]
    bot = Bot.load(device="cpu")
    torch.set_num_threads(threads)
    for example in OFFERED[:examples]:
        *_, (session, shown) = bot.show(bot.new_session(), str(example.path))
        if shown.reading is not None:
            yield f"logits of {example.id}", shown.reading.prediction.logits.tobytes()
        for question in questions:
            *_, (session, reply) = bot.stream(session, question)
            place = f"of {question!r} about {example.id}"
            yield f"text {place}", reply.text.encode()
            yield f"json {place}", json.dumps({**_told(reply.to_dict())}, sort_keys=True).encode()
            for figure in reply.figures:
                yield f"figure {figure.id} {place}", figure.png
            for file in reply.files:
                yield f"file {file.name} {place}", file.data


def _told(reply: Mapping[str, Any]) -> dict[str, Any]:
    """The reply without how long it took."""
    return {name: value for name, value in reply.items() if name != "seconds"}


def differences(first: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """The names of what is not the same in both, or not in both."""
    return [name for name in {**first, **other} if first.get(name) != other.get(name)]


def stated(names: Sequence[str]) -> list[str]:
    """Those that a person or a program is told."""
    return [name for name in names if name.startswith(STATED)]


def compare(runs: Sequence[Run], examples: int, questions: Sequence[str]) -> int:
    """Print what differs from the first of the runs; how many stated parts that are."""
    first, wrong = runs[0].parts(examples, questions), 0
    print(f"{runs[0].name}: {len(first)} parts, {len(stated(list(first)))} of them stated", flush=True)
    for run in runs[1:]:
        differ = differences(first, run.parts(examples, questions))
        told = stated(differ)
        wrong += len(told)
        print(f"{run.name}: {len(told)} stated parts differ, {len(differ) - len(told)} others", flush=True)
        print("".join(f"  {name}\n" for name in differ), end="", flush=True)
    return wrong


def main() -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reproducible", description=__doc__.splitlines()[0])
    parser.add_argument("--python", action="append", default=[], metavar="PROGRAM", help="another interpreter")
    parser.add_argument("--examples", type=int, default=3, choices=range(1, 7), metavar="1..6")
    parser.add_argument("--answer", metavar="JSON", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.answer:
        found = answered(**json.loads(options.answer))
        print(json.dumps({name: hashlib.sha256(part).hexdigest() for name, part in found}))
        return 0
    print(describe())
    runs = [Run("one thread"), Run("again"), Run("another seed of the hashes", hash_seed=2)]
    runs += [Run("eight threads", threads=8), Run("eight threads again", threads=8)]
    runs += [Run(name, python=name) for name in options.python]
    return int(compare(runs, options.examples, QUESTIONS) > 0)


if __name__ == "__main__":
    sys.exit(main())
