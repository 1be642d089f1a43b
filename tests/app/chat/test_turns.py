"""What a visitor does last goes first."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable

from interface.chat.shown import NOTHING, views
from interface.chat.turns import Turn, Turns
from interface.chat.visit import Host
from tests.app.fake import FakeBot

PATIENCE = 60


def host() -> Host:
    return Host(FakeBot())  # type: ignore[arg-type]


def meanwhile(what: Callable[[], object], turns: Turns) -> threading.Thread:
    """Begins something newer while a step is being shown: it waits for that."""
    before = turns._newest
    thread = threading.Thread(target=what)
    thread.start()
    while turns.is_newest(before):
        time.sleep(0.01)
    return thread


def test_what_something_newer_interrupts_shows_nothing_more() -> None:
    asked = host()
    *_, visit = asked.open_example(asked.welcome(), "five")
    first = views(asked.ask(visit, "why?"), visit, "first")
    now, *_ = next(first)
    second = views(asked.open_example(now, "three"), now, "second")
    shown: list[tuple] = []
    newer = meanwhile(lambda: shown.extend(second), visit.turns)
    assert shown == []
    assert list(first) == [NOTHING]
    newer.join(PATIENCE)
    assert [message.role for message in shown[-1][0].messages[-2:]] == ["user", "assistant"]


def test_what_is_being_shown_arrives_before_anything_newer() -> None:
    turns, order = Turns(), list[Turn | None]()
    first = turns.begin("first")
    assert first
    with turns.showing(first) as allowed:
        assert allowed
        thread = meanwhile(lambda: order.append(turns.begin("second")), turns)
        thread.join(0.3)
        order.append(first)
    thread.join(PATIENCE)
    assert order == [first, turns._newest]
    with turns.showing(first) as allowed:
        assert not allowed


def test_a_button_pressed_twice_is_pressed_once() -> None:
    asked = host()
    visit = asked.welcome()
    first = views(asked.open_example(visit, "five"), visit, ("example", "five"))
    next(first)
    assert list(views(asked.open_example(visit, "five"), visit, ("example", "five"))) == [NOTHING]
    *_, (opened, _, _) = first
    again = list(views(asked.open_example(opened, "five"), opened, ("example", "five")))
    assert len(again[-1][0].messages) == 4, "later it is opened again"


def test_forgetting_ends_what_is_being_answered() -> None:
    asked = host()
    visit = asked.welcome()
    running = views(asked.open_example(visit, "five"), visit, "first")
    grown, *_ = next(running)
    forgetting = meanwhile(lambda: asked.start_anew(grown), visit.turns)
    assert list(running) == [NOTHING]
    forgetting.join(PATIENCE)
    assert not visit.turns.busy


def test_each_conversation_has_turns_of_its_own() -> None:
    visit = host().welcome()
    assert copy.deepcopy(visit).turns is not visit.turns
