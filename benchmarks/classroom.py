"""A class asks "why?" at once: ``python -m benchmarks.classroom --visitors 30``

It starts ``python app.py`` in a process of its own and sends visitors to it over HTTP, each of which opens an example
or sends a picture and asks "why?" at some moment within ``--within`` seconds, as a class does when told to. Then it
asks about each picture once more, alone: whoever got another answer in the crowd was mixed up with somebody.
Everything runs on this computer: the visitors take some of its processor too.
"""

from __future__ import annotations

import argparse
import random
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.machine import describe
from benchmarks.visitor import Place, Told, Visitor
from bot.interface_words import interface_words
from interface.examples import OFFERED
from interface.messages import plain

ROOT = Path(__file__).parent.parent
MOST = 200  # visitors
START = 180  # seconds until the app must answer
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
        """When its first sentence did; before the question is shown, the text is that of the picture's reading."""
        shown = max(place for place, one in enumerate(self.told) if not one.answer)
        return next(one.at for one in self.told[shown:] if one.answer)

    @property
    def turned_away(self) -> bool:
        """Whether too many were asking."""
        return self.told[-1].answer == plain(interface_words("en")["waiting.full"])

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
    return [visit for visit in visits if _without_link(visit.told[-1].answer) != _without_link(alone[visit.picture])]


def _without_link(answer: str) -> str:
    """Its link names an example by its id and the same picture, where it was sent, by its pixels."""
    return answer.partition('<span class="answer-link">')[0]


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
    lines.append(f"{'seconds from asking':<24}{'median':>8}{'95 %':>8}{'longest':>9}")
    lines.append(_row("first sentence", [one.first - one.asked for one in visits]))
    lines.append(_row("whole answer", [one.answered - one.asked for one in visits]))
    lines.append(f"overtaken by at most {overtaken(visits)} who asked later")
    waited = [one for one in visits if any(told.others for told in one.told)]
    most = max((told.others for one in visits for told in one.told), default=0)
    lines.append(f"told that others are before: {len(waited)}, at most {most} others")
    missed = [one.missed_by for one in waited if one.missed_by is not None]
    if missed:
        lines.append(_row("turn later than told", missed))
    return lines


def _row(what: str, seconds: Sequence[float]) -> str:
    late = quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    return f"{what:<24}{median(seconds):8.1f}{late:8.1f}{max(seconds):9.1f}"


def _until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


def free_port() -> int:
    """One that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _wait_for(address: str, app: subprocess.Popen) -> None:
    for _ in range(10 * START):
        if app.poll() is not None:
            raise SystemExit(f"app.py ended with status {app.returncode}.")
        try:
            urllib.request.urlopen(address, timeout=START).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"app.py did not answer within {START} seconds.")


def _peak(process: int) -> str:
    """The most memory that it had so far, where the system tells."""
    status = Path(f"/proc/{process}/status")
    lines = status.read_text().splitlines() if status.is_file() else []
    peaks = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]  # KiB
    return f"{peaks[0] / 1024**2:.1f} GiB" if peaks else "not told by this system"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.classroom", description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=30, choices=range(1, MOST + 1), metavar=f"1..{MOST}")
    parser.add_argument("--within", type=float, default=10.0, metavar="SECONDS", help="in which all of them ask")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    options = parser.parse_args()
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "app.py", "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    print(describe(), flush=True)
    app = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait_for(address, app)
        place = Place.visit(address)
        answers_alone(place, {OFFERED[0].id})  # what a first visitor waits for is measured elsewhere
        print(f"memory of the app before: {_peak(app.pid)}", flush=True)
        found = hold(place, options.visitors, options.within, options.seed)
        print(f"memory of the app at most: {_peak(app.pid)}", flush=True)
        pictures = {one.picture for one in found if isinstance(one, Visit)}
        print("\n".join(table(found, answers_alone(place, pictures))))
    finally:
        app.terminate()
        app.wait()


if __name__ == "__main__":
    main()
