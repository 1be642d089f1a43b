"""What a visitor is told while others are served, and how many are served at a time.

An answer is made in a thread of its own, so that the chat can say meanwhile how many are before (``model/line.py``
decides who). Gradio's own queue would keep questions back before they are even shown, and tell a full line as an error.
"""

from __future__ import annotations

import math
import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from bot.errors import BotError
from bot.values import Waiting

MOST_ANSWERS = 60  # in the chat at a time: two classes. The last of them waits for about a minute on two cores
MOST_CALLS = 30  # of programs at a time, so that they never fill the line before visitors
SHARE = 2 / 3  # of the places that one visitor may take: a class behind one address is one visitor
PAUSE = 1.0  # seconds without anything new from which the line is looked at
AT_ONCE = 0.25  # seconds in which most first sentences come: only from then on is told that there is none yet

Step = TypeVar("Step")


class Room:
    """Takes so many at a time, of one visitor at most two thirds of them, and turns the others away."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._share = math.ceil(most * SHARE)
        self._inside: Counter[str] = Counter()
        self._changing = threading.Lock()

    @contextmanager
    def place(self, refusal: str, visitor: str = "") -> Iterator[None]:
        """A place while the block lasts; raises BotError with the sentence ``refusal`` where there is none."""
        with self._changing:
            if self._inside.total() >= self._most or self._inside[visitor] >= self._share:
                raise BotError(refusal)
            self._inside[visitor] += 1
        try:
            yield
        finally:
            with self._changing:
                self._inside[visitor] -= 1
                self._inside += Counter()  # drops those who have left


def watched(
    steps: Iterator[Step], waiting: Callable[[Step | None], str], pause: float = PAUSE, first: float = AT_ONCE
) -> Iterator[tuple[Step | None, str]]:
    """Each step as soon as it is made, with ""; and while none comes, the last one with what ``waiting`` says to it.

    That only where it changes; None stands for a step where none was made so far, which is told soon, even with "".
    Raises what ``steps`` raises.
    """
    made: queue.SimpleQueue[tuple[Step | None, BaseException | None]] = queue.SimpleQueue()
    unwatched = threading.Event()

    def make() -> None:
        end: BaseException = StopIteration()
        try:
            for step in steps:
                made.put((step, None))
                if unwatched.is_set():
                    break
        except BaseException as error:
            end = error
        made.put((None, end))

    threading.Thread(target=make, name="answer", daemon=True).start()
    last: Step | None = None
    said: str | None = None  # nothing so far
    try:
        while True:
            try:
                step, end = made.get(timeout=first if said is None else pause)
            except queue.Empty:
                before, said = said, waiting(last)
                if said != before:
                    yield last, said
                continue
            if isinstance(end, StopIteration):
                return
            if end is not None:
                raise end
            last, said = step, ""
            yield last, said
    finally:
        unwatched.set()


def in_words(waiting: Waiting | None, words: Mapping[str, str]) -> str:
    """How many questions come before, and how long they take as far as that is known; "" where none does."""
    if waiting is None:
        return ""
    before = words["waiting.one"] if waiting.others == 1 else words["waiting.many"].format(others=waiting.others)
    return f"*{before} {_turn(waiting.seconds, words)}".rstrip() + "*"


def _turn(seconds: float | None, words: Mapping[str, str]) -> str:
    """When one's turn comes, never told too early: seconds in steps of five, then whole minutes."""
    if seconds is None:
        return ""
    if seconds <= 3:
        return words["waiting.moment"]
    if seconds <= 55:
        return words["waiting.seconds"].format(seconds=5 * math.ceil(seconds / 5))
    if seconds <= 75:
        return words["waiting.minute"]
    return words["waiting.minutes"].format(minutes=math.ceil(seconds / 60))
