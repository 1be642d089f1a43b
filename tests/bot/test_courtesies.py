"""Who thanks, takes leave or is content is answered in kind; a question with such words beside it is a question."""

from __future__ import annotations

import pytest

from bot.api import Bot
from bot.question import Context, Question
from bot.understand import understand
from tests.bot.digits import drawn
from tests.fakes import tiny_classifier

BEFORE = Context(5, Question("why"))


@pytest.mark.parametrize(
    ("text", "language", "courtesy"),
    [
        ("thanks!", "en", "thanks"), ("Thank you very much", "en", "thanks"), ("ok", "en", "fine"),
        ("I see", "en", "fine"), ("that’s great", "en", "fine"), ("thanks for the explanation", "en", "thanks"),
        ("ok thanks, bye", "en", "bye"), ("good night", "en", "bye"), ("Vielen Dank!", "de", "thanks"),
        ("alles klar", "de", "fine"), ("Tschüss", "de", "bye"), ("muchas gracias por todo", "es", "thanks"),
        ("vale", "es", "fine"), ("adiós", "es", "bye"), ("merci beaucoup", "fr", "thanks"),
        ("c’est très intéressant", "fr", "fine"), ("au revoir", "fr", "bye"),
    ],
)  # fmt: skip
def test_courtesies(text: str, language: str, courtesy: str) -> None:
    for context in (Context(language=language), Context(5, Question("why"), language=language)):
        found = understand(text, context)
        assert (found.type, found.cues, found.also, found.nearest) == ("unknown", (courtesy,), (), ())


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("thanks, why 5?", "why"), ("ok, and why not 3?", "why_not"), ("ok cool, how sure are you", "confidence"),
        ("hi", "help"), ("no thanks, it's a 4", "correct_me"), ("see the loop", "check_claim"),
    ],
)  # fmt: skip
def test_what_asks_something_is_no_courtesy(text: str, type: str) -> None:
    assert understand(text, BEFORE).type == type


@pytest.mark.parametrize("text", ["is that good", "ok?", "", "?!", "no", "so much " * 9 + "thanks", "weather"])
def test_what_may_ask_something_or_says_more_is_none(text: str) -> None:
    assert not understand(text, BEFORE).cues


def test_it_is_answered_in_kind_and_the_conversation_goes_on() -> None:
    chat = Bot(tiny_classifier(3)).start()
    assert chat.ask("thanks").claims[0].kind == "courtesy_thanks"
    chat.show(drawn("five"))
    asked = chat.ask("why not 3?")
    polite = chat.ask("great, thanks!")
    assert [claim.kind for claim in polite.claims] == ["courtesy_thanks"]
    assert polite.question.to_dict() == {"type": "unknown"}
    assert not polite.understood
    assert chat.ask("and 8?").question.type == asked.question.type
