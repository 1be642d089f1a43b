"""What is done for visitors: a job is one question, or one picture, of one of them, and can be given up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

Result = TypeVar("Result")


class Stopped(Exception):
    """Nobody waits for this work any more."""


_visitor: ContextVar[str] = ContextVar("visitor", default="")


@contextmanager
def serving(visitor: str) -> Iterator[None]:
    """Jobs that begin within the block, in this thread, are this visitor's; "" is all who are not told apart."""
    outside = _visitor.set(visitor)
    try:
        yield
    finally:
        _visitor.reset(outside)


@dataclass(eq=False)
class Job:
    """One question, or one picture, of one visitor."""

    turns: int = 0  # that its runs had so far
    place: int | None = None  # in the line (model/line.py); the smaller comes first
    since: float = 0.0  # when it began to stand there, on the line's clock
    stopped: bool = False
    over: bool = False  # nothing of it is left to do
    visitor: str = field(default_factory=_visitor.get)  # whose it is; visitors share the network evenly

    def stop(self) -> None:
        """Give the work up: no further run of it starts, from any thread."""
        self.stopped = True

    def each(self, steps: Iterator[Result]) -> Iterator[Result]:
        """``steps``, all of whose runs belong to this job; they end without a word where it is stopped."""
        try:
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
        finally:
            self.over = True


_current: ContextVar[Job | None] = ContextVar("job", default=None)


def current_job() -> Job | None:
    """The job whose steps are being taken here; None outside of any."""
    return _current.get()


def beside(work: Callable[[], Result]) -> Future[Result]:
    """Start ``work`` in a thread of its own: another job of the same visitor, which nobody stops."""
    found, job = Future[Result](), Job()

    def run() -> None:
        try:
            for result in job.each(work() for _ in range(1)):
                found.set_result(result)
        except BaseException as problem:  # raised where the result is asked for
            found.set_exception(problem)

    threading.Thread(target=run, name="beside").start()
    return found


class Desk:
    """What is done for one visitor: at most one job, as a new one stops the one before. It can be copied."""

    def __init__(self) -> None:
        self.job = Job()  # the newest
        self.closed = False

    def begin(self) -> Job:
        """A new job; the one before stops."""
        with _changing:
            job = Job(stopped=self.closed)
            before, self.job = self.job, job
        before.stop()
        return job

    def stop(self) -> None:
        """The visitor has left, or starts anew."""
        self.job.stop()

    def close(self) -> None:
        """Who asked has gone for good: what begins here later is stopped from its start."""
        with _changing:
            self.closed = True
            self.stop()


_changing = threading.Lock()  # of all desks, as a lock of its own could not be copied
