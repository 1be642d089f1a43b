"""What is newer in a conversation stops what is older; nobody else's work stops with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.api import Bot
from bot.values import Reply, Session
from tests.bot.digits import drawn
from tests.fakes import FakeClassifier, FakeEngine

FIFTH = 5  # run of the answer at which something happens: within the first tests of parts


class Visit:
    """One visitor whose "why?" is under way when ``happening`` is called, at its fifth run."""

    def __init__(self) -> None:
        self.engine = FakeEngine(FakeClassifier.random(scale=0.05), self._before)
        self.bot = Bot(self.engine.classifier())
        self.happening: Callable[[], object] = lambda: None
        self.session = self.opened()
        self.happens_at = self.engine.runs + FIFTH

    def _before(self, number: int) -> None:
        if number == getattr(self, "happens_at", None):
            self.happening()

    def opened(self) -> Session:
        """A conversation of its own about the same picture."""
        *_, (session, _) = self.bot.show(self.bot.new_session(), drawn("five"))
        return session

    def why(self) -> list[Reply]:
        """The replies of a "why?", as far as they came."""
        return [reply for _, reply in self.bot.stream(self.session, "why?")]


@pytest.mark.parametrize(
    "newer",
    [
        lambda visit: visit.bot.stream(visit.session, "why not 3?"),
        lambda visit: visit.bot.show(visit.session, drawn("four")),
        lambda visit: visit.bot.leave(visit.session),
    ],
    ids=["question", "picture", "leaving"],
)
def test_something_newer_stops_an_answer_at_its_next_run(newer: Callable[[Visit], object]) -> None:
    visit = Visit()
    visit.happening = lambda: newer(visit)
    replies = visit.why()
    assert replies
    assert not replies[-1].complete
    assert visit.engine.runs == visit.happens_at  # the run that was going on, and no other


def test_without_anything_newer_the_answer_is_whole() -> None:
    visit = Visit()
    assert visit.why()[-1].complete
    assert visit.engine.runs > visit.happens_at


def test_another_visitor_s_question_stops_nothing() -> None:
    visit = Visit()
    other = visit.opened()
    visit.happens_at = visit.engine.runs + FIFTH
    visit.happening = lambda: visit.bot.stream(other, "why?")
    assert visit.why()[-1].complete


def test_the_newer_answer_is_what_it_would_have_been() -> None:
    visit = Visit()
    newer: list[Iterator[tuple[Session, Reply]]] = []
    visit.happening = lambda: newer.append(visit.bot.stream(visit.session, "why?"))
    visit.why()
    *_, (_, reply) = newer[0]
    assert reply.complete
    assert reply.text == Visit().why()[-1].text


def test_a_stream_that_is_closed_runs_nothing_more() -> None:
    visit = Visit()
    stream = visit.bot.stream(visit.session, "why?")
    next(stream)
    before = visit.engine.runs
    stream.close()  # type: ignore[attr-defined]
    assert list(stream) == []
    assert visit.engine.runs == before
