"""Visitors who stay: ``python -m benchmarks.load --visitors 20 --minutes 15``

It starts ``python app.py`` in a process of its own and sends visitors to it over HTTP. Each has two pictures that
nobody else has, asks questions of several types about them with some seconds between, closes the page and comes again,
until the time is over; every fifth is a program that calls ``/ask``. Then each conversation is held once more, alone:
whoever got another answer in the crowd was mixed up with somebody. Everything runs on this computer: the visitors take
some of its processor too.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from benchmarks.machine import describe
from benchmarks.seconds import HEAD, row
from benchmarks.served import App, serving
from benchmarks.visitor import Place, Visitor, first_sentence, turned_away, without_link
from interface.chat.examples import OFFERED

MOST, LONGEST = 100, 120  # visitors, minutes
QUESTIONS = (
    "why?",
    "how sure are you?",
    "why not 3?",
    "what if I erase the top?",
    "what would make it a 7?",
    "do LIME and IG agree?",
    "what did you do to my picture?",
    "explain it like I'm ten",
    "what is LIME?",
)
LAST = ("why?", "compare with the previous one", "make a handout")  # about the second picture, which comes with "why?"
PROGRAM = 5  # each so many-th visitor is one
PAUSE = (5.0, 25.0)  # seconds between two questions, drawn evenly
SETTLED = 60.0  # seconds after which the memory is looked at first


@dataclass(frozen=True)
class Answered:
    """One question of one visitor. Moments are seconds since the visitors came."""

    visitor: int
    step: int  # of its conversation, which is the same each time
    question: str
    asked: float
    first: float
    whole: float
    answer: str  # the words; of a program's call the prediction and the claims as JSON
    others: int  # how many questions were said to be before
    away: bool  # turned away, as too many were asking

    @property
    def key(self) -> tuple[int, int]:
        """Equal for what has to be answered equally."""
        return self.visitor, self.step


@dataclass(frozen=True)
class Lost:
    """A question that got no answer."""

    visitor: int
    question: str
    problem: str


Outcome = Answered | Lost


def own_picture(number: int) -> bytes:
    """A PNG of one of the examples, turned and moved as no other number's."""
    draw = random.Random(number)
    with Image.open(OFFERED[number % len(OFFERED)].path) as example:
        paper = example.convert("L")
    turned = paper.rotate(
        draw.uniform(-8, 8), Image.Resampling.BICUBIC, translate=(draw.randint(-6, 6), draw.randint(-6, 6)),
        fillcolor=paper.getpixel((0, 0)),
    )  # fmt: skip
    data = io.BytesIO()
    turned.save(data, "PNG")
    return data.getvalue()


def conversation(number: int, folder: Path) -> list[tuple[str, Path | None]]:
    """The questions of a visitor, and the picture that goes with one. All types come, each time in another order."""
    pictures = [folder / f"{number}-{place}.png" for place in range(2)]
    for place, path in enumerate(pictures):
        if not path.exists():
            path.write_bytes(own_picture(2 * number + place))
    start = number % len(QUESTIONS)
    first = [*QUESTIONS[start:], *QUESTIONS[:start]][:4]
    steps: list[tuple[str, Path | None]] = [(question, None) for question in (*first, *LAST)]
    steps[0], steps[len(first)] = (steps[0][0], pictures[0]), (LAST[0], pictures[1])
    return steps


class Crowd:
    """All visitors of one app; what became of their questions, and what the app's memory was meanwhile."""

    def __init__(self, place: Place, folder: Path, seed: int = 0) -> None:
        self.place, self.folder, self.seed = place, folder, seed
        self.found: list[Outcome] = []
        self.began = time.monotonic()

    def stay(self, visitors: int, seconds: float, pause: tuple[float, float] = PAUSE) -> None:
        """They come and go until the time is over; who has asked by then is still answered."""
        self.began = time.monotonic()
        over = self.began + seconds

        def one(number: int) -> None:
            draw = random.Random(1000 * self.seed + number)
            time.sleep(draw.uniform(0, pause[1]))
            while time.monotonic() < over:
                self.converse(number, lambda: time.monotonic() < over, lambda: time.sleep(draw.uniform(*pause)))

        with ThreadPoolExecutor(visitors) as pool:
            list(pool.map(one, range(visitors)))

    def converse(self, number: int, goes_on: Callable[[], bool], wait: Callable[[], None]) -> None:
        """One conversation from its beginning, or the same questions of a program."""
        steps = conversation(number, self.folder)
        visitor, picture = Visitor(self.place), steps[0][1]
        program = number % PROGRAM == PROGRAM - 1
        with visitor.page():
            for step, (question, new) in enumerate(steps):
                if not goes_on():
                    return
                picture = new or picture
                try:
                    outcome: Outcome = (
                        self._call(visitor, number, step, question, picture)
                        if program and picture
                        else self._ask(visitor, number, step, question, new)
                    )
                except (OSError, RuntimeError, ValueError, KeyError, StopIteration) as problem:
                    outcome = Lost(number, question, f"{type(problem).__name__}: {problem}")
                self.found.append(outcome)
                wait()

    def _ask(self, visitor: Visitor, number: int, step: int, question: str, picture: Path | None) -> Answered:
        asked = time.monotonic()
        told = visitor.ask(question, picture)
        first, others = first_sentence(told), max(one.others for one in told)
        moments = (moment - self.began for moment in (asked, first, told[-1].at))
        return Answered(
            number, step, question, *moments, without_link(told[-1].answer), others, turned_away(told)
        )  # fmt: skip

    def _call(self, visitor: Visitor, number: int, step: int, question: str, picture: Path) -> Answered:
        asked = time.monotonic()
        _, reply, _ = visitor.call("ask", picture, question)
        whole = time.monotonic()
        said = json.dumps({key: reply[key] for key in ("prediction", "claims")}, sort_keys=True)
        moments = (moment - self.began for moment in (asked, whole, whole))
        return Answered(number, step, question, *moments, said, 0, False)


