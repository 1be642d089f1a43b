"""Two pictures laid upon each other: which parts belong together, and what is taken over."""

from __future__ import annotations

import numpy as np
import pytest

from explainers.base import Case
from explainers.changes.exchange import REPEATS, Pair, moved
from explainers.values import Part
from tests.fakes import FakeClassifier

CLASSIFIER = FakeClassifier.random()
BLACK = np.zeros((28, 28), np.float32)


def box(number: int, form: str = "dot", place: str = "middle", kind: str = "ink", down: int = 0) -> Part:
    """One of nine boxes of 4×4 pixels in three rows, moved ``down``."""
    mask = np.zeros((28, 28), bool)
    row, column = 3 + 8 * (number // 3) + down, 3 + 8 * (number % 3)
    mask[row : row + 4, column : column + 4] = True
    return Part(f"{'part' if kind == 'ink' else 'gap'}_{number}", kind, form, place, mask)


def case(*parts: Part, classifier: FakeClassifier = CLASSIFIER) -> Case:
    """A picture whose ink is that of its ink parts."""
    pixels = BLACK.copy()
    for part in parts:
        if part.kind == "ink":
            pixels[part.mask] = 1
    found = Case(classifier, pixels)
    found.parts = parts
    return found


def ids(pair: Pair) -> set[tuple[str | None, str | None]]:
    return {(one and one.id, other and other.id) for one, other in pair.matched}


def test_moved_loses_what_leaves_and_takes_in_black() -> None:
    picture = np.arange(784, dtype=np.float32).reshape(28, 28)
    np.testing.assert_array_equal(moved(picture, (2, -3))[2:, :-3], picture[:-2, 3:])
    assert not moved(picture, (2, -3))[:2].any()
    assert not moved(picture, (2, -3))[:, -3:].any()
    np.testing.assert_array_equal(moved(moved(picture, (2, -3)), (-2, 3))[:-2, 3:], picture[:-2, 3:])
    np.testing.assert_array_equal(moved(picture, (0, 0)), picture)
    assert not moved(picture, (28, 0)).any()


def test_the_same_digit_a_little_lower_does_not_differ() -> None:
    pair = Pair(case(box(1), box(3), box(8)), case(box(1, down=2), box(3, down=2), box(8, down=2)))
    assert pair.shift == (-2, 0)
    assert pair.turned.shift == (2, 0)
    assert not pair.amounts.any()
    assert not pair.differences
    assert ids(pair) == {("part_1", "part_1"), ("part_3", "part_3"), ("part_8", "part_8")}


def test_parts_are_matched_by_place_and_by_form_where_there_is_a_choice() -> None:
    bar, stem = box(4, "bar", "middle"), box(4, "stem", "middle")
    pair = Pair(case(box(0), box(8), stem), case(box(0), box(8), stem))
    pair.earlier.parts = (box(0), box(8), Part("other", "ink", "bar", "middle", bar.mask), stem)
    assert ids(pair) == {("part_0", "part_0"), ("part_8", "part_8"), ("part_4", "part_4"), (None, "other")}


def test_ink_and_an_empty_place_are_never_the_same() -> None:
    gap = box(4, "opening", kind="gap")
    pair = Pair(case(box(0), box(8), box(4)), case(box(0), box(8), gap))
    assert ids(pair) == {("part_0", "part_0"), ("part_8", "part_8"), ("part_4", None), (None, "gap_4")}
    assert len(pair.differences) == 2


def test_a_place_is_taken_over_and_handed_back() -> None:
    pair = Pair(case(box(1), box(7), box(4)), case(box(1), box(7)))
    (place,) = pair.differences
    assert place.here is not None
    assert place.there is None
    assert place.mask[10:16, 10:16].all()
    assert place.mask.sum() == 36, "a pixel wider all around"
    (test,) = pair.taken_over([place])
    assert test.operation == {"kind": "exchange", "parts": ["part_4"], "other_parts": [], "shift": [0, 0]}
    np.testing.assert_array_equal(test.before.pixels, pair.present.pixels)
    np.testing.assert_array_equal(test.after.pixels, pair.earlier.pixels)
    (back,) = pair.turned.taken_over([pair.turn(place)])
    np.testing.assert_array_equal(back.after.pixels, pair.present.pixels)
    np.testing.assert_allclose(CLASSIFIER.logits(test.after.pixels[None])[0], test.after.logits, atol=1e-5)


@pytest.mark.parametrize("rows", [0, 2])
def test_an_earlier_picture_elsewhere_is_moved_first(rows: int) -> None:
    pair = Pair(case(box(1), box(7), box(4)), case(box(1, down=rows), box(7, down=rows)))
    assert pair.shift == (-rows, 0)
    (test,) = pair.taken_over(pair.differences)
    np.testing.assert_array_equal(test.after.pixels, moved(pair.earlier.pixels, (-rows, 0)))
    (back,) = pair.turned.taken_over([pair.turn(place) for place in pair.differences])
    np.testing.assert_array_equal(back.before.pixels, pair.earlier.pixels)
    np.testing.assert_array_equal(back.after.pixels, moved(pair.present.pixels, (rows, 0)))


def test_the_control_leaves_the_place_alone_and_changes_as_much() -> None:
    pair = Pair(case(box(4), *map(box, (0, 2, 6, 8))), case(box(4)))
    place = pair.differences[0]
    tests = pair.elsewhere(place)
    assert len(tests) == REPEATS
    for test in tests:
        change = np.abs(test.after.pixels - test.before.pixels)
        assert not change[place.mask].any()
        assert change.sum() == pytest.approx(pair.amount(place))
    again = Pair(pair.present, pair.earlier).elsewhere(place)
    assert [one.after.pixels.tobytes() for one in again] == [one.after.pixels.tobytes() for one in tests]


def test_where_less_differs_elsewhere_all_of_it_is_the_control() -> None:
    pair = Pair(case(box(1), box(7), box(4)), case(box(1), box(7)))
    (test,) = pair.elsewhere(pair.differences[0])
    assert test.operation == {"kind": "exchange_rest"}
    np.testing.assert_array_equal(test.after.pixels, test.before.pixels)
