"""The changes of a picture, against what can be said of each in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from explainers.changes.edits import CHANGES, LIMITS, USUAL, Edit, apply, ink_lost, region_ink, region_mask
from explainers.errors import ExplainerError
from tests.bot.digits import drawn

FIVE = drawn("five")


def centre(pixels: np.ndarray) -> np.ndarray:
    """Centre of mass, row and column."""
    return np.array([(np.indices(pixels.shape)[axis] * pixels).sum() / pixels.sum() for axis in (0, 1)])


def usual(change: str, mask: np.ndarray | None = None) -> Edit:
    direction = {"shift": "right", "rotate": "left"}.get(change)
    place = np.ones((28, 28), bool) if change in ("erase", "fill", "add", "cut") and mask is None else mask
    if change == "keep" and mask is None:
        place = np.tri(28, dtype=bool)
    ink = drawn("seven") if change == "add" else None
    return Edit(change, place, USUAL.get(change), direction, ink=ink)


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_gives_another_picture_of_whole_greys_and_leaves_the_first(change: str) -> None:
    before = FIVE.copy()
    after = apply(usual(change), FIVE)
    assert after.shape == (28, 28)
    assert after.dtype == np.float32
    assert np.array_equal(np.round(after * 255) / 255, after.astype(np.float64).astype(np.float32))
    assert after.min() >= 0
    assert after.max() <= 1
    assert not np.array_equal(after, FIVE)
    assert np.array_equal(FIVE, before)


@pytest.mark.parametrize("change", [name for name in CHANGES if name not in ("fill", "cut", "keep")])
def test_ink_outside_the_mask_stays(change: str) -> None:
    mask = np.zeros((28, 28), bool)
    mask[3:8] = True
    after = apply(usual(change, mask), FIVE)
    assert (after[12:] >= FIVE[12:] - 1e-6).all()


def test_what_is_kept_and_what_is_erased_are_the_picture_between_them() -> None:
    mask = region_mask("top", FIVE)
    kept, erased = (apply(Edit(change, mask), FIVE) for change in ("keep", "erase"))
    assert kept.any()
    assert erased.any()
    assert not (kept * erased).any()
    assert np.array_equal(kept + erased, FIVE)
    assert np.array_equal(apply(Edit("keep", np.ones((28, 28), bool)), FIVE), FIVE)
    with pytest.raises(ExplainerError, match="needs a place"):
        apply(Edit("keep"), FIVE)


def test_left_is_anticlockwise_and_right_turns_it_back() -> None:
    pixels = np.zeros((28, 28), np.float32)
    pixels[5:9, 12:16] = 1  # above the middle
    left = apply(Edit("rotate", None, 90.0, "left"), pixels)
    assert centre(left) == pytest.approx([13.5, 6.5], abs=0.05)  # now to its left
    back = apply(Edit("rotate", None, 90.0, "right"), left)
    assert np.abs(back - pixels).mean() < 0.01
    assert np.abs(apply(Edit("rotate", None, -90.0, "right"), pixels) - left).max() < 1e-6


@pytest.mark.parametrize(
    ("edit", "share"),
    [
        (Edit("shift", amount=3.0, direction="up"), 0.0),
        (Edit("shift", amount=7.0, direction="up"), 0.5),
        (Edit("shift", amount=7.0, direction="down"), 0.0),
        (Edit("scale", amount=1.5), 0.0),
        (Edit("scale", amount=2.0), 0.5),
        (Edit("rotate", amount=90.0, direction="left"), 0.0),
        (Edit("thicken", amount=12.0), 0.0),
    ],
)
def test_how_much_ink_goes_over_the_edge(edit: Edit, share: float) -> None:
    pixels = np.zeros((28, 28), np.float32)
    pixels[5:9, 12:16] = 1  # up to 8.5 rows above the middle
    assert ink_lost(edit, pixels) == pytest.approx(share)


def test_turning_the_mirror_image_the_other_way_gives_the_mirror_image() -> None:
    turned = apply(Edit("rotate", None, 20.0, "left"), FIVE)
    mirrored = apply(Edit("rotate", None, 20.0, "right"), FIVE[:, ::-1])
    assert np.abs(turned[:, ::-1] - mirrored).max() <= 1 / 255 + 1e-6


@pytest.mark.parametrize(
    ("direction", "way"), [("left", (0, -2)), ("right", (0, 2)), ("up", (-2, 0)), ("down", (2, 0))]
)
def test_a_shift_moves_the_centre_that_way(direction: str, way: tuple[int, int]) -> None:
    assert centre(apply(Edit("shift", None, 2.0, direction), FIVE)) - centre(FIVE) == pytest.approx(way, abs=0.01)


def test_shifted_out_of_the_picture_nothing_is_left() -> None:
    assert apply(Edit("shift", None, 27.0, "up"), FIVE).max() == 0


def test_half_the_size_has_a_quarter_of_the_ink() -> None:
    assert apply(Edit("scale", None, 0.5), FIVE).sum() == pytest.approx(FIVE.sum() / 4, rel=0.03)


def test_a_bar_gets_wider_and_narrower_by_as_much_as_was_asked() -> None:
    pixels = np.zeros((28, 28), np.float32)
    pixels[12:16, :] = 1
    wider, narrower = (apply(Edit(change, None, 2.0), pixels) for change in ("thicken", "thin"))
    assert wider[:, 14].sum() == pytest.approx(6, abs=0.3)
    assert narrower[:, 14].sum() == pytest.approx(2, abs=0.3)
    assert apply(Edit("thin", None, 6.0), pixels)[:, 14].max() == 0


def test_noise_is_the_same_for_the_same_seed_only() -> None:
    first, again, other = (apply(Edit("noise", None, 0.2, seed=seed), FIVE) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_inverting_twice_gives_the_picture_back() -> None:
    once = apply(Edit("invert"), FIVE)
    assert np.abs(apply(Edit("invert"), once) - FIVE).max() < 1e-6


@pytest.mark.parametrize("change", LIMITS)
def test_the_limits_hold_and_what_lies_outside_is_refused(change: str) -> None:
    least, most = LIMITS[change]
    for amount in (least, most):
        apply(Edit(change, None, amount, "left"), FIVE)
    for amount in (least - 0.01, most + 0.01, None, float("nan")):
        with pytest.raises(ExplainerError):
            apply(Edit(change, None, amount, "left"), FIVE)


@pytest.mark.parametrize("edit", [Edit("melt"), Edit("erase"), Edit("fill"), Edit("shift", None, 1.0, "north")])
def test_what_cannot_be_done_is_refused(edit: Edit) -> None:
    with pytest.raises(ExplainerError):
        apply(edit, FIVE)


def test_the_halves_and_the_quarters_cover_the_picture_once() -> None:
    for names in (("top", "bottom"), ("left", "right"), ("top_left", "top_right", "bottom_left", "bottom_right")):
        assert (sum(region_mask(name, FIVE).astype(int) for name in names) == 1).all()
    assert (region_mask("top", FIVE)[:, ::-1] == region_mask("top", FIVE[:, ::-1])).all()
    middle = region_mask("middle", FIVE)
    assert middle[14, 13]
    assert not middle[5].any()
    with pytest.raises(ExplainerError):
        region_mask("top", np.zeros((28, 28), np.float32))


def test_an_edit_says_how_it_was_made() -> None:
    assert Edit("shift", None, 2.0, "left", seed=3).to_operation() == {
        "kind": "shift",
        "amount": 2.0,
        "direction": "left",
    }
    assert Edit("noise", None, 0.1, seed=3).to_operation()["seed"] == 3


def test_the_ink_of_a_region_is_none_in_a_black_picture() -> None:
    pixels = np.zeros((28, 28), np.float32)
    assert not region_ink("top", pixels).any()
    pixels[4:20, 10:14] = 0.5
    np.testing.assert_array_equal(region_ink("top", pixels), (pixels > 0) & (np.arange(28) < 12)[:, None])
