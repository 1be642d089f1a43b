"""The rules: when a part may be called a cause, and when it must not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from bot import claims, controls
from bot.extras import control_claims
from bot.findings import NOTICEABLE, Effect, Findings, beats, in_order
from bot.render import LEVELS, languages, load_numbers, words
from bot.values import Reading
from bot.warnings import warnings_of
from explainers.base import Case
from explainers.values import Outcome, Part, Test
from model.values import DigitImage, Prediction
from tests.bot.spoken import put_into_words
from tests.bot.summing import sums_up
from tests.explainers.pictures import boxes_case
from tests.fakes import FakeClassifier, aside


def one_part_matters(strength: float, which: int = 2) -> Findings:
    """A classifier whose 5 hangs on one of five boxes, by ``strength`` logits, and a little on all ink."""
    case = boxes_case(FakeClassifier(np.zeros((10, 28, 28))))
    weights = np.zeros((10, 28, 28))
    mask = case.parts[which].mask
    weights[5][mask] = strength / case.pixels[mask].sum()
    biases = np.zeros(10)
    biases[3] = 2.0
    return Findings(boxes_case(FakeClassifier(weights, biases)), 5)


def test_the_part_that_the_model_uses_is_named() -> None:
    findings = one_part_matters(8.0)
    (cause,) = claims.deciding(findings)
    assert cause.parts[0].id == "part_3"
    assert cause.flips
    first, control, *_ = claims.cause_claims(findings)
    assert first.kind == "first_part_flips"
    assert first.test is not None
    assert first.slots["after"] == pytest.approx(float(first.test.after.probabilities[5]))
    assert control.kind in ("control_small", "control", "control_large")


def test_a_model_that_looks_at_nothing_has_no_cause() -> None:
    biases = np.zeros(10)
    biases[5] = 3.0
    findings = Findings(boxes_case(FakeClassifier(np.zeros((10, 28, 28)), biases)), 5)
    assert claims.deciding(findings) == ()
    (said,) = claims.cause_claims(findings)
    assert (said.kind, said.quoted, said.read_in_all) == ("none_decides", "least", True)
    assert sums_up(said, len(findings.ink))
    assert [claim.kind for claim in claims.no_cause_claims(findings)] == ["weak_evidence"]


def test_a_sure_reading_without_a_cause_is_spread_out_but_not_weak() -> None:
    biases = np.zeros(10)
    biases[5] = 9.0
    findings = Findings(boxes_case(FakeClassifier(np.zeros((10, 28, 28)), biases)), 5)
    assert [claim.kind for claim in claims.cause_claims(findings)] == ["none_decides"]
    assert not list(claims.no_cause_claims(findings))


def test_ink_that_counts_the_same_everywhere_gives_no_cause() -> None:
    # Every pixel of ink is worth the same: erasing a part costs what erasing as much ink anywhere costs.
    findings = Findings(boxes_case(FakeClassifier.one_digit(5, np.full((28, 28), 0.08))), 5)
    assert max(effect.drop for effect in findings.erasures) > NOTICEABLE
    assert claims.deciding(findings) == ()
    said = next(iter(claims.cause_claims(findings)))
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
    (said,) = claims.cause_claims(Findings(boxes_case(FakeClassifier(weights, biases)), 5))
    assert (said.kind, said.slots["now"], said.parts[0].id) == ("little_flips", 3, "part_3")
    assert (said.quoted, len(said.further_tests)) == (None, 4)
    biases[5] = 5.1
    (said,) = claims.cause_claims(Findings(boxes_case(FakeClassifier(weights, biases)), 5))
    assert said.kind == "none_decides"


def test_the_border_of_noticeable() -> None:
    before, after = np.zeros(10, np.float32), np.zeros(10, np.float32)
    before[5], after[5] = 0.9, 0.9 - NOTICEABLE - 1e-6
    outcome = [Outcome(np.zeros((28, 28)), np.log(p + 1e-6), p) for p in (before, after)]
    effect = Effect((), Test({"kind": "erase", "parts": []}, *outcome), 5)
    findings = one_part_matters(8.0)
    assert effect.drop >= NOTICEABLE
    findings.beats_control = lambda _: True  # type: ignore[method-assign]
    assert claims.is_cause(findings, effect)
    after[5] += 2e-6
    assert not claims.is_cause(findings, effect)


def test_a_part_that_speaks_against_is_said_to() -> None:
    weights = np.zeros((10, 28, 28))
    case = boxes_case(FakeClassifier(weights))
    against = case.parts[1].mask
    weights[5][against] = -3.0 / case.pixels[against].sum()
    weights[5][case.parts[0].mask] = 5.0 / case.pixels[case.parts[0].mask].sum()
    findings = Findings(boxes_case(FakeClassifier(weights)), 5)
    (effect,) = claims.opposing(findings)
    assert effect.parts[0].id == "part_2"
    (claim,) = claims.against_claims(findings)
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
    assert [one.kind for one in claims.against_claims(findings)] == ["against_weakens"]
    (weak,) = put_into_words(claims.no_cause_claims(findings), "en")
    assert "lowered" in weak.sentence
    assert "moved" not in weak.sentence


def nothing_against(weights: np.ndarray, bias: float) -> list[str]:
    biases = np.zeros(10)
    biases[5] = bias
    findings = Findings(boxes_case(FakeClassifier(weights, biases)), 5)
    said = list(claims.nothing_against(findings))
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
    for sign, named in ((1, claims.deciding), (-1, claims.opposing)):
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
    plain, before_reasons = (claims.reading_claim(case, reasons) for reasons in (False, True))
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
    assert not list(claims.doubt_claims(usual))
    assert [claim.kind for claim in claims.doubt_claims(unusual)] == ["unusual_image"]


BEFORE = 0.6  # what the 5 has of what is made up


def made_up(erased: Sequence[float], filled: Sequence[float], causes: Sequence[float]) -> Findings:
    """Parts and gaps that leave so much to the 5 by themselves; those of ``causes`` beat their control, which is 0."""
    findings = Findings(boxes_case(FakeClassifier(np.zeros((10, 28, 28))), max(len(erased), 1)), 5)
    findings.erasures = in_order(left(part, after) for part, after in zip(findings.ink, erased, strict=False))
    findings.fillings = in_order(left(findings.gaps[0], after) for after in filled)
    findings.smallest_flip = None
    nothing = SimpleNamespace(digit=5, drops=np.zeros(8), log_odds_drops=np.zeros(8), left=BEFORE)
    findings.control = lambda _: nothing  # type: ignore[method-assign,assignment,return-value]
    findings.beats_control = lambda effect: effect.after in np.float32(causes)  # type: ignore[method-assign]
    return findings


def left(part: Part, after: float) -> Effect:
    """A change that leaves so much to the 5."""
    ink, outcomes = (0, 1) if part.kind == "gap" else (1, 0), []
    for level, share in zip(ink, (BEFORE, after), strict=True):
        probabilities = np.full(10, (1 - share) / 9, np.float32)
        probabilities[5] = share
        outcomes.append(Outcome(np.full((28, 28), level, np.float32), np.log(probabilities), probabilities))
    return Effect((part,), Test({"kind": "fill" if part.kind == "gap" else "erase"}, *outcomes), 5)


@pytest.mark.parametrize(
    ("erased", "filled", "causes", "kinds"),
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
    erased: list[float], filled: list[float], causes: list[float], kinds: list[str]
) -> None:
    findings = made_up(erased, filled, causes)
    assert [claim.kind for claim in claims.cause_claims(findings)] == kinds
    of_ink = next(claims.cause_claims(findings, ink_first=True)).kind
    assert of_ink == {0.2: "first_beyond_chance_weakens", 0.3: "first_part_weakens"}.get(
        erased[0], "first_part_of_ink_weakens"
    )


@pytest.mark.parametrize(
    ("erased", "filled", "causes", "kinds"),
    [
        ([0.55, 0.65], [], [], ["nothing_against"]),
        ([0.55, 0.8], [], [], ["against_by_chance"]),
        ([0.55, 0.65], [0.8], [], ["nothing_against"]),
        ([0.55, 0.65], [0.8], [0.8], []),
    ],
)
def test_that_nothing_speaks_against_it_is_said_of_the_ink_and_not_beside_a_gap_that_does(
    erased: list[float], filled: list[float], causes: list[float], kinds: list[str]
) -> None:
    assert [claim.kind for claim in claims.nothing_against(made_up(erased, filled, causes))] == kinds


@pytest.mark.parametrize(("worst", "kind"), [(0.62, "none_carries"), (0.605, "none_decides"), (0.55, "none_decides")])
def test_a_digit_that_every_erasing_raises_is_not_told_to_keep_something(worst: float, kind: str) -> None:
    (claim,) = claims.cause_claims(made_up([worst, 0.8], [], []))
    assert claim.kind == kind


def test_of_ink_that_is_one_part_a_sure_reading_is_told_to_be_untested() -> None:
    for filled, kind in (([], "nothing_to_test"), ([0.6], "weak_evidence_one")):
        findings = made_up([], filled, [])
        findings.case.prediction = replace(findings.case.prediction, probabilities=np.eye(10)[5], digit=5)
        assert findings.case.prediction.probability == 1
        assert [claim.kind for claim in claims.no_cause_claims(findings)] == [kind]
    findings.erasures = made_up([0.6, 0.6], [], []).erasures
    assert not list(claims.no_cause_claims(findings)), "that it is spread out has been said"


@pytest.mark.parametrize(
    ("drops", "kind", "words"),
    [
        ([0.0] * 7 + [0.97], "no_better_than_random_uneven", "97 points at one of them"),
        ([0.9] * 7 + [0.97], "no_better_than_random", "91 points on average, which is not clearly less"),
        ([1.0] * 8, "no_better_than_random_more", "costs at least as much"),
    ],
)
def test_what_random_places_do_is_told_as_it_is(drops: list[float], kind: str, words: str) -> None:
    findings = one_part_matters(8.0)
    assert 0.91 < findings.erasures[0].drop < 1
    control = SimpleNamespace(digit=5, drops=np.array(drops), log_odds_drops=np.array([0.0] * 7 + [1000.0]))
    findings.control = lambda _: control  # type: ignore[method-assign,assignment,return-value]
    claim = next(claims.cause_claims(findings))
    assert claim.kind == kind
    (said,) = put_into_words([claim], "en")
    assert words in said.sentence
    assert len(re.findall(r"\b[Bb]ut\b", said.sentence)) <= 1
    assert not claims.has_cause([claim])
    assert "weak_evidence" in warnings_of([claim], None, ())


@pytest.mark.parametrize(
    ("rises", "kinds"),
    [
        ([0.0] * 8, []),
        ([0.25] * 8, ["obstacle_control_large"]),
        ([0.0] * 5 + [0.25] * 3, ["obstacle_control_uneven"]),
        ([0.0] * 6 + [0.25] * 2, []),
        ([0.19] * 8, []),
        ([-0.3] * 5 + [0.25] * 3, ["obstacle_control_uneven"]),
    ],
)
def test_of_what_stands_against_a_digit_it_is_told_where_as_much_elsewhere_raises_it_too(
    rises: list[float], kinds: list[str]
) -> None:
    findings = made_up([0.2, BEFORE + 0.39], [], [])
    *_, effect = findings.erasures
    drops = -np.array(rises)
    control = SimpleNamespace(digit=5, drops=drops, log_odds_drops=drops)
    findings.control = lambda _: control  # type: ignore[method-assign,assignment,return-value]
    said = list(controls.rise_by_chance(findings, effect))
    assert [claim.kind for claim in said] == kinds
    for language in languages():
        for level in LEVELS:
            for claim in put_into_words(said, language, level):
                assert "25" in claim.sentence


def test_most_is_what_leaves_the_digit_least() -> None:
    findings = Findings(boxes_case(FakeClassifier.random(scale=0.05), 5), 5)
    left = [round(effect.after, 3) for effect in findings.erasures]
    assert left == sorted(left)


@pytest.mark.parametrize(
    ("drops", "kind"),
    [
        ([0.0] * 8, "control_small"),
        ([0.0] * 7 + [0.09], "control_small"),
        ([0.0] * 7 + [0.3], "control_mixed"),
        ([0.0] * 7 + [-0.3], "control_raises"),
        ([0.8, -0.8] * 4, "control_mixed"),
        ([0.2] * 8, "control"),
        ([0.6] * 8, "control_large"),
    ],
)
def test_random_places_hardly_matter_only_where_none_does(drops: list[float], kind: str) -> None:
    findings = one_part_matters(8.0)
    effect = findings.erasures[0]
    control = SimpleNamespace(digit=5, drops=np.array(drops), log_odds_drops=np.array(drops))
    findings.control = lambda _: control  # type: ignore[method-assign,assignment,return-value]
    assert controls.control_claim(findings, effect).kind == kind
    assert controls.controls_claim(findings, [effect]).kind == (
        "controls_together_small" if kind == "control_small" else "controls_together"
    )


def two_parts_matter() -> Findings:
    """The 5 hangs on two of five boxes, each by enough to be a cause."""
    case = boxes_case(FakeClassifier(np.zeros((10, 28, 28))))
    weights = np.zeros((10, 28, 28))
    for part in case.parts[1:3]:
        weights[5][part.mask] = 3.0 / case.pixels[part.mask].sum()
    biases = np.zeros(10)
    biases[3] = 4.0
    return Findings(boxes_case(FakeClassifier(weights, biases)), 5)


def test_a_gpu_runs_the_controls_of_all_that_may_be_named_at_once_and_the_claims_stay() -> None:
    told, batches = [], []
    for elsewhere in (False, True):
        findings = two_parts_matter()
        classifier = findings.case.classifier
        if elsewhere:
            aside(classifier)
        asked = list[int]()
        run = classifier.logits
        classifier.logits = lambda pictures, run=run, asked=asked: (asked.append(len(pictures)), run(pictures))[1]
        said = put_into_words(claims.cause_claims(findings), "en")
        told.append([(claim.kind, claim.sentence, claim.evidence) for claim in said])
        batches.append(asked)
        assert all(findings.known_control(effect) for effect in claims.deciding(findings))
        assert findings.known_control(findings.erasures[-1]) is None
    assert told[0] == told[1]
    assert [size for size in batches[0] if size >= 8] == [8, 8]
    assert [size for size in batches[1] if size >= 8] == [16]


def gap_and_part(gap: float, part: float) -> Findings:
    """The 5 hangs on a box, by ``part`` logits, and on the gap staying empty, by ``gap``."""
    case = boxes_case(FakeClassifier(np.zeros((10, 28, 28))))
    weights = np.zeros((10, 28, 28))
    weights[5][case.parts[0].mask] = part / case.pixels[case.parts[0].mask].sum()
    weights[5][case.parts[-1].mask] = -gap / case.parts[-1].mask.sum()
    biases = np.zeros(10)
    biases[3] = part - 3.0
    return Findings(boxes_case(FakeClassifier(weights, biases)), 5)


@pytest.mark.parametrize(
    ("gap", "part", "kinds"),
    [
        (9.0, 4.0, ["first_gap_most_flips", "control_fill", "further_part_flips"]),
        (4.0, 9.0, ["first_part_flips", "control", "first_gap_flips"]),
    ],
)
def test_what_decides_most_is_the_empty_place_where_that_costs_most(gap: float, part: float, kinds: list[str]) -> None:
    said = list(claims.cause_claims(gap_and_part(gap, part)))
    assert [claim.kind for claim in said] == kinds
    of_the_ink = [claim.kind for claim in claims.cause_claims(gap_and_part(gap, part), ink_first=True)]
    assert of_the_ink[0] == ("first_part_of_ink_flips" if gap > part else "first_part_flips")
    assert of_the_ink[-1] == "first_gap_flips"


def test_what_can_not_be_tried_is_no_weak_test() -> None:
    for tests, kind in ((0, "nothing_to_test"), (1, "weak_evidence_one"), (3, "weak_evidence")):
        findings = Findings(boxes_case(FakeClassifier(np.zeros((10, 28, 28)))), 0)
        findings.erasures = findings.erasures[:tests]
        findings.fillings = ()
        assert [claim.kind for claim in claims.no_cause_claims(findings)] == [kind]


def test_where_one_part_is_enough_it_does_not_take_more() -> None:
    findings = Findings(boxes_case(FakeClassifier.random(scale=0.05), 5), 5)
    one, two = findings.erasures[0], findings.erased(findings.ink[:2])
    flips = replace(one.test, after=Outcome(one.test.after.pixels, np.eye(10)[3], np.eye(10)[3]))
    before = Outcome(one.test.before.pixels, np.eye(10)[5], np.eye(10)[5])
    findings.erasures = (Effect(one.parts, replace(flips, before=before), 5),)
    findings.smallest_flip = two
    findings.beats_control = lambda effect: effect is two  # type: ignore[method-assign]
    assert "together" not in " ".join(claim.kind for claim in claims.cause_claims(findings))


@pytest.mark.parametrize("mean", [-0.006, 0.006])
@pytest.mark.parametrize("language", languages())
def test_a_control_that_raises_the_digit_a_little_has_its_sign_for_experts(mean: float, language: str) -> None:
    findings = one_part_matters(8.0)
    drops = np.array([0.2 + mean, mean - 0.2] * 4)
    control = SimpleNamespace(digit=5, drops=drops, log_odds_drops=drops)
    findings.control = lambda _: control  # type: ignore[method-assign,assignment,return-value]
    effect = findings.erasures[0]
    told = [controls.control_claim(findings, effect), controls.controls_claim(findings, [effect])]
    told.append(claims._no_better_than_random(findings, effect, {"count": 5, "digit": 5, "part": effect.parts[0],
                                                                "after": 0.5, "log_odds_change": -1.0}))  # fmt: skip
    assert [claim.kind for claim in told] == ["control_mixed", "controls_together", "no_better_than_random_uneven"]
    small = load_numbers(language).exact_points(0.006)
    for claim in told:
        assert claim.slots["points"] == pytest.approx(mean)
        expert = words(language).say(claim.kind, claim.slots, "expert")
        assert small in expert
        assert (f"+{small}" in expert) is (mean < 0)
        normal = words(language).say(claim.kind, claim.slots)
        assert (load_numbers(language).points(0) in normal) is (mean < 0)


def test_a_control_that_raises_the_digit_is_not_told_as_one_that_does_nothing() -> None:
    findings = one_part_matters(8.0)
    control = SimpleNamespace(digit=5, drops=np.array([-0.3] * 8), log_odds_drops=np.array([-0.3] * 8))
    findings.control = lambda _: control  # type: ignore[method-assign,assignment,return-value]
    said = controls.control_claim(findings, findings.erasures[0])
    assert (said.kind, said.slots["points"]) == ("control_raises", pytest.approx(0.3))
    findings = gap_and_part(9.0, 4.0)
    findings.control = lambda _: control  # type: ignore[method-assign,assignment,return-value]
    assert controls.control_claim(findings, findings.fillings[0]).kind == "control_fill_raises"
    for level, added in (("normal", "adds 30 points"), ("simple", "adds 30 points"), ("expert", "+30.0 points")):
        assert any(added in one.sentence for one in put_into_words(control_claims(findings, []), "en", level))


def test_a_cause_names_the_control_that_it_beats_and_what_fails_the_one_that_it_does_not() -> None:
    findings = one_part_matters(8.0)
    reading = Reading(DigitImage(findings.case.pixels), findings.case, None, {5: findings})
    cause, told, *_ = claims.cause_claims(findings)
    held = controls.held_against(cause, reading)
    assert (held.controls, told.controls) == ((findings.control(findings.erasures[0]),),) * 2
    assert beats(held.test, held.controls[0])  # type: ignore[arg-type]
    assert controls.held_against(replace(cause, digit=4), reading).controls == (), "nothing was run about the 4"
    elsewhere = replace(cause, test=replace(cause.test, before=cause.test.after))  # type: ignore[type-var,union-attr]
    assert controls.held_against(elsewhere, reading).controls == (), "another picture"
    unnoticed = replace(cause, test=findings.erasures[-1].test)
    findings.control(findings.erasures[-1])
    assert controls.held_against(unnoticed, reading).controls == (), "too little to be held against anything"
