"""How far a picture can be changed, and which parts may go, where the answers are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from explainers.base import Case
from explainers.changes.edits import LIMITS, apply
from explainers.changes.robustness import FURTHEST_TURN, MOST_RUNS, Border, borders
from explainers.subsets.part_sets import part_sets
from tests.explainers.changes.test_becoming import hanging_on
from tests.explainers.pictures import boxes_case
from tests.fakes import FakeClassifier


def off_centre() -> np.ndarray:
    """A block of 4×6 pixels with 8 columns of room to its left and 14 to its right."""
    pixels = np.zeros((28, 28), np.float32)
    pixels[12:16, 8:14] = 1
    return pixels


def by_column(border: float) -> FakeClassifier:
    """Reads 5 while the ink's mean column is below ``border``, else 3: a weight that grows along the columns."""
    weights, biases = np.zeros((10, 28, 28)), np.full(10, -50.0)
    weights[3] = np.arange(28) - border
    biases[5] = biases[3] = 0.0
    return FakeClassifier(weights, biases)


def going(found: tuple[Border, ...], change: str, direction: str | None = None) -> Border:
    (border,) = [one for one in found if way_of(one) == (change, direction)]
    return border


def way_of(border: Border) -> tuple[str, str | None]:
    edit = border.held or border.flipped
    assert edit is not None
    return edit.change, edit.direction


@pytest.mark.parametrize("pixels_away", [1, 3, 4, 9])
def test_the_first_pixel_that_changes_the_reading_is_found(pixels_away: int) -> None:
    case = Case(by_column(10.5 + pixels_away - 0.5), off_centre())  # the block's middle is at 10.5
    right = going(borders(case), "shift", "right")
    assert right.flipped is not None
    assert right.flipped.amount == pixels_away
    if pixels_away == 1:
        assert right.held is None
        assert right.test.before is case.outcome
    else:
        assert right.held is not None
        assert right.held.amount == pixels_away - 1
        assert right.test.operation["kind"] == "border"
    assert (right.test.before.digit, right.test.after.digit) == (5, 3)


def test_the_test_holds_the_pictures_of_the_named_changes() -> None:
    case = Case(by_column(14.0), off_centre())
    right = going(borders(case), "shift", "right")
    for edit, outcome in ((right.held, right.test.before), (right.flipped, right.test.after)):
        assert edit is not None
        assert np.array_equal(apply(edit, case.pixels), outcome.pixels)
        again = case.classifier.logits(outcome.pixels[None])[0]
        assert np.allclose(again, outcome.logits)


def test_the_mirror_image_goes_as_far_the_other_way() -> None:
    fake = by_column(14.0)
    mirrored = FakeClassifier(fake.weights[:, :, ::-1], fake.biases)
    right = going(borders(Case(fake, off_centre())), "shift", "right")
    left = going(borders(Case(mirrored, off_centre()[:, ::-1].copy())), "shift", "left")
    assert right.flipped is not None
    assert left.flipped is not None
    assert left.flipped.amount == right.flipped.amount


def test_what_never_changes_holds_as_far_as_there_is_room() -> None:
    fake = FakeClassifier(np.zeros((10, 28, 28)), np.eye(10)[5])
    found = borders(Case(fake, off_centre()))
    assert all(border.flipped is None for border in found)
    rooms = {"left": 8, "right": 14, "up": 12, "down": 12}
    for direction, room in rooms.items():
        held = going(found, "shift", direction).held
        assert held is not None
        assert held.amount == room
    turned = going(found, "rotate", "left").held
    assert turned is not None
    assert turned.amount == FURTHEST_TURN


def test_runs_are_few_and_all_ink_stays_within_the_picture() -> None:
    fake = FakeClassifier.random(scale=0.2)
    case = Case(fake, off_centre())
    assert case.prediction is not None
    before = fake.runs
    found = borders(case)
    assert fake.runs - before <= MOST_RUNS
    for border in found:
        for edit in filter(None, (border.held, border.flipped)):
            if edit.change == "shift":
                assert apply(edit, case.pixels).sum() == pytest.approx(case.pixels.sum(), rel=1e-3)


