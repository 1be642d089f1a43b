"""Who runs the network next: visitors wait for their turns, run by run, as ``model/line.py`` says.

What runs together is what the engine says: one picture on a processor, where batches gain nothing, many on a GPU.

A run belongs to the job that its context has entered (``Job.each``); work outside any job is a job of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from model.jobs import Job, Stopped, current_job
from model.line import Line, Ticket, Waiting

Piece = TypeVar("Piece")
Result = TypeVar("Result")


class Turns:
    """Lets ``at_once`` runs go on beside each other."""

    def __init__(self, at_once: int = 1) -> None:
        self.at_once = at_once
        self._running = 0
        self._line = Line()
        self._changed = threading.Condition()

    def waiting(self, job: Job) -> Waiting | None:
        """Who is served before ``job``; None where nobody is."""
        with self._changed:
            return self._line.waiting(job)

    def map(self, run: Callable[[Piece], Result], pieces: Sequence[Piece]) -> list[Result]:
        """``run`` of each piece, in order, each when its turn has come. Raises Stopped, and what ``run`` raises."""
        inside = current_job()
        job = inside or Job()

        def alone(piece: Piece) -> Result:
            with self._turn(Ticket(job)):
                return run(piece)

        try:
            if self.at_once == 1 or len(pieces) == 1:
                return self._one_by_one(job, run, pieces)
            with ThreadPoolExecutor(self.at_once) as pool:
                return list(pool.map(alone, pieces))
        finally:
            if inside is None:
                job.over = True

    def _one_by_one(self, job: Job, run: Callable[[Piece], Result], pieces: Sequence[Piece]) -> list[Result]:
        ticket, found = Ticket(job), list[Result]()
        for number, piece in enumerate(pieces, start=1):
            with self._turn(ticket, arrived=number > 1, further=number < len(pieces)):
                found.append(run(piece))
        return found

    @contextmanager
    def _turn(self, ticket: Ticket, arrived: bool = False, further: bool = False) -> Iterator[None]:
        """One run. ``further``: the next one arrives as this ends, or somebody from further back would come between."""
        job = ticket.job
        with self._changed:
            if not arrived:
                self._line.arrive(ticket)
                self._call()
            # Every call wakes all who wait, so that those who were stopped notice it too.
            self._changed.wait_for(lambda: not ticket.waiting or job.stopped)
            if job.stopped:
                if ticket.waiting:
                    self._line.leave(ticket)
                else:
                    self._running -= 1
                self._call()
                raise Stopped
        again = False
        try:
            yield
            again = further
        finally:
            with self._changed:
                self._running -= 1
                if again:
                    self._line.arrive(ticket)
                self._call()

    def _call(self) -> None:
        """Begin as many runs as may."""
        while self._running < self.at_once and self._line.call():
            self._running += 1
        self._changed.notify_all()
