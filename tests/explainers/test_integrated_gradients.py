"""Integrated Gradients against closed forms, captum, and its own promises."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explainers.integrated_gradients import MOST_STEPS, IntegratedGradients, integrate, trapezoid_weights
from model.engines import log_odds
from tests.explainers.pictures import boxes, boxes_case
from tests.fakes import FakeClassifier, tiny_classifier


@pytest.mark.parametrize("steps", [1, 2, 8, 64])
def test_the_trapezoid_weights_add_up_to_one(steps: int) -> None:
    weights = trapezoid_weights(steps)
    assert weights.shape == (steps + 1,)
    assert weights.sum() == pytest.approx(1, abs=1e-12)
    assert weights @ (np.arange(steps + 1) / steps) == pytest.approx(0.5)


def test_a_linear_model_is_exact_at_the_first_check() -> None:
    weights = np.random.default_rng(2).normal(0, 1, (28, 28))
    classifier = FakeClassifier.one_digit(4, weights)
    case = boxes_case(classifier)
    attribution = IntegratedGradients().explain(case, 4)
    assert np.allclose(attribution.values, weights * case.pixels, atol=1e-5)
    assert attribution.gap == pytest.approx(0, abs=1e-4)
    assert attribution.settings["steps"] == 16
    assert attribution.settings["settled"]
    assert classifier.gradients == 17
    for part in case.parts[:5]:
        assert attribution.part_values[part.id] == pytest.approx((weights * case.pixels)[part.mask].sum(), abs=1e-4)


def test_nothing_is_computed_twice_and_the_steps_have_an_end() -> None:
    classifier = _Jagged()
    integral = integrate(classifier, boxes(5)[0], 0)
    assert integral.steps == MOST_STEPS
    assert not integral.settled
    assert classifier.gradients == MOST_STEPS + 1 == len(set(classifier.asked))


def test_nested_sums_are_the_trapezoid_rule() -> None:
    classifier, pixels = tiny_classifier(1), boxes(6)[0]
    integral = integrate(classifier, pixels, 7)
    alphas = np.arange(integral.steps + 1) / integral.steps
    path = (alphas[:, None, None] * pixels).astype(np.float32)
    odds, gradients = classifier.log_odds_gradients(path, 7)
    expected = pixels * np.tensordot(trapezoid_weights(integral.steps), gradients, axes=1)
    assert np.allclose(integral.values, expected, atol=1e-4)
    assert integral.change == pytest.approx(float(odds[-1] - odds[0]), abs=1e-4)
    assert integral.gap == pytest.approx(abs(expected.sum() - (odds[-1] - odds[0])), abs=1e-3)


def test_captum_agrees() -> None:
    captum = pytest.importorskip("captum.attr")
    classifier, pixels = tiny_classifier(3), boxes(6)[0]
    integral = integrate(classifier, pixels, 5)
    method = captum.IntegratedGradients(lambda pictures: log_odds(classifier.network(pictures), 5))
    theirs = method.attribute(
        torch.from_numpy(pixels[None]), n_steps=512, method="riemann_middle", internal_batch_size=64
    )
    expected = theirs[0].detach().numpy()
    assert np.abs(integral.values - expected).sum() <= 0.15 * np.abs(expected).sum()
    assert np.corrcoef(integral.values[pixels > 0], expected[pixels > 0])[0, 1] > 0.98


def test_the_gap_is_what_the_sum_misses() -> None:
    case = boxes_case(tiny_classifier(2))
    attribution = IntegratedGradients().explain(case, 1)
    full, black = case.classifier.logits(np.stack([case.pixels, np.zeros_like(case.pixels)]))
    change = float(np.subtract(*(log_odds(torch.from_numpy(logits[None]), 1).item() for logits in (full, black))))
    assert attribution.gap == pytest.approx(abs(attribution.values.sum(dtype=np.float64) - change), abs=1e-3)
    if attribution.settings["settled"]:
        assert attribution.gap <= max(0.05 * abs(change), 0.1) + 1e-6


def test_black_gets_nothing() -> None:
    case = boxes_case(tiny_classifier())
    assert not IntegratedGradients().explain(case, 1).values[case.pixels == 0].any()


class _Jagged(FakeClassifier):
    """Gradients that never settle: each depends on the digits of the place on the path."""

    def __init__(self) -> None:
        super().__init__(np.zeros((10, 28, 28)))
        self.asked: list[float] = []

    def log_odds_gradients(self, pictures: np.ndarray, target: int) -> tuple[np.ndarray, np.ndarray]:
        self.gradients += len(pictures)
        self.asked += [float(picture.sum()) for picture in pictures]
        noise = np.random.default_rng(len(self.asked)).normal(0, 50, pictures.shape)
        return np.zeros(len(pictures), np.float32), noise.astype(np.float32)
