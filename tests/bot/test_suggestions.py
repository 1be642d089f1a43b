"""What to ask next: about the digit that was just spoken of, else about the runner-up."""

from __future__ import annotations

import numpy as np
import pytest

from bot.question import Question
from bot.suggestions import suggest
from bot.values import Reading, Session
from tests.bot import made
from tests.explainers.pictures import boxes_case
from tests.fakes import FakeClassifier


def offered(question: Question) -> tuple[str, ...]:
    """After this question about a picture that is read as 5, before 8."""
    biases = np.zeros(10)
    biases[[5, 8]] = 3.0, 1.0
    case = boxes_case(FakeClassifier(np.zeros((10, 28, 28)), biases))
    return suggest(Session(reading=Reading(made.image(), case, None)), question)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (Question("why_not", {"other": 3}), "What would make it 3?"),
        (Question("how_to_become", {"other": 3}), "Why not 3?"),
        (Question("correct_me", {"digit": 4}), "What would make it 4?"),
        (Question("why_not"), "What would make it 8?"),
        (Question("why", {"digit": 5}), "Why not 8?"),
        (Question("how_to_become", {"other": 5}), "Why not 8?"),
    ],
)
def test_it_goes_on_with_the_digit_that_was_named(question: Question, told: str) -> None:
    assert told in offered(question)


@pytest.mark.parametrize(
    ("question", "place"),
    [
        (Question("what_if", {"change": "erase", "where": "top"}), "the top"),
        (Question("check_claim", {"where": "part_2"}), "part 2"),
        (Question("what_if", {"change": "keep", "where": "top"}), None),
        (Question("what_if", {"change": "fill", "where": "gap"}), None),
        (Question("check_claim", {"where": "gap"}), None),  # no ink is left
        (Question("check_claim", {"where": "tail"}), None),  # the picture has none
        (Question("why"), None),
    ],
)
def test_after_a_place_was_erased_it_is_offered_to_keep_it_alone(question: Question, place: str | None) -> None:
    keeping = [one for one in offered(question) if "erase all but" in one]
    assert keeping == ([f"What if I erase all but {place}?"] if place else [])


def test_what_was_nearly_asked_is_not_offered_twice() -> None:
    said = offered(Question("correct_me", nearest=(Question("why"), Question("where"))))
    assert said[:2] == ("Why?", "Which part mattered most?")
    assert "Why 5?" not in said


def test_a_digit_in_a_question_about_the_network_is_none_of_this_picture() -> None:
    said = offered(Question("confusions", {"digit": 4}))
    assert "How accurate are you on 4?" in said
    assert not [one for one in said if one.startswith(("Why not 4", "What would make it a 4"))]
