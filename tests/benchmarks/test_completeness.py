"""What ``python -m benchmarks.completeness`` prints, on models whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import completeness
from benchmarks.completeness import Row, captum_map, measure, report
from explainers.base import Case
from explainers.integrated_gradients import integrate
from tests.explainers.pictures import boxes
from tests.fakes import FakeClassifier, tiny_classifier

PIXELS = boxes(5)[0]


def test_captum_gives_the_map_of_a_linear_model() -> None:
    weights = np.random.default_rng(2).normal(0, 0.1, (28, 28))
    case = Case(FakeClassifier.one_digit(4, weights), PIXELS)
    assert np.allclose(captum_map(case, 4), weights * PIXELS, atol=1e-5)


def test_a_picture_is_compared_where_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completeness, "CAPTUM_STEPS", 64)
    case = Case(tiny_classifier(1), PIXELS)
    row = measure(case, compare=True)
    integral = integrate(case, case.prediction.digit)
    assert (row.gap, row.gradients) == (pytest.approx(integral.gap), integral.steps + 1)
    assert 0 < row.distance < 0.1
    assert measure(case, compare=False).distance is None


@pytest.mark.parametrize(
    ("gap", "change", "complete"),
    [(0.05, 5.0, True), (0.0501, 5.0, False), (0.02, 0.1, True), (0.021, 0.1, False), (0.05, -5.0, True)],
)
def test_the_border_of_the_bar(gap: float, change: float, complete: bool) -> None:
    assert Row(gap, change, 21, None).complete == complete


def test_the_report_counts() -> None:
    text = report([Row(0.1, 10, 21, 0.02), Row(0.3, 10, 25, 0.06), Row(0.0, 10, 20, None)])
    assert "66.7% (2 of 3)" in text
    assert "most 0.300 logit" in text
    assert "mean 22.0, most 25" in text
    assert "at most 5% on 1 of 2" in text
    assert "captum" not in report([Row(0.1, 10, 21, None)])
