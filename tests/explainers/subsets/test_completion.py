"""Kriging against a slow rewrite, and what it must give where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from explainers.subsets.completion import ALIKE, CONFIDENCE, Completion, every_subset, order_settled
from explainers.subsets.runs import kept_rows
from explainers.subsets.surrogate import fit_map


def some_runs(parts: int, count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(R, M) bool and (R,) log-odds with effects of single parts, of pairs, and noise."""
    kept = kept_rows(parts, seed)[:count]
    generator = np.random.default_rng(seed)
    pairs = kept[:, :-1] & kept[:, 1:]
    odds = kept @ generator.normal(0, 2, parts) + pairs @ generator.normal(0, 2, parts - 1)
    return kept, odds + generator.normal(0, 0.3, count)


def test_the_prediction_and_its_covariance_are_those_of_the_book() -> None:
    """Rasmussen and Williams (2006), equations 2.41 and 2.42, one subset at a time."""
    kept, odds = some_runs(7, 20)
    completion = Completion(kept, odds)

    def covariance(one: np.ndarray, other: np.ndarray) -> float:
        return float(np.prod([1.0 if a == b else ALIKE for a, b in zip(one, other, strict=True)]))

    matrix = np.array([[covariance(one, other) for other in kept] for one in kept])
    basis = np.array([[1.0, *row] for row in kept]).T
    slopes = np.linalg.inv(basis @ np.linalg.inv(matrix) @ basis.T) @ basis @ np.linalg.inv(matrix) @ odds
    rest = odds - basis.T @ slopes
    variance = rest @ np.linalg.inv(matrix) @ rest / (20 - 8)
    some = [3, 40, 77]
    new = every_subset(7)[some]
    for place, row in zip(some, new, strict=True):
        seen = np.array([covariance(row, other) for other in kept])
        expected = np.array([1.0, *row]) @ slopes + seen @ np.linalg.inv(matrix) @ rest
        assert completion.odds[place] == pytest.approx(expected, abs=1e-5)
    pick = np.zeros((3, 128))
    pick[range(3), some] = 1
    across = np.array([[covariance(row, other) for other in kept] for row in new])
    among = np.array([[covariance(row, other) for other in new] for row in new])
    trend = np.array([[1.0, *row] for row in new]).T - basis @ np.linalg.inv(matrix) @ across.T
    expected = among - across @ np.linalg.inv(matrix) @ across.T
    expected += trend.T @ np.linalg.inv(basis @ np.linalg.inv(matrix) @ basis.T) @ trend
    np.testing.assert_allclose(completion.covariance(pick), variance * expected, rtol=1e-4, atol=1e-6)


def test_what_was_run_stays_as_it_was_and_leaves_nothing_open() -> None:
    kept, odds = some_runs(7, 48)
    completion = Completion(kept, odds)
    rows = [int(np.flatnonzero((completion.kept == row).all(axis=1))[0]) for row in kept]
    np.testing.assert_allclose(completion.odds[rows], odds, atol=1e-5)
    pick = np.zeros((48, 128))
    pick[range(48), rows] = 1
    np.testing.assert_allclose(completion.covariance(pick), 0, atol=1e-4)


def test_where_the_parts_add_up_all_is_known() -> None:
    kept = kept_rows(8, 1)[:48]
    weights = np.arange(8.0)
    completion = Completion(kept, kept @ weights - 3)
    np.testing.assert_allclose(completion.odds, completion.kept @ weights - 3, atol=1e-6)
    weigh = fit_map(completion.kept)
    np.testing.assert_allclose(weigh @ completion.odds, weights, atol=1e-4)
    np.testing.assert_allclose(completion.covariance(weigh), 0, atol=1e-6)


def test_more_runs_leave_less_open() -> None:
    weigh = fit_map(every_subset(8))
    open_still = []
    for count in (32, 64, 128):
        kept, odds = some_runs(8, 128)
        open_still.append(np.trace(Completion(kept[:count], odds[:count]).covariance(weigh)))
    assert open_still[0] > open_still[1] > open_still[2] > 0


@pytest.mark.parametrize(("lead", "is_settled"), [(1.97, True), (1.95, False), (-1.97, True)])
def test_an_order_is_settled_from_the_lead_that_95_percent_ask_for(lead: float, is_settled: bool) -> None:
    """Two leads, each of 1.96 standard errors (0.025 on one side); which part comes first makes no difference."""
    assert CONFIDENCE == 0.95
    values = np.array([0.0, lead, -9.0])
    assert order_settled(values, np.diag([0.5, 0.5, 0.5]), 2) == is_settled


def test_an_order_below_the_places_asked_for_does_not_matter() -> None:
    values = np.array([9.0, 5.0, 1.0, 1.0])
    assert order_settled(values, np.eye(4), 2)
    assert not order_settled(values, np.eye(4), 3)


def test_errors_that_two_parts_share_do_not_unsettle_them() -> None:
    values = np.array([2.0, 1.0])
    assert not order_settled(values, np.full((2, 2), 4.0) + np.eye(2), 1)
    assert order_settled(values, np.full((2, 2), 4.0) + 0.1 * np.eye(2), 1)
