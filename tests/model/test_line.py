"""Whose turn it is, and what is said to those who wait: without threads."""

from __future__ import annotations

import pytest

from model.jobs import Job, serving
from model.line import PASSED, TURN, Line, Ticket, Waiting


def run(line: Line, job: Job) -> None:
    """One run of ``job``, which nobody else's comes before."""
    ticket = Ticket(job)
    line.arrive(ticket)
    assert line.call() is ticket


def standing(line: Line, count: int) -> list[Job]:
    """So many jobs that wait for their second run, in this order."""
    jobs = [Job() for _ in range(count)]
    for job in jobs:
        run(line, job)
    for job in jobs:
        line.arrive(Ticket(job))
    return jobs


def called(line: Line, jobs: list[Job]) -> list[int]:
    """In which order those who wait are called; each of them asks for a further run at once, three times."""
    order = []
    while ticket := line.call():
        order.append(jobs.index(ticket.job))
        if ticket.job.turns < 4:
            line.arrive(Ticket(ticket.job))
    return order


def test_who_came_first_is_finished_first() -> None:
    line = Line()
    jobs = standing(line, 3)
    assert called(line, jobs) == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_nobody_is_called_where_nobody_waits() -> None:
    line = Line()
    assert line.call() is None
    ticket = Ticket(Job())
    line.arrive(ticket)
    line.leave(ticket)
    assert line.call() is None
    assert len(line) == 0


def test_a_first_run_passes_those_who_stand_but_not_for_ever() -> None:
    line = Line()
    long, other = standing(line, 2)
    readings = [Job() for _ in range(2 * PASSED + 1)]
    for reading in readings:
        line.arrive(Ticket(reading))
    order = []
    while ticket := line.call():
        order.append("reading" if ticket.job in readings else "long" if ticket.job is long else "other")
    assert order == [*["reading"] * PASSED, "long", *["reading"] * PASSED, "other", "reading"]


def test_readings_among_themselves_do_not_count_as_passing() -> None:
    line = Line()
    for _ in range(3 * PASSED):
        run(line, Job())
    jobs = standing(line, 1)
    reading = Ticket(Job())
    line.arrive(reading)
    assert line.call() is reading
    assert called(line, jobs) == [0, 0, 0]


def test_a_job_longer_than_a_usual_answer_goes_to_the_end() -> None:
    line = Line()
    long, other = standing(line, 2)
    long.turns = TURN - 1
    assert line.waiting(other) == Waiting(1, None)
    assert line.waiting(long) is None
    ticket = line.call()
    assert ticket is not None
    assert ticket.job is long
    line.arrive(Ticket(long))
    assert line.waiting(long) == Waiting(1, None)
    assert line.waiting(other) is None
    assert called(line, [long, other])[0] == 1


def test_who_asks_again_and_again_goes_behind_who_waits() -> None:
    """A newer question stops the older one, and is a job of its own."""
    line = Line()
    first, patient = standing(line, 2)
    first.stop()
    again = Job()
    run(line, again)
    line.arrive(Ticket(again))
    assert line.waiting(again) == Waiting(1, None)
    assert line.waiting(patient) is None
    assert called(line, [first, patient, again]) == [1, 1, 1, 2, 2, 2]


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def end(line: Line, clock: Clock, job: Job, after: float) -> None:
    """``job`` ends so many seconds later, which the line notices."""
    clock.now += after
    job.over = True
    line.waiting(job)


def test_who_waits_is_told_how_many_and_how_long() -> None:
    clock = Clock()
    line = Line(clock)
    clock.now += 50.0  # nobody comes for a while
    jobs = standing(line, 6)
    assert line.waiting(jobs[5]) == Waiting(5, None)
    end(line, clock, jobs[0], after=1.0)
    end(line, clock, jobs[1], after=3.0)
    waiting = jobs[2:]
    assert [line.waiting(job) for job in waiting] == [None, Waiting(1, 2.0), Waiting(2, 4.0), Waiting(3, 6.0)]
    clock.now += 1.5  # the first of them has had most of its time
    assert line.waiting(waiting[1]) == Waiting(1, 0.5)
    assert line.waiting(waiting[3]) == Waiting(3, 4.5)
    clock.now += 9.0  # longer than usual: nobody knows how much is left
    assert line.waiting(waiting[1]) == Waiting(1, 0.0)
    assert line.waiting(waiting[2]) == Waiting(2, 2.0)


