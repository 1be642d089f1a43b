"""How a person wants to be answered is remembered, and the question before is answered again."""

from __future__ import annotations

import re
from functools import cache

import pytest

from benchmarks.formulas import SCALES, readability
from bot.api import Bot, Chat
from bot.errors import BotError
from bot.question import Question
from bot.style import going_on, heed, to_answer
from bot.values import Reply, Session
from bot.words.render import LEVELS
from tests.bot import made
from tests.bot.digits import drawn
from tests.fakes import FakeClassifier, tiny_classifier
from tests.remembering import remembering


@pytest.fixture
def chat() -> Chat:
    chat = Bot(FakeClassifier.random(scale=0.05)).start()
    chat.show(drawn("five"))
    return chat


@pytest.fixture
def two_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.style.languages", lambda: ("en", "de"))


def style(**slots: object) -> Question:
    return Question("style", slots)


@pytest.mark.usefixtures("two_languages")
def test_the_language_follows_the_questions_until_one_is_asked_for() -> None:
    session = heed(Session(), Question("why", language="de"))
    assert session.language == "de"
    assert heed(session, Question("why", language=None)).language == "de"
    assert heed(session, Question("why", language="xx")).language == "de"
    pinned = heed(session, style(language="en"))
    assert (pinned.language, pinned.pinned) == ("en", True)
    assert heed(pinned, Question("why", language="de")).language == "en"
    assert heed(pinned, style(language="de")).language == "de"


def test_a_language_that_we_do_not_speak_changes_nothing(chat: Chat) -> None:
    assert heed(Session(), style(language="pl")).pinned is False
    reply = chat.ask("speak Polish please")
    assert [claim.kind for claim in reply.claims] == ["style_language_unknown"]


def test_a_level_and_a_length_are_remembered() -> None:
    session = heed(Session(), style(level="simple"))
    session = heed(session, style(length="longer"))
    assert (session.level, session.length) == ("simple", "longer")
    assert heed(session, Question("why")).level == "simple"
    session = heed(session, style(level="normal"))
    assert (session.level, session.length) == ("normal", None)


def test_the_question_before_is_answered_again(chat: Chat) -> None:
    why_not = chat.ask("why not 3?")
    again = chat.ask("simpler please")
    assert again.claims[0].kind == "style_level_simple"
    assert [claim.kind for claim in again.claims[1:]] == [claim.kind for claim in why_not.claims]
    assert [claim.sentence for claim in again.claims[1:]] != [claim.sentence for claim in why_not.claims]
    assert chat.ask("why not 3?").text == again.text.partition("\n\n")[2]


def test_after_a_picture_alone_it_says_why() -> None:
    session = Session(reading=made.reading())
    assert to_answer(session, style(level="simple")) == (Question("why"),)
    assert to_answer(Session(), style(level="simple")) == ()
    assert to_answer(session, style()) == ()  # nothing that could be granted


def test_a_question_beside_the_wish_is_answered_and_remembered() -> None:
    asked = Question("style", {"level": "simple"}, (Question("why_not", {"other": 3}),))
    session = Session(reading=made.reading(), question=Question("predict"))
    assert to_answer(session, asked) == (Question("why_not", {"other": 3}),)
    assert going_on(session, asked).question == Question("why_not", {"other": 3})
    assert going_on(session, Question("unknown")).question == Question("predict")


def test_a_language_or_level_that_there_is_not() -> None:
    bot = Bot(FakeClassifier.random())
    for wrong in ({"language": "xx"}, {"level": "xx"}):
        with pytest.raises(BotError, match="xx"):
            bot.new_session(**wrong)


@cache
def bot() -> Bot:
    """For all levels, which have the same runs of the network."""
    return Bot(remembering(tiny_classifier(3)))


@cache
def replies(level: str) -> list[Reply]:
    """Answers to the usual questions about three drawings."""
    found = []
    for name in ("five", "four", "three"):
        chat = bot().start(level=level)
        chat.show(drawn(name))
        found += [chat.ask(text) for text in ("what is it?", "why?", "why not 3?", "how sure are you?", "why 1?")]
    return found


def test_the_simple_level_can_be_read_at_school() -> None:
    for reply in replies("simple"):
        assert SCALES["en"].holds(readability(reply.text, "en", aloud=True)), reply.text
        assert not re.search(r"log-odds|percentage|probabilit|R²|logit", reply.text), reply.text


def test_every_level_is_as_honest_as_the_others() -> None:
    usual, *others = [replies(level) for level in LEVELS]
    for level in others:
        for one, other in zip(usual, level, strict=True):
            assert [claim.kind for claim in one.claims] == [claim.kind for claim in other.claims]
            assert one.warnings == other.warnings
            assert [claim.evidence for claim in one.claims] == [claim.evidence for claim in other.claims]


@pytest.mark.parametrize("level", LEVELS)
def test_weak_evidence_is_said_at_every_level_and_length(level: str) -> None:
    biases = [0.0] * 10
    biases[5], biases[3] = 3.0, 2.0
    bot = Bot(FakeClassifier([[[0.0] * 28] * 28] * 10, biases))  # type: ignore[arg-type]
    for length in ("shorter", "more detail"):
        chat = bot.start(level=level)
        chat.ask(length)
        chat.show(drawn("five"))
        reply = chat.ask("why?")
        assert {"weak_evidence", "reading_close"} & {claim.kind for claim in reply.claims}
        assert "weak_evidence" in [claim.kind for claim in reply.claims]
        assert "weak_evidence" in reply.warnings
