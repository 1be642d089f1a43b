"""A photo of a piece of clothing becomes what Fashion-MNIST would have made of it."""

from __future__ import annotations

import numpy as np
import pytest

from model.alphabet import CLOTHES
from model.preprocess import to_digit
from tests.alphabets import coat


def photo(ground: int, cloth: int, noise: float = 0.0) -> np.ndarray:
    """(300, 240, 3) uint8: a coat with two sleeves, off the middle."""
    colours = np.full((300, 240, 3), ground, float)
    colours[40:260, 90:150] = cloth
    colours[60:150, 60:180] = cloth
    colours += np.random.default_rng(0).normal(0, noise, colours.shape)
    return colours.clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize(("ground", "cloth"), [(240, 40), (20, 200), (128, 20)])
@pytest.mark.parametrize("noise", [0.0, 3.0])
def test_it_is_bright_on_black_and_fills_the_longer_side(ground: int, cloth: int, noise: float) -> None:
    made = to_digit(photo(ground, cloth, noise), CLOTHES)
    assert made.reason is None
    assert made.pixels.shape == (28, 28)
    assert made.pixels.max() > 0.9
    rows, columns = np.nonzero(made.pixels)
    assert (rows.min(), rows.max()) == (0, 27)
    assert columns.min() == (28 - np.ptp(columns) - 1) // 2  # in the middle by its box, wherever it lay
    assert made.pixels[14, 13] > 0.9
    assert made.pixels[0, 0] == 0
    names = [step.name for step in made.steps]
    assert ("polarity" in names) == (cloth < ground)
    assert names[-2:] == ["crop", "shrink"]
    assert made.upload is None


def test_white_cloth_on_a_white_ground_is_there() -> None:
    made = to_digit(photo(250, 230), CLOTHES)
    assert made.reason is None
    assert made.pixels[14, 13] > 0.5


def test_two_pieces_are_one_picture() -> None:
    colours = photo(240, 40)
    colours[:, 110:130] = 240
    assert to_digit(colours, CLOTHES).reason is None


def test_a_hole_of_the_grounds_colour_stays_one_piece_without_dirt() -> None:
    colours = photo(240, 40)
    colours[5:8, 5:8] = 40
    made = to_digit(colours, CLOTHES)
    assert made.pixels[0, 13] > 0  # the dirt did not widen the box


@pytest.mark.parametrize("ground", [0, 128, 255])
def test_nothing_is_blank(ground: int) -> None:
    made = to_digit(np.full((200, 200, 3), ground, np.uint8), CLOTHES)
    assert made.reason == "blank"
    assert not made.pixels.any()


def test_a_few_pixels_are_too_small() -> None:
    colours = np.full((60, 60, 3), 255, np.uint8)
    colours[20:31, 20:31] = 0
    assert to_digit(colours, CLOTHES).reason == "too_small"
    colours[20:32, 20:32] = 0
    assert to_digit(colours, CLOTHES).reason is None


def test_a_picture_of_the_data_set_is_left_as_it_is() -> None:
    pixels = coat()
    made = to_digit((pixels * 255).round().astype(np.uint8), CLOTHES)
    assert [step.name for step in made.steps] == ["decode", "left_alone"]
    assert np.array_equal(made.pixels, pixels)


def test_a_digit_is_prepared_as_before() -> None:
    assert to_digit(photo(240, 40)).reason == "not_a_digit"
