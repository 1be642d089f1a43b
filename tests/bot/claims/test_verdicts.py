"""The verdict on what a person takes for the reason: right, in part, against, or not."""

from __future__ import annotations

from itertools import product

import pytest

from bot.claims.findings import Findings
from bot.question import Question
from bot.questions.base import Asked
from bot.questions.check_claim import CheckClaim
from bot.values import Claim, Reading, Session
from bot.words.render import LEVELS, languages
from explainers.base import Case
from model.values import DigitImage
from tests.bot import made
from tests.bot.boxes import DIGIT, case_of, faint_around
from tests.bot.spoken import put_into_words


def answered(case: Case, **slots: object) -> list[Claim]:
    reading = Reading(DigitImage(case.pixels), case, None)
    return list(CheckClaim().claims(Asked(Question("check_claim", slots), Session(reading=reading))))


def kinds(case: Case, **slots: object) -> list[str]:
    return [claim.kind for claim in answered(case, **slots)]


def test_right_is_a_cause_that_no_other_part_beats() -> None:
    said = answered(case_of({2: 5.0}), where="part_3")
    assert [claim.kind for claim in said] == ["claim_right_erase_flips", said[1].kind, "claim_next_erase"]
    assert said[1].kind.startswith("control")
    assert said[0].test is not None
    assert said[0].slots["after"] == pytest.approx(float(said[0].test.after.probabilities[DIGIT]))


def test_the_same_claim_of_another_part_is_wrong_and_the_cause_is_named() -> None:
    said = answered(case_of({2: 5.0}), where="part_4")
    assert [claim.kind for claim in said] == ["claim_wrong_small_erase_keeps", "instead_flips"]
    assert said[1].parts[0].id == "part_3"


@pytest.mark.parametrize(("worth", "kind"), [(1.2, "instead_helps"), (5.0, "instead_flips")])
def test_above_all_is_said_only_of_what_the_digit_cannot_spare(worth: float, kind: str) -> None:
    *_, instead = answered(case_of({2: worth}, bias=3.0 if worth < 2 else 0.0), where="part_4")
    assert (instead.kind, instead.parts[0].id) == (kind, "part_3")
    for language in languages():
        for level in LEVELS:
            assert put_into_words([instead], language, level)[0].sentence
    (said,) = put_into_words([instead], "en")
    assert ("above all" in said.sentence) is (kind == "instead_flips")


def test_partly_where_another_part_costs_clearly_more() -> None:
    said = answered(case_of({1: 3.0, 2: 6.0}, bias=-3.8, count=12), where="part_2")
    assert [claim.kind for claim in said] == ["claim_partly_erase_keeps", said[1].kind, "claim_more_erase"]
    assert said[2].parts[0].id == "part_3"
    mirror = case_of({1: 6.0, 2: 3.0}, bias=-3.8, count=12)
    assert kinds(mirror, where="part_2")[0] == "claim_right_erase_flips"


def test_what_costs_more_as_any_such_ink_would_makes_no_cause_one_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of({1: 3.0, 2: 6.0}, bias=-3.8, count=12)
    beats = Findings.beats_control
    monkeypatch.setattr(Findings, "beats_control", lambda self, one: one.parts[0].id != "part_3" and beats(self, one))
    said = answered(case, where="part_2")
    assert [claim.kind for claim in said] == ["claim_right_erase_keeps", said[1].kind, "large_part", "large_control"]
    assert said[2].parts[0].id == "part_3"


def test_parts_that_cost_about_as_much_are_both_right() -> None:
    case = case_of({1: 3.0, 2: 3.0}, bias=-1.0)
    assert kinds(case, where="part_2")[0].startswith("claim_right")
    assert "claim_as_much_erase" in kinds(case, where="part_3")


def test_the_other_sign_speaks_against() -> None:
    case = case_of({2: -3.0}, bias=5.8)
    said = answered(case, where="part_3")
    assert [claim.kind for claim in said][:2] == ["claim_against_erase_wins", "claim_control_erase"]
    assert said[0].slots["after"] > said[0].slots["before"]


def test_what_any_ink_would_do_is_no_cause() -> None:
    case = case_of(dict.fromkeys(range(6), 1.2), bias=-3.0)
    assert kinds(case, where="part_3")[:2] == ["claim_wrong_random_erase", "claim_control_erase"]


