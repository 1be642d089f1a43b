"""The places of a piece of clothing."""

from __future__ import annotations

import numpy as np
import pytest

from explainers.base import Case
from explainers.parts import find_places
from explainers.values import GARMENT_FORMS, PLACES
from tests.alphabets import CLOTHES, LETTERS, coat, fake_of

RANDOM = np.random.default_rng(0)


def box(height: int, width: int) -> np.ndarray:
    pixels = np.zeros((28, 28), np.float32)
    pixels[28 - height :, (28 - width) // 2 : (28 - width) // 2 + width] = 0.7
    return pixels


@pytest.mark.parametrize("label", [*CLOTHES.labels, "something else"])
@pytest.mark.parametrize("pixels", [coat(), box(9, 28), box(28, 9), box(3, 3), RANDOM.random((28, 28))])
def test_they_cover_all_once_and_have_names_of_their_own(pixels: np.ndarray, label: str) -> None:
    parts = find_places(pixels.astype(np.float32), label)
    assert (np.sum([part.mask for part in parts], axis=0) == (pixels > 0)).all()
    assert len({(part.form, part.place) for part in parts}) == len(parts)
    assert [part.id for part in parts] == [f"part_{number}" for number in range(1, len(parts) + 1)]
    assert all(part.form in GARMENT_FORMS and part.place in PLACES and part.kind == "ink" for part in parts)


def test_what_a_coat_has() -> None:
    found = {part.place: part.form for part in find_places(coat(), "Coat")}
    assert found["top"] == "neckline"
    assert found["bottom"] == "hem"
    assert found["left"] == found["right"] == "sleeve"
    assert found["middle"] == "area"


def test_the_same_picture_taken_for_something_else_is_called_otherwise() -> None:
    shoe = {part.place: part.form for part in find_places(box(12, 28), "Sneaker")}
    assert shoe["bottom_left"] == "sole"
    assert shoe["top_left"] == "area"
    bag = {part.place: part.form for part in find_places(box(12, 28), "Bag")}
    assert bag["bottom_left"] == "area"
    assert bag["top_left"] == "handle"


@pytest.mark.parametrize(("height", "rows"), [(7, 1), (8, 2), (14, 2), (15, 3)])
def test_how_finely_it_is_divided(height: int, rows: int) -> None:
    assert len(find_places(box(height, 28), "Bag")) == 3 * rows
    assert len(find_places(box(28, height), "Bag")) == 3 * rows


def test_a_place_with_hardly_anything_belongs_to_the_one_beside_it() -> None:
    pixels = box(28, 28)
    pixels[:9, :9] = 0
    pixels[8, 8] = 0.5
    parts = {part.place: part for part in find_places(pixels, "Coat")}
    assert "top_left" not in parts
    assert parts["top"].mask[8, 8]


def test_a_mirrored_picture_has_mirrored_places() -> None:
    pixels = coat()
    pixels[16:, :9] = 0.9
    mirrored = {part.place: part.mask for part in find_places(pixels[:, ::-1], "Coat")}
    turn = {"left": "right", "right": "left"}
    for part in find_places(pixels, "Coat"):
        place = "_".join(turn.get(word, word) for word in part.place.split("_"))
        assert np.array_equal(mirrored[place], part.mask[:, ::-1]), part.place


def test_no_picture_no_places() -> None:
    assert find_places(np.zeros((28, 28), np.float32), "Coat") == ()


def test_a_case_cuts_clothes_by_places_and_letters_by_strokes() -> None:
    forms = {part.form for part in Case(fake_of(CLOTHES), coat()).parts}
    assert forms <= set(GARMENT_FORMS)
    stroke = np.zeros((28, 28), np.float32)
    stroke[4:24, 12:15] = 1
    assert {part.form for part in Case(fake_of(LETTERS), stroke).parts} == {"stem"}
