"""It's a 4: what speaks for it, what misled, and advice that was tried."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from math import log
from types import SimpleNamespace

import numpy as np
import pytest

from bot.claims.findings import Findings, beats_in_log_odds
from bot.question import Question
from bot.questions.base import Asked
from bot.questions.correct_me import CorrectMe
from bot.record.claims import mix_up_claims
from bot.values import Claim, Reading, Session
from bot.words.render import LEVELS, languages
from explainers.base import Case
from model.values import DigitImage, ModelIdentity, Prediction
from tests.bot.made import parts
from tests.bot.questions.test_why_not import OTHER, READ, case_of
from tests.bot.spoken import put_into_words
from tests.bot.summing import sums_up
from tests.fakes import FakeClassifier


def answered(case: Case, **slots: object) -> list[Claim]:
    reading = Reading(DigitImage(case.pixels), case, None)
    return list(CorrectMe().claims(Asked(Question("correct_me", slots), Session(reading=reading))))


def kinds(case: Case, **slots: object) -> list[str]:
    return [claim.kind for claim in answered(case, **slots)]


def identity(confusion: object) -> ModelIdentity:
    return replace(ModelIdentity("fake", None, "0" * 64), record={"measured": {"confusion": confusion}})


def confusion(wrong: Mapping[tuple[int, int], int]) -> list[list[int]]:
    counts = np.eye(10, dtype=int) * 100
    for (true, read), count in wrong.items():
        counts[true, read] = count
    return counts.tolist()


MISLED = case_of({2: 5.0}, {2: -5.0, 0: 2.0}, (0.0, 3.0))


def test_what_misled_is_named_and_to_leave_it_out_is_the_advice() -> None:
    said = answered(MISLED, digit=OTHER)
    assert [claim.kind for claim in said] == ["correct_heard", "misled_erase_wins", "ambiguous", "advice_same_erase"]
    assert {claim.parts[0].id for claim in said[1:]} == {"part_3"}
    assert all(claim.test is not None and claim.test.after.digit == OTHER for claim in said[1:])


def test_a_gap_that_should_be_closed() -> None:
    said = answered(case_of({-1: -5.0}, {-1: 5.0}, (3.0, 0.0)), digit=OTHER)
    assert [claim.kind for claim in said][-1] == "advice_same_fill"
    assert put_into_words(said, "en")[-1].sentence == "So close it, and I read 3."


def test_two_changes_are_advised_where_no_single_one_does() -> None:
    *_, advice = answered(case_of({}, {1: -4.0, -1: 4.0}, (7.0, 4.0)), digit=OTHER)
    assert advice.kind == "advice"
    assert advice.test is not None
    assert advice.test.after.digit == OTHER
    (words,) = put_into_words([advice], "en")
    assert "rub out the dot at the top and fill in the opening at the bottom that faces left" in words.sentence


def test_what_does_not_work_is_not_advised() -> None:
    said = answered(case_of({}, {1: -1.0}, (9.0, 1.0)), digit=OTHER)
    assert [claim.kind for claim in said] == ["correct_heard", "advice_none"]


@pytest.mark.parametrize(("weight", "kind"), [(0.3, "advice_lowers"), (-0.3, "advice_none")])
def test_what_only_takes_from_the_digit_is_not_said_to_come_close(weight: float, kind: str) -> None:
    *_, claim = answered(case_of({}, dict.fromkeys(range(5), weight), (9.0, 1.0)), digit=OTHER)
    assert claim.kind == kind
    for level in LEVELS:
        said = put_into_words([claim], "en", level)[0].sentence
        assert bool(re.search("closest|best was", said)) == (kind == "advice_none" and level != "expert")


def test_of_single_changes_that_do_not_work_all_tests_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Findings, "pairs", ())
    case = case_of({}, {1: -1.0, -1: 0.5}, (9.0, 1.0))
    *_, claim = answered(case, digit=OTHER)
    assert (claim.kind, claim.quoted, claim.read_in_all) == ("advice_none_alone", "most", False)
    assert sums_up(claim, len(case.parts))
    case.parts = (case.parts[0], case.parts[-1])  # all the ink in one part, so there are gaps alone to change
    *_, claim = answered(case, digit=OTHER)
    assert (claim.kind, claim.quoted, claim.read_in_all) == ("advice_none_filled", "most", False)
    assert sums_up(claim, 1)


def test_a_win_by_too_little_is_not_advised() -> None:
    case = case_of({1: 4.0}, {}, (0.0, 0.4))
    case.classifier.biases[[7, 8]] = 0.1  # type: ignore[attr-defined]
    *_, weak = put_into_words(answered(case, digit=OTHER), "en")
    assert weak.kind == "advice_weak"
    assert "erasing or filling of parts" in weak.sentence, "redrawing may do more"


def test_what_no_longer_looks_like_a_digit_is_not_advised(monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of({2: 5.0}, {2: -5.0}, (0.0, 3.0))
    assert case.prediction.is_digit
    predict = case.classifier.predict
    looked = []

    def strange(pixels: np.ndarray) -> Prediction:
        looked.append(pixels)
        return replace(predict(pixels), strangeness=2.0)

    monkeypatch.setattr(case.classifier, "predict", strange)
    *_, advice = answered(case, digit=OTHER)
    assert advice.kind == "advice_unlike"
    assert advice.test is not None
    assert any(np.array_equal(advice.test.after.pixels, pixels) for pixels in looked), "what is said was seen"
    (look,) = advice.looks
    assert np.array_equal(look.pixels, advice.test.after.pixels)
    assert (look.strangeness, look.is_digit) == (2.0, False)


def test_what_speaks_for_the_person_s_digit() -> None:
    case = case_of({}, {4: 4.0}, (3.2, -1.0))
    said = answered(case, digit=OTHER)
    assert said[1].kind == "for_yours_erase"
    assert said[1].parts[0].id == "part_5"
    assert said[1].slots["after"] < said[1].slots["before"]
    assert put_into_words(said, "en")[1].sentence.startswith("What speaks most for your 3")
    assert "for_yours_erase" not in kinds(case_of({}, {4: 4.0}, (12.0, -1.0)), digit=OTHER)  # nothing to lose


@pytest.mark.parametrize(
    ("alike", "elsewhere", "named"),
    [(2, 6, True), (3, 6, False), (1, 1, True), (2, 2, False), (2, 0, True)],
)
def test_what_half_of_the_places_elsewhere_do_to_a_faint_digit_speaks_for_nothing(
    monkeypatch: pytest.MonkeyPatch, alike: int, elsewhere: int, named: bool
) -> None:
    case = case_of({}, {4: 4.0}, (6.2, -1.0))
    findings = Findings(case, OTHER)
    drop = findings.erasures[0].log_odds_drop
    falls = np.array([0.0] * (8 - alike) + [drop - log(2) + 0.01] * alike)  # to the odds, half as far and a bit more
    apart = np.arange(8) >= 8 - elsewhere
    control = SimpleNamespace(digit=OTHER, drops=falls * 0, log_odds_drops=falls, elsewhere=lambda _: apart)
    monkeypatch.setattr(Findings, "control", lambda *_: control)
    assert beats_in_log_odds(findings.erasures[0].test, control)  # type: ignore[arg-type]
    assert ("for_yours_erase" in kinds(case, digit=OTHER)) is named
    control.log_odds_drops = np.where(falls > 0, drop - log(2) - 0.01, 0.0)
    assert "for_yours_erase" in kinds(case, digit=OTHER), "what falls clearly less far is not about as much"


def test_most_is_not_said_where_something_else_costs_more_though_no_more_than_chance(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = case_of({}, {4: 4.0, 3: 3.0}, (6.2, -1.0))
    first = answered(case, digit=OTHER)[1]
    monkeypatch.setattr("bot.questions.correct_me.is_cause", lambda findings, effect: effect.parts != first.parts)
    monkeypatch.setattr("bot.questions.correct_me._tenth_left", lambda *_: False)
    second = answered(case, digit=OTHER)[1]
    assert (first.slots["most_of_all"], second.slots["most_of_all"]) == (True, False)
    assert second.parts != first.parts
    assert put_into_words([second], "en")[0].sentence.startswith("What speaks for your 3 is")


def test_a_narrow_error_is_owned_as_such() -> None:
    assert kinds(case_of({}, {}, (2.1, 2.0)), digit=OTHER)[0] == "correct_close"


def test_whoever_says_what_is_read_agrees() -> None:
    assert kinds(MISLED, digit=READ) == ["correct_agreed"]


def test_without_a_digit_it_asks_which() -> None:
    (claim,) = answered(MISLED)
    assert claim.kind == "correct_which"
    assert claim.slots["other"] == MISLED.prediction.runner_up


@pytest.mark.parametrize(
    ("wrong", "part", "kind"),
    [
        ({(4, 9): 3}, None, "train_known"),
        ({(9, 4): 1}, 0, "train_known_part"),
        ({(4, 8): 3}, 0, "train_rare_part"),
        ({}, None, "train_rare"),
    ],
)
def test_what_follows_from_the_record(wrong: dict[tuple[int, int], int], part: int | None, kind: str) -> None:
    (claim,) = mix_up_claims(identity(confusion(wrong)), 9, 4, None if part is None else parts()[part])
    assert claim.kind == kind
    assert claim.slots["wrong"] == wrong.get((4, 9), 0)
    assert claim.slots["back"] == wrong.get((9, 4), 0)
    for language in languages():
        for level in ("normal", "simple"):
            (said,) = put_into_words([claim], language, level)
            assert not re.search(r"\b0\b", said.sentence), "one way or both, there was none"
    assert claim.slots["pictures"] == 100 + sum(count for (true, _), count in wrong.items() if true == 4)


@pytest.mark.parametrize("found", [None, [], [[1, 2], [3, 4]], "much"])
def test_without_a_record_of_pairs_nothing_is_said(found: object) -> None:
    assert not list(mix_up_claims(identity(found), 9, 4, None))
    assert not list(mix_up_claims(FakeClassifier.random().identity, 9, 4, None))
