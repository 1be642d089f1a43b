"""A picture before a classifier: what several methods need is computed once."""

from __future__ import annotations

import numpy as np
import pytest

from explainers.base import Case
from tests.fakes import FakeClassifier


@pytest.mark.parametrize("first", ["prediction", "features"])
def test_a_picture_is_run_once_for_its_reading_and_its_features(first: str) -> None:
    fake = FakeClassifier.random()
    pixels = np.random.default_rng(0).random((28, 28)).astype(np.float32)
    case = Case(fake, pixels)
    getattr(case, first)
    np.testing.assert_array_equal(case.features, fake.features(pixels[None])[0])
    assert case.prediction.digit == int(case.outcome.logits.argmax())
    assert fake.runs == 1
