"""What ``python -m benchmarks.defaults`` prints, and the plain way that it and ``benchmarks.why`` run."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from benchmarks import defaults, plain
from benchmarks.defaults import deletion, measure, report
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
    for place in range(len(defaults.UNITS)):
        assert all(best[place] < order[place] < worst[place] for order in orders)


def test_integrated_gradients_are_that_order_whatever_the_plain_maps_are() -> None:
    row = measure(linear(), {"lime": -WEIGHTS * PIXELS, "integrated_gradients": WEIGHTS * PIXELS})
    assert row["ours"]["integrated_gradients"] == row["plain"]["integrated_gradients"]
    assert row["plain"]["lime"][0] > row["random"]["lime"][0] > row["ours"]["integrated_gradients"][0]


def test_the_report_says_which_way_loses_the_digit_sooner() -> None:
    def row(ours: float, plain: float) -> defaults.Row:
        ways = {"ours": ours, "plain": plain, "random": 2.0}
        return {way: {"lime": [value, 0.5], "integrated_gradients": [0.0, 0.0]} for way, value in ways.items()}

    lines = report([row(-1.0, 1.0), row(1.0, 0.0)]).splitlines()
    assert lines[2] == "| LIME, log-odds | 0.00 | 0.50 | 2.00 | +0.50 (-1.00 to +2.00) | 1 of 2 |"
    assert lines[3] == "| LIME, probability | 0.50 | 0.50 | 0.50 | +0.00 (+0.00 to +0.00) | 0 of 2 |"
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
