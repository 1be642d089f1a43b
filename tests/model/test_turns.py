"""Who runs next, and what a stop does. Threads wait for each other here, never for a time."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pytest

from model.jobs import Desk, Job, Stopped, beside, current_job, serving
from model.turns import Turns
from tests.fakes import FakeClassifier, FakeEngine

PATIENCE = 60  # seconds until a test is given up that would otherwise hang


class Gate:
    """A run that holds the only turn until it is opened, so that others queue up behind it in a known order."""

    def __init__(self, turns: Turns) -> None:
        self.turns, self.ran = turns, list[str]()
        self._opened, self._entered = threading.Event(), threading.Event()
        self._pool = ThreadPoolExecutor(16)
        self._holding = self._pool.submit(turns.map, self._hold, ["gate"])
        assert self._entered.wait(PATIENCE)

    def _hold(self, _: str) -> None:
        self._entered.set()
        assert self._opened.wait(PATIENCE)

    def submit(self, job: Job, pieces: list[str]) -> Future[list[str]]:
        """Ask for turns from another thread; returns when that thread waits."""
        before = len(self.turns._line)
        future = self._pool.submit(lambda: list(job.each(self._run(pieces))))
        until(lambda: len(self.turns._line) > before)
        return future

    def _run(self, pieces: list[str]) -> Iterator[str]:
        yield from self.turns.map(self._note, pieces)

    def _note(self, piece: str) -> str:
        self.ran.append(piece)
        return piece

    def open(self) -> None:
        """Let the others run."""
        self._opened.set()
        self._holding.result(PATIENCE)


def until(condition: Callable[[], bool]) -> None:
    """Wait for another thread."""
    for _ in range(PATIENCE * 1000):
        if condition():
            return
        time.sleep(0.001)
    raise TimeoutError


def test_a_first_run_goes_before_and_then_who_came_first() -> None:
    gate = Gate(Turns())
    asked = [gate.submit(Job(turns=had), [name]) for name, had in (("c", 5), ("a", 0), ("d", 2), ("b", 0))]
    gate.open()
    assert [future.result(PATIENCE) for future in asked] == [["c"], ["a"], ["d"], ["b"]]
    assert gate.ran == ["a", "b", "c", "d"]


def test_a_reading_goes_between_two_runs_of_a_long_batch() -> None:
    gate = Gate(Turns())
    long, short = Job(turns=3), Job()
    both = gate.submit(long, ["long 1", "long 2", "long 3"]), gate.submit(short, ["reading"])
    gate.open()
    assert [future.result(PATIENCE) for future in both] == [["long 1", "long 2", "long 3"], ["reading"]]
    assert gate.ran == ["reading", "long 1", "long 2", "long 3"]
    assert (long.turns, short.turns) == (6, 1)


def test_of_two_long_batches_the_first_is_finished_first() -> None:
    gate = Gate(Turns())
    both = [gate.submit(Job(), [f"{name}{place}" for place in range(3)]) for name in "ab"]
    gate.open()
    for future in both:
        future.result(PATIENCE)
    assert gate.ran == ["a0", "b0", "a1", "a2", "b1", "b2"]


def test_work_outside_any_job_is_soon_over() -> None:
    turns, job = Turns(), Job()
    for _ in range(3):
        turns.map(lambda piece: piece, [1, 2, 3])

    def steps() -> Iterator[None]:
        turns.map(lambda piece: piece, [1, 2])
        yield None

    next(job.each(steps()))
    assert turns.waiting(job) is None


def test_what_goes_wrong_reaches_the_caller_and_the_next_turn_comes() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError):
        turns.map(lambda piece: 1 // piece, [1, 0, 2])
    assert turns.map(lambda piece: piece + 1, [1, 2]) == [2, 3]
    assert turns.map(lambda piece: piece, []) == []


def test_who_waits_and_is_stopped_waits_no_longer_and_holds_up_nobody() -> None:
    gate = Gate(Turns())
    given_up, other = Job(), Job(turns=1)
    both = gate.submit(given_up, ["given up"]), gate.submit(other, ["other"])
    given_up.stop()
    gate.open()
    assert [future.result(PATIENCE) for future in both] == [[], ["other"]]
    assert gate.ran == ["other"]


@pytest.mark.parametrize("last", [1, 3])
def test_a_stop_within_a_batch_ends_it_after_the_run_that_is_going_on(last: int) -> None:
    turns, job, ran = Turns(), Job(), []

    def run(piece: int) -> None:
        ran.append(piece)
        if piece == last:
            job.stop()

    def steps() -> Iterator[None]:
        yield None
        turns.map(run, [1, 2, 3, 4])
        yield None

    assert list(job.each(steps())) == [None]
    assert ran == list(range(1, last + 1))


def test_outside_its_steps_a_job_has_no_part_in_what_runs() -> None:
    turns, job = Turns(), Job()

    def steps() -> Iterator[int]:
        yield from turns.map(lambda piece: piece, [1, 2])

    for count, _ in enumerate(job.each(steps())):
        turns.map(lambda piece: piece, [1, 2, 3])
        assert job.turns == 2, count
    job.stop()
    assert turns.map(lambda piece: piece, [7]) == [7]


def test_a_step_s_own_errors_leave_the_job() -> None:
    def steps() -> Iterator[int]:
        yield 1
        raise KeyError("x")

    found = Job().each(steps())
    assert next(found) == 1
    with pytest.raises(KeyError):
        next(found)


def test_a_desk_has_one_job_at_a_time_and_desks_have_nothing_in_common() -> None:
    desk, other = Desk(), copy.deepcopy(Desk())
    first, theirs = desk.begin(), other.begin()
    second = desk.begin()
    assert (first.stopped, second.stopped, theirs.stopped) == (True, False, False)
    desk.stop()
    assert (second.stopped, theirs.stopped) == (True, False)
    assert not desk.begin().stopped


def test_what_is_done_beside_is_a_job_of_the_same_visitor_that_no_question_stops() -> None:
    desk, seen = Desk(), list[Job]()
    stopped = threading.Event()

    def work() -> str:
        assert stopped.wait(PATIENCE)
        job = current_job()
        assert job is not None
        seen.append(job)
        return threading.current_thread().name

    def asks() -> Iterator[Future[str]]:
        yield beside(work)

    with serving("anna"):
        mine = desk.begin()
        (found,) = mine.each(asks())
    desk.stop()
    stopped.set()
    assert found.result(PATIENCE) != threading.current_thread().name
    (job,) = seen
    assert job is not mine
    assert (job.visitor, job.stopped) == ("anna", False)
    until(lambda: job.over)


def test_what_fails_beside_is_raised_where_its_result_is_asked_for() -> None:
    def fails() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        beside(fails).result(PATIENCE)


@pytest.mark.parametrize("at_once", [1, 3])
def test_as_many_runs_go_on_beside_each_other_as_may(at_once: int) -> None:
    turns, together = Turns(at_once), threading.Barrier(at_once)
    going_on, most, lock = [0], [0], threading.Lock()

    def run(piece: int) -> int:
        with lock:
            going_on[0] += 1
            most[0] = max(most[0], going_on[0])
        together.wait(PATIENCE)  # breaks, and fails, if fewer ran beside each other
        with lock:
            going_on[0] -= 1
        return piece

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _: turns.map(run, range(6)), range(2)))
    assert found == [list(range(6))] * 2
    assert most[0] == at_once


def test_a_stop_reaches_runs_that_go_on_beside_each_other() -> None:
    turns, job, ran = Turns(4), Job(), []

    def run(piece: int) -> None:
        ran.append(piece)
        job.stop()

    def steps() -> Iterator[None]:
        yield from turns.map(run, range(100))

    assert list(job.each(steps())) == []
    assert 1 <= len(ran) <= 4


def test_a_classifier_s_runs_end_with_the_job_and_its_answers_are_the_engine_s() -> None:
    fake, pictures = FakeClassifier.random(), np.random.default_rng(0).random((5, 28, 28)).astype(np.float32)
    job = Job()
    engine = FakeEngine(fake, lambda number: job.stop() if number == 8 else None)
    classifier = engine.classifier()
    np.testing.assert_array_equal(classifier.logits(pictures), fake.logits(pictures))
    assert engine.runs == 5

    def steps() -> Iterator[None]:
        yield None
        classifier.log_odds_gradients(pictures, 3)
        yield None

    assert list(job.each(steps())) == [None]
    assert engine.runs == 8
    odds, gradients = classifier.log_odds_gradients(pictures, 3)
    np.testing.assert_array_equal(gradients, fake.log_odds_gradients(pictures, 3)[1])
    assert odds.shape == (5,)


def test_stopped_is_no_error_of_the_model_s() -> None:
    """Handlers of those would tell a visitor about it."""
    from model.errors import ModelError

    assert not issubclass(Stopped, ModelError)
