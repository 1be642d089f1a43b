"""Questions about the network itself: without a picture, without a record, shorter, and what they lead to."""

from __future__ import annotations

import json

import pytest

from bot.api import Bot
from bot.words.lengths import MOST_WORDS, count_words
from bot.words.render import LEVELS, languages
from tests.bot.digits import drawn
from tests.bot.records import bundled, identity, measured, table, trained
from tests.fakes import tiny_classifier

QUESTIONS = {
    "accuracy": "how accurate are you?",
    "confusions": "which digits do you mix up?",
    "training_data": "what were you trained on?",
    "model": "what model is this?",
    "privacy": "do you keep my picture?",
}
OF_ONE = ("how often are you right on 9s", "what do you confuse 6 with")


def bot(**record: object) -> Bot:
    classifier = tiny_classifier(3)
    classifier.identity = identity(**record)
    return Bot(classifier)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_answered_before_any_picture_and_without_a_record(kind: str) -> None:
    for asked in (bot(), bot(measured=measured(table({(5, 3): 2})), training=trained())):
        reply = asked.start().ask(QUESTIONS[kind])
        assert reply.question.type == kind
        assert reply.text
        assert not {"no_picture", "not_yet"} & {claim.kind for claim in reply.claims}
        assert all(claim.evidence for claim in reply.claims)
        assert json.dumps(reply.to_dict(), allow_nan=False)
        assert QUESTIONS[kind] not in reply.suggestions
        assert len(reply.suggestions) >= 2
        assert all(claim.test is None for claim in reply.claims)


def test_answered_of_a_picture_that_is_no_digit() -> None:
    chat = bot(measured=measured(table({(5, 3): 2}))).start()
    chat.show(drawn("five") * 0)
    assert chat.ask("which digits do you mix up?").claims[0].kind == "confusions_first"


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("language", languages())
def test_shorter_is_at_most_so_many_words(level: str, language: str) -> None:
    classifier = tiny_classifier(3)
    classifier.identity = bundled()
    speak = {"en": "in English", "de": "auf Deutsch bitte", "es": "en español", "fr": "en français"}
    chat = Bot(classifier).start(level=level)
    chat.ask(speak[language])
    chat.ask("shorter")
    for question in (*QUESTIONS.values(), *OF_ONE):
        reply = chat.ask(question)
        assert reply.language == language
        assert 0 < count_words(reply.text) <= MOST_WORDS, reply.text


def test_a_digit_is_kept_in_what_is_offered() -> None:
    chat = bot(measured=measured(table({(5, 3): 2}))).start()
    assert "What do you confuse 9 with?" in chat.ask(OF_ONE[0]).suggestions
    assert "How accurate are you on 6?" in chat.ask(OF_ONE[1]).suggestions


def test_before_any_picture_they_are_offered() -> None:
    assert "How accurate are you?" in bot().start().ask("help").suggestions
