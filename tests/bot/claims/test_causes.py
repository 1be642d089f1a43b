"""The rules: when a part may be called a cause, and when it must not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.claims import causes
from bot.claims.findings import NOTICEABLE, Effect, Findings
from explainers.base import Case
from explainers.values import Outcome, Test
from model.values import Prediction
from tests.bot.speaking import gap_and_part, made_up, one_part_matters
from tests.bot.spoken import put_into_words
from tests.bot.summing import sums_up
from tests.explainers.pictures import boxes_case
from tests.fakes import FakeClassifier


def test_the_part_that_the_model_uses_is_named() -> None:
    findings = one_part_matters(8.0)
    (cause,) = causes.deciding(findings)
    assert cause.parts[0].id == "part_3"
    assert cause.flips
    first, control, *_ = causes.cause_claims(findings)
    assert first.kind == "first_part_flips"
    assert first.test is not None
    assert first.slots["after"] == pytest.approx(float(first.test.after.probabilities[5]))
    assert control.kind in ("control_small", "control", "control_large")


def test_a_model_that_looks_at_nothing_has_no_cause() -> None:
    biases = np.zeros(10)
    biases[5] = 3.0
    findings = Findings(boxes_case(FakeClassifier(np.zeros((10, 28, 28)), biases)), 5)
    assert causes.deciding(findings) == ()
    (said,) = causes.cause_claims(findings)
    assert (said.kind, said.quoted, said.read_in_all) == ("none_decides", "least", True)
    assert sums_up(said, len(findings.ink))
    assert [claim.kind for claim in causes.no_cause_claims(findings)] == ["weak_evidence"]


def test_a_sure_reading_without_a_cause_is_spread_out_but_not_weak() -> None:
    biases = np.zeros(10)
    biases[5] = 9.0
    findings = Findings(boxes_case(FakeClassifier(np.zeros((10, 28, 28)), biases)), 5)
    assert [claim.kind for claim in causes.cause_claims(findings)] == ["none_decides"]
    assert not list(causes.no_cause_claims(findings))


def test_ink_that_counts_the_same_everywhere_gives_no_cause() -> None:
    # Every pixel of ink is worth the same: erasing a part costs what erasing as much ink anywhere costs.
    findings = Findings(boxes_case(FakeClassifier.one_digit(5, np.full((28, 28), 0.08))), 5)
    assert max(effect.drop for effect in findings.erasures) > NOTICEABLE
    assert causes.deciding(findings) == ()
    said = next(iter(causes.cause_claims(findings)))
    assert said.kind.startswith("no_better_than_random")
    assert (said.quoted, said.read_in_all) == ("least", None)
    assert sums_up(said, len(findings.ink))


def test_where_a_small_loss_changes_the_reading_it_is_not_said_that_no_part_decides() -> None:
    # A close call: without the third box, of little weight for the 5, the 3 is ahead by a little.
    case = boxes_case(FakeClassifier(np.zeros((10, 28, 28))))
    weights = np.zeros((10, 28, 28))
    mask = case.parts[2].mask
    weights[5][mask] = 0.2 / case.pixels[mask].sum()
    biases = np.zeros(10)
    biases[3], biases[5] = 5.0, 4.9
    (said,) = causes.cause_claims(Findings(boxes_case(FakeClassifier(weights, biases)), 5))
    assert (said.kind, said.slots["now"], said.parts[0].id) == ("little_flips", 3, "part_3")
    assert (said.quoted, len(said.further_tests)) == (None, 4)
    biases[5] = 5.1
    (said,) = causes.cause_claims(Findings(boxes_case(FakeClassifier(weights, biases)), 5))
    assert said.kind == "none_decides"


def test_the_border_of_noticeable() -> None:
    before, after = np.zeros(10, np.float32), np.zeros(10, np.float32)
    before[5], after[5] = 0.9, 0.9 - NOTICEABLE - 1e-6
    outcome = [Outcome(np.zeros((28, 28)), np.log(p + 1e-6), p) for p in (before, after)]
    effect = Effect((), Test({"kind": "erase", "parts": []}, *outcome), 5)
    findings = one_part_matters(8.0)
    assert effect.drop >= NOTICEABLE
    findings.beats_control = lambda _: True  # type: ignore[method-assign]
    assert causes.is_cause(findings, effect)
    after[5] += 2e-6
    assert not causes.is_cause(findings, effect)


def test_a_part_that_speaks_against_is_said_to() -> None:
    weights = np.zeros((10, 28, 28))
    case = boxes_case(FakeClassifier(weights))
    against = case.parts[1].mask
    weights[5][against] = -3.0 / case.pixels[against].sum()
    weights[5][case.parts[0].mask] = 5.0 / case.pixels[case.parts[0].mask].sum()
    findings = Findings(boxes_case(FakeClassifier(weights)), 5)
    (effect,) = causes.opposing(findings)
    assert effect.parts[0].id == "part_2"
    (claim,) = causes.against_claims(findings)
    assert claim.kind == "against_weakens"
    assert claim.slots["after"] > claim.slots["before"]


def test_where_a_part_speaks_against_it_is_not_said_that_no_change_moved_the_digit() -> None:
    # Two digits close together, and one part that clearly takes from the one that is read: no cause, but an obstacle.
    weights = np.zeros((10, 28, 28))
    case = boxes_case(FakeClassifier(weights))
    mask = case.parts[1].mask
    weights[5][mask] = -2.0 / case.pixels[mask].sum()
    biases = np.zeros(10)
    biases[3], biases[5] = 5.0, 7.4
    findings = Findings(boxes_case(FakeClassifier(weights, biases)), 5)
    assert [one.kind for one in causes.against_claims(findings)] == ["against_weakens"]
    (weak,) = put_into_words(causes.no_cause_claims(findings), "en")
    assert "lowered" in weak.sentence
    assert "moved" not in weak.sentence


def nothing_against(weights: np.ndarray, bias: float) -> list[str]:
    biases = np.zeros(10)
    biases[5] = bias
    findings = Findings(boxes_case(FakeClassifier(weights, biases)), 5)
    said = list(causes.nothing_against(findings))
    assert all(claim.quoted == "most" and sums_up(claim, len(findings.ink)) for claim in said)
    return [claim.kind for claim in said]


def test_nothing_against_is_told_by_whether_any_erasing_helps() -> None:
    case = boxes_case(FakeClassifier(np.zeros((10, 28, 28))))
    weights = np.zeros((10, 28, 28))
    for part in case.parts:
        if part.kind == "ink":
            weights[5][part.mask] = 0.5 / case.pixels[part.mask].sum()
    assert nothing_against(weights, 0.0) == ["all_for"]
    assert nothing_against(weights, 9.0) == [], "it could hardly rise"
    assert nothing_against(weights / 100, 2.0) == ["nothing_against"], "what is lost would not show"
    weights[5][case.parts[0].mask] *= -0.2
    assert nothing_against(weights, 1.0) == ["nothing_against"]


def test_the_mirror_a_model_of_the_other_sign_turns_for_into_against() -> None:
    weights = np.zeros((10, 28, 28))
    case = boxes_case(FakeClassifier(weights))
    mask = case.parts[2].mask
    weights[5][mask] = 4.0 / case.pixels[mask].sum()
    biases = np.zeros(10)
    biases[5] = 2.0
    for sign, named in ((1, causes.deciding), (-1, causes.opposing)):
        findings = Findings(boxes_case(FakeClassifier(sign * weights, biases)), 5)
        assert [effect.parts[0].id for effect in named(findings)] == ["part_3"]


@pytest.mark.parametrize(
    ("logits", "kind"),
    [([0, 5], "reading_sure"), ([0, 2.0], "reading_likely"), ([0, 0.3], "reading_close")],
)
def test_the_tone_follows_the_margin(logits: list[float], kind: str) -> None:
    every = np.full(10, -9.0)
    every[[3, 5]] = logits
    case = Case(FakeClassifier(np.zeros((10, 28, 28)), every), np.zeros((28, 28), np.float32))
    plain, before_reasons = (causes.reading_claim(case, reasons) for reasons in (False, True))
    assert plain.kind == before_reasons.kind == kind
    for level in ("normal", "expert"):
        said = [one.sentence for one in put_into_words([plain, before_reasons], "en", level)]
        assert "reasons" not in said[0]
        assert (said[0] != said[1]) is (kind == "reading_close"), (
            "of reasons that follow it is said that they are no proof"
        )


def test_an_unusual_picture_is_a_doubt() -> None:
    flat = np.full(10, 0.1, np.float32)
    usual = Prediction(np.log(flat), flat, 5, 3, 0.4, unusual=False)
    unusual = Prediction(np.log(flat), flat, 5, 3, 0.97, unusual=True)
    assert not list(causes.doubt_claims(usual))
    assert [claim.kind for claim in causes.doubt_claims(unusual)] == ["unusual_image"]


@pytest.mark.parametrize(
    ("erased", "filled", "certain", "kinds"),
    [
        ([0.3, 0.6], [0.4], [0.3, 0.4], ["first_part_weakens", "control_small", "first_gap_weakens"]),
        ([0.4, 0.6], [0.3], [0.3, 0.4], ["first_gap_most_weakens", "control_fill", "further_part_weakens"]),
        (
            [0.4, 0.6],
            [0.3, 0.2],
            [0.3, 0.4],
            ["first_gap_beyond_chance_weakens", "control_fill", "further_part_weakens"],
        ),
        (
            [0.2, 0.4],
            [0.3],
            [0.3, 0.4],
            ["first_gap_beyond_chance_weakens", "control_fill", "large_part", "large_control", "further_part_weakens"],
        ),
        ([0.4, 0.6], [0.3], [0.4], ["first_beyond_chance_weakens", "control_small"]),
        ([0.2, 0.4], [], [0.4], ["first_beyond_chance_weakens", "control_small", "large_part", "large_control"]),
    ],
)
def test_what_decides_most_costs_most_of_all_else_it_does_of_what_beats_chance(
    erased: list[float], filled: list[float], certain: list[float], kinds: list[str]
) -> None:
    findings = made_up(erased, filled, certain)
    assert [claim.kind for claim in causes.cause_claims(findings)] == kinds
    of_ink = next(causes.cause_claims(findings, ink_first=True)).kind
    assert of_ink == {0.2: "first_beyond_chance_weakens", 0.3: "first_part_weakens"}.get(
        erased[0], "first_part_of_ink_weakens"
    )


@pytest.mark.parametrize(
    ("erased", "filled", "certain", "kinds"),
    [
        ([0.55, 0.65], [], [], ["nothing_against"]),
        ([0.55, 0.8], [], [], ["against_by_chance"]),
        ([0.55, 0.65], [0.8], [], ["nothing_against"]),
        ([0.55, 0.65], [0.8], [0.8], []),
    ],
)
def test_that_nothing_speaks_against_it_is_said_of_the_ink_and_not_beside_a_gap_that_does(
    erased: list[float], filled: list[float], certain: list[float], kinds: list[str]
) -> None:
    assert [claim.kind for claim in causes.nothing_against(made_up(erased, filled, certain))] == kinds


@pytest.mark.parametrize(("worst", "kind"), [(0.62, "none_carries"), (0.605, "none_decides"), (0.55, "none_decides")])
def test_a_digit_that_every_erasing_raises_is_not_told_to_keep_something(worst: float, kind: str) -> None:
    (claim,) = causes.cause_claims(made_up([worst, 0.8], [], []))
    assert claim.kind == kind


def test_of_ink_that_is_one_part_a_sure_reading_is_told_to_be_untested() -> None:
    for filled, kind in (([], "nothing_to_test"), ([0.6], "weak_evidence_one")):
        findings = made_up([], filled, [])
        findings.case.prediction = replace(findings.case.prediction, probabilities=np.eye(10)[5], digit=5)
        assert findings.case.prediction.probability == 1
        assert [claim.kind for claim in causes.no_cause_claims(findings)] == [kind]
    findings.erasures = made_up([0.6, 0.6], [], []).erasures
    assert not list(causes.no_cause_claims(findings)), "that it is spread out has been said"


def test_most_is_what_leaves_the_digit_least() -> None:
    findings = Findings(boxes_case(FakeClassifier.random(scale=0.05), 5), 5)
    left = [round(effect.after, 3) for effect in findings.erasures]
    assert left == sorted(left)


@pytest.mark.parametrize(
    ("gap", "part", "kinds"),
    [
        (9.0, 4.0, ["first_gap_most_flips", "control_fill", "further_part_flips"]),
        (4.0, 9.0, ["first_part_flips", "control_mixed", "first_gap_flips"]),
    ],
)
def test_what_decides_most_is_the_empty_place_where_that_costs_most(gap: float, part: float, kinds: list[str]) -> None:
    said = list(causes.cause_claims(gap_and_part(gap, part)))
    assert [claim.kind for claim in said] == kinds
    of_the_ink = [claim.kind for claim in causes.cause_claims(gap_and_part(gap, part), ink_first=True)]
    assert of_the_ink[0] == ("first_part_of_ink_flips" if gap > part else "first_part_flips")
    assert of_the_ink[-1] == "first_gap_flips"


def test_what_can_not_be_tried_is_no_weak_test() -> None:
    for tests, kind in ((0, "nothing_to_test"), (1, "weak_evidence_one"), (3, "weak_evidence")):
        findings = Findings(boxes_case(FakeClassifier(np.zeros((10, 28, 28)))), 0)
        findings.erasures = findings.erasures[:tests]
        findings.fillings = ()
        (claim,) = causes.no_cause_claims(findings)
        assert claim.kind == kind
        told = [test for test in (claim.test, *(one.test for one in claim.further_tests)) if test is not None]
        assert len(told) == tests
        assert {id(test) for test in told} == {id(effect.test) for effect in findings.erasures}
        assert (claim.quoted == "least") is (tests > 0)


def test_where_one_part_is_enough_it_does_not_take_more() -> None:
    findings = Findings(boxes_case(FakeClassifier.random(scale=0.05), 5), 5)
    one, two = findings.erasures[0], findings.erased(findings.ink[:2])
    flips = replace(one.test, after=Outcome(one.test.after.pixels, np.eye(10)[3], np.eye(10)[3]))
    before = Outcome(one.test.before.pixels, np.eye(10)[5], np.eye(10)[5])
    findings.erasures = (Effect(one.parts, replace(flips, before=before), 5),)
    findings.smallest_flip = two
    findings.beats_control = lambda effect: effect is two  # type: ignore[method-assign]
    assert "together" not in " ".join(claim.kind for claim in causes.cause_claims(findings))
