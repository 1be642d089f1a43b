"""Augmentation stays in range, follows its generator, and leaves a digit a digit."""

from __future__ import annotations

import pytest
import torch
from torch import Generator, Tensor

from model.augment import CLOTHES, PEN, Changes, augment, change_pen, dirty, mirror, not_digits, soften, warp

SHIFTED = Changes(rotation=0, shear=0, scale=(1, 1), aspect=0)


def generator(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


@pytest.fixture
def bars() -> Tensor:
    """(64, 28, 28): an upright bar in the middle of each picture."""
    pictures = torch.zeros(64, 28, 28)
    pictures[:, 5:23, 12:16] = 1
    return pictures


STEPS = [warp, change_pen, soften, dirty, augment]  # ``mirror`` leaves an upright bar as it is


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_each_step_keeps_shape_and_range_and_its_input(step, bars: Tensor) -> None:
    before = bars.clone()
    changed = step(bars, generator())
    assert changed.shape == bars.shape
    assert changed.min() >= 0
    assert changed.max() <= 1
    assert not torch.equal(changed, bars)
    assert torch.equal(bars, before)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_the_generator_alone_decides(step, bars: Tensor) -> None:
    first = step(bars, generator(5))
    torch.manual_seed(99)
    assert torch.equal(step(bars, generator(5)), first)
    assert not torch.equal(step(bars, generator(6)), first)


def test_a_digit_stays_in_the_picture(bars: Tensor) -> None:
    changed = augment(bars, generator())
    ink = changed.sum(dim=(1, 2)) / bars.sum(dim=(1, 2))
    assert ink.min() > 0.3
    assert ink.max() < 4
    middle = changed[:, 4:24, 4:24].sum(dim=(1, 2)) / changed.sum(dim=(1, 2))
    assert middle.median() > 0.9


def test_a_shift_moves_ink_by_no_more_than_it_may(bars: Tensor) -> None:
    moved = warp(bars, generator(), SHIFTED)
    columns = torch.arange(28.0)
    centre = (moved.sum(dim=1) * columns).sum(dim=1) / moved.sum(dim=(1, 2))
    assert (centre - 13.5).abs().max() <= SHIFTED.shift + 0.05
    assert (centre - 13.5).abs().max() > 1


def test_an_empty_picture_stays_empty_until_noise_comes(bars: Tensor) -> None:
    black = torch.zeros_like(bars)
    assert soften(change_pen(warp(black, generator()), generator()), generator()).max() == 0


@pytest.mark.parametrize("count", [0, 1, 3, 40])
def test_pictures_without_a_digit(count: int) -> None:
    pictures = not_digits(count, generator())
    assert pictures.shape == (count, 28, 28)
    if count:
        assert pictures.min() >= 0
        assert pictures.max() <= 1
        assert pictures[0].max() == 0, "black is among them"
        assert torch.equal(pictures, not_digits(count, generator()))


def test_pictures_without_a_digit_come_in_the_size_asked_for() -> None:
    assert not_digits(9, generator(), side=24).shape == (9, 24, 24)


def test_clothes_are_mirrored_and_turned_a_little_and_keep_their_thickness() -> None:
    left = torch.zeros(200, 28, 28)
    left[:, 4:24, 3:8] = 1
    mirrored = (mirror(left, generator())[:, :, 14:].sum(dim=(1, 2)) > 0).float().mean()
    assert mirrored == pytest.approx(0.5, abs=0.1)
    for changes, crosses in ((CLOTHES, True), (PEN, False)):
        changed = augment(left, generator(), changes)
        right = changed[:, :, 14:].sum(dim=(1, 2)) > changed[:, :, :14].sum(dim=(1, 2))
        assert bool(right.any()) == crosses, "digits are never mirrored"
    still = Changes(rotation=0, shear=0, scale=(1, 1), aspect=0, shift=0, pen=False)
    assert torch.allclose(warp(left, generator(), still), left, atol=1e-4)
    assert CLOTHES.rotation < PEN.rotation


def test_the_random_numbers_of_digits_are_those_of_earlier_runs(bars: Tensor) -> None:
    drawn = generator()
    by_hand = dirty(soften(change_pen(warp(bars, drawn), drawn), drawn), drawn)
    assert torch.equal(augment(bars, generator()), by_hand), "so that a killed run goes on as it began"
