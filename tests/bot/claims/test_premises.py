"""What a question supposes wrongly is said first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.claims.premises import named_parts, premise_claims
from bot.question import Question
from bot.questions.base import Asked
from bot.values import Session
from explainers.values import PLACES, Part
from tests.bot import made
from tests.bot.spoken import put_into_words

ERASE = {"change": "erase"}


def asked(kind: str, **slots: object) -> Asked:
    """About the bar at the top and the stem on the left, read as 5."""
    return Asked(Question(kind, slots), Session(reading=made.reading()))


def kinds(one: Asked) -> list[str]:
    return [claim.kind for claim in premise_claims(one)]


@pytest.mark.parametrize("kind", ["why", "confidence", "where", "show", "how_robust", "check_claim", "what_if"])
def test_another_digit_than_the_one_read(kind: str) -> None:
    assert kinds(asked(kind, digit=7)) == ["wrong_premise"]
    assert kinds(asked(kind, digit=5)) == []
    assert kinds(asked(kind)) == []


def test_the_other_digit_of_why_not_is_no_premise() -> None:
    assert kinds(asked("why_not", other=7)) == []
    assert kinds(asked("why_not", digit=7)) == []
    assert kinds(asked("why_not", digit=7, other=3)) == ["wrong_premise"]


def test_a_digit_that_is_no_premise() -> None:
    assert kinds(asked("accuracy", digit=7)) == []


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("loop", "I find no loop in this picture."),
        ("bottom bar", "I find no flat bar at the bottom in this picture."),
        ("part_3", "There is no part 3 in this picture."),
        ("middle", "There is no part in the middle in this picture."),
    ],
)
def test_a_part_that_is_not_there(where: str, said: str) -> None:
    missing, parts = put_into_words(premise_claims(asked("what_if", **ERASE, where=where)), "en")
    assert missing.sentence == said
    assert parts.sentence.startswith("Its parts and openings are ")
    assert [part.id for part in parts.parts] == list(made.NAMES)


def test_openings_are_named_as_such_only_where_there_are_any() -> None:
    one = asked("what_if", **ERASE, where="loop")
    one.case.parts = one.case.parts[:2]  # type: ignore[misc]
    _, parts = put_into_words(premise_claims(one), "en")
    assert (parts.kind, parts.sentence.startswith("Its parts are ")) == ("its_parts", True)


@pytest.mark.parametrize("where", ["bar", "top bar", "stem", "part_2", "top", "top_left bar", "bottom"])
def test_a_part_that_is_there(where: str) -> None:
    assert kinds(asked("check_claim", where=where)) == []


def test_a_place_with_ink_is_there_though_no_part_is_named_after_it() -> None:
    assert named_parts("right", made.parts()) == ()
    assert kinds(asked("check_claim", where="right")) == []
    assert kinds(asked("what_if", **ERASE, where="right")) == []
    assert kinds(asked("what_if", change="fill", where="right")) == ["missing_region", "its_parts_and_openings"]


def test_which_gap_is_meant() -> None:
    one = asked("what_if", change="fill", where="gap")
    assert kinds(one) == ["meant_one"]
    gap = one.case.parts[2]
    one.case.parts = (*one.case.parts, replace(gap, id="gap_2", form="hole", place="top"))  # type: ignore[misc]
    assert kinds(one) == ["meant_several"]
    assert kinds(asked("what_if", change="fill", where="top gap")) == ["missing_gap", "its_parts_and_openings"]


def test_a_leaning_stroke_is_a_stem_to_a_person_and_not_the_other_way_round() -> None:
    leaning = replace(made.parts()[1], form="slant")
    assert named_parts("stem", (leaning,)) == (leaning,)
    assert named_parts("slant", made.parts()) == ()


def test_a_loop_as_large_as_the_whole_is_the_ink_around_its_hole() -> None:
    left, right, dot, hole = (np.zeros((28, 28), bool) for _ in range(4))
    left[8:20, 8:10] = right[8:20, 16:18] = dot[24:26, 12:14] = hole[9:19, 11:15] = True
    masks = {"curve": left, "slant": right, "dot": dot}
    ink = tuple(Part(f"part_{n}", "ink", form, "left", mask) for n, (form, mask) in enumerate(masks.items(), 1))
    inside = Part("gap_1", "gap", "hole", "middle", hole)
    assert named_parts("loop", (*ink, inside)) == ink[:2]
    assert named_parts("middle loop", (*ink, inside)) == ink[:2]
    assert named_parts("top loop", (*ink, inside)) == ()
    assert named_parts("loop", ink) == ()
    opening = replace(inside, form="opening")
    assert named_parts("loop", (*ink, opening)) == ()
    loop = replace(ink[2], form="loop", place="bottom")
    assert named_parts("loop", (*ink, loop, inside)) == (loop,), "one that is a part of its own is meant"
    below = replace(inside, id="gap_2", place="bottom")
    top_loop = replace(loop, place="top")
    rings = named_parts("bottom loop", (*ink[:2], top_loop, below))
    assert rings == ink[:2], "of an 8 whose upper loop alone is a part, the lower one is the rest around its hole"
    assert named_parts("bottom loop", (*ink[:2], top_loop)) == (), "no hole there, no loop"


@pytest.mark.parametrize("place", PLACES)
def test_every_part_lies_where_it_is_said_to(place: str) -> None:
    part = replace(made.parts()[0], place=place)
    assert named_parts("bar", (part,)) == (part,)
    assert named_parts("top", (part,)) == ((part,) if "top" in place or place == "whole" else ())
