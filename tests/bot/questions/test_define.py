"""Words of the field: each is explained at every level, and where the picture has an example, by that too."""

from __future__ import annotations

import numpy as np
import pytest

from bot.api import Bot
from bot.questions.define import TERMS
from bot.schema import reply_schema
from bot.understanding.language import load_language
from bot.words.lengths import MOST_WORDS, count_words
from bot.words.render import LEVELS, languages, words
from explainers.values import log_odds
from tests.bot.digits import drawn
from tests.fakes import tiny_classifier


@pytest.fixture(scope="module")
def bot() -> Bot:
    return Bot(tiny_classifier(3))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("level", LEVELS)
def test_every_word_has_an_explanation_of_its_own_at_every_level(language: str, level: str) -> None:
    spoken = words(language)
    said = [spoken.say(f"define_{term}", {"side": 28}, level) for term in TERMS]
    assert len(set(said)) == len(TERMS)
    assert all(0 < count_words(one) <= MOST_WORDS for one in said)
    own = {name for name in spoken.levels[level] if name.startswith("define_")}
    assert {f"define_{term}" for term in TERMS} <= own


@pytest.mark.parametrize("language", languages())
def test_every_word_has_a_name_and_is_known_to_the_parser_and_the_schema(language: str) -> None:
    assert set(reply_schema()["$defs"]["Question"]["properties"]["term"]["enum"]) == set(TERMS)
    assert set(load_language(language).data["term"]) == set(TERMS)
    named = [words(language).term(term) for term in TERMS]
    assert len(set(named)) == len(TERMS)
    told = words(language).say("define_which", {"terms": TERMS})
    assert all(name in told for name in named)


def test_before_any_picture_only_the_word_is_explained(bot: Bot) -> None:
    reply = bot.start().ask("what is a logit?")
    assert reply.question.to_dict() == {"type": "define", "term": "logit"}
    assert [claim.kind for claim in reply.claims] == ["define_logit"]


@pytest.mark.parametrize(
    ("question", "kind"), [("what is a logit?", "here_logit"), ("what are log-odds?", "here_log_odds")]
)
def test_the_picture_at_hand_is_the_example(bot: Bot, question: str, kind: str) -> None:
    chat = bot.start()
    prediction = chat.show(drawn("five")).prediction
    reply = chat.ask(question)
    example = reply.claims[-1]
    assert example.kind == kind
    assert example.digit == prediction.digit
    assert example.slots["log_odds"] == float(log_odds(prediction.logits, prediction.digit))
    assert example.slots["probability"] == float(prediction.probabilities[prediction.digit])
    assert f"{abs(float(example.slots['log_odds'])):.2f}" in reply.text  # type: ignore[arg-type]
    assert ("logit" in example.slots) is (kind == "here_logit")
    if kind == "here_logit":
        logits = prediction.logits[[prediction.digit, prediction.runner_up]]
        assert [example.slots[name] for name in ("logit", "other_logit")] == logits.tolist()
        assert example.slots["other"] == prediction.runner_up


def test_its_parts_are_the_example_of_a_part(bot: Bot) -> None:
    chat = bot.start()
    reading = chat.show(drawn("five"))
    reply = chat.ask("what do you call a part?")
    assert reply.claims[-1].kind == "here_parts"
    assert reply.claims[-1].parts == reading.case.parts


def test_other_words_have_no_example(bot: Bot) -> None:
    chat = bot.start()
    chat.show(drawn("five"))
    assert [claim.kind for claim in chat.ask("what does R² mean?").claims] == ["define_r_squared"]


def test_a_picture_turned_away_is_no_example(bot: Bot) -> None:
    chat = bot.start()
    chat.show(np.full((200, 200), 255, np.uint8))
    assert [claim.kind for claim in chat.ask("what is a logit?").claims] == ["define_logit"]


def test_without_a_word_those_that_there_are_are_named(bot: Bot) -> None:
    reply = bot.start().ask("what does that word mean?")
    assert reply.claims[0].kind == "define_which"
    assert reply.claims[0].slots["terms"] == TERMS
