"""Gradient × input against a linear model and captum."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explainers.gradient_x_input import GradientXInput
from model.torch_engine import log_odds
from tests.explainers.pictures import boxes_case
from tests.fakes import FakeClassifier, tiny_classifier


def test_a_linear_model_gives_weight_times_ink_for_one_gradient() -> None:
    weights = np.random.default_rng(2).normal(0, 1, (28, 28))
    classifier = FakeClassifier.one_digit(4, weights)
    case = boxes_case(classifier)
    attribution = GradientXInput().explain(case, 4)
    assert np.allclose(attribution.values, weights * case.pixels, atol=1e-5)
    assert (classifier.runs, classifier.gradients) == (0, 1)
    assert set(attribution.part_values) == {"part_1", "part_2", "part_3", "part_4", "part_5"}
    for part in case.parts[:5]:
        assert attribution.part_values[part.id] == pytest.approx((weights * case.pixels)[part.mask].sum(), abs=1e-4)


def test_captum_agrees() -> None:
    captum = pytest.importorskip("captum.attr")
    case = boxes_case(tiny_classifier(3))
    network = case.classifier.network
    method = captum.InputXGradient(lambda pictures: log_odds(network(pictures), 5))
    theirs = method.attribute(torch.from_numpy(case.pixels[None]).requires_grad_(True))[0].detach().numpy()
    assert np.abs(theirs).max() > 1e-3
    assert np.allclose(GradientXInput().explain(case, 5).values, theirs, atol=1e-5 * np.abs(theirs).max())


def test_it_makes_no_promise_of_a_sum_and_keeps_none() -> None:
    case = boxes_case(tiny_classifier(3))
    attribution = GradientXInput().explain(case, 5)
    full, black = case.classifier.logits(np.stack([case.pixels, np.zeros_like(case.pixels)]))
    change = float(np.subtract(*(log_odds(torch.from_numpy(one[None]), 5).item() for one in (full, black))))
    assert attribution.gap is None
    assert abs(attribution.values.sum() - change) > 0.1


def test_black_gets_nothing() -> None:
    case = boxes_case(tiny_classifier())
    assert not GradientXInput().explain(case, 1).values[case.pixels == 0].any()
