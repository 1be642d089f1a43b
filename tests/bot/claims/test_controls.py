"""What as much ink at random places does, and how it is told beside what it was held against."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from bot.claims import causes, controls
from bot.claims.extras import control_claims
from bot.claims.findings import Findings, beats
from bot.claims.warnings import warnings_of
from bot.values import Reading
from bot.words.render import LEVELS, languages, load_numbers, words
from model.values import DigitImage
from tests.bot.speaking import BEFORE, gap_and_part, made_up, one_part_matters, random_places
from tests.bot.spoken import put_into_words
from tests.explainers.pictures import boxes_case
from tests.fakes import FakeClassifier, aside


@pytest.mark.parametrize(
    ("drops", "kind", "words"),
    [
        ([0.0] * 7 + [0.97], "no_better_than_random_uneven", "97 points at one or more of them"),
        ([0.9] * 7 + [0.97], "no_better_than_random", "91 points on average, which is not clearly less"),
        ([1.0] * 8, "no_better_than_random_more", "costs at least as much"),
        (
            [0.0] * 4 + [0.97, 0.95] * 2,
            "no_better_than_random_alike",
            "much at 4 of the 8 that lie elsewhere, up to 97",
        ),
        (
            [0.75] * 4 + [0.87] * 4,
            "no_better_than_random_alike",
            "much at 4 of the 8 that lie elsewhere, up to 87",
        ),
    ],
)
def test_what_random_places_do_is_told_as_it_is(drops: list[float], kind: str, words: str) -> None:
    findings = one_part_matters(8.0)
    assert 0.91 < findings.erasures[0].drop < 1
    control = random_places(drops, [0.0] * 7 + [1000.0], elsewhere=8)
    findings.control = lambda _: control  # type: ignore[method-assign,assignment,return-value]
    claim = next(causes.cause_claims(findings))
    assert claim.kind == kind
    (said,) = put_into_words([claim], "en")
    assert words in said.sentence
    assert len(re.findall(r"\b[Bb]ut\b", said.sentence)) <= 1
    assert not causes.has_cause([claim])
    assert "weak_evidence" in warnings_of([claim], None, ())


@pytest.mark.parametrize(
    ("rises", "kinds"),
    [
        ([0.0] * 8, []),
        ([0.25] * 8, ["obstacle_control_large"]),
        ([0.0] * 5 + [0.25] * 3, ["obstacle_control_uneven"]),
        ([0.0] * 6 + [0.25] * 2, []),
        ([0.19] * 8, []),
        ([-0.3] * 5 + [0.25] * 3, ["obstacle_control_some"]),
    ],
)
def test_of_what_stands_against_a_digit_it_is_told_where_as_much_elsewhere_raises_it_too(
    rises: list[float], kinds: list[str]
) -> None:
    findings = made_up([0.2, BEFORE + 0.39], [], [])
    *_, effect = findings.erasures
    drops = -np.array(rises)
    control = random_places(drops)
    findings.control = lambda _: control  # type: ignore[method-assign,assignment,return-value]
    said = list(controls.rise_by_chance(findings, effect))
    assert [claim.kind for claim in said] == kinds
    for language in languages():
        for level in LEVELS:
            for claim in put_into_words(said, language, level):
                assert "25" in claim.sentence


@pytest.mark.parametrize(
    ("drops", "kind"),
    [
        ([0.0] * 8, "control_small"),
        ([0.0] * 7 + [0.09], "control_small"),
        ([0.0] * 7 + [0.3], "control_mixed"),
        ([0.0] * 7 + [-0.3], "control_raises"),
        ([-0.3] * 7 + [0.3], "control_raises_mixed"),
        ([-0.3] * 7 + [0.09], "control_raises"),
        ([0.0] * 5 + [0.9] * 3, "control_mixed"),
        ([0.1] * 6 + [0.9] * 2, "control"),
        ([0.8, -0.8] * 4, "control_mixed"),
        ([0.2] * 8, "control"),
        ([0.6] * 8, "control_large"),
    ],
)
def test_random_places_hardly_matter_only_where_none_does(drops: list[float], kind: str) -> None:
    findings = one_part_matters(8.0)
    effect = findings.erasures[0]
    control = random_places(drops)
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
        said = put_into_words(causes.cause_claims(findings), "en")
        told.append([(claim.kind, claim.sentence, claim.evidence) for claim in said])
        batches.append(asked)
        assert all(findings.known_control(effect) for effect in causes.deciding(findings))
        assert findings.known_control(findings.erasures[-1]) is None
    assert told[0] == told[1]
    assert [size for size in batches[0] if size >= 8] == [8, 8]
    assert [size for size in batches[1] if size >= 8] == [16]


@pytest.mark.parametrize("mean", [-0.006, 0.006])
@pytest.mark.parametrize("language", languages())
def test_a_control_that_raises_the_digit_a_little_has_its_sign_for_experts(mean: float, language: str) -> None:
    findings = one_part_matters(8.0)
    drops = np.array([0.2 + mean, mean - 0.2] * 4)
    control = random_places(drops)
    findings.control = lambda _: control  # type: ignore[method-assign,assignment,return-value]
    effect = findings.erasures[0]
    told = [controls.control_claim(findings, effect), controls.controls_claim(findings, [effect])]
    told.append(causes._no_better_than_random(findings, effect, {"count": 5, "digit": 5, "part": effect.parts[0],
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
    control = random_places([-0.3] * 8)
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
    cause, told, *_ = causes.cause_claims(findings)
    held = controls.held_against(cause, reading)
    assert (held.controls, told.controls) == ((findings.control(findings.erasures[0]),),) * 2
    assert beats(held.test, held.controls[0])  # type: ignore[arg-type]
    assert controls.held_against(replace(cause, digit=4), reading).controls == (), "nothing was run about the 4"
    elsewhere = replace(cause, test=replace(cause.test, before=cause.test.after))  # type: ignore[type-var,union-attr]
    assert controls.held_against(elsewhere, reading).controls == (), "another picture"
    unnoticed = replace(cause, test=findings.erasures[-1].test)
    findings.control(findings.erasures[-1])
    assert controls.held_against(unnoticed, reading).controls == (), "too little to be held against anything"


@pytest.mark.parametrize(("places", "beaten"), [(3, True), (4, False)])
def test_an_average_hides_places_elsewhere_that_cost_as_much(places: int, beaten: bool) -> None:
    findings = one_part_matters(8.0)
    effect = findings.erasures[0]
    drops = [effect.drop - 0.09] * places + [0.0] * (8 - places)
    findings.control = lambda _: random_places(drops, elsewhere=8)  # type: ignore[method-assign,assignment,return-value]
    assert findings.beats_control(effect) is beaten
    findings.control = lambda _: random_places(drops)  # type: ignore[method-assign,assignment,return-value]
    assert findings.beats_control(effect), "places that overlap with the part cost as much because of it"
    drops = [effect.drop - 0.11] * places + [0.0] * (8 - places)
    findings.control = lambda _: random_places(drops, elsewhere=8)  # type: ignore[method-assign,assignment,return-value]
    assert findings.beats_control(effect), "clearly less is not as much"


def test_places_elsewhere_that_cost_as_much_are_told_beside_the_average() -> None:
    findings = one_part_matters(8.0)
    drops = [0.1] * 6 + [0.9] * 2
    for elsewhere, kind in ((0, "control"), (8, "control"), (4, "control_mixed")):
        control = random_places(drops, elsewhere=elsewhere)
        findings.control = lambda _, control=control: control  # type: ignore[method-assign,misc]
        assert controls.control_claim(findings, findings.erasures[0]).kind == kind
