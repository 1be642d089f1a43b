"""Digits drawn by the tests: every part has the name that a person would give it."""

from __future__ import annotations

import numpy as np
import pytest

from explainers.parts import find_parts
from explainers.parts.naming import Name, distinguish
from tests.explainers.parts import drawing
from tests.explainers.parts.drawing import ALL, draw


def names(picture: np.ndarray) -> set[tuple[str, str, str | None]]:
    return {(part.form, part.place, part.side) for part in find_parts(picture)}


EXPECTED = {
    "zero": {
        ("curve", "top", None), ("curve", "left", None), ("curve", "right", None), ("curve", "bottom", None),
        ("hole", "middle", None),
    },
    "one": {("stem", "top", None), ("stem", "middle", None), ("stem", "bottom", None)},
    "three": {
        ("curve", "top", None), ("bar", "middle", None), ("curve", "bottom_right", None), ("curve", "bottom", None),
        ("opening", "top_left", "left"), ("opening", "bottom_left", "left"),
    },
    "four": {
        ("stem", "top_left", None), ("stem", "top_right", None), ("bar", "middle", None),
        ("stem", "bottom_right", None), ("opening", "top", "top"),
    },
    "five": {
        ("bar", "top", None), ("stem", "top_left", None), ("curve", "middle", None), ("curve", "bottom", None),
        ("opening", "top_right", "right"), ("opening", "bottom_left", "left"),
    },
    "six": {
        ("slant", "top", None), ("stem", "left", None), ("loop", "bottom", None), ("hole", "bottom", None),
        ("opening", "top", "right"),
    },
    "seven": {("bar", "top", None), ("stem", "top_right", None), ("stem", "bottom", None)},
    "eight": {
        ("loop", "top", None), ("bar", "middle", None), ("loop", "bottom", None),
        ("hole", "top", None), ("hole", "bottom", None),
    },
    "nine": {("loop", "top", None), ("stem", "right", None), ("stem", "bottom_right", None), ("hole", "top", None)},
    "dotted one": {
        ("dot", "top", None), ("stem", "middle", None), ("stem", "bottom", None), ("opening", "top", None),
    },
    "detached five": {
        ("bar", "top_right", None), ("stem", "top_left", None), ("curve", "middle", None), ("curve", "bottom", None),
        ("opening", "top_left", None), ("opening", "top_right", "right"), ("opening", "bottom_left", "left"),
    },
}  # fmt: skip


@pytest.mark.parametrize("digit", EXPECTED)
def test_names_fit_the_drawing(digit: str) -> None:
    assert names(draw(*ALL[digit])) == EXPECTED[digit]


@pytest.mark.parametrize("pen", [2.0, 3.2])
@pytest.mark.parametrize("digit", ["zero", "four", "five", "six", "seven", "nine"])
def test_the_pen_changes_no_gap_and_no_loop(digit: str, pen: float) -> None:
    telling = {name for name in EXPECTED[digit] if name[0] in ("loop", "hole", "opening")}
    assert telling <= names(draw(*ALL[digit], pen=pen))


@pytest.mark.parametrize("digit", EXPECTED)
def test_the_mirrored_picture_has_mirrored_names(digit: str) -> None:
    swap = {"left": "right", "right": "left"}

    def mirrored(word: str | None) -> str | None:
        return word and "_".join(swap.get(each, each) for each in word.split("_"))

    picture = draw(*ALL[digit])
    assert names(picture[:, ::-1]) == {(form, mirrored(place), mirrored(side)) for form, place, side in names(picture)}


@pytest.mark.parametrize("digit", ALL)
@pytest.mark.parametrize("shift", [(1, 0), (-1, 0), (0, 1), (0, -1)])
def test_a_pixel_to_the_side_changes_nothing(digit: str, shift: tuple[int, int]) -> None:
    picture = draw(*ALL[digit])
    moved = find_parts(np.roll(picture, shift, axis=(0, 1)))
    for before, after in zip(find_parts(picture), moved, strict=True):
        assert (before.id, before.form, before.place, before.side) == (after.id, after.form, after.place, after.side)
        assert np.array_equal(np.roll(before.mask, shift, axis=(0, 1)), after.mask)


def test_a_broken_ring_is_open_where_it_is_broken() -> None:
    parts = find_parts(draw(*drawing.BROKEN_ZERO))
    assert [(part.place, part.side) for part in parts if part.form == "opening"] == [("top", "top")]
    assert not [part for part in parts if part.form in ("hole", "loop")]


def test_filling_an_opening_closes_it() -> None:
    picture = draw(*drawing.BROKEN_ZERO)
    (opening,) = [part for part in find_parts(picture) if part.form == "opening"]
    forms = [part.form for part in find_parts(np.where(opening.mask, 1, picture).astype(np.float32))]
    assert "hole" in forms
    assert "opening" not in forms


def test_the_bar_of_a_seven_is_the_bar() -> None:
    (bar,) = [part for part in find_parts(draw(*drawing.SEVEN)) if part.form == "bar"]
    rows, columns = np.nonzero(bar.mask)
    assert rows.max() <= 8
    assert np.ptp(columns) >= 10


def test_parts_are_numbered_in_reading_order() -> None:
    parts = find_parts(draw(*drawing.FOUR))
    assert [part.id for part in parts] == ["part_1", "part_2", "part_3", "part_4", "gap_1"]
    assert [part.place for part in parts] == ["top_left", "top_right", "middle", "bottom_right", "top"]


def test_two_alike_parts_are_told_apart() -> None:
    parts = find_parts(draw([(7, 6), (7, 22)], [(21, 6), (21, 22)], [(14, 6), (14, 22)], [(7, 6), (21, 6)]))
    places = [(part.form, part.place, part.side) for part in parts]
    assert len(set(places)) == len(places)
    narrow = find_parts(draw([(8, 14), (13, 14)], [(13, 14), (13, 4)], [(13, 14), (20, 10)], [(13, 14), (20, 18)]))
    assert {part.side for part in narrow if part.form == "stem"} <= {None, "upper", "lower", "left", "right"}


def test_of_two_breaks_that_are_alike_the_side_is_not_told() -> None:
    """The side of an opening is where it opens to; a break between two strokes opens to none."""
    centres = np.array([[5.0, 5.0], [20.0, 5.0]])
    breaks = [Name("opening", "left", None)] * 2
    assert distinguish(breaks, centres) == breaks
    holes = distinguish([Name("hole", "left", None)] * 2, centres)
    assert [name.side for name in holes] == ["upper", "lower"]