ALWAYS_FIVE = FakeClassifier(np.zeros((10, 28, 28)), np.eye(10)[5])


@pytest.mark.parametrize(("half", "largest"), [(3, 4.0), (4, 3.86), (5, 3.0)])
def test_small_ink_is_enlarged_no_further_than_makes_sense(half: int, largest: float) -> None:
    """The middle of the picture is 13.5 pixels from its edge; at most four times its size makes sense."""
    pixels = np.zeros((28, 28), np.float32)
    pixels[14 - half : 14 + half, 13:15] = 1  # reaches half a pixel less than ``half`` from the middle
    case = Case(ALWAYS_FIVE, pixels)
    ways = [one.held.amount for one in borders(case) if one.held is not None and one.held.change == "scale"]
    assert max(amount for amount in ways if amount is not None) == largest


@pytest.mark.parametrize("radius", [3, 8, 13])
def test_a_blot_is_thinned_no_further_than_makes_sense(radius: int) -> None:
    rows, columns = np.mgrid[:28, :28] - 13.5
    case = Case(ALWAYS_FIVE, (rows**2 + columns**2 <= radius**2).astype(np.float32))
    held = going(borders(case), "thin").held
    assert held is not None
    assert held.amount is not None
    assert held.amount <= LIMITS["thin"][1]
    assert (held.amount == LIMITS["thin"][1]) == (radius > 6)


def test_ink_at_the_edge_has_no_room_that_way() -> None:
    pixels = off_centre()
    pixels[:, :10] = 0
    pixels[12:16, 0:6] = 1
    found = borders(Case(FakeClassifier(np.zeros((10, 28, 28)), np.eye(10)[5]), pixels))
    assert ("shift", "left") not in [way_of(border) for border in found]


def test_a_part_that_the_digit_hangs_on_must_stay_and_is_enough() -> None:
    sets = part_sets(boxes_case(hanging_on(2)))
    assert [part.id for part in sets.must] == ["part_3"]
    assert [part.id for part in sets.enough] == ["part_3"]
    assert [part.id for part in sets.free] == ["part_1", "part_2", "part_4", "part_5"]


def test_where_two_are_needed_both_must_stay() -> None:
    fake = hanging_on(0, 4)
    fake.biases[3] = 18.0  # more than the 12 that one of them gives
    sets = part_sets(boxes_case(fake))
    assert [part.id for part in sets.must] == ["part_1", "part_5"]
    assert [part.id for part in sets.enough] == ["part_1", "part_5"]


def test_where_either_is_enough_neither_must_stay_and_they_do_not_go_together() -> None:
    fake = hanging_on(1, 3, strength=24.0)  # one of them, 12 of 24, is exactly what the 3 has
    fake.biases[3] = 6.0
    sets = part_sets(boxes_case(fake))
    assert sets.must == ()
    free = {part.id for part in sets.free}
    assert not {"part_2", "part_4"} <= free
    assert len(sets.enough) == 1


def test_a_network_that_looks_at_nothing_lets_all_but_one_go_and_one_part_has_no_sets() -> None:
    fake = FakeClassifier(np.zeros((10, 28, 28)), 9 * np.eye(10)[5])
    sets = part_sets(boxes_case(fake))
    assert len(sets.free) == 4
    alone = part_sets(boxes_case(fake, 1))
    assert (alone.free, alone.must, alone.enough) == ((), (), ())


def test_the_border_of_enough_for_a_set() -> None:
    even = FakeClassifier(np.zeros((10, 28, 28)), np.log(np.array([0.05] * 5 + [0.51] + [0.06] * 4)))
    less = FakeClassifier(np.zeros((10, 28, 28)), np.log(np.array([0.05] * 5 + [0.49] + [0.065] * 4)))
    assert part_sets(boxes_case(even)).free
    assert not part_sets(boxes_case(less)).free
    assert not part_sets(boxes_case(less)).must


def test_every_way_is_tried() -> None:
    found = [way_of(border)[0] for border in borders(Case(by_column(14.0), off_centre()))]
    assert {change: found.count(change) for change in found} == {
        "rotate": 2, "shift": 4, "scale": 2, "thin": 1, "thicken": 1,
    }  # fmt: skip
