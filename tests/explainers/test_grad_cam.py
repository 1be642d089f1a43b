"""Grad-CAM against captum, which needs hooks and so gets a copy of the network."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

from explainers.cells import to_picture
from explainers.grad_cam import GradCam, grad_cam
from model.classifier import Classifier
from model.torch_engine import log_odds
from tests.explainers.pictures import boxes, boxes_case
from tests.fakes import tiny_classifier


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return tiny_classifier(1, image_size=224)


@pytest.mark.parametrize("target", [0, 6])
def test_captum_agrees(classifier: Classifier, target: int) -> None:
    captum = pytest.importorskip("captum.attr")
    pixels = boxes(5)[0]
    network = copy.deepcopy(classifier.network)
    method = captum.LayerGradCam(lambda pictures: log_odds(network(pictures), target), network.last_relu)
    theirs = method.attribute(torch.from_numpy(pixels[None]).requires_grad_(True))[0, 0].detach().numpy()
    ours = grad_cam(classifier.network, pixels, target)
    assert ours.shape == theirs.shape == (7, 7)
    assert np.allclose(ours, theirs, atol=1e-5 * np.abs(theirs).max())
    assert ours.min() < 0 < ours.max(), "the sign is kept"


def test_the_maps_are_those_after_the_relu(classifier: Classifier) -> None:
    captum = pytest.importorskip("captum.attr")
    pixels = boxes(5)[0]
    network = copy.deepcopy(classifier.network)
    method = captum.LayerGradCam(lambda pictures: log_odds(network(pictures), 6), network.features.norm5)
    before = method.attribute(torch.from_numpy(pixels[None]).requires_grad_(True))[0, 0].detach().numpy()
    ours = grad_cam(classifier.network, pixels, 6)
    assert np.abs(ours - before).max() > 0.05 * np.abs(before).max()


def test_the_values_add_up_to_gradient_times_pooled_maps(classifier: Classifier) -> None:
    case = boxes_case(classifier)
    attribution = GradCam().explain(case, 6)
    network = case.classifier.network
    pooled = network.pooled(network.maps(network.prepare(torch.from_numpy(case.pixels[None])))).requires_grad_(True)
    (slopes,) = torch.autograd.grad(log_odds(network.classifier(pooled), 6).sum(), pooled)
    assert attribution.values.sum(dtype=np.float64) == pytest.approx(float((slopes * pooled).sum().detach()), rel=1e-4)
    assert attribution.unit == "logit"
    assert attribution.gap is None
    assert np.array_equal(attribution.values, to_picture(grad_cam(network, case.pixels, 6)))


def test_what_has_no_gradient_is_flat(classifier: Classifier) -> None:
    network = copy.deepcopy(classifier.network)
    network.classifier.weight.zero_()
    assert not grad_cam(network, boxes(5)[0], 6).any()
