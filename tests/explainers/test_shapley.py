"""Shapley values against closed forms, the definition by orders, captum, and their own promise of a sum."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from explainers.base import Case
from explainers.lime import Lime
from explainers.shapley import Shapley, shapley_map, shapley_values
from explainers.subsets.completion import Completion, every_subset
from explainers.subsets.runs import PartRuns, run_parts
from explainers.subsets.spread import spread_evenly
from model.torch_engine import log_odds
from tests.explainers.pictures import boxes, boxes_case
from tests.fakes import FakeClassifier, tiny_classifier


def by_orders(worth: dict[tuple[bool, ...], float], count: int) -> np.ndarray:
    """What each part adds when the parts come in one by one, averaged over all orders."""
    total, orders = np.zeros(count), list(itertools.permutations(range(count)))
    for order in orders:
        there = [False] * count
        for part in order:
            before = worth[tuple(there)]
            there[part] = True
            total[part] += worth[tuple(there)] - before
    return total / len(orders)


@pytest.mark.parametrize("count", [1, 2, 6])
def test_they_are_the_mean_over_all_orders(count: int) -> None:
    kept = every_subset(count)
    odds = np.random.default_rng(count).normal(0, 3, len(kept))
    worth = {tuple(row.tolist()): value for row, value in zip(kept, odds.tolist(), strict=True)}
    assert np.allclose(shapley_map(kept) @ odds, by_orders(worth, count))


def test_the_order_of_the_rows_does_not_matter() -> None:
    kept = every_subset(4)
    mixed = np.random.default_rng(1).permutation(len(kept))
    odds = np.random.default_rng(2).normal(0, 3, len(kept))
    assert np.allclose(shapley_map(kept[mixed]) @ odds[mixed], shapley_map(kept) @ odds)


@pytest.mark.parametrize("count", [1, 5, 9])
def test_an_additive_classifier_gives_back_its_weights(count: int) -> None:
    weights = np.random.default_rng(2).normal(0, 1, (28, 28))
    case = boxes_case(FakeClassifier.one_digit(4, weights), count)
    attribution = Shapley().explain(case, 4)
    for part in case.parts[:count]:
        assert attribution.part_values[part.id] == pytest.approx((weights * case.pixels)[part.mask].sum(), abs=1e-3)
        assert attribution.part_errors.get(part.id, 0) < 1e-3
    assert set(attribution.part_values) == {f"part_{place + 1}" for place in range(count)}
    assert attribution.gap == pytest.approx(0, abs=1e-4)


def test_two_parts_that_only_count_together_share_alike_and_a_third_gets_nothing() -> None:
    kept = every_subset(3)
    both = np.where(kept[:, 0] & kept[:, 1], 6.0, 0.0)
    assert np.allclose(shapley_map(kept) @ both, [3, 3, 0])


def test_captum_agrees() -> None:
    captum = pytest.importorskip("captum.attr")
    case = boxes_case(tiny_classifier(3), 3)
    network = case.classifier.network
    ink = [part for part in case.parts if part.kind == "ink"]
    segments = np.full((28, 28), len(ink))  # paper is a player that changes nothing
    for place, part in enumerate(ink):
        segments[part.mask] = place
    method = captum.ShapleyValues(lambda pictures: log_odds(network(pictures), 5))
    theirs = method.attribute(
        torch.from_numpy(case.pixels[None]), feature_mask=torch.from_numpy(segments[None]), perturbations_per_eval=24
    )[0].numpy()
    ours = Shapley().explain(case, 5).part_values
    for part in ink:
        assert ours[part.id] == pytest.approx(float(theirs[part.mask][0]), abs=2e-3)
    assert max(abs(value) for value in ours.values()) > 0.1


@pytest.mark.parametrize("count", [5, 9])
def test_they_add_up_to_what_all_parts_change(count: int) -> None:
    case = boxes_case(tiny_classifier(2), count)
    attribution = Shapley().explain(case, 1)
    full, black = case.classifier.logits(np.stack([case.pixels, np.zeros_like(case.pixels)]))
    change = float(np.subtract(*(log_odds(torch.from_numpy(one[None]), 1).item() for one in (full, black))))
    assert sum(attribution.part_values.values()) == pytest.approx(change, abs=1e-3)
    assert attribution.values.sum(dtype=np.float64) == pytest.approx(change, abs=1e-3)
    assert attribution.gap is not None
    assert attribution.gap < 1e-4
    assert attribution.settings["complete"] == (count == 5)


def test_where_not_all_was_run_the_rest_is_told_and_the_error_with_it() -> None:
    pixels, parts = boxes(8)
    runs = run_parts(FakeClassifier.random(scale=1.0), pixels, parts, seed=1)
    assert not runs.complete
    values, errors = shapley_values(runs, 3)
    completion = Completion(runs.kept, runs.log_odds(3))
    worth = {tuple(row.tolist()): value for row, value in zip(completion.kept, completion.odds.tolist(), strict=True)}
    assert np.allclose(values, by_orders(worth, 8), atol=1e-6)
    assert errors is not None
    assert (errors > 0).all()


def test_the_errors_cover_what_the_missing_runs_change() -> None:
    pixels, parts = boxes(8)
    classifier = FakeClassifier.random(scale=1.0)
    runs = run_parts(classifier, pixels, parts, seed=1)
    kept = every_subset(8)
    masks = np.stack([part.mask for part in parts[:8]])
    erased = np.einsum("rm,mhw->rhw", (~kept).astype(int), masks.astype(int)) > 0
    exact = PartRuns(runs.ids, kept, classifier.logits(np.where(erased, np.float32(0), pixels)), True)
    off = []
    for target in range(10):
        (told, errors), (true, none) = shapley_values(runs, target), shapley_values(exact, target)
        assert none is None
        assert errors is not None
        off.append(np.abs(told - true) / errors)
    assert 0.05 < np.mean(off) < 2


def test_lime_and_shapley_share_the_runs_and_the_way_of_spreading() -> None:
    classifier = FakeClassifier.random()
    case = boxes_case(classifier)
    lime, shapley = case.attribution(Lime(), 3), case.attribution(Shapley(), 3)
    assert classifier.runs == 32
    for found in (lime, shapley):
        assert np.allclose(found.values, spread_evenly(case, found.part_values), atol=1e-5)
    assert lime.settings["samples"] == shapley.settings["samples"] == 32
    assert not np.allclose(lime.values, shapley.values, atol=1e-3)


@pytest.mark.parametrize("bare", [0, 5])
def test_a_part_is_spread_evenly_over_its_ink_and_all_else_gets_nothing(bare: int) -> None:
    case = boxes_case(FakeClassifier.random())
    mask = case.parts[1].mask
    rows, columns = (some[:bare] for some in np.nonzero(mask))
    case.pixels[rows, columns] = 0
    case.pixels[mask & (case.pixels > 0)] = np.linspace(0.1, 1, mask.sum() - bare)
    values = spread_evenly(case, {"part_2": -2.5})
    inked = mask & (case.pixels > 0)
    np.testing.assert_allclose(values[inked], -2.5 / (mask.sum() - bare))
    assert not values[~inked].any()


def test_a_picture_without_parts_has_none_to_share_among() -> None:
    case = Case(FakeClassifier.random(), np.zeros((28, 28), np.float32))
    case.parts = ()
    attribution = Shapley().explain(case, 3)
    assert attribution.part_values == {}
    assert not attribution.values.any()
    assert attribution.gap == 0
