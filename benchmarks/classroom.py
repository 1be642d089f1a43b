"""A class asks "why?" at once: ``python -m benchmarks.classroom --visitors 30``

It starts ``python app.py`` in a process of its own and sends visitors to it over HTTP, each of which opens an example
or sends a picture and asks "why?" at some moment within ``--within`` seconds, as a class does when told to. Then it
asks about each picture once more, alone: whoever got another answer in the crowd was mixed up with somebody.
Everything runs on this computer: the visitors take some of its processor too.
"""

from __future__ import annotations

import argparse
import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.machine import describe
from benchmarks.seconds import HEAD, row
from benchmarks.served import serving
from benchmarks.visitor import Place, Told, Visitor, first_sentence, turned_away, without_link
from interface.chat.examples import OFFERED

MOST = 200  # visitors
QUESTION = "why?"


@dataclass(frozen=True)
class Visit:
    """What one pupil saw. Moments are seconds since the class began."""

    number: int
    picture: str  # the example
    asked: float
    told: Sequence[Told]  # of the answer, ``at`` moments too

    @property
    def answered(self) -> float:
        """When the whole answer stood there."""
        return self.told[-1].at

    @property
    def first(self) -> float:
        """When its first sentence did."""
        return first_sentence(self.told)

    @property
    def turned_away(self) -> bool:
        """Whether too many were asking."""
        return turned_away(self.told)

    @property
    def missed_by(self) -> float | None:
        """How much later than first told its turn came, in seconds; None where it was not told or not in seconds."""
        waiting = [place for place, one in enumerate(self.told) if one.others and one.seconds is not None]
        if not waiting:
            return None
        before = self.told[waiting[0]]
        turn = next(one.at for one in self.told[waiting[-1] + 1 :])
        return turn - before.at - (before.seconds or 0)


def hold(place: Place, visitors: int, within: float, seed: int) -> list[Visit | Exception]:
    """The class: each visitor's visit, or what went wrong with it, by number. Even ones press an example."""
    draw = random.Random(seed)
    moments = sorted(draw.uniform(0, within) for _ in range(visitors))
    began = time.monotonic() + 1.0  # when all threads are there
    everybody = threading.Barrier(visitors)

    def one(number: int) -> Visit | Exception:
        example = OFFERED[number % len(OFFERED)]
        visitor = Visitor(place)
        everybody.wait()
        try:
            _until(began + moments[number])
            if number % 2 == 0:
                visitor.open_example(example.id)
            asked = time.monotonic() - began
            told = visitor.ask(QUESTION, example.path if number % 2 else None)
            return Visit(number, example.id, asked, [Told(one.at - began, one.answer) for one in told])
        except Exception as problem:
            return problem

    with ThreadPoolExecutor(visitors) as pool:
        return list(pool.map(one, range(visitors)))


def mixed_up(visits: Sequence[Visit], alone: dict[str, str]) -> list[Visit]:
    """Those who did not get the answer that their picture gets ``alone``."""
    return [visit for visit in visits if without_link(visit.told[-1].answer) != without_link(alone[visit.picture])]


def overtaken(visits: Sequence[Visit]) -> int:
    """By how many who had asked later somebody was overtaken at most."""
    by_asking = sorted(visits, key=lambda visit: visit.asked)
    return max(
        (sum(later.answered < one.answered for later in by_asking[place + 1 :]) for place, one in enumerate(by_asking)),
        default=0,
    )


def answers_alone(place: Place, pictures: set[str]) -> dict[str, str]:
    """What is answered about each of these examples where nobody else asks."""
    found = {}
    for name in sorted(pictures):
        visitor = Visitor(place)
        visitor.open_example(name)
        found[name] = visitor.ask(QUESTION)[-1].answer
    return found


def table(found: Sequence[Visit | Exception], alone: dict[str, str]) -> list[str]:
    """What is printed of a class."""
    came = [one for one in found if isinstance(one, Visit)]
    visits = [one for one in came if not one.turned_away]
    problems = [f"{type(one).__name__}: {one}" for one in found if not isinstance(one, Visit)]
    lines = [f"answered: {len(visits)} of {len(found)}, turned away: {len(came) - len(visits)}", *sorted(set(problems))]
    if not visits:
        return lines
    lines.append(f"with another answer than alone: {len(mixed_up(visits, alone))}")
    lines.append(HEAD)
    lines.append(row("first sentence", [one.first - one.asked for one in visits]))
    lines.append(row("whole answer", [one.answered - one.asked for one in visits]))
    lines.append(f"overtaken by at most {overtaken(visits)} who asked later")
    waited = [one for one in visits if any(told.others for told in one.told)]
    most = max((told.others for one in visits for told in one.told), default=0)
    lines.append(f"told that others are before: {len(waited)}, at most {most} others")
    missed = [one.missed_by for one in waited if one.missed_by is not None]
    if missed:
        lines.append(row("turn later than told", missed))
    return lines


def _until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


def _gibibytes(memory: float | None) -> str:
    return "not told by this system" if memory is None else f"{memory / 1024:.1f} GiB"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.classroom", description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=30, choices=range(1, MOST + 1), metavar=f"1..{MOST}")
    parser.add_argument("--within", type=float, default=10.0, metavar="SECONDS", help="in which all of them ask")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    options = parser.parse_args()
    print(describe(), flush=True)
    with serving() as app:
        answers_alone(app.place, {OFFERED[0].id})  # what a first visitor waits for is measured elsewhere
        print(f"memory of the app before: {_gibibytes(app.memory(most=True))}", flush=True)
        found = hold(app.place, options.visitors, options.within, options.seed)
        print(f"memory of the app at most: {_gibibytes(app.memory(most=True))}", flush=True)
        pictures = {one.picture for one in found if isinstance(one, Visit)}
        print("\n".join(table(found, answers_alone(app.place, pictures))))


if __name__ == "__main__":
    main()