def test_time_in_which_nobody_stood_in_line_slows_nobody() -> None:
    clock = Clock()
    line = Line(clock)
    (early,) = standing(line, 1)
    end(line, clock, early, after=2.0)
    clock.now += 1000.0
    late, last = standing(line, 2)
    end(line, clock, late, after=2.0)
    after = Job()
    run(line, after)
    line.arrive(Ticket(after))
    assert line.waiting(after) == Waiting(1, 2.0)
    assert line.waiting(last) is None


@pytest.mark.parametrize("how", ["over", "stopped"])
def test_who_is_done_or_gone_stands_before_nobody(how: str) -> None:
    line = Line()
    first, second = standing(line, 2)
    assert line.waiting(second) == Waiting(1, None)
    setattr(first, how, True)
    assert line.waiting(second) is None
    assert line.waiting(first) is None


def test_what_was_given_up_tells_nothing_about_how_long_a_job_takes() -> None:
    clock = Clock()
    line = Line(clock)
    given_up, _, second = standing(line, 3)
    clock.now += 5.0
    given_up.stop()
    assert line.waiting(second) == Waiting(1, None)


def test_readings_do_not_stand_in_line() -> None:
    line = Line()
    for _ in range(5):
        run(line, Job())  # and they are not over yet
    (job,) = standing(line, 1)
    assert line.waiting(job) is None
    assert line.waiting(Job()) is None  # that has asked for nothing


def test_the_line_forgets_those_who_are_done() -> None:
    line = Line()
    for _ in range(100):
        job = Job()
        run(line, job)
        run(line, job)
        job.over = True
    run(line, Job())
    assert line._standing == []


def of(visitor: str, count: int, line: Line) -> list[Job]:
    """So many jobs of one visitor that stand in line."""
    with serving(visitor):
        return standing(line, count)


def ended(line: Line, jobs: list[Job]) -> list[int]:
    """In which order those who stand are served, each in one further run."""
    order = []
    while ticket := line.call():
        order.append(jobs.index(ticket.job))
        ticket.job.over = True
        line._tidy()
    return order


def test_a_visitor_with_a_hundred_tabs_gets_no_more_than_another() -> None:
    line = Line()
    many = of("many", 100, line)
    one, two = of("one", 1, line), of("two", 2, line)
    jobs = [*many, *one, *two]
    assert line.waiting(one[0]) == Waiting(1, None)
    assert line.waiting(two[0]) == Waiting(2, None)
    assert line.waiting(two[1]) == Waiting(4, None)  # and a second one of "many"
    assert ended(line, jobs) == [0, 100, 101, 1, 102, *range(2, 100)]


def test_who_comes_while_another_s_jobs_are_done_is_next_but_one() -> None:
    line = Line()
    many = of("many", 5, line)
    first = line.call()
    assert first is not None
    first.job.over = True
    one = of("one", 1, line)  # in between "many" has had its turn
    assert ended(line, [*many, *one]) == [1, 5, 2, 3, 4]


def test_newcomers_do_not_keep_a_visitor_waiting_for_ever() -> None:
    line = Line()
    many = of("many", 3, line)
    jobs, order = list(many), []
    for number in range(6):
        jobs += of(f"new {number}", 1, line)
        ticket = line.call()
        assert ticket is not None
        order.append(jobs.index(ticket.job))
        ticket.job.over = True
    assert order == [0, 3, 1, 4, 5, 2]


def test_first_runs_are_shared_out_too() -> None:
    line = Line()
    tickets = []
    for visitor, count in (("many", 50), ("one", 1), ("two", 1)):
        with serving(visitor):
            tickets += [Ticket(Job()) for _ in range(count)]
    for ticket in tickets:
        line.arrive(ticket)
    called = [line.call() for _ in range(4)]
    assert [ticket.job.visitor for ticket in called if ticket] == ["many", "one", "two", "many"]


def test_a_long_job_goes_behind_the_other_visitors() -> None:
    line = Line()
    (long,), other = of("long", 1, line), of("other", 2, line)
    long.turns = TURN - 1
    ticket = line.call()
    assert ticket is not None
    line.arrive(Ticket(long))
    assert line.waiting(long) == Waiting(1, None)
    assert line.waiting(other[1]) == Waiting(2, None)


def test_the_line_forgets_visitors_who_are_done() -> None:
    line = Line()
    for number in range(50):
        with serving(str(number)):
            job = Job()
        run(line, job)
        run(line, job)
        job.over = True
    with serving("last"):
        run(line, Job())
    assert line._turns == {}
    assert set(line._passed) == {"last"}
