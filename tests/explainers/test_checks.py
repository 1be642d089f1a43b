"""Tests that are run on the model: what changes, what is kept, and that anyone can run them again."""

from __future__ import annotations

import json

import numpy as np
import pytest

from explainers import checks
from explainers.base import Case
from explainers.controls import Control, erased_elsewhere, inked_elsewhere, run_controls
from explainers.errors import ExplainerError
from explainers.levels import fill_level
from explainers.values import Outcome, Test
from tests.explainers.pictures import boxes_case
from tests.fakes import FakeClassifier, tiny_classifier


def assert_runs_again(case: Case, test: Test) -> None:
    """Both pictures are proper input, and the model says of them what the test holds."""
    for outcome in (test.before, test.after):
        assert outcome.pixels.shape == (28, 28)
        assert outcome.pixels.dtype == np.float32
        assert outcome.pixels.min() >= 0
        assert outcome.pixels.max() <= 1
        assert np.allclose(outcome.pixels * 255, np.round(outcome.pixels * 255), atol=1e-4)
        logits = case.classifier.logits(outcome.pixels[None])[0]
        assert np.allclose(outcome.logits, logits, atol=1e-3)
        assert np.allclose(outcome.probabilities, case.classifier.probabilities(logits), atol=1e-3)
    json.dumps(test.operation, allow_nan=False)


@pytest.mark.parametrize("with_table", [False, True])
@pytest.mark.parametrize("chosen", [(0,), (1, 3), (0, 1, 2, 3, 4)])
def test_erasing_leaves_all_else_as_it_was(chosen: tuple[int, ...], with_table: bool) -> None:
    case = boxes_case(tiny_classifier())
    before = case.pixels.copy()
    if with_table:
        _ = case.runs
    parts = [case.parts[place] for place in chosen]
    test = checks.erase(case, parts)
    gone = np.any([part.mask for part in parts], axis=0)
    assert not test.after.pixels[gone].any()
    assert np.array_equal(test.after.pixels[~gone], before[~gone])
    assert np.array_equal(case.pixels, before)
    assert np.array_equal(test.before.pixels, before)
    assert test.operation == {"kind": "erase", "parts": [part.id for part in parts]}
    assert_runs_again(case, test)


def test_what_the_table_holds_is_not_run_again() -> None:
    classifier = FakeClassifier.random()
    case = boxes_case(classifier)
    _ = case.runs, case.outcome
    runs = classifier.runs
    checks.erase(case, case.parts[:2])
    assert classifier.runs == runs


def test_tests_and_table_take_from_each_other() -> None:
    first, second = (boxes_case(FakeClassifier.random()) for _ in range(2))
    checks.each_alone(first, first.parts)  # five parts and a gap
    _ = first.runs
    assert first.classifier.runs == 6 + 1 + 32 - 6
    _ = second.runs
    checks.each_alone(second, second.parts)
    assert second.classifier.runs == 1 + 31 + 1
    np.testing.assert_array_equal(first.runs.logits, second.runs.logits)


def test_one_test_does_not_make_the_table() -> None:
    classifier = FakeClassifier.random()
    case = boxes_case(classifier)
    checks.erase(case, case.parts[:1])
    assert classifier.runs == 2
    assert case.finished_runs is None


def test_drops_are_those_of_the_closed_form() -> None:
    weights = np.random.default_rng(0).normal(0.1, 0.3, (28, 28))
    case = boxes_case(FakeClassifier.one_digit(6, weights, temperature=1.5))
    part = case.parts[2]
    test = checks.erase(case, [part])
    assert test.log_odds_drop(6) == pytest.approx((weights * case.pixels)[part.mask].sum(), abs=1e-4)
    assert test.log_odds_drop(6) * test.drop(6) > 0
    mirrored = boxes_case(FakeClassifier.one_digit(6, -weights, temperature=1.5))
    assert checks.erase(mirrored, [part]).log_odds_drop(6) == pytest.approx(-test.log_odds_drop(6), abs=1e-4)


def test_filling_makes_the_gap_as_dark_as_the_strokes() -> None:
    case = boxes_case(tiny_classifier())
    gap = case.parts[-1]
    case.pixels[23, 2] = 1.0  # a gap may touch ink, which is not made lighter
    (test,) = checks.each_alone(case, [gap])
    level = fill_level(case.pixels)
    assert 0.5 < level < 1
    assert test.after.pixels[23, 2] == 1
    assert test.after.pixels[24, 5] == level
    assert np.array_equal(test.after.pixels[~gap.mask], case.pixels[~gap.mask])
    assert test.operation == {"kind": "fill", "parts": ["gap_1"]}
    assert_runs_again(case, test)


def test_what_makes_no_sense_is_refused() -> None:
    case = boxes_case(FakeClassifier.random())
    with pytest.raises(ExplainerError, match="Only ink"):
        checks.erase(case, [case.parts[-1]])
    with pytest.raises(ExplainerError, match="at least one part"):
        checks.erase(case, [])
    black = Case(case.classifier, np.zeros((28, 28), np.float32))
    with pytest.raises(ExplainerError, match="needs ink"):
        erased_elsewhere(black, 3.0)


