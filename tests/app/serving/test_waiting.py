"""What is said to those who wait, in which order they are served, and when somebody is turned away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.errors import BotError
from bot.values import Reply, Session, Waiting
from bot.words.interface import interface_words
from bot.words.markup import unbroken
from bot.words.render import languages
from interface.chat import visit as visit_module
from interface.chat.messages import Message
from interface.chat.visit import Host, Steps, Visit
from interface.serving.waiting import Room, in_words, watched
from tests.app import fake
from tests.app.fake import FakeBot

FIRST, REST = unbroken(fake.FIRST), unbroken(fake.REST)  # as the chat shows them

PATIENCE = 60  # seconds until a test is given up that would otherwise hang
PAUSE = 0.01


@pytest.mark.parametrize(
    ("waiting", "said"),
    [
        (None, ""),
        (Waiting(1, None), "*One other question is before yours.*"),
        (Waiting(7, None), "*7 other questions are before yours.*"),
        (Waiting(1, 0.0), "*One other question is before yours. Your turn comes in a moment.*"),
        (Waiting(2, 3.0), "*2 other questions are before yours. Your turn comes in a moment.*"),
        (Waiting(7, 5.1), "*7 other questions are before yours. Your turn comes in about 10 seconds.*"),
        (Waiting(7, 10.0), "*7 other questions are before yours. Your turn comes in about 10 seconds.*"),
        (Waiting(50, 55.0), "*50 other questions are before yours. Your turn comes in about 55 seconds.*"),
        (Waiting(50, 55.1), "*50 other questions are before yours. Your turn comes in about a minute.*"),
        (Waiting(59, 75.1), "*59 other questions are before yours. Your turn comes in about 2 minutes.*"),
    ],
)
def test_the_words(waiting: Waiting | None, said: str) -> None:
    assert in_words(waiting, interface_words("en")) == said


@pytest.mark.parametrize("language", languages())
def test_every_language_says_the_numbers(language: str) -> None:
    said = in_words(Waiting(7, 12.0), interface_words(language))
    assert "7" in said
    assert "15" in said


class Slow:
    """Steps that come when they are let."""

    def __init__(self) -> None:
        self.let, self.closed = threading.Semaphore(0), threading.Event()

    def __iter__(self) -> Iterator[int]:
        try:
            for number in (1, 2):
                assert self.let.acquire(timeout=PATIENCE)
                yield number
        finally:
            self.closed.set()


def test_while_nothing_comes_the_line_is_told_and_then_no_more() -> None:
    slow, line = Slow(), ["b", "b", "a", ""]

    def waiting(last: int | None) -> str:
        said = line.pop(0) if line else ""
        if not line:
            slow.let.release()
        return said

    assert list(watched(iter(slow), waiting, PAUSE, PAUSE))[:4] == [(None, "b"), (None, "a"), (None, ""), (1, "")]


def test_between_two_steps_the_last_one_stands_beside_it() -> None:
    slow = Slow()
    seen = watched(iter(slow), lambda last: f"one is before, after {last}", PAUSE, PAUSE)
    slow.let.release()
    assert next(seen)[0] in (None, 1)
    while (step := next(seen)) != (1, "one is before, after 1"):
        assert step[0] in (None, 1)
    slow.let.release()
    assert next(seen) == (2, "")
    assert list(seen) == []


def test_where_nobody_waits_nothing_is_said() -> None:
    assert list(watched(iter([1, 2]), lambda last: "never asked", PATIENCE, PATIENCE)) == [(1, ""), (2, "")]


def test_that_there_is_nothing_yet_is_told_soon_and_once() -> None:
    slow = Slow()
    seen = watched(iter(slow), lambda last: "", PAUSE, PAUSE)
    assert next(seen) == (None, "")
    for _ in range(2):
        slow.let.release()
    assert list(seen) == [(1, ""), (2, "")]


def test_what_goes_wrong_arrives_after_what_was_made() -> None:
    def steps() -> Iterator[int]:
        yield 1
        raise KeyError("x")

    seen = watched(steps(), lambda last: "", PATIENCE, PATIENCE)
    assert next(seen) == (1, "")
    with pytest.raises(KeyError):
        next(seen)


def test_what_nobody_watches_any_more_goes_no_further() -> None:
    slow = Slow()
    seen = watched(iter(slow), lambda last: "", PATIENCE, PATIENCE)
    slow.let.release()
    assert next(seen) == (1, "")
    seen.close()  # type: ignore[attr-defined]
    del seen
    slow.let.release()
    assert slow.closed.wait(PATIENCE)
    assert not slow.let.acquire(blocking=False)


def test_a_full_room_turns_away_until_somebody_leaves() -> None:
    room = Room(2)
    with room.place("full"):
        with room.place("full"), pytest.raises(BotError, match="^full$"), room.place("full"):
            pass
        with room.place("full"):
            pass
    with pytest.raises(ZeroDivisionError), room.place("full"):
        raise ZeroDivisionError
    with room.place("full"), room.place("full"):
        pass


@pytest.fixture
def opened() -> tuple[FakeBot, Host, Visit]:
    bot = FakeBot()
    host = Host(bot)  # type: ignore[arg-type]
    *_, visit = host.open_example(host.welcome(), "five")
    return bot, host, visit


def words_of(message: Message) -> str:
    """What is said in a bubble, and what it waits for."""
    return " ".join([*(one for one in message.content[:1] if isinstance(one, str)), message.pending])


def begun(answer: Steps) -> Steps:
    """The same answer, of which the first sentence is there."""
    while FIRST not in words_of(next(answer).messages[-1]):
        pass
    return answer


class Held(FakeBot):
    """Its answers stop after the first sentence until they are let go on."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()

    def stream(self, session: Session, text: str) -> Iterator[tuple[Session, Reply]]:
        for number, (following, reply) in enumerate(super().stream(session, text)):
            if number:
                assert self.let.wait(PATIENCE)
            yield following, replace(reply, language="de")  # that of the question


