"""Occlusion against captum and against a linear model."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explainers.base import Case
from explainers.occlusion import STRIDE, WINDOW, Occlusion, all_windows, inked_windows
from model.torch_engine import log_odds
from tests.explainers.pictures import boxes, boxes_case
from tests.fakes import FakeClassifier, tiny_classifier


def test_captum_agrees_on_the_ink() -> None:
    captum = pytest.importorskip("captum.attr")
    case = boxes_case(tiny_classifier(3))
    network = case.classifier.network
    method = captum.Occlusion(lambda pictures: log_odds(network(pictures), 5))
    theirs = method.attribute(
        torch.from_numpy(case.pixels[None]), sliding_window_shapes=(WINDOW, WINDOW), strides=(STRIDE, STRIDE)
    )[0].numpy()
    values, ink = Occlusion().explain(case, 5).values, case.pixels > 0
    assert np.allclose(values[ink], theirs[ink], atol=1e-4 * np.abs(theirs).max())
    assert np.abs(theirs[~ink]).max() > 0.1 * np.abs(theirs).max(), "captum gives black its neighbours' drops"
    assert not values[~ink].any()


def test_a_linear_model_gives_the_mean_ink_of_the_windows_around() -> None:
    weights = np.random.default_rng(2).normal(0, 1, (28, 28))
    case = boxes_case(FakeClassifier.one_digit(4, weights))
    values = Occlusion().explain(case, 4).values
    product = weights * case.pixels
    for row, column in np.argwhere(case.pixels > 0)[::7]:
        drops = [
            product[top : top + WINDOW, left : left + WINDOW].sum()
            for top in range(0, 25, STRIDE)
            for left in range(0, 25, STRIDE)
            if top <= row < top + WINDOW and left <= column < left + WINDOW
        ]
        assert values[row, column] == pytest.approx(np.mean(drops), abs=1e-4)


def test_every_pixel_is_in_a_window_and_a_corner_in_one() -> None:
    windows = all_windows()
    assert windows.shape == (169, 28, 28)
    assert (windows.sum(axis=(1, 2)) == WINDOW * WINDOW).all()
    covered = windows.sum(axis=0)
    assert (covered[0, 0], covered[0, 14], covered[14, 14], covered[27, 27]) == (1, 2, 4, 1)


def test_only_windows_with_ink_are_run() -> None:
    pixels = np.zeros((28, 28), np.float32)
    pixels[13, 13] = 1 / 255
    classifier = FakeClassifier.random()
    case = Case(classifier, pixels)
    case.parts = ()
    attribution = Occlusion().explain(case, 3)
    assert classifier.runs - 1 == attribution.settings["samples"] == len(inked_windows(pixels)) == 4
    assert np.flatnonzero(attribution.values).tolist() == [13 * 28 + 13]


def test_a_blank_picture_needs_no_run_and_has_a_flat_map() -> None:
    classifier = FakeClassifier.random()
    case = Case(classifier, np.zeros((28, 28), np.float32))
    case.parts = ()
    assert not Occlusion().explain(case, 3).values.any()
    assert classifier.runs == 1, "the reading alone"


def test_the_mirrored_picture_before_the_mirrored_model_has_the_mirrored_map() -> None:
    weights, (pixels, parts) = np.random.default_rng(4).normal(0, 1, (28, 28)), boxes(5)
    maps = []
    for turn in (1, -1):
        case = Case(FakeClassifier.one_digit(4, weights[:, ::turn]), np.ascontiguousarray(pixels[:, ::turn]))
        case.parts = parts
        maps.append(Occlusion().explain(case, 4).values)
    assert np.allclose(maps[0], maps[1][:, ::-1], atol=1e-5)
    assert not np.allclose(maps[0], maps[1], atol=1e-2)