@pytest.mark.parametrize("amount", [0.0, 6.0, 20.0, 1e9])
def test_controls_erase_the_amount_asked_for(amount: float) -> None:
    case = boxes_case(tiny_classifier())
    total = float(case.pixels.sum())
    (control,) = run_controls(case, [erased_elsewhere(case, amount, repeats=5)], 3)
    assert control.drops.shape == control.log_odds_drops.shape == (5,)
    for test in control.tests:
        erased = float((test.before.pixels - test.after.pixels).sum())
        assert abs(erased - min(amount, total)) <= 1.0  # at most one pixel too much or too little
        assert test.operation["amount"] == pytest.approx(erased, abs=1e-3)
        row, column = test.operation["start"]
        assert test.before.pixels[row, column] > 0
        assert test.after.pixels[row, column] == 0
        assert_runs_again(case, test)


def test_a_patch_is_the_ink_around_its_start() -> None:
    case = boxes_case(FakeClassifier.random())
    (control,) = run_controls(case, [erased_elsewhere(case, 8.0)], 3)
    for test in control.tests:
        gone = np.argwhere(test.before.pixels > test.after.pixels)
        left = np.argwhere(test.after.pixels > 0)
        start = np.array(test.operation["start"])
        assert ((gone - start) ** 2).sum(axis=1).max() <= ((left - start) ** 2).sum(axis=1).min()


def test_controls_come_from_the_seed_in_one_batch() -> None:
    classifier = FakeClassifier.random()
    case = boxes_case(classifier)
    _ = case.outcome
    calls, ask = [], classifier.logits
    classifier.logits = lambda pictures: (calls.append(len(pictures)), ask(pictures))[1]
    groups = [erased_elsewhere(case, 9.0, seed=seed) for seed in (1, 1, 2)]
    first, again, other = run_controls(case, groups, 3)
    assert calls == [24]
    assert np.array_equal(first.log_odds_drops, again.log_odds_drops)
    assert not np.array_equal(first.log_odds_drops, other.log_odds_drops)


def test_the_amount_of_parts_is_the_sum_of_their_ink() -> None:
    case = boxes_case(FakeClassifier.random())
    amounts = [checks.ink_amount(case.pixels, [part]) for part in case.parts[:5]]
    assert sum(amounts) == pytest.approx(float(case.pixels.sum()), abs=1e-3)
    assert checks.ink_amount(case.pixels, case.parts[:2]) == pytest.approx(sum(amounts[:2]), abs=1e-6)


def test_each_alone_runs_every_part_once_and_agrees_with_erasing_it() -> None:
    case = boxes_case(classifier := FakeClassifier.random(scale=0.05))
    tests = checks.each_alone(case, case.parts)
    assert [test.operation["kind"] for test in tests] == ["erase"] * 5 + ["fill"]
    runs = classifier.runs
    assert checks.each_alone(case, case.parts[:2]) == tests[:2]
    assert classifier.runs == runs
    np.testing.assert_allclose(tests[1].after.logits, checks.erase(case, [case.parts[1]]).after.logits, atol=1e-6)


def test_a_gap_s_control_inks_as_many_empty_pixels_elsewhere() -> None:
    case = boxes_case(FakeClassifier.random(scale=0.05))
    gap = case.parts[-1]
    (control,) = run_controls(case, [inked_elsewhere(case, int(gap.mask.sum()))], 5)
    assert len(control.tests) == 8
    for test in control.tests:
        changed = test.after.pixels != case.pixels
        assert changed.sum() == gap.mask.sum()
        assert not case.pixels[changed].any()


def test_a_control_inks_as_many_pixels_or_there_is_none() -> None:
    case = boxes_case(FakeClassifier.random(scale=0.05))
    rows, columns = np.nonzero(case.pixels)
    box = case.pixels[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    room = int((box == 0).sum())
    assert len(inked_elsewhere(case, room)) == 8
    assert all((changed != case.pixels).sum() == room for _, changed in inked_elsewhere(case, room))
    assert inked_elsewhere(case, room + 1) == []


def test_a_picture_without_room_has_no_control_for_a_gap() -> None:
    case = boxes_case(FakeClassifier.random(scale=0.05))
    case.pixels[:] = 1
    (control,) = run_controls(case, [inked_elsewhere(case, 32)], 5)
    assert not control.tests
    assert not control.drops.size


@pytest.mark.parametrize("sign", [1, -1])
def test_a_place_is_elsewhere_where_less_than_half_of_it_is_what_was_tested(sign: int) -> None:
    def changed(first: int, last: int, sign: int = sign) -> Test:
        before, after = np.full((28, 28), 0.5, np.float32), np.full((28, 28), 0.5, np.float32)
        after[0, first:last] += 0.5 * sign
        said = (np.zeros(10, np.float32), np.full(10, 0.1, np.float32))
        return Test({"kind": "made_up"}, Outcome(before, *said), Outcome(after, *said))

    test = changed(0, 8)
    places = (changed(0, 4), changed(4, 12), changed(5, 13), changed(8, 16), changed(0, 8, -sign), changed(0, 0))
    assert Control(places, 5).elsewhere(test).tolist() == [False, False, True, True, True, True]
