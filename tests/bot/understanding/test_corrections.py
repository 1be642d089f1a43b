"""Which digit a correction names: not the one that it calls wrong."""

from __future__ import annotations

import pytest

from bot.api import Bot
from bot.question import Context
from bot.understand import understand
from tests.bot.digits import drawn
from tests.fakes import tiny_classifier

CALLED_WRONG = (
    ("en", "5 is wrong"),
    ("en", "your 5 is simply wrong"),
    ("en", "5? no way"),
    ("en", "you are wrong about the 5"),
    ("de", "die 5 ist falsch"),
    ("de", "5? falsch"),
    ("es", "el 5 está mal"),
    ("es", "tu 5 no es correcto"),
    ("fr", "le 5 est faux"),
    ("fr", "5 ? faux"),
)
SAID_INSTEAD = (
    ("en", "saying 5 is wrong, it's a 3", 3),
    ("en", "wrong, it's a 5", 5),
    ("en", "it's a 5, you are wrong", 5),
    ("en", "it's a 5, never a 3", 5),
    ("es", "es un 5, no es un 3", 5),
    ("fr", "c'est un 5, jamais un 3", 5),
    ("de", "5 stimmt nicht, es ist eine 6", 6),
    ("de", "falsch, das ist eine 5", 5),
    ("es", "está mal, es un 5", 5),
    ("fr", "c'est faux, c'est un 5", 5),
)


@pytest.mark.parametrize(("language", "text"), CALLED_WRONG)
def test_a_digit_that_is_called_wrong_is_not_the_right_one(language: str, text: str) -> None:
    assert understand(text, Context(predicted=5, language=language)).to_dict() == {"type": "correct_me"}


@pytest.mark.parametrize(("language", "text", "digit"), SAID_INSTEAD)
def test_the_digit_that_is_said_instead_is(language: str, text: str, digit: int) -> None:
    found = understand(text, Context(predicted=5, language=language)).to_dict()
    assert found == {"type": "correct_me", "digit": digit}


def test_who_calls_the_reading_wrong_is_not_agreed_with() -> None:
    chat = Bot(tiny_classifier(3)).start()
    read = chat.show(drawn("five")).prediction.digit
    agreed, refuted = chat.ask(f"it is a {read}"), chat.ask(f"{read} is wrong")
    assert {claim.kind for claim in agreed.claims} != {claim.kind for claim in refuted.claims}
    assert refuted.question.to_dict() == {"type": "correct_me"}