def test_the_chat_says_who_is_before_and_then_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit_module, "watched", lambda steps, waiting: watched(steps, waiting, PAUSE, PAUSE))
    bot = Held()
    host = Host(bot)  # type: ignore[arg-type]
    *_, visit = host.open_example(host.welcome(), "five")
    bot.ahead = Waiting(7, 9.0)
    shown = []
    for step in host.ask(visit, "warum?"):
        text = words_of(step.messages[-1])
        shown.append(text)
        if "andere Fragen" in text:
            bot.ahead = Waiting(1, 1.0)
        if "Eine andere Frage" in text:
            bot.let.set()
    after = [text.partition(FIRST)[2].strip() for text in shown if FIRST in text]
    told = [text for place, text in enumerate(after) if place == 0 or text != after[place - 1]]
    assert told == [
        interface_words("de")["still_testing"],
        "*7 andere Fragen sind vor deiner dran. In etwa 10 Sekunden bist du an der Reihe.*",
        "*Eine andere Frage ist vor deiner dran. Gleich bist du an der Reihe.*",
        REST.strip(),
    ]
    assert len(step.messages) == len(visit.messages) + 2  # one question, one answer: no line of its own


def test_more_than_fit_get_one_sentence_and_the_question_stays(opened: tuple[FakeBot, Host, Visit]) -> None:
    _, host, visit = opened
    host._room = Room(1)
    first = begun(host.ask(visit, "why?"))
    *_, refused = host.ask(visit, "why not 3?")
    assert [message.content[0] for message in refused.messages[-2:]] == [
        "why not 3?".replace("?", "\\?"),
        interface_words("en")["waiting.full"].replace(",", "\\,").replace(".", "\\."),
    ]
    *_, done = first
    assert FIRST in words_of(done.messages[-1])
    *_, later = host.ask(visit, "why not 3?")
    assert FIRST in str(later.messages[-1].content[0])


def test_a_closed_answer_gives_its_place_back(opened: tuple[FakeBot, Host, Visit]) -> None:
    _, host, visit = opened
    host._room = Room(1)
    first = begun(host.ask(visit, "why?"))
    first.close()  # type: ignore[attr-defined]
    *_, second = host.ask(visit, "why?")
    assert FIRST in str(second.messages[-1].content[0])
