"""Which heatmap to believe: the rules at their thresholds, on networks whose truth is known, and what is run again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from bot.api import Bot
from bot.claims import belief, heatmaps, reliability
from bot.claims.belief import BETTER, belief_claims, erasing_claims, several_claims
from bot.claims.findings import NOTICEABLE
from bot.claims.heatmaps import AGREE, agreement_claims
from bot.claims.reliability import GONE, REMAINS, SAME, chance_claims, fresh_claims, replay_claims
from bot.claims.warnings import warnings_of
from bot.questions.base import Asked
from bot.questions.compare_methods import QUICK, CompareMethods
from bot.questions.trust import Trust
from bot.values import Claim, Question, Reading, Session
from bot.words.lengths import MOST_WORDS, count_words
from bot.words.render import LEVELS, languages, words
from explainers.base import SEEDS
from explainers.reliability import Draws
from explainers.values import Attribution
from model.classifier import Classifier
from model.values import DigitImage
from tests.bot.digits import drawn
from tests.bot.spoken import put_into_words
from tests.explainers.pictures import boxes_case
from tests.explainers.test_reliability import weighted
from tests.fakes import FakeClassifier, tiny_classifier

PAIR = ("lime", "integrated_gradients")
Given = Callable[..., None]


def asked(classifier: Classifier, count: int = 5, methods: tuple[str, ...] = ()) -> Asked:
    """A question about ``count`` boxes, each a part."""
    case = boxes_case(classifier, count)
    question = Question("compare_methods", {"methods": list(methods)} if methods else {})
    return Asked(question, Session(reading=Reading(DigitImage(case.pixels), case, None)))


def kinds(claims: list[Claim]) -> list[str]:
    return [claim.kind for claim in claims]


@pytest.fixture
def agreements(monkeypatch: pytest.MonkeyPatch) -> Given:
    """How well each method agrees with erasing, given instead of measured."""

    def give(**found: float | None) -> None:
        def agreement(case: object, attribution: Attribution) -> float | None:
            return found[attribution.method]

        monkeypatch.setattr(belief, "erasing_agreement", agreement)

    return give


def verdict(agreements: Given, found: dict[str, float | None], **told: object) -> list[Claim]:
    agreements(**found)
    one, values = asked(weighted([3.0, 2.0, 1.0, 0.5]), 4), np.zeros((28, 28), np.float32)
    for method in found:  # some look inside a network, where this one has nothing
        one.case._attributions[method, 5] = Attribution(method, 5, values, "logit", None, {})
    return list(belief_claims(one, tuple(found), 5, **told))  # type: ignore[arg-type]


@pytest.mark.parametrize(("behind", "kind"), [(BETTER + 0.001, "belief_best"), (BETTER - 0.001, "belief_equal")])
def test_better_is_said_from_a_clear_lead_on(agreements: Given, behind: float, kind: str) -> None:
    found = {"integrated_gradients": 0.9, "gradient_x_input": 0.9 - behind}
    for order in (found, dict(reversed(found.items()))):  # the mirror: who is named first does not matter
        (claim,) = verdict(agreements, dict(order))
        assert claim.kind == kind
        if kind == "belief_best":
            assert claim.slots["methods"] == ("integrated_gradients",)
            assert claim.slots["farthest"] == "gradient_x_input"
        assert [(one.value, one.at_least) for one in claim.evidence] == [(0.9, AGREE), (0.9 - behind, AGREE)]


@pytest.mark.parametrize(("best", "kind"), [(AGREE, "belief_best"), (AGREE - 0.001, "belief_none")])
def test_who_does_not_agree_with_erasing_is_not_believed(agreements: Given, best: float, kind: str) -> None:
    found = {"integrated_gradients": best, "gradient_x_input": -0.8}
    assert kinds(verdict(agreements, found)) == [kind]


def test_the_order_of_all_parts_does_not_overrule_a_test_but_leaves_nobody_better(agreements: Given) -> None:
    found = {"integrated_gradients": 0.9, "gradient_x_input": 0.1}
    assert kinds(verdict(agreements, found, winner="integrated_gradients")) == ["belief_best"]
    (claim,) = verdict(agreements, found, winner="gradient_x_input")
    assert (claim.kind, claim.slots["method"]) == ("belief_mixed", "integrated_gradients")
    near = {"integrated_gradients": 0.9, "gradient_x_input": 0.8}
    assert verdict(agreements, near, winner="gradient_x_input") == []
    assert kinds(verdict(agreements, near, undecided=True)) == ["belief_equal_too"]


def test_what_is_known_of_the_methods_is_said_where_it_explains_the_order(agreements: Given) -> None:
    made = {"lime": 1.0, "shapley": 0.9, "integrated_gradients": 0.2}
    assert kinds(verdict(agreements, made)) == ["belief_best", "limit_erasing"]
    assert kinds(verdict(agreements, {**made, "integrated_gradients": 0.9, "grad_cam": 0.1})) == [
        "belief_best", "limit_erasing", "limit_coarse",
    ]  # fmt: skip
    alike = verdict(agreements, {"lime": 0.9, "integrated_gradients": 0.9})
    assert [(claim.kind, claim.slots.get("methods")) for claim in alike[1:]] == [("limit_erasing", ("lime",))]
    assert kinds(verdict(agreements, {"grad_cam": 0.9, "integrated_gradients": 0.1})) == ["belief_best"]


def test_of_a_linear_network_all_methods_may_be_believed_alike() -> None:
    one = asked(weighted([3.0, 2.0, 1.0, 0.5]), methods=PAIR)
    told = list(CompareMethods().claims(one))
    assert kinds(told)[:2] == ["methods_agree", "belief_equal"]
    assert all(evidence.value == pytest.approx(1) for claim in told[:2] for evidence in claim.evidence)


def test_a_made_up_wrong_map_is_told_to_be_wrong() -> None:
    one = asked(weighted([3.0, 2.0, 1.0, 0.5], 1.0), 4, PAIR)
    ids = [part.id for part in one.case.parts if part.kind == "ink"]
    wrong = dict(zip(ids, [0.5, 1.0, 2.0, 3.0], strict=True))
    one.case._attributions["integrated_gradients", 5] = Attribution(
        "integrated_gradients", 5, np.zeros((28, 28), np.float32), "logit", 0.0, {}, wrong
    )
    told = [claim for claim in CompareMethods().claims(one) if claim.topic in ("methods", "belief")]
    assert kinds(told)[0] == "methods_differ"
    assert told[1].kind in ("sides_with", "sides_with_none")
    best = next(claim for claim in told if claim.kind == "belief_best")
    assert (best.slots["methods"], best.slots["farthest"]) == (("lime",), "integrated_gradients")
    assert best.slots["least"] == pytest.approx(-1)


def marking(place: int) -> tuple[Asked, tuple[float, ...]]:
    """Both methods mark the part at ``place`` most; and what erasing each of the four parts leaves of the digit."""
    one = asked(weighted([3.0, 2.0, 1.0, 0.5], 1.0), 4, PAIR)
    parts = [part for part in one.case.parts if part.kind == "ink"]
    for method in PAIR:
        given = {part.id: 4.0 if number == place else 1.0 - 0.1 * number for number, part in enumerate(parts)}
        values = np.zeros((28, 28), np.float32)
        one.case._attributions[method, 5] = Attribution(method, 5, values, "logit", None, {}, given)
    effects = {effect.parts[0].id: effect.after for effect in one.reading.about(5).erasures}
    return one, tuple(effects[part.id] for part in parts)


def test_where_both_mark_what_erasing_does_not_bear_out_that_is_said_with_its_tests() -> None:
    one, left = marking(3)
    agreed, *told = agreement_claims(one, *PAIR)
    assert agreed.kind.startswith("methods_")
    assert kinds(told) == ["sides_with_neither", "sides_other"]
    assert [claim.parts[0].id for claim in told] == ["part_1", "part_4"]
    assert [claim.slots["after"] for claim in told] == [left[0], left[3]]
    assert all(claim.test is not None for claim in told)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ((0,), ["sides_with_neither_told", "sides_other"]),
        ((3,), ["sides_with_neither"]),
        ((0, 3), ["sides_with_neither_told"]),
    ],
)
def test_what_was_told_of_the_two_parts_is_not_told_again(known: tuple[int, ...], expected: list[str]) -> None:
    one, _ = marking(3)
    _, *told = agreement_claims(one, *PAIR, told={(one.case.parts[place],) for place in known})
    assert kinds(told) == expected


@pytest.mark.parametrize(("further", "said"), [(-1e-6, True), (1e-6, False)])
def test_the_border_from_which_erasing_contradicts(monkeypatch: pytest.MonkeyPatch, further: float, said: bool) -> None:
    one, left = marking(3)
    monkeypatch.setattr(heatmaps, "NOTICEABLE", left[3] - left[0] + further)
    assert len(list(agreement_claims(one, *PAIR))) == (3 if said else 1)


@pytest.mark.parametrize(("known", "expected"), [((), []), ((0,), ["sides_with_close"]), ((3,), []), ((0, 3), [])])
def test_a_part_that_costs_about_as_much_as_the_one_named_gets_a_word(
    monkeypatch: pytest.MonkeyPatch, known: tuple[int, ...], expected: list[str]
) -> None:
    one, left = marking(3)
    monkeypatch.setattr(heatmaps, "NOTICEABLE", left[3] - left[0] + 1e-6)
    _, *told = agreement_claims(one, *PAIR, told={(one.case.parts[place],) for place in known})
    assert kinds(told) == expected
    assert [claim.slots["after"] for claim in told] == [left[3]] * len(expected)
    assert [claim.slots["second_part"] for claim in told] == [one.case.parts[0]] * len(expected)
    for language in languages():
        for level in LEVELS:
            assert all(claim.sentence for claim in put_into_words(told, language, level))


def test_what_erasing_bears_out_needs_no_further_word() -> None:
    one, _ = marking(0)
    assert len(list(agreement_claims(one, *PAIR))) == 1


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("level", LEVELS)
def test_the_contradiction_has_words_in_every_language(language: str, level: str) -> None:
    one, _ = marking(3)
    for known in ((), (one.case.parts[0],)):
        told = list(agreement_claims(one, *PAIR, told={tuple(known)} if known else ()))
        sentences = [claim.sentence for claim in put_into_words(told, language, level)]
        assert len(set(sentences)) == 3
        assert all("{" not in sentence and len(sentence.split()) > 4 for sentence in sentences), sentences


@pytest.mark.parametrize(
    ("tops", "kind"),
    [((0, 0), "belief_top_all"), ((0, 1), "belief_top_some"), ((1, 1), "belief_top_none")],
)
def test_of_two_parts_only_the_first_place_is_compared(tops: tuple[int, int], kind: str) -> None:
    one = asked(weighted([4.0, 1.0]), 2)
    for method, top in zip(PAIR, tops, strict=True):
        given = {f"part_{place + 1}": float(place == top) for place in range(2)}
        values = np.zeros((28, 28), np.float32)
        one.case._attributions[method, 5] = Attribution(method, 5, values, "logit", None, {}, given)
    (claim,) = belief_claims(one, PAIR, 5)
    assert claim.kind == kind
    assert claim.test is not None
    assert claim.parts[0].id == "part_1"
    assert claim.slots["missed"] == tuple(method for method, top in zip(PAIR, tops, strict=True) if top)
    told = list(CompareMethods().claims(asked_again(one, PAIR)))
    assert kinds(told)[0] == ("few_agree" if tops[0] == tops[1] else "few_differ")
    if tops[0] != tops[1]:
        assert "methods_disagree" in warnings_of(told, None, one.case.classifier.identity.warnings)
        drop = claim.test.drop(5) - one.reading.about(5).erasures[1].drop
        assert told[1].kind == ("sides_with" if drop >= NOTICEABLE else "sides_with_none")
        assert "belief" not in {claim.topic for claim in told}  # it would be said twice


def asked_again(one: Asked, methods: tuple[str, ...]) -> Asked:
    return Asked(Question("compare_methods", {"methods": list(methods), "digit": 5}), one.session)


def test_a_single_part_and_a_network_that_does_not_look_have_no_order() -> None:
    single = asked(weighted([4.0]), 1, PAIR)
    assert kinds(list(CompareMethods().claims(single)))[0] == "belief_one_part"
    constant = asked(FakeClassifier(np.zeros((10, 28, 28))), methods=PAIR)
    told = list(CompareMethods().claims(constant))
    assert kinds(told)[:2] == ["marks_nothing", "belief_no_order"]
    assert told[1].test is not None
    assert not [claim for claim in told if claim.kind.startswith("fresh")]


def test_one_method_is_compared_with_erasing() -> None:
    right, wrong = (asked(weighted(amounts), 4) for amounts in ([3.0, 2.0, 1.0, 0.5], [0.5, 3.0, 2.0, 1.0]))
    (claim,) = erasing_claims(right, "integrated_gradients", 5)
    assert claim.kind == "erasing_agrees"
    assert claim.test is right.reading.about(5).erasures[0].test
    given = {"part_1": 9.0, "part_2": 1.0, "part_3": 2.0, "part_4": 3.0}
    values = np.zeros((28, 28), np.float32)
    wrong.case._attributions["lime", 5] = Attribution("lime", 5, values, "logit", None, {}, given)
    (claim,) = erasing_claims(wrong, "lime", 5)
    assert (claim.kind, claim.slots["first_part"].id) == ("erasing_differs", "part_1")  # type: ignore[attr-defined]
    assert claim.parts[0].id == "part_2"
    given.update(part_1=0.0, part_2=9.0, part_3=1.0, part_4=2.0)
    assert kinds(list(erasing_claims(wrong, "lime", 5))) == ["erasing_agrees"]  # 0.8
    given.update(part_1=8.0, part_2=9.0)
    assert kinds(list(erasing_claims(wrong, "lime", 5))) == ["erasing_same_top"]  # −0.2


def test_of_several_the_groups_are_told_largest_first() -> None:
    one = asked(weighted([3.0, 2.0, 1.0, 0.5]), 4)
    for method, top in {"lime": 1, "shapley": 0, "integrated_gradients": 0}.items():
        given = {f"part_{place + 1}": float(place == top) for place in range(4)}
        values = np.zeros((28, 28), np.float32)
        one.case._attributions[method, 5] = Attribution(method, 5, values, "logit", None, {}, given)
    (claim,) = several_claims(one, ("lime", "shapley", "integrated_gradients"), 5)
    assert claim.kind == "several_differ"
    first, second = claim.slots["groups"]  # type: ignore[misc]
    assert first["methods"] == ("shapley", "integrated_gradients")
    assert second["methods"] == ("lime",)
    assert "methods_disagree" in warnings_of([claim], None, one.case.classifier.identity.warnings)


@pytest.mark.parametrize("silent", [(), ("lrp",), ("lrp", "occlusion", "gradient_x_input")])
def test_of_several_all_agree_only_where_each_marks_something(silent: tuple[str, ...]) -> None:
    one = asked(weighted([3.0, 2.0, 1.0, 0.5]), 4)
    asked_for = ("lime", "gradient_x_input", "occlusion", "lrp")
    for method in asked_for:
        given = {f"part_{place + 1}": float(place == 0) * (method not in silent) for place in range(4)}
        values = np.zeros((28, 28), np.float32)
        one.case._attributions[method, 5] = Attribution(method, 5, values, "logit", None, {}, given)
    told = put_into_words(list(several_claims(one, asked_for, 5)), "en")
    assert kinds(told) == ["several_agree", *["marks_nothing"] * bool(silent)]
    assert told[0].sentence.startswith("All of them put") == (not silent)
    if len(silent) == 3:
        assert told[0].sentence.startswith("LIME puts")


@pytest.mark.parametrize(("least", "like_erasing"), [(AGREE, True), (AGREE - 0.001, False)])
def test_about_as_erasing_does_is_said_where_all_do(agreements: Given, least: float, like_erasing: bool) -> None:
    (claim,) = verdict(agreements, {"integrated_gradients": AGREE + 0.1, "gradient_x_input": least})
    assert claim.kind == "belief_equal"
    (said,) = put_into_words([claim], "en")
    assert ("about as it does" in said.sentence) == like_erasing


def test_where_no_method_is_named_all_quick_ones_are_compared() -> None:
    reply = Bot(tiny_classifier(3, 224)).ask(drawn("five"), "which explanation should I believe?")
    assert reply.claims[0].topic == "belief"
    assert {one.attribution.method for one in reply.heatmaps} == set(QUICK)
    (figure,) = reply.figures
    assert all(name in figure.alt for name in ("LIME", "LRP", "Grad-CAM", "Shapley"))


@pytest.mark.parametrize(("same", "kind"), [(SEEDS, "seeds_stable"), (SEEDS - 1, "seeds_unstable")])
def test_one_seed_that_differs_is_said(monkeypatch: pytest.MonkeyPatch, same: int, kind: str) -> None:
    one = asked(weighted([3.0, 2.0, 1.0]), 3)
    draws = Draws(one.case.parts[0], same, SEEDS, 48, False)
    monkeypatch.setattr(reliability, "over_seeds", lambda *_: draws)
    (claim,) = chance_claims(one, ["lime"], 5)
    assert claim.kind == kind
    assert (claim.evidence[0].value, claim.evidence[0].at_least) == (same / SEEDS, 1.0)
    assert ("unstable" in warnings_of([claim], None, one.case.classifier.identity.warnings)) == (same < SEEDS)


def test_without_chance_that_is_said_once_for_all() -> None:
    (claim,) = chance_claims(asked(weighted([3.0, 2.0, 1.0]), 3), ["lime", "integrated_gradients", "shapley"], 5)
    assert (claim.kind, claim.slots["methods"], claim.slots["runs"]) == ("seeds_exact", ("lime", "shapley"), 8)


@pytest.mark.parametrize(
    ("left", "kind"),
    [
        (GONE, "fresh_gone"), (-GONE, "fresh_gone"), (GONE + 0.001, "fresh_traces"), (-GONE - 0.001, "fresh_traces"),
        (REMAINS, "fresh_traces"), (REMAINS + 0.001, "fresh_remains"), (-REMAINS - 0.001, "fresh_remains"),
    ],
)  # fmt: skip
def test_what_is_left_of_a_map_is_judged_by_its_size(monkeypatch: pytest.MonkeyPatch, left: float, kind: str) -> None:
    monkeypatch.setattr(reliability, "fresh_agreement", lambda *_: left)
    (claim,) = fresh_claims(asked(weighted([1.0, 2.0, 3.0]), 3), ["lime"], 5)
    assert claim.kind == kind
    assert (claim.evidence[0].value, claim.evidence[0].at_most) == (left, GONE)


@pytest.mark.parametrize("language", languages())
def test_a_correlation_that_rounds_to_none_is_not_written_as_a_number(language: str) -> None:
    slots = {"methods": ("lime",), "found": (), "seed": 0, "every": False}
    for wording in words(language).wordings("fresh_gone"):
        for correlation, number in ((0.004, False), (0.006, True)):
            said = words(language).say(wording.name, {**slots, "correlation": correlation})
            assert ("±" in said) is number
            assert "0.00" not in said.replace(",", ".")


def test_the_maps_that_are_gone_share_a_sentence_the_others_have_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    left = {"lime": 0.1, "shapley": None, "integrated_gradients": -0.15, "lrp": 0.9, "cam": 0.3, "grad_cam": -0.4}
    monkeypatch.setattr(reliability, "fresh_agreement", lambda case, method, target: left[method.id])
    gone, traces, remains = fresh_claims(asked(weighted([1.0, 2.0, 3.0]), 3), list(left), 5)
    assert (gone.kind, gone.slots["methods"], gone.slots["correlation"]) == (
        "fresh_gone", ("lime", "integrated_gradients"), 0.15,
    )  # fmt: skip
    assert (traces.kind, traces.slots["methods"], traces.slots["correlation"]) == (
        "fresh_traces", ("cam", "grad_cam"), 0.4,
    )  # fmt: skip
    assert (remains.kind, remains.slots["method"]) == ("fresh_remains", "lrp")


def test_the_tests_are_really_run_again() -> None:
    classifier = weighted([3.0, 2.0, 1.0])
    findings = asked(classifier, 3).reading.about(5)
    assert findings.erasures
    assert findings.fillings
    before = classifier.runs
    (claim,) = replay_claims(findings)
    assert classifier.runs == before + 1 + len(findings.erasures) + len(findings.fillings)
    assert (claim.kind, claim.slots["tests"]) == ("replay_same", 4)
    assert claim.evidence[0].value == 0
    held = {claim.test, *(one.test for one in claim.further_tests)}
    assert held == {effect.test for effect in (*findings.erasures, *findings.fillings)}, "for others to run again"


@pytest.mark.parametrize(("drift", "kind"), [(0.9 * SAME, "replay_same"), (1.1 * SAME, "replay_close")])
def test_a_network_that_answers_differently_the_second_time_is_found_out(drift: float, kind: str) -> None:
    class Drifting(FakeClassifier):
        drift = 0.0

        def probabilities(self, logits: np.ndarray) -> np.ndarray:
            found = super().probabilities(logits).astype(np.float64)
            return found + self.drift * (np.arange(10) == 5)

    base = weighted([3.0, 2.0, 1.0])
    classifier = Drifting(base.weights)
    findings = asked(classifier, 3).reading.about(5)
    assert findings.erasures
    assert findings.fillings
    classifier.drift = drift
    (claim,) = replay_claims(findings)
    assert claim.kind == kind
    assert claim.evidence[0].value == pytest.approx(drift, rel=0.02)
    assert claim.evidence[0].at_most == SAME


def test_a_single_stroke_without_a_gap_has_nothing_to_test() -> None:
    one = asked(weighted([4.0]), 1)
    one.case.parts = one.case.parts[:1]
    told = kinds(list(Trust().claims(Asked(Question("trust"), one.session))))
    assert told[0] == "nothing_to_test"
    assert not {"how_tested", "repeat_it", "replay_same", "replay_close"} & set(told)


def test_trust_says_all_of_it() -> None:
    reply = Bot(tiny_classifier(3)).ask(drawn("five"), "how do you know that is the reason?")
    told = kinds(list(reply.claims))
    assert told[:2] == ["how_tested", "replay_same"]
    assert told[-1] == "repeat_it"
    for start in ("belief_", "fit_", "completeness", "seeds_", "fresh_"):
        assert [kind for kind in told if kind.startswith(start)], start
    numbers = [one for claim in reply.to_dict()["claims"] for one in claim["evidence"]]
    assert {"at_most", "at_least"} <= {name for one in numbers for name in one}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("language", languages())
def test_the_first_sentence_of_which_to_believe_fits_a_short_answer(
    agreements: Given, language: str, level: str
) -> None:
    spread = (1.0, 0.9, 0.8, 0.1, 0.05, 0.0)
    for found in (spread, (0.9,) * 5 + (0.1,), (0.9,) * 6, (0.1,) * 6):
        first, *_ = verdict(agreements, dict(zip(QUICK, found, strict=True)))
        (claim,) = put_into_words([first], language, level)
        assert count_words(claim.sentence) <= MOST_WORDS, claim.sentence


@pytest.mark.parametrize(("fewest", "more"), [(1.0, False), (0.996, False), (0.99, True)])
def test_nothing_is_more_than_one(fewest: float, more: bool) -> None:
    best = {"digit": 5, "methods": ("lime", "shapley"), "farthest": "cam", "close": False, "least": 0.1}
    for language, words_for_it in {"en": "or more", "de": "oder mehr", "es": "o más", "fr": "ou plus"}.items():
        assert (words_for_it in words(language).say("belief_best", {**best, "fewest": fewest})) is more


def test_the_simple_level_says_close_and_nearly_only_of_numbers_that_are() -> None:
    best = {"digit": 5, "methods": ("lime",), "farthest": "cam", "close": False, "least": 0.1}
    for fewest, said in ((1.0, "very same order"), (0.8, "but close"), (0.79, "though not in the same order")):
        assert said in words("en").say("belief_best", {**best, "fewest": fewest}, "simple")
    much = ((0.9, "nearly the same"), (0.89, "much of the same"), (-0.89, "much of the opposite"))
    for correlation, said in (*much, (-0.9, "nearly the opposite")):
        slots = {"digit": 5, "method": "lime", "correlation": correlation}
        assert said in words("en").say("fresh_remains", slots, "simple")
