"""What holds for every picture, be it no digit at all."""

from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from explainers.parts import find_parts
from explainers.values import GAP_FORMS, INK_FORMS, PLACES, Part
from tests.explainers.parts.drawing import draw

SIDES = {None, "left", "right", "top", "bottom", "upper", "lower"}
SPOTS = st.tuples(st.floats(2, 25), st.floats(2, 25))
STROKES = st.lists(st.lists(SPOTS, min_size=1, max_size=6), min_size=1, max_size=5)


def check(pixels: np.ndarray, parts: tuple[Part, ...]) -> None:
    """Coverage, disjointness, words and uniqueness."""
    ink = [part for part in parts if part.kind == "ink"]
    gaps = [part for part in parts if part.kind == "gap"]
    assert len(ink) <= 12
    covered = np.sum([part.mask for part in ink], axis=0) if ink else np.zeros((28, 28))
    assert np.array_equal(covered, (pixels > 0).astype(int))
    assert parts == (*ink, *gaps)
    for part in parts:
        assert part.mask.shape == (28, 28)
        assert part.mask.dtype == bool
        assert part.mask.any()
        assert part.form in (INK_FORMS if part.kind == "ink" else GAP_FORMS)
        assert part.place in PLACES
        assert part.side in SIDES
    for gap in gaps:
        assert pixels[gap.mask].max() <= 0.4 * pixels.max()
    assert len({(part.form, part.place, part.side) for part in parts}) == len(parts)
    assert [part.id for part in parts] == [
        *(f"part_{number}" for number in range(1, len(ink) + 1)),
        *(f"gap_{number}" for number in range(1, len(gaps) + 1)),
    ]


@given(STROKES, st.floats(1.0, 5.0))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_strokes(strokes: list[list[tuple[float, float]]], pen: float) -> None:
    picture = draw(*strokes, pen=pen)
    check(picture, find_parts(picture))


@given(STROKES, st.floats(1.0, 5.0))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_any_mirrored_strokes_are_the_mirrored_parts(strokes: list[list[tuple[float, float]]], pen: float) -> None:
    swap = {"left": "right", "right": "left"}
    picture = draw(*strokes, pen=pen)
    parts, mirrored = find_parts(picture), find_parts(picture[:, ::-1])
    expected = {
        (part.form, tuple(swap.get(word, word) for word in part.place.split("_")), swap.get(str(part.side), part.side))
        for part in parts
    }
    assert {(part.form, tuple(part.place.split("_")), part.side) for part in mirrored} == expected
    assert {part.mask[:, ::-1].tobytes() for part in mirrored} == {part.mask.tobytes() for part in parts}


@given(arrays(np.float32, (28, 28), elements=st.floats(0, 1, width=32)))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_any_array(pixels: np.ndarray) -> None:
    check(pixels, find_parts(pixels))


@pytest.mark.parametrize("density", [0.02, 0.1, 0.3, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("hard", [False, True])
def test_noise_is_bounded(density: float, hard: bool) -> None:
    for seed in range(2):
        generator = np.random.default_rng(seed)
        pixels = ((generator.random((28, 28)) < density) * (1 if hard else generator.random((28, 28)))).astype(
            np.float32
        )
        check(pixels, find_parts(pixels))


def test_a_blank_picture_has_no_parts() -> None:
    assert find_parts(np.zeros((28, 28), np.float32)) == ()


@pytest.mark.parametrize("value", [1.0, 0.01, 1e-40])
def test_an_even_picture_is_one_blot(value: float) -> None:
    pixels = np.full((28, 28), value, np.float32)
    check(pixels, find_parts(pixels))


def test_one_pixel_is_a_dot() -> None:
    pixels = np.zeros((28, 28), np.float32)
    pixels[0, 27] = 0.2
    (part,) = find_parts(pixels)
    assert (part.form, part.place) == ("dot", "whole")


def test_faint_ink_has_the_same_parts() -> None:
    picture = draw([(5, 7), (5, 20), (24, 12)])
    strong, faint = find_parts(picture), find_parts(picture * np.float32(0.1))
    assert [(part.form, part.place) for part in strong] == [(part.form, part.place) for part in faint]


def test_the_picture_is_not_changed_and_the_answer_is_the_same_again() -> None:
    picture = draw([(5, 7), (5, 20), (24, 12)])
    before = picture.copy()
    first, second = find_parts(picture), find_parts(picture)
    assert np.array_equal(picture, before)
    for one, other in zip(first, second, strict=True):
        assert (one.id, one.form, one.place, one.side) == (other.id, other.form, other.place, other.side)
        assert np.array_equal(one.mask, other.mask)


@pytest.mark.data
@pytest.mark.skipif("WHYDIGIT_DATA" not in os.environ, reason="WHYDIGIT_DATA is not set")
def test_mnist_digits_have_three_to_nine_parts() -> None:
    from model.datasets import load

    data = load("mnist", "train")
    for picture in data.pictures[:60]:
        pixels = picture.astype(np.float32) / 255
        parts = find_parts(pixels)
        check(pixels, parts)
        assert 2 <= sum(part.kind == "ink" for part in parts) <= 9
