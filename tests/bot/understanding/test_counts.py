"""Numbers that count, measure or tell an age are no digits: "give me 3 reasons" does not ask why it is a 3."""

from __future__ import annotations

import pytest

from bot.question import Context
from bot.understand import understand
from bot.understanding.language import load_language
from bot.understanding.normalise import whole

COUNTED = (
    ("en", "give me 3 reasons", {"type": "why"}),
    ("en", "what are the 2 most important parts?", {"type": "where"}),
    ("en", "my son is 6, explain it for him", {"type": "style", "level": "simple"}),
    ("en", "is one of the two loops enough", {"type": "what_if", "change": "keep", "where": "loop"}),
    ("en", "explain it in 5 words", {"type": "style", "length": "shorter"}),
    ("de", "nenn mir 3 Gründe", {"type": "why"}),
    ("de", "was sind die drei wichtigsten Stellen", {"type": "where"}),
    ("de", "meine Tochter ist neun", {"type": "style", "level": "simple"}),
    ("es", "dame 3 razones", {"type": "why"}),
    ("es", "las 2 partes más importantes", {"type": "where"}),
    ("es", "mi hijo tiene seis", {"type": "style", "level": "simple"}),
    ("fr", "donne-moi 3 raisons", {"type": "why"}),
    ("fr", "les 2 parties les plus importantes", {"type": "where"}),
    ("fr", "ma fille a neuf ans", {"type": "style", "level": "simple"}),
)
BESIDE = (  # the number counts, and a digit stands beside it
    ("en", "question 3: why 5", {"type": "why", "digit": 5}),
    ("en", "3 of us say it's a 9", {"type": "correct_me", "digit": 9}),
    ("de", "3 von uns lesen eine 9", {"type": "correct_me", "digit": 9}),
    ("es", "pregunta 3: ¿por qué 5?", {"type": "why", "digit": 5}),
    ("fr", "7 personnes sur 10 disent 3", {"type": "correct_me", "digit": 3}),
)
DIGITS = (  # nearly the same words, but a digit is meant
    ("en", "mine is 5", {"type": "correct_me", "digit": 5}),
    ("en", "why 5?", {"type": "why", "digit": 5}),
    ("es", "mi hijo escribió un 6", {"type": "correct_me", "digit": 6}),
    ("fr", "pourquoi 3 plutôt que 5 ?", {"type": "why_not", "other": 5, "digit": 3}),
)


@pytest.mark.parametrize(("language", "text", "expected"), [*COUNTED, *BESIDE, *DIGITS])
def test_what_a_number_is(language: str, text: str, expected: dict[str, object]) -> None:
    assert understand(text, Context(predicted=5, language=language)).to_dict() == expected


@pytest.mark.parametrize(
    ("language", "counted", "digit"),
    [
        ("en", "3 of us read it", "the 3 of my daughter"),
        ("de", "3 von uns lesen das", "die 3 von ihnen"),
        ("es", "3 de nosotros", "el 3 de mis alumnos"),
        ("fr", "3 d'entre nous", "le 3 de mes élèves"),
        ("en", "the 2 most important parts", "is the 2 more likely than others"),
        ("en", "5 more degrees", "a 5 more than a 6"),
        ("en", "my son is 6", "my son wrote 6"),
    ],
)
def test_people_are_counted_and_their_digits_are_not(language: str, counted: str, digit: str) -> None:
    spoken = load_language(language)
    assert "#" not in whole(counted, spoken)
    assert "#" in whole(digit, spoken)


def test_an_age_beside_a_question_asks_for_simple_words_and_corrects_nothing() -> None:
    asked = understand("my daughter is nine. why is it a 3?", Context(predicted=3)).to_dict()
    assert asked.pop("also") == [{"type": "why", "digit": 3}]
    assert asked == {"type": "style", "level": "simple"}