def alone(place: Place, folder: Path, visitors: Sequence[int]) -> dict[tuple[int, int], str]:
    """What each of these visitors is answered where nobody else asks."""
    crowd = Crowd(place, folder)
    for number in visitors:
        crowd.converse(number, lambda: True, lambda: None)
    return {one.key: one.answer for one in crowd.found if isinstance(one, Answered)}


def mixed_up(found: Sequence[Outcome], expected: dict[tuple[int, int], str]) -> list[Answered]:
    """Those who did not get the answer that their own picture and question get alone."""
    answered = [one for one in found if isinstance(one, Answered) and not one.away]
    return [one for one in answered if one.answer != expected.get(one.key)]


def table(found: Sequence[Outcome], expected: dict[tuple[int, int], str], memory: Sequence[float]) -> list[str]:
    """What is printed. ``memory``: MiB after the first minute and at the end; empty where it is not known."""
    lost = [one for one in found if isinstance(one, Lost)]
    came = [one for one in found if isinstance(one, Answered)]
    answered = [one for one in came if not one.away]
    told = [one for one in came if one.others]
    lines = [
        f"questions: {len(found)}, answered: {len(answered)}, turned away: {len(came) - len(answered)}, "
        f"lost: {len(lost)}",
        *sorted({f"  {one.question}: {one.problem}" for one in lost}),
        f"with another answer than alone: {len(mixed_up(found, expected))} (of {len(expected)} different ones)",
        f"told that others are before: {len(told)}, at most {max((one.others for one in told), default=0)} others",
    ]
    if memory:
        first, last = memory
        grown = f"{last / first - 1:+.1%}"
        lines.append(f"memory: {first:.0f} MiB after the first minute, {last:.0f} MiB at the end ({grown})")
    if answered:
        pages = [one for one in answered if one.visitor % PROGRAM != PROGRAM - 1]
        lines += [HEAD, row(f"all {len(answered)}, whole answer", [one.whole - one.asked for one in answered])]
        lines.append(row("first sentence on the page", [one.first - one.asked for one in pages]))
        for question in dict.fromkeys(one.question for one in answered):
            times = [one.whole - one.asked for one in answered if one.question == question]
            lines.append(row(f"{question} ({len(times)})", times))
    return lines


def _watch(app: App, seconds: float, seen: list[float]) -> None:
    """Note the memory after the first minute, or where all is over sooner."""
    time.sleep(min(SETTLED, seconds))
    if (now := app.memory()) is not None:
        seen.append(now)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=20, choices=range(1, MOST + 1), metavar=f"1..{MOST}")
    parser.add_argument("--minutes", type=int, default=15, choices=range(1, LONGEST + 1), metavar=f"1..{LONGEST}")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    options = parser.parse_args()
    print(describe(), flush=True)
    with serving() as app, tempfile.TemporaryDirectory() as name:
        folder, seen = Path(name), list[float]()
        alone(app.place, folder, [0])  # what a first visitor waits for is measured elsewhere
        crowd = Crowd(app.place, folder, options.seed)
        watching = threading.Thread(target=_watch, args=(app, 60.0 * options.minutes, seen))
        watching.start()
        crowd.stay(options.visitors, 60.0 * options.minutes)
        watching.join()
        if (now := app.memory()) is not None:
            seen.append(now)
        print(f"{options.visitors} visitors for {options.minutes} minutes", flush=True)
        print("\n".join(table(crowd.found, alone(app.place, folder, range(options.visitors)), seen)))


if __name__ == "__main__":
    main()
