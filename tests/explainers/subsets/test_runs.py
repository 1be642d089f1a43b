"""The table of runs: which subsets are in, what is erased, and that rows can be looked up."""

from __future__ import annotations

import numpy as np
import pytest

from explainers.subsets.completion import every_subset
from explainers.subsets.runs import ENUMERATED, FEWEST_RUNS, MORE_RUNS, MOST_RUNS, kept_rows, run_parts, settled
from tests.explainers.pictures import boxes
from tests.fakes import FakeClassifier


@pytest.mark.parametrize("count", [0, 1, 3, 6])
def test_few_parts_are_enumerated(count: int) -> None:
    rows = kept_rows(count, seed=0)
    assert rows.shape == (2**count, count)
    assert len(np.unique(rows, axis=0)) == 2**count
    assert rows[0].all() and not rows[-1].any() or count == 0


@pytest.mark.parametrize("count", [7, 8, 9, 12])
def test_many_parts_are_sampled_distinct_and_in_pairs(count: int) -> None:
    rows = kept_rows(count, seed=3)
    assert rows.shape == (MOST_RUNS, count)
    known = {row.tobytes() for row in rows}
    assert len(known) == MOST_RUNS
    assert all((~row).tobytes() in known for row in rows)
    for wanted in (
        np.ones(count, bool),
        np.zeros(count, bool),
        *np.eye(count, dtype=bool),
        *~np.eye(count, dtype=bool),
    ):
        assert wanted.tobytes() in known


def test_the_seed_decides_the_sample() -> None:
    assert np.array_equal(kept_rows(9, 5), kept_rows(9, 5))
    assert not np.array_equal(kept_rows(9, 5), kept_rows(9, 6))


@pytest.mark.parametrize("count", [3, 9])
def test_each_row_is_the_picture_without_its_parts(count: int) -> None:
    classifier = FakeClassifier.random()
    pixels, parts = boxes(count)
    before = pixels.copy()
    runs = run_parts(classifier, pixels, parts, seed=0)
    assert classifier.runs == len(runs.kept) == len(runs.logits)
    assert runs.complete == (count == 3)
    assert runs.ids == tuple(f"part_{place + 1}" for place in range(count))
    for kept, logits in zip(runs.kept, runs.logits, strict=True):
        picture = pixels.copy()
        for part, left in zip(parts, kept, strict=False):
            if not left:
                picture[part.mask] = 0
        assert np.allclose(logits, classifier.logits(picture[None])[0], atol=1e-5)
    assert np.array_equal(pixels, before)


def test_the_full_and_the_empty_picture() -> None:
    classifier = FakeClassifier.random()
    pixels, parts = boxes(4)
    runs = run_parts(classifier, pixels, parts, seed=0)
    assert np.allclose(runs.logits[0], classifier.logits(pixels[None])[0])
    empty = runs.row_without(runs.ids)
    assert empty is not None
    assert np.allclose(runs.logits[empty], 0)


def test_rows_are_found_by_what_was_erased() -> None:
    pixels, parts = boxes(9)
    runs = run_parts(FakeClassifier.random(), pixels, parts, seed=0)
    row = runs.row_without(["part_3"])
    assert row is not None
    assert not runs.kept[row, 2]
    assert runs.kept[row].sum() == 8
    assert runs.row_without([]) == runs.row([True] * 9) == 0
    assert runs.row_without(["gap_1"]) is None
    absent = next(row for row in every_subset(9) if not (runs.kept == row).all(axis=1).any())
    assert runs.row(absent) is None


@pytest.mark.parametrize("count", [0, 3, 9])
def test_what_is_known_is_not_run_again(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pixels, parts = boxes(count)
    expected = run_parts(FakeClassifier.random(), pixels, parts, seed=0)
    mark = np.full(10, 7, np.float32)
    known = {frozenset(): mark, frozenset({"gap_1"}): mark}
    known |= {frozenset({part.id}): mark for part in parts[: count - 1]}
    monkeypatch.setattr("explainers.subsets.runs.settled", lambda kept, logits: len(kept) == len(expected.kept))
    classifier = FakeClassifier.random()
    runs = run_parts(classifier, pixels, parts, seed=0, known=known)
    rows = [runs.row_without(erased) for erased in known if erased <= set(runs.ids)]
    assert classifier.runs == len(runs.kept) - len(rows)
    for row in range(len(runs.kept)):
        np.testing.assert_array_equal(runs.logits[row], mark if row in rows else expected.logits[row])


def test_log_odds_are_those_of_the_probabilities() -> None:
    pixels, parts = boxes(3)
    classifier = FakeClassifier.random()
    runs = run_parts(classifier, pixels, parts, seed=0)
    probabilities = classifier.probabilities(runs.logits).astype(np.float64)
    for target in range(10):
        expected = np.log(probabilities[:, target] / np.delete(probabilities, target, axis=1).sum(axis=1))
        assert np.allclose(runs.log_odds(target), expected, atol=1e-4)


@pytest.mark.parametrize(("count", "seed"), [(7, 0), (8, 1), (9, 2)])
def test_where_the_strongest_parts_are_clear_the_fewest_runs_are_enough(count: int, seed: int) -> None:
    pixels, parts = boxes(count)
    weights = np.zeros((28, 28))
    for place, part in enumerate(parts[:count]):
        weights[part.mask] = 0.2 * (place + 1)
    classifier = FakeClassifier.one_digit(3, weights)
    runs = run_parts(classifier, pixels, parts, seed)
    assert classifier.runs == len(runs.kept) == FEWEST_RUNS
    assert not runs.complete


@pytest.mark.parametrize("count", [7, 9])
def test_what_is_never_settled_ends_at_the_most(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explainers.subsets.runs.settled", lambda kept, logits: False)
    pixels, parts = boxes(count)
    classifier = FakeClassifier.random()
    runs = run_parts(classifier, pixels, parts, seed=0)
    assert classifier.runs == len(runs.kept) == MOST_RUNS
    assert runs.complete == (count == 7)
    assert len(np.unique(runs.kept, axis=0)) == MOST_RUNS


def test_parts_that_weigh_the_same_are_not_settled() -> None:
    """With a remainder that no line explains; one of the two put clearly ahead is."""
    kept, noise = kept_rows(8, 0)[:FEWEST_RUNS], np.random.default_rng(0).normal(size=FEWEST_RUNS)
    for lead, expected in ((0, False), (6, True)):
        logits = np.zeros((FEWEST_RUNS, 10), np.float32)
        logits[:, 4] = kept @ np.array([9 + lead, 9, 2, 0, 0, 0, 0, 0]) + noise
        assert settled(kept, logits) == expected


def test_the_runs_go_on_in_steps_until_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def third(kept: np.ndarray, logits: np.ndarray) -> bool:
        assert len(kept) == len(logits)
        asked.append(len(kept))
        return len(asked) == 3

    monkeypatch.setattr("explainers.subsets.runs.settled", third)
    pixels, parts = boxes(8)
    runs = run_parts(FakeClassifier.random(), pixels, parts, seed=0)
    assert asked == [FEWEST_RUNS, FEWEST_RUNS + MORE_RUNS, FEWEST_RUNS + 2 * MORE_RUNS]
    assert len(runs.kept) == asked[-1]
    assert np.array_equal(runs.kept, kept_rows(8, 0)[: asked[-1]])
    assert FEWEST_RUNS < ENUMERATED < MOST_RUNS
