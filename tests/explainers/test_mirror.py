"""The mirrored picture: exact, and of a part within its own box."""

from __future__ import annotations

import numpy as np
import pytest

from explainers.changes.edits import Edit, apply
from tests.bot.digits import drawn

FIVE = drawn("five")


@pytest.mark.parametrize("direction", [None, "left", "right"])
def test_left_and_right_change_places(direction: str | None) -> None:
    assert np.array_equal(apply(Edit("mirror", direction=direction), FIVE), FIVE[:, ::-1])


@pytest.mark.parametrize("direction", ["up", "down"])
def test_top_and_bottom_change_places(direction: str) -> None:
    assert np.array_equal(apply(Edit("mirror", direction=direction), FIVE), FIVE[::-1])


def test_twice_is_the_picture_as_it_was() -> None:
    edit = Edit("mirror", direction="right")
    assert np.array_equal(apply(edit, apply(edit, FIVE)), FIVE)


def test_a_part_stays_in_its_box_and_the_rest_where_it_is() -> None:
    pixels = np.zeros((28, 28), np.float32)
    pixels[4, 4:9] = pixels[5:9, 4] = 1  # an angle: its upright stroke on the left
    pixels[20, 3:25] = 1
    mask = np.zeros((28, 28), bool)
    mask[:12] = True
    after = apply(Edit("mirror", mask, direction="right"), pixels)
    assert np.array_equal(after[4, 4:9], np.ones(5, np.float32))
    assert np.array_equal(after[5:9, 8], np.ones(4, np.float32))
    assert not after[5:9, :8].any()
    assert np.array_equal(after[12:], pixels[12:])


def test_where_the_mask_holds_no_ink_nothing_changes() -> None:
    mask = np.zeros((28, 28), bool)
    mask[0] = True
    assert np.array_equal(apply(Edit("mirror", mask), FIVE), FIVE)
