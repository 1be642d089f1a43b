"""LIME against closed forms and a slow rewrite of weighted ridge regression."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from explainers.lime import Lime, fit_surrogate
from explainers.subsets.completion import Completion
from explainers.subsets.runs import PartRuns, kept_rows, run_parts
from explainers.subsets.surrogate import KERNEL_WIDTH, RIDGE, cosine_distances, fit_map, kernel
from tests.explainers.pictures import boxes, boxes_case
from tests.fakes import FakeClassifier, tiny_classifier


@pytest.mark.parametrize("count", [2, 5, 9])
def test_an_additive_classifier_gives_back_its_weights(count: int) -> None:
    weights = np.random.default_rng(2).normal(0, 1, (28, 28))
    case = boxes_case(FakeClassifier.one_digit(4, weights), count)
    attribution = Lime().explain(case, 4)
    for part in case.parts[:count]:
        expected = (weights * case.pixels)[part.mask].sum()
        assert attribution.part_values[part.id] == pytest.approx(expected, abs=1e-3)
        assert attribution.part_errors.get(part.id, 0) < 1e-3
    assert set(attribution.part_values) == {part.id for part in case.parts if part.kind == "ink"}
    assert attribution.fit == pytest.approx(1, abs=1e-6)


def test_the_weights_are_those_of_weighted_ridge_regression() -> None:
    pixels, parts = boxes(6)
    runs = run_parts(tiny_classifier(), pixels, parts, seed=1)
    surrogate = fit_surrogate(runs, 3)
    kept, odds = runs.kept.astype(float), runs.log_odds(3)
    nearness = np.array([np.exp(-((1 - np.sqrt(row.mean())) ** 2) / KERNEL_WIDTH**2 / 2) for row in kept])
    mean_row = sum(w * row for w, row in zip(nearness, kept, strict=True)) / nearness.sum()
    mean_odds = (nearness * odds).sum() / nearness.sum()
    matrix, right = RIDGE * np.eye(6), np.zeros(6)
    for weight, row, value in zip(nearness, kept, odds, strict=True):
        matrix += weight * np.outer(row - mean_row, row - mean_row)
        right += weight * (row - mean_row) * (value - mean_odds)
    expected = np.linalg.solve(matrix, right)
    assert np.allclose(fit_map(runs.kept) @ odds, expected, atol=1e-8)
    assert np.allclose(surrogate.weights, expected, atol=1e-8)
    residuals = odds - mean_odds - (kept - mean_row) @ expected
    fit = 1 - (nearness * residuals**2).sum() / (nearness * (odds - mean_odds) ** 2).sum()
    assert surrogate.fit == pytest.approx(fit, abs=1e-8)
    variance = (nearness * residuals**2).sum() / (len(kept) - 7)
    spread = np.linalg.inv(matrix - RIDGE * np.eye(6))
    assert surrogate.errors is not None
    assert np.allclose(surrogate.errors, np.sqrt(variance * np.diag(spread)), rtol=1e-4)


@pytest.mark.parametrize("count", [1, 5, 9])
def test_the_distance_and_the_kernel_are_lime_s(count: int) -> None:
    from lime.lime_image import LimeImageExplainer

    kept = kept_rows(count, seed=0)
    theirs = pairwise_distances(kept.astype(float), kept[:1].astype(float), metric="cosine").ravel()
    assert np.allclose(cosine_distances(kept), theirs)
    assert np.allclose(kernel(theirs), LimeImageExplainer(kernel_width=KERNEL_WIDTH).base.kernel_fn(theirs))


def test_the_weight_is_spread_evenly_over_the_ink_and_adds_up() -> None:
    case = boxes_case(tiny_classifier())
    attribution = Lime().explain(case, 2)
    for part in case.parts[:5]:
        weight = attribution.part_values[part.id]
        assert attribution.values[part.mask].sum() == pytest.approx(weight, abs=1e-4)
        shares = attribution.values[part.mask & (case.pixels > 0)]
        assert np.allclose(shares, shares[0], atol=1e-5)
    assert not attribution.values[case.pixels == 0].any()
    assert attribution.gap is None


def test_a_single_part_has_no_error_and_a_perfect_fit() -> None:
    case = boxes_case(FakeClassifier.one_digit(0, np.ones((28, 28))), 1)
    attribution = Lime().explain(case, 0)
    assert attribution.part_values["part_1"] == pytest.approx(case.pixels.sum(), rel=0.01)
    assert attribution.part_errors == {}
    assert attribution.fit == pytest.approx(1, abs=1e-3)


def test_what_is_not_linear_in_the_parts_shows_in_the_fit() -> None:
    case = boxes_case(FakeClassifier.random(scale=1.0), 6)
    fits = [Lime().explain(case, target).fit for target in range(10)]
    assert all(fit is not None and 0 < fit < 1 for fit in fits)
    assert min(fit for fit in fits if fit is not None) < 0.99


def test_all_targets_share_one_table() -> None:
    classifier = FakeClassifier.random()
    case = boxes_case(classifier)
    for target in range(10):
        case.attribution(Lime(), target)
    assert classifier.runs == 32


def test_where_not_all_was_run_the_fit_is_to_the_completed_table() -> None:
    pixels, parts = boxes(8)
    runs = run_parts(FakeClassifier.random(scale=1.0), pixels, parts, seed=1)
    assert not runs.complete
    surrogate = fit_surrogate(runs, 3)
    completion = Completion(runs.kept, runs.log_odds(3))
    assert np.allclose(surrogate.weights, fit_map(completion.kept) @ completion.odds, atol=1e-6)
    as_if_run = PartRuns(runs.ids, completion.kept, runs.logits, True)
    object.__setattr__(as_if_run, "log_odds", lambda target: completion.odds)
    assert surrogate.errors is not None
    without_chance = fit_surrogate(as_if_run, 3).errors
    chance = np.diag(completion.covariance(fit_map(completion.kept)))
    assert np.allclose(surrogate.errors**2, without_chance**2 + chance, rtol=1e-6)
    assert (chance > 0).all()
