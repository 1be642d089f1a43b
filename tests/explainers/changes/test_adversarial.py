"""The smallest change that misleads, against its closed form on a linear classifier."""

from __future__ import annotations

import math

import numpy as np
import pytest

from explainers.base import Case
from explainers.changes.adversarial import MOST_GRADIENTS, MOST_LEVELS, NOISES, Climb, smallest_attack
from explainers.levels import GREYS
from tests.fakes import FakeClassifier, tiny_classifier

WEIGHTS = np.where(np.indices((28, 28)).sum(axis=0) % 2, 0.5, -0.5)  # a chessboard: Σ|w| = 392, Σw = 0
GREY = np.full((28, 28), np.float32(128 / 255))  # so that neither 0 nor 1 is in the way


def leads_by(lead: float, weights: np.ndarray = WEIGHTS, pixels: np.ndarray = GREY) -> Case:
    """A 5 that leads 3 by ``lead`` logits and loses Σ|w| = 392 of them for each unit of ε; 8 is one logit behind 3."""
    every = np.zeros((10, 28, 28))
    every[5] = weights
    biases = np.full(10, -99.0)
    biases[[5, 3, 8]] = lead, 0.0, -1.0
    return Case(FakeClassifier(every, biases), pixels)


def needed(lead: float) -> int:
    """Grey levels after which the 5 no longer leads."""
    return math.floor(lead / 392 * GREYS) + 1


@pytest.mark.parametrize("lead", [1.0, 10.0, 33.3, 100.0])
def test_the_smallest_change_is_that_of_the_closed_form(lead: float) -> None:
    attack = smallest_attack(leads_by(lead))
    assert attack.found
    assert attack.levels == needed(lead)
    assert attack.test.after.digit == 3
    np.testing.assert_array_equal(np.sign(attack.change), -np.sign(WEIGHTS))


def test_the_mirror_the_other_sign_moves_every_pixel_the_other_way() -> None:
    one, other = smallest_attack(leads_by(20.0)), smallest_attack(leads_by(20.0, -WEIGHTS))
    np.testing.assert_allclose(one.change, -other.change, atol=1e-6)


def test_a_target_is_reached_and_takes_more() -> None:
    every = np.zeros((10, 28, 28))
    every[5], every[8] = WEIGHTS, -WEIGHTS
    biases = np.full(10, -99.0)
    biases[[5, 3, 8]] = 20.0, 0.0, -20.0
    case = Case(FakeClassifier(every, biases), GREY)
    attack = smallest_attack(case, 8)
    assert attack.test.after.digit == 8
    assert attack.levels == math.floor(20 / 392 * GREYS) + 1
    assert not smallest_attack(case, 0).found


@pytest.mark.parametrize(("levels", "found"), [(MOST_LEVELS - 0.5, True), (MOST_LEVELS + 0.5, False)])
def test_the_border_of_the_largest_change(levels: float, found: bool) -> None:
    attack = smallest_attack(leads_by(392 * levels / GREYS))
    assert attack.found is found
    assert attack.levels == MOST_LEVELS, "where none is found, the nearest that was tried"
    assert attack.gradients <= MOST_GRADIENTS


def test_black_and_white_are_never_left() -> None:
    # Every pixel would have to get darker, and all are black.
    attack = smallest_attack(leads_by(5.0, np.ones((28, 28)), np.zeros((28, 28), np.float32)))
    assert not attack.found
    assert attack.levels == 0


def test_a_network_that_looks_at_nothing_is_not_fooled() -> None:
    attack = smallest_attack(leads_by(1.0, np.zeros((28, 28))))
    assert not attack.found
    assert attack.test.after.digit == 5


def test_what_is_told_is_exact() -> None:
    classifier = tiny_classifier(3)
    case = Case(classifier, np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.float32) / 255)
    attack = smallest_attack(case)
    after = attack.test.after
    assert attack.found
    assert after.digit != case.prediction.digit
    assert 0 <= after.pixels.min() <= after.pixels.max() <= 1
    np.testing.assert_allclose(after.pixels * GREYS, np.round(after.pixels * GREYS), atol=1e-4)
    assert np.abs(attack.change).max() * GREYS == pytest.approx(attack.levels, abs=1e-3)
    np.testing.assert_allclose(classifier.logits(after.pixels[None])[0], after.logits, atol=1e-5)
    again = smallest_attack(Case(classifier, case.pixels))
    np.testing.assert_array_equal(again.test.after.pixels, after.pixels)


def test_one_step_is_that_of_the_sign_of_the_gradient() -> None:
    climb = Climb(leads_by(10.0), None)
    assert climb.reaches(20, 1)
    np.testing.assert_allclose(climb.attack().change, -np.sign(WEIGHTS) * 20 / GREYS, atol=1e-6)
    assert not Climb(leads_by(100.0), None).reaches(20, 1)


def test_noise_is_as_large_and_differs_with_the_seed() -> None:
    attack = smallest_attack(leads_by(30.0))
    assert len(attack.noises) == NOISES
    assert len({test.after.pixels.tobytes() for test in attack.noises}) == NOISES
    for test in attack.noises:
        change = np.abs(test.after.pixels - test.before.pixels) * GREYS
        np.testing.assert_allclose(change, attack.levels, atol=1e-3)
        assert test.after.digit == 5, "signs at random cancel out"