def test_a_part_that_counts_only_with_another_is_right_in_part() -> None:
    # Either of two boxes is enough for the 5, so that each alone hardly matters.
    case = case_of({1: 6.0, 2: 6.0}, bias=-1.2)
    said = answered(case, where="part_2")
    assert [claim.kind for claim in said] == [
        "claim_partly_alone_erase", "claim_partly_together_flips", "claim_partly_rest",
    ]  # fmt: skip
    assert {part.id for part in said[1].parts} == {"part_2", "part_3"}
    assert [part.id for part in said[2].parts] == ["part_3"]
    assert kinds(case, where="part_5")[0] == "claim_wrong_small_erase_keeps"


def test_a_gap_that_must_stay_empty() -> None:
    case = case_of({-1: -6.0}, bias=4.0)
    said = answered(case, where="gap")
    assert said[0].kind == "claim_right_fill_flips"
    assert answered(case_of({-1: 6.0}, bias=2.5), where="gap")[0].kind == "claim_against_fill_wins"


@pytest.mark.parametrize("worth", [-6.0, 6.0])
def test_a_gap_that_leaves_no_room_for_a_control_is_no_cause(worth: float) -> None:
    gap = case_of({}).parts[-1]
    size = int(gap.mask.sum())
    bias = 4.0 if worth < 0 else 2.5
    (claim, *_) = answered(faint_around(case_of({-1: worth}, bias=bias), size - 1), where="gap")
    assert claim.kind == "claim_wrong_no_control_fill"
    assert claim.test is not None
    assert not claim.controls
    for language, level in product(languages(), LEVELS):
        (said,) = put_into_words([claim], language, level)
        assert said.sentence
    (just, *rest) = answered(faint_around(case_of({-1: worth}, bias=bias), size), where="gap")
    assert just.kind != "claim_wrong_no_control_fill"
    assert rest[0].controls[0].tests


def test_several_parts_of_one_name_are_erased_together() -> None:
    case = case_of({1: 2.0, 2: 2.0}, bias=0.5)
    said = answered(case, where="top dot")  # the first three boxes lie at the top
    assert said[0].kind == "claim_right_erase_flips"
    assert {part.id for part in said[0].parts} == {"part_1", "part_2", "part_3"}


def test_where_too_little_would_stay_each_is_tested_alone() -> None:
    said = answered(case_of({2: 5.0}), where="dot")
    assert said[0].kind == "claim_right_erase_flips"
    assert said[0].parts[0].id == "part_3"
    assert [len(claim.parts) for claim in said if claim.kind.startswith("claim_")] == [1] * 3


def test_a_region_is_its_ink() -> None:
    case = case_of({2: 6.0})
    (verdict, *_) = answered(case, where="top")
    assert verdict.kind == "claim_right_erase_flips"
    assert verdict.test is not None
    assert verdict.test.operation == {"kind": "erase", "region": "top"}
    (sentence,) = put_into_words([verdict], "en")
    assert "depend on the top:" in sentence.sentence


def test_the_only_part_is_all_there_is() -> None:
    assert kinds(case_of({0: 5.0}, count=1), where="part_1") == ["claim_all_ink"]


def test_without_a_place_it_asks_which() -> None:
    (claim,) = answered(case_of({2: 5.0}))
    assert claim.kind == "which_part"
    assert len(claim.parts) == 7


def test_what_is_not_there_is_left_to_the_premise() -> None:
    assert kinds(case_of({2: 5.0}), where="loop") == []


def test_for_another_digit_than_the_one_read() -> None:
    case = case_of({2: 5.0})
    blank = case.pixels[case.parts[1].mask].sum()
    case.classifier.weights[3][case.parts[1].mask] = -9.0 / blank  # type: ignore[attr-defined]
    case.classifier.biases[3] = 6.0  # type: ignore[attr-defined]
    assert case.prediction.digit == DIGIT
    assert kinds(case, where="part_2", digit=3)[0] == "claim_against_erase_wins"
    assert kinds(case, where="part_4", digit=3)[0] == "claim_no_room_erase"
    assert kinds(case, where="part_4", digit=3)[1] == "first_obstacle_erase_wins"


def test_a_small_change_may_still_tip_a_close_call() -> None:
    case = case_of({2: 0.2}, bias=1.9)
    said = answered(case, where="part_3")
    assert said[0].kind == "claim_wrong_small_erase_flips"


def test_a_region_that_no_part_is_named_after_is_still_its_ink() -> None:
    claims = CheckClaim().claims(Asked(Question("check_claim", {"where": "right"}), Session(reading=made.reading())))
    first = next(claims)
    assert first.kind.startswith("claim_")
    assert first.test is not None
    assert not first.test.after.pixels[:, 14:].any()
