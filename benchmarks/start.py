"""From the command to the first answer: ``python -m benchmarks.start``

``python app.py`` is started in a process of its own, ``--rounds`` times; as soon as its page is there, a visitor opens
the first example and asks "why?". Seconds since the command, seen from outside, over HTTP.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields

from benchmarks.machine import describe
from benchmarks.served import serving
from benchmarks.visitor import Visitor, first_sentence
from interface.chat.examples import OFFERED


@dataclass(frozen=True)
class Start:
    """Seconds since the command."""

    page: float  # until it was there
    first: float  # until the first sentence of the first answer stood there
    whole: float  # until the whole answer did


def start_once() -> Start:
    """Starts the app, asks it, and ends it."""
    began = time.monotonic()
    with serving() as app:
        page = time.monotonic()
        visitor = Visitor(app.place)
        visitor.open_example(OFFERED[0].id)
        told = visitor.ask("why?")
    return Start(page - began, first_sentence(told) - began, told[-1].at - began)


def table(starts: Sequence[Start]) -> list[str]:
    """A line for each of the three moments: every round, and the median."""
    lines = []
    for one in fields(Start):
        seconds = [getattr(start, one.name) for start in starts]
        each = ", ".join(f"{second:.1f}" for second in seconds)
        lines.append(f"{one.name}: {each} s, median {statistics.median(seconds):.1f} s")
    return lines


def main() -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Times from the command to the page and the first answer.")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(describe())
    print("\n".join(table([start_once() for _ in range(options.rounds)])))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
