"""What the bundled network makes of the example digits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from interface.chat.examples import EXAMPLES, OFFERED, Example
from interface.draw_examples import DRAWINGS, draw
from model.values import Prediction
from tests.trained import trained_bot

CLOSE = 0.25  # of probability that the second digit has at least, where a picture lies between two


@pytest.fixture(scope="module")
def read() -> Callable[[Example], Prediction]:
    bot = trained_bot("cpu")

    def run(example: Example) -> Prediction:
        reading = bot.read(str(example.path))
        assert reading.accepted
        return reading.prediction

    return run


def kind(example: Example, prediction: Prediction) -> str:
    if len(example.digits) == 1:
        return "right" if prediction.digit == example.digits[0] and prediction.probability > 0.95 else "misread"
    second = float(prediction.probabilities[prediction.runner_up])
    return "close" if {prediction.digit, prediction.runner_up} == set(example.digits) and second > CLOSE else "clear"


@pytest.mark.weights
def test_of_six_three_are_read_right_two_are_close_and_one_is_misread(read):
    assert {example.id: kind(example, read(example)) for example in OFFERED} == {
        "five": "right",
        "eight": "right",
        "seven": "right",
        "four_or_nine": "close",
        "three_or_five": "close",
        "six": "misread",
    }


@pytest.mark.weights
def test_the_misread_one_is_no_close_call(read):
    prediction = read(next(example for example in OFFERED if example.id == "six"))
    assert (prediction.digit, prediction.runner_up) == (5, 6)
    assert prediction.probability > 0.7


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
def test_the_picture_is_the_drawing(example):
    stored = np.asarray(Image.open(example.path).convert("RGB")).astype(int)
    drawn = np.asarray(draw(*DRAWINGS[example.id])).astype(int)
    assert np.abs(stored - drawn).max() <= 2


def test_every_drawing_is_an_example():
    assert DRAWINGS.keys() == {example.id for example in EXAMPLES}
