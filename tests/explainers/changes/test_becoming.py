"""The smallest change towards another digit, on networks whose answers are known in closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explainers.base import Case
from explainers.changes.becoming import ENOUGH, Change, smallest_change
from explainers.drawn import drawn_digits
from explainers.values import Outcome, Test
from model.values import Prediction
from tests.explainers.pictures import boxes, boxes_case
from tests.fakes import FakeClassifier


def hanging_on(*places: int, strength: float = 12.0) -> FakeClassifier:
    """Reads 5 as long as all of the boxes in ``places`` are there, else 3."""
    pixels, parts = boxes(5)
    weights, biases = np.zeros((10, 28, 28)), np.full(10, -20.0)
    for place in places:
        weights[5][parts[place].mask] = strength / pixels[parts[place].mask].sum()
    biases[5], biases[3] = 0.0, strength / 2
    return FakeClassifier(weights, biases)


def outcome(probability: float) -> Outcome:
    probabilities = np.full(10, (1 - probability) / 9, np.float32)
    probabilities[3] = probability
    return Outcome(boxes(5)[0], np.log(probabilities), probabilities)


def test_the_part_that_the_digit_hangs_on_is_erased() -> None:
    search = smallest_change(boxes_case(hanging_on(2)), 3, [drawn_digits(3)])
    assert search.found is not None
    assert search.nearest is None
    assert search.found.test.operation == {"kind": "erase", "parts": ["part_3"]}
    assert search.found.probability == pytest.approx(float(search.found.test.after.probabilities[3]))


def test_the_mirror_a_gap_that_keeps_the_other_digit_away_is_filled() -> None:
    pixels, parts = boxes(5)
    mask = np.zeros((28, 28), bool)
    mask[15:18, 2:6] = True  # below the last box
    weights, biases = np.zeros((10, 28, 28)), np.full(10, -20.0)
    weights[3][mask], biases[5], biases[3] = 1.0, 6.0, 0.0
    case = Case(FakeClassifier(weights, biases), pixels)
    case.parts = (*parts[:-1], replace(parts[-1], mask=mask))  # type: ignore[misc]  # takes the place of what is found
    search = smallest_change(case, 3, [])
    assert search.found is not None
    assert search.found.test.operation == {"kind": "fill", "parts": ["gap_1"]}
    assert [edit.change for edit in search.found.edits] == ["fill"]


def test_of_two_parts_that_would_do_the_one_with_less_ink() -> None:
    class Either(FakeClassifier):
        """Reads 5 only while both boxes are there in full."""

        def _exact(self, pictures: np.ndarray) -> np.ndarray:
            logits = np.full((len(pictures), 10), -20.0)
            pixels, parts = boxes(5)
            full = [np.isclose(pictures[:, parts[place].mask].sum(axis=1), pixels[parts[place].mask].sum(), atol=1e-3)
                    for place in (1, 3)]  # fmt: skip
            logits[:, 5], logits[:, 3] = np.where(full[0] & full[1], 9, 0), 5
            return logits

    case = boxes_case(Either(np.zeros((10, 28, 28))))
    lighter = min((1, 3), key=lambda place: case.pixels[case.parts[place].mask].sum())
    search = smallest_change(case, 3, [])
    assert search.found is not None
    assert [part.id for edit in search.found.edits for part in edit.parts] == [f"part_{lighter + 1}"]


def test_where_it_takes_two_parts_both_are_found() -> None:
    search = smallest_change(boxes_case(hanging_on(0, 4)), 3, [])
    assert search.found is not None
    assert search.found.test.operation == {"kind": "erase", "parts": ["part_1", "part_5"]}


def test_a_network_that_looks_at_nothing_cannot_be_changed_and_how_close_it_came_is_kept() -> None:
    biases = np.zeros(10)
    biases[5] = 3.0
    search = smallest_change(boxes_case(FakeClassifier(np.zeros((10, 28, 28)), biases)), 3, [drawn_digits(3)])
    assert search.found is None
    assert search.nearest is not None
    assert search.nearest.probability == pytest.approx(1 / (np.exp(3) + 9), rel=1e-4)
    assert search.tried > 5


def test_what_no_longer_looks_like_a_digit_is_not_taken() -> None:
    looked = []

    class Strange(FakeClassifier):
        def predict(self, pixels: np.ndarray) -> Prediction:
            looked.append(pixels)
            return replace(super().predict(pixels), strangeness=1.01)

    fake = hanging_on(2)
    search = smallest_change(boxes_case(Strange(fake.weights, fake.biases)), 3, [drawn_digits(3)])
    assert search.found is None
    assert search.nearest is not None
    assert search.nearest.reads_other
    assert search.look is not None
    assert search.look.strangeness == 1.01
    assert any(np.array_equal(search.nearest.test.after.pixels, pixels) for pixels in looked), "what is said was seen"


def test_where_nothing_works_what_reads_as_the_other_goes_before_what_only_comes_close(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bar = np.zeros((28, 28), np.float32)
    bar[10:13, 4:24] = 1
    broken = bar.copy()
    broken[:, 13:15] = 0
    close, closer, apart = (
        Change((), Test({}, replace(outcome(0.1), pixels=bar), replace(outcome(probability), pixels=pixels)), 3)
        for probability, pixels in ((0.3, bar), (0.4, broken), (0.6, broken))
    )
    monkeypatch.setattr("explainers.changes.becoming._redrawn", lambda *_: [])
    for tried, nearest in (([close, closer, apart], apart), ([close, closer], closer), ([], None)):
        monkeypatch.setattr("explainers.changes.becoming._whole_parts", lambda *_, tried=tried: tried)
        search = smallest_change(boxes_case(hanging_on(2)), 3, [])
        assert (search.found, search.nearest) == (None, nearest)


def test_of_what_came_close_the_one_that_is_read_as_the_other_goes_before_one_that_gives_it_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    more, read = outcome(0.4), outcome(0.3)
    more.probabilities[5], more.logits[5] = 0.5, np.log(0.5)
    tried = [Change((), Test({}, outcome(0.1), after), 3) for after in (more, read)]
    assert [one.test.after.digit for one in tried] == [5, 3]
    monkeypatch.setattr("explainers.changes.becoming._redrawn", lambda *_: [])
    monkeypatch.setattr("explainers.changes.becoming._whole_parts", lambda *_: tried)
    assert smallest_change(boxes_case(hanging_on(2)), 3, []).nearest is tried[1]


def test_every_change_that_works_is_looked_at_before_none_is_said_to_look_like_a_digit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def shortened(columns: int) -> np.ndarray:
        bar = np.zeros((28, 28), np.float32)
        bar[10:13, 4 : 24 - columns] = 1
        return bar

    class Strange(FakeClassifier):
        """Takes nothing for a digit but the shortest bar."""

        def predict(self, pixels: np.ndarray) -> Prediction:
            return replace(super().predict(pixels), strangeness=0.5 if np.array_equal(pixels, shortened(9)) else 1.5)

    before = replace(outcome(0.1), pixels=shortened(0))
    tried = [Change((), Test({}, before, replace(outcome(0.9), pixels=shortened(k))), 3) for k in range(1, 10)]
    monkeypatch.setattr("explainers.changes.becoming._redrawn", lambda *_: [])
    fake = hanging_on(2)
    for some, found in ((tried, tried[-1]), (tried[:-1], None)):
        monkeypatch.setattr("explainers.changes.becoming._whole_parts", lambda *_, some=some: some)
        search = smallest_change(boxes_case(Strange(fake.weights, fake.biases)), 3, [])
        assert search.found is found
        assert search.look is not None
        assert search.look.is_digit is (found is not None)


def test_the_border_of_enough() -> None:
    for probability, enough in ((ENOUGH, True), (ENOUGH - 0.001, False)):
        change = Change((), Test({}, outcome(0.1), outcome(probability)), 3)
        assert change.reads_other == enough
        assert change.works == enough
    assert not Change((), Test({}, outcome(0.1), outcome(0.9)), 4).reads_other


def test_ink_that_falls_apart_does_not_work() -> None:
    bar = np.zeros((28, 28), np.float32)
    bar[10:13, 4:24] = 1
    broken = bar.copy()
    broken[:, 13:15] = 0
    for pixels, works in ((bar, True), (broken, False)):
        before, after = replace(outcome(0.1), pixels=bar), replace(outcome(0.9), pixels=pixels)
        assert Change((), Test({}, before, after), 3).works == works


def test_at_most_about_a_hundred_runs_and_the_same_again() -> None:
    fake = FakeClassifier.random(scale=0.1)
    read = fake.predict(boxes(5)[0]).digit
    other = (read + 1) % 10
    searches = [smallest_change(boxes_case(fake), other, [drawn_digits(other)]) for _ in range(2)]
    assert searches[0].tried == searches[1].tried <= 110
    pictures = [(search.found or search.nearest).test.after.pixels for search in searches]  # type: ignore[union-attr]
    assert np.array_equal(*pictures)
