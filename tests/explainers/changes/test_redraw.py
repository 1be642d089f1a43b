"""Pieces of strokes to add and to erase, and the digits that the project draws."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from explainers.changes.edits import apply
from explainers.changes.redraw import MOST_PIECES, difference, fragments, nearest
from explainers.drawn import drawn_digits
from tests.bot.digits import drawn
from tests.trained import trained_classifier

FIVE, SEVEN = drawn("five"), drawn("seven")


def all_applied(pixels: np.ndarray, example: np.ndarray) -> np.ndarray:
    for edit in difference(pixels, example):
        pixels = apply(edit, pixels)
    return pixels


def test_a_digit_and_itself_have_no_difference() -> None:
    assert difference(FIVE, FIVE) == ()


def test_a_stroke_a_pixel_beside_its_like_is_the_same_stroke() -> None:
    assert difference(FIVE, np.roll(FIVE, 1, axis=1)) == ()


def test_all_pieces_together_lead_to_the_example_but_for_a_fringe() -> None:
    result = all_applied(FIVE, SEVEN)
    near = ndimage.maximum_filter(SEVEN, 5)
    assert (result[near < 0.1] < 0.3).all(), "no ink far from the example's"
    assert (ndimage.maximum_filter(result, 5)[SEVEN > 0.9] > 0.5).all(), "ink wherever the example has it"
    assert len(fragments(result)) == 1


def test_pieces_are_disjoint_added_before_cut_and_few() -> None:
    pieces = difference(FIVE, SEVEN)
    assert 0 < len(pieces) <= MOST_PIECES
    changes = [piece.change for piece in pieces]
    assert changes == sorted(changes)
    masks = np.array([piece.mask for piece in pieces])
    assert masks.sum(axis=0).max() == 1


def test_the_mirror_images_have_the_mirrored_pieces() -> None:
    plain, mirrored = difference(FIVE, SEVEN), difference(FIVE[:, ::-1], SEVEN[:, ::-1])
    for change in ("add", "cut"):
        masks = [
            np.any([piece.mask for piece in pieces if piece.change == change], axis=0) for pieces in (plain, mirrored)
        ]
        assert np.array_equal(masks[0], masks[1][:, ::-1])


def test_the_nearest_example_is_found_wherever_it_lies() -> None:
    examples = np.stack([SEVEN, np.roll(FIVE, (2, -2), axis=(0, 1)), drawn("four")])
    assert nearest(FIVE, examples, 1) == [()]


@pytest.mark.parametrize("digit", range(10))
def test_the_drawn_digits_are_like_mnists(digit: int) -> None:
    pictures = drawn_digits(digit)
    assert len(pictures) >= 50
    assert pictures.dtype == np.float32
    assert np.array_equal(np.round(pictures * 255) / 255, pictures.astype(np.float64).astype(np.float32))
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)
    for picture in pictures:
        rows, columns = np.nonzero(picture > 0.5)
        assert 18 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 21
        assert np.abs(np.array(ndimage.center_of_mass(picture)) - 13.5).max() <= 1


@pytest.mark.weights
def test_the_network_reads_the_drawn_digits() -> None:
    classifier = trained_classifier()
    for digit in range(10):
        read = classifier.logits(drawn_digits(digit)[::15]).argmax(axis=1)
        assert (read == digit).all()
