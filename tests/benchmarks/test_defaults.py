"""What ``python -m benchmarks.defaults`` prints, and the plain way that it and ``benchmarks.why`` run."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from benchmarks import plain
from benchmarks.defaults import LOG_ODDS, PROBABILITY, deletion, measure, report
from explainers.base import Case
from tests.explainers.pictures import boxes
from tests.fakes import FakeClassifier

PIXELS = boxes(5)[0]
WEIGHTS = np.random.default_rng(2).uniform(0.01, 0.1, (28, 28))


def linear() -> Case:
    """A digit whose log-odds are known: each pixel adds its weight."""
    return Case(FakeClassifier.one_digit(4, WEIGHTS), PIXELS)


def test_the_best_order_loses_a_linear_model_soonest_and_its_reverse_last() -> None:
    best, worst = deletion(linear(), WEIGHTS * PIXELS), deletion(linear(), -WEIGHTS * PIXELS)
    orders = [deletion(linear(), np.random.default_rng(seed).random((28, 28))) for seed in range(5)]
    for unit in (LOG_ODDS, PROBABILITY):
        assert all(best[unit] < order[unit] < worst[unit] for order in orders)


def test_integrated_gradients_are_that_order_whatever_the_plain_maps_are() -> None:
    found = measure(linear(), {"lime": -WEIGHTS * PIXELS, "integrated_gradients": WEIGHTS * PIXELS})["methods"]
    assert found["integrated_gradients"] == found["plain integrated_gradients"]
    heights = [found[name][LOG_ODDS] for name in ("plain lime", "random order", "integrated_gradients")]
    assert heights == sorted(heights, reverse=True)


def test_the_report_says_which_way_loses_the_digit_sooner() -> None:
    def row(ours: float, plain: float) -> dict:
        given = {"lime": ours, "plain lime": plain, "random order": 2.0}
        same = dict.fromkeys(("integrated_gradients", "plain integrated_gradients"), 0.0)
        return {"methods": {name: {LOG_ODDS: value, PROBABILITY: 0.5} for name, value in {**given, **same}.items()}}

    lines = report([row(-1.0, 1.0), row(1.0, 0.0)]).splitlines()
    assert lines[2] == "| LIME, log-odds | 0.00 | 0.50 | 2.00 | +0.50 (-1.00 to +2.00) | 50% |"
    assert lines[3] == "| LIME, probability | 0.50 | 0.50 | 0.50 | +0.00 (+0.00 to +0.00) | 0% |"
    assert len(lines) == 6


@pytest.mark.weights
def test_the_plain_maps_are_of_the_picture_s_own_size(monkeypatch: pytest.MonkeyPatch) -> None:
    class Few(plain.LimeImageExplainer):
        def explain_instance(self, *arguments):
            return super().explain_instance(*arguments, num_samples=20)

    class Short(plain.IntegratedGradients):
        def attribute(self, *arguments, **named):
            return super().attribute(*arguments, n_steps=4, **named)

    monkeypatch.setattr(plain, "LimeImageExplainer", Few)
    monkeypatch.setattr(plain, "IntegratedGradients", Short)
    maps, seconds = plain.PlainWay(torch.device("cpu")).maps(PIXELS)
    assert maps.keys() == seconds.keys() == {"lime", "integrated_gradients"}
    assert all(values.shape == (28, 28) and values.any() for values in maps.values())
