"""``Bot.ask``: one question without a memory, in the language and at the level that the caller wants."""

from __future__ import annotations

import pytest

from bot import Bot, BotError
from tests.bot.digits import drawn
from tests.fakes import tiny_classifier


@pytest.fixture(scope="module")
def bot() -> Bot:
    return Bot(tiny_classifier())


def test_the_reply_is_in_the_language_of_the_question(bot):
    assert bot.ask(drawn("five"), "how sure are you?").language == "en"
    assert bot.ask(drawn("five"), "wie sicher bist du?").language == "de"


def test_unless_the_caller_chose_one(bot):
    assert bot.ask(drawn("five"), "how sure are you?", language="de").language == "de"
    assert bot.ask(drawn("five"), "wie sicher bist du?", language="en").language == "en"


def test_the_level_changes_the_words_and_not_the_claims(bot):
    normal, simple = (bot.ask(drawn("five"), "how sure are you?", level=level) for level in ("normal", "simple"))
    assert normal.text != simple.text
    assert [claim.kind for claim in normal.claims] == [claim.kind for claim in simple.claims]


@pytest.mark.parametrize("wish", [{"language": "xx"}, {"level": "loud"}])
def test_what_there_is_not_is_said(bot, wish):
    with pytest.raises(BotError, match="There is no l"):
        bot.ask(drawn("five"), "why?", **wish)
