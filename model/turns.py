"""Who runs the network next. Visitors take turns run by run, and who had the fewest turns goes first.

A question's first runs therefore never wait behind another's long work: a reading, which is one run, comes next as
soon as the run before it ends. What runs together is what the engine says: one picture on a processor, where batches
gain nothing, many on a GPU.

A run belongs to the job that its context has entered (``Job.each``); work outside any job is a job of its own.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")


class Stopped(Exception):
    """Nobody waits for this work any more."""


@dataclass(eq=False)
class Job:
    """One question, or one picture, of one visitor."""

    turns: int = 0  # that its runs had so far
    stopped: bool = False

    def stop(self) -> None:
        """Give the work up: no further run of it starts, from any thread."""
        self.stopped = True

    def each(self, steps: Iterator[Result]) -> Iterator[Result]:
        """``steps``, all of whose runs belong to this job; they end without a word where it is stopped."""
        while True:
            # Entered anew for each step: between two of them the caller may change its thread, and so its context.
            outside = _current.set(self)
            try:
                step = next(steps)
            except (StopIteration, Stopped):
                return
            finally:
                _current.reset(outside)
            yield step


_current: ContextVar[Job | None] = ContextVar("job", default=None)


class Desk:
    """What is done for one visitor: at most one job, as a new one stops the one before. It can be copied."""

    def __init__(self) -> None:
        self._job = Job()

    def begin(self) -> Job:
        """A new job; the one before stops."""
        job = Job()
        with _changing:
            before, self._job = self._job, job
        before.stop()
        return job

    def stop(self) -> None:
        """The visitor has left, or starts anew."""
        self._job.stop()


_changing = threading.Lock()  # of all desks, as a lock of its own could not be copied


class Turns:
    """Lets ``at_once`` runs go on beside each other."""

    def __init__(self, at_once: int = 1) -> None:
        self.at_once = at_once
        self._running = 0
        self._waiting: list[tuple[int, int]] = []  # a heap of (turns of the job so far, number of arrival)
        self._numbers = count()
        self._changed = threading.Condition()

    def map(self, run: Callable[[Piece], Result], pieces: Sequence[Piece]) -> list[Result]:
        """``run`` of each piece, in order, each when its turn has come. Raises Stopped, and what ``run`` raises."""
        job = _current.get() or Job()

        def one(piece: Piece) -> Result:
            with self._turn(job):
                return run(piece)

        if self.at_once == 1 or len(pieces) == 1:
            return [one(piece) for piece in pieces]
        with ThreadPoolExecutor(self.at_once) as pool:
            return list(pool.map(one, pieces))

    @contextmanager
    def _turn(self, job: Job) -> Iterator[None]:
        with self._changed:
            ticket = (job.turns, next(self._numbers))
            heapq.heappush(self._waiting, ticket)
            # Every end of a run wakes all who wait, so that those who were stopped notice it too.
            self._changed.wait_for(lambda: job.stopped or (self._running < self.at_once and self._waiting[0] == ticket))
            self._waiting.remove(ticket)
            heapq.heapify(self._waiting)
            if job.stopped:
                self._changed.notify_all()  # the next one's turn may have come by this
                raise Stopped
            job.turns += 1
            self._running += 1
            if self._running < self.at_once:
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()
