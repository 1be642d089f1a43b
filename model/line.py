"""Whose run comes next, and how many stand before one: a line of jobs. Nothing here waits; model/turns.py does.

The first run of each job goes before all others, so that a reading, which is one run, never waits for another's long
answer. With its second run a job stands in line: who asked first is answered first. Half of a class is thus answered
early, where taking turns run by run would keep everybody waiting till the end. Two limits keep it fair: a job that
needs more runs than a usual answer goes back to the end of the line (round robin, with a quantum as long as an answer),
and only so many first runs in a row pass those who stand in line.

Who has several jobs at a time, in a hundred tabs, gets no more of the network by it: visitors take turns, one job each,
and each visitor's own jobs come one after the other. Where all have one, that is the line as it stands.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from model.jobs import Job

TURN = 128  # runs until a job goes back to the end; "why?" about the ten examples takes 39 to 105
PASSED = 3  # first runs in a row while somebody stands in line
REMEMBERED = 10  # jobs whose time tells how long those take that stand in line


@dataclass(frozen=True)
class Waiting:
    """Others are served before one's own job."""

    others: int  # whose jobs go before, at least one
    seconds: float | None  # until they are done, at the pace of the last jobs; None: there was none yet


@dataclass(eq=False)
class Ticket:
    """What a run of ``job`` waits with; one after the other may use it."""

    job: Job
    waiting: bool = False


class Line:
    """Of all jobs of one network."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock  # seconds
        self._tickets: list[Ticket] = []  # by arrival
        self._standing: list[Job] = []  # those that want more than one run
        self._places = count()
        # Seconds from the end of one job to that of the next, or from when that began to stand where nobody did before.
        self._paces: deque[float] = deque(maxlen=REMEMBERED)
        self._ended = 0.0  # when the last job did
        self._in_a_row = 0
        self._turns: dict[str, int] = {}  # of the visitors who have jobs standing; the smallest number comes next
        self._passed: dict[str, int] = {}  # of those whose first runs wait: when one was last called

    def __len__(self) -> int:
        """How many runs wait."""
        return len(self._tickets)

    def arrive(self, ticket: Ticket) -> None:
        """One more run waits from now on."""
        self._tidy()
        job = ticket.job
        new = job.place is None
        if job.place is None:
            job.place = next(self._places)
        if (job.turns or not new) and job not in self._standing:
            job.since = self._clock()
            self._standing.append(job)
            self._turns.setdefault(job.visitor, job.place)
        ticket.waiting = True
        self._tickets.append(ticket)

    def leave(self, ticket: Ticket) -> None:
        """It waits no longer."""
        ticket.waiting = False
        self._tickets.remove(ticket)

    def call(self) -> Ticket | None:
        """The run whose turn it is now, which then waits no longer; None where none waits."""
        waiting = [ticket for ticket in self._tickets if not ticket.job.stopped]
        if not waiting:
            return None
        first = [ticket for ticket in waiting if ticket.job.turns == 0]
        standing = [ticket for ticket in waiting if ticket.job.turns > 0]
        if first and (self._in_a_row < PASSED or not standing):
            ticket = min(first, key=lambda one: self._passed.get(one.job.visitor, -1))
            self._passed = {one.job.visitor: self._passed.get(one.job.visitor, -1) for one in first}
            self._passed[ticket.job.visitor] = next(self._places)
            self._in_a_row = self._in_a_row + 1 if standing else 0
        else:
            order = {job: place for place, job in enumerate(self._order())}
            ticket = min(standing, key=lambda one: order.get(one.job, -1))  # one that is over already holds up nobody
            self._in_a_row = 0
        self.leave(ticket)
        job = ticket.job
        job.turns += 1
        if job.turns % TURN == 0:
            job.place = self._turns[job.visitor] = next(self._places)
        return ticket

    def waiting(self, job: Job) -> Waiting | None:
        """Who is served before ``job``; None where nobody is."""
        self._tidy()
        if job.place is None or job.over or job.stopped:
            return None
        order = self._order()
        if job not in order:  # it wants its first run: it will stand behind all of them
            order.append(job)
        before = order[: order.index(job)]
        if not before:
            return None
        if not self._paces:
            return Waiting(len(before), None)
        usual = sum(self._paces) / len(self._paces)
        left = max(0.0, usual - self._taken(before[0]))
        return Waiting(len(before), left + usual * (len(before) - 1))

    def _taken(self, job: Job) -> float:
        """For how many seconds ``job`` has been the one that all wait for."""
        return self._clock() - max(self._ended, job.since)

    def _order(self) -> list[Job]:
        """Those who stand in line as they will be served: the visitors' first jobs, then their second ones, …"""
        rounds = Counter[str]()
        found = []
        for job in sorted(self._standing, key=lambda one: one.place or 0):
            found.append(((rounds[job.visitor], self._turns[job.visitor]), job))
            rounds[job.visitor] += 1
        return [job for _, job in sorted(found, key=lambda one: one[0])]

    def _tidy(self) -> None:
        """Whoever's job is done or was given up comes next after all other visitors."""
        gone = [one for one in self._standing if one.over or one.stopped]
        if not gone:
            return
        for one in self._standing:
            if one.over and not one.stopped:
                self._paces.append(self._taken(one))
                self._ended = self._clock()
        self._standing = [one for one in self._standing if one not in gone]
        for visitor in {one.visitor for one in gone}:
            self._turns[visitor] = next(self._places)
        still = {one.visitor for one in self._standing}
        self._turns = {visitor: turn for visitor, turn in self._turns.items() if visitor in still}
