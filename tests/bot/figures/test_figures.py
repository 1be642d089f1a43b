"""Figures are sharp, say in words what they show, are the same every time, and colour by sign."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from bot.figures import drawing
from bot.figures.before_after import draw_test
from bot.figures.heatmaps import draw_heatmaps
from bot.figures.parts import draw_parts
from bot.figures.reading import draw_reading
from bot.figures.steps import draw_steps
from bot.figures.words import load_words
from bot.values import Figure
from tests.bot import made

WORDS = load_words()


BOTH = [made.attribution(method="lime"), made.attribution()]
DRAW: dict[str, Callable[[], Figure]] = {
    "reading": lambda: draw_reading(made.image(), made.prediction(), WORDS),
    "parts": lambda: draw_parts(made.pixels(), made.parts(), made.NAMES, WORDS),
    "heatmaps": lambda: draw_heatmaps(made.pixels(), BOTH, WORDS),
    "heatmap": lambda: draw_heatmaps(made.pixels(), BOTH[:1], WORDS),
    "four": lambda: draw_heatmaps(made.pixels(), [*BOTH, *BOTH], WORDS),
    "test": lambda: draw_test("test_1", made.erased(), 5, made.NAMES["part_1"], WORDS, "erase"),
    "steps": lambda: draw_steps(made.image(), np.kron(made.pixels(), np.ones((8, 8))), WORDS),
}
FIGURES = {name: draw() for name, draw in DRAW.items()}


def opened(figure: Figure) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(figure.png)).convert("RGB"))


@pytest.mark.parametrize("name", FIGURES)
def test_png_of_twice_a_phones_width(name):
    picture = opened(FIGURES[name])
    assert picture.shape[1] == 720
    assert 300 < picture.shape[0] < 1600
    assert (picture[[0, 0, -1, -1], [0, -1, 0, -1]] == 255).all(), (
        "a light page of its own, so that dark themes do no harm"
    )


@pytest.mark.parametrize("name", FIGURES)
def test_same_drawing_same_bytes(name):
    assert FIGURES[name].png == DRAW[name]().png


@pytest.mark.parametrize("name", ["reading", "heatmaps", "heatmap", "test"])
def test_words_name_the_digit(name):
    assert "5" in FIGURES[name].alt
    assert "{" not in FIGURES[name].alt + FIGURES[name].title


def test_words_name_parts_and_figures():
    assert "the flat bar at the top" in FIGURES["parts"].alt
    assert "the flat bar at the top" in FIGURES["test"].title
    assert "90 %" in FIGURES["test"].alt
    assert "reads 3" in FIGURES["test"].alt


def heatmap_colours(values: np.ndarray) -> np.ndarray:
    """The colours (28, 28, 3) in the middle of each pixel of a single heatmap without ink."""
    picture = opened(draw_heatmaps(np.zeros((28, 28)), [made.attribution(values)], WORDS)).astype(int)
    side, left, top = 2.2 * drawing.DOTS, (drawing.WIDTH - 2.2) / 2 * drawing.DOTS, 0.27 * drawing.DOTS
    centres = (np.arange(28) + 0.5) * side / 28
    return picture[np.ix_((top + centres).astype(int), (left + centres).astype(int))]


def test_colours_follow_the_sign_and_zero_is_white():
    values = np.zeros((28, 28), np.float32)
    values[4, 4], values[20, 20] = 0.3, -0.3
    colours = heatmap_colours(values)
    assert (colours[12, 12] == 255).all()
    assert colours[4, 4][0] > colours[4, 4][2] + 60, "orange: more red than blue"
    assert colours[20, 20][2] > colours[20, 20][0] + 30, "purple: more blue than red"
    mirrored = heatmap_colours(-values)
    assert (mirrored[4, 4] == colours[20, 20]).all()
    assert (mirrored[20, 20] == colours[4, 4]).all()


def test_colours_differ_in_lightness_from_the_page_for_those_who_see_no_hue():
    full = heatmap_colours(np.where(np.eye(28) > 0, 1.0, -1.0).astype(np.float32))
    assert full.mean(axis=2).max() < 160


def test_a_faint_map_looks_faint():
    colours = heatmap_colours(np.full((28, 28), 1e-4, np.float32))
    assert colours.min() > 245


def test_a_map_of_nothing_is_white_and_says_so():
    nothing = made.attribution(np.zeros((28, 28), np.float32))
    assert (heatmap_colours(nothing.values) == 255).all()
    assert "nothing" in draw_heatmaps(made.pixels(), [nothing], WORDS).alt


def test_two_maps_of_one_unit_share_their_scale():
    strong, weak = made.attribution(), made.attribution(made.attribution().values / 4, "lime")

    def strongest(page: np.ndarray) -> int:  # how far the most orange colour is from grey, above the legend
        return int(np.ptp(page[: int(page.shape[0] * 0.7)].astype(int), axis=2).max())

    alone = strongest(opened(draw_heatmaps(made.pixels(), [weak], WORDS)))
    beside = strongest(opened(draw_heatmaps(made.pixels(), [strong, weak], WORDS))[:, 540:])
    assert beside < alone


def test_maps_of_two_digits_say_which_is_which():
    figure = draw_heatmaps(made.pixels(), [made.attribution(), made.attribution(target=3)], WORDS)
    assert figure.id == "heatmaps_5_3"
    assert "5 / 3" in figure.title
    assert "for 3" in figure.alt


def test_digits_are_drawn_pixel_by_pixel():
    colours = {tuple(colour) for colour in opened(FIGURES["reading"])[67:320, 27:287].reshape(-1, 3)}
    grey = {colour[0] for colour in colours if len(set(colour)) == 1}
    assert grey <= {0, 200, 255}, "no values between those of the pixels"


def test_outline_follows_the_edges_of_every_ring():
    mask = np.zeros((28, 28), bool)
    mask[2:7, 2:7] = True
    mask[4, 4] = False  # a hole
    mask[7, 7] = True  # touches by a corner only
    vertices = drawing.region(mask).vertices
    assert {tuple(point) for point in vertices} >= {(1.5, 1.5), (6.5, 1.5), (3.5, 3.5), (4.5, 4.5), (7.5, 7.5)}
    length = sum(  # every edge between ink and no ink, once
        int((np.diff(np.pad(mask, 1).astype(int), axis=axis) != 0).sum()) for axis in (0, 1)
    )
    rings = np.split(vertices, np.nonzero(np.asarray(drawing.region(mask).codes) == drawing.Path.MOVETO)[0][1:])
    assert sum(np.abs(np.diff(ring, axis=0)).sum() for ring in rings) == length


def test_many_parts_make_a_longer_page():
    few, many = made.parts(), made.parts() * 5
    heights = [opened(draw_parts(made.pixels(), parts, made.NAMES, WORDS)).shape[0] for parts in (few, many)]
    assert heights[1] > heights[0]


def test_a_language_without_figure_words_falls_back_to_english():
    assert load_words("xx") == WORDS


def test_four_heatmaps_stand_two_by_two_with_one_legend():
    two, three, four = (
        opened(draw_heatmaps(made.pixels(), [made.attribution()] * count, WORDS)) for count in (2, 3, 4)
    )
    assert three.shape == four.shape
    row = four.shape[0] - two.shape[0]
    assert np.array_equal(four[:300], two[:300])
    assert np.array_equal(four[row : row + 300], two[:300])
    assert (three[row : row + 380, 380:] == 255).all()
    for shown in (two, three, four):
        assert np.array_equal(shown[-50:], two[-50:])


def test_the_colours_of_a_map_stand_between_what_they_mean():
    """Purple on the left, beside the words for against; orange on the right, beside those for."""
    bar = opened(draw_heatmaps(made.pixels(), BOTH, WORDS))[-40:].astype(int)
    orange, purple = (np.argwhere(sign * (bar[..., 0] - bar[..., 2]) > 40)[:, 1] for sign in (1, -1))
    assert 0 < purple.max() < orange.min()
    for end in (bar[:, : purple.min() - 2], bar[:, orange.max() + 3 :]):
        assert (end < 128).any(), "words at both ends"


def test_relative_amounts_of_two_methods_share_no_scale():
    values = np.where(made.pixels() > 0, 1.0, 0.0)
    large, small = (
        replace(made.attribution(values * size, method=method), unit="relative")
        for size, method in ((100, "lrp"), (1, "cam"))
    )
    alone, beside = (draw_heatmaps(made.pixels(), maps, WORDS) for maps in ([small, small], [small, large]))
    assert np.array_equal(opened(alone)[60:340, :350], opened(beside)[60:340, :350])
    same = [small, replace(large, method="cam")]
    assert not np.array_equal(
        opened(alone)[60:340, :350], opened(draw_heatmaps(made.pixels(), same, WORDS))[60:340, :350]
    )


def test_what_lies_partly_beside_the_page_is_cut_at_its_edges():
    page = drawing.Page(1.0)
    for left, top in ((-0.1, -0.1), (drawing.WIDTH - 0.1, 0.9), (drawing.WIDTH + 0.1, 0.5), (1.0, 1.2)):
        drawing.area(page, left, top, 0.2, 0.2, columns=1, rows=1).paint(np.zeros((1, 1, 3)))
    inked = (page.drawn()[..., :3] == 0).all(axis=2)
    corner = np.ones((round(0.1 * drawing.DOTS),) * 2, bool)
    expected = np.zeros_like(inked)
    expected[: len(corner), : len(corner)] = expected[-len(corner) :, -len(corner) :] = corner
    np.testing.assert_array_equal(inked, expected)


def test_words_lie_above_badges_and_badges_above_pictures_whatever_was_drawn_first():
    page = drawing.Page(1.0)
    spot = drawing.area(page, 0, 0, 1.0, 1.0, columns=1, rows=1)
    drawing.badge(spot, (0, 0), "1", "#ff0000", size=20.0)
    spot.paint(np.full((1, 1, 3), 0.5))
    drawn = page.drawn()[: round(drawing.DOTS), : round(drawing.DOTS), :3]
    middle = drawn[80:120, 80:120]
    assert (middle == 255).any(), "the white of the badge, on the grey picture"
    assert (middle < 60).all(axis=2).any(), "the number, on the white"
    assert (drawn[2, 2] == 128).all()
