"""Each step left out is read again, on a network whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

from explainers.base import Case
from explainers.changes.left_out import LeftOut, leave_out
from model.preprocess import to_digit, without
from model.values import DigitImage
from tests.fakes import FakeClassifier, tiny_classifier
from tests.model.drawings import draw


def left_out(image: DigitImage) -> dict[str, LeftOut]:
    return {one.step: one for one in leave_out(Case(FakeClassifier.random(), image.pixels), image)}


def test_every_step_is_read_from_the_picture_made_without_it() -> None:
    image = to_digit(draw())
    found = left_out(image)
    assert list(found) == ["polarity", "threshold", "crop", "stroke", "shrink", "centre", "enlarge"]
    fake = FakeClassifier.random()
    for step, one in found.items():
        assert one.test.before.pixels is image.pixels
        if step != "enlarge":
            assert one.test.operation == {"kind": "prepare_without", "step": step}
            assert np.array_equal(one.test.after.pixels, without(image, step).pixels)
        np.testing.assert_allclose(one.test.after.logits, fake.logits(one.test.after.pixels[None])[0])
    assert found["polarity"].reason == "not_a_digit"
    assert found["centre"].reason is None


def test_a_step_that_changed_nothing_is_not_offered() -> None:
    image = to_digit(draw(ink=230, page=15))
    assert "polarity" in [step.name for step in image.steps]
    assert "polarity" not in left_out(image)


def test_of_a_picture_left_alone_only_the_enlarging_is_tried() -> None:
    assert list(left_out(to_digit(to_digit(draw()).pixels))) == ["enlarge"]


def test_the_enlarging_keeps_the_pixels_and_changes_what_the_network_gets() -> None:
    image, classifier = to_digit(draw()), tiny_classifier(3)
    *_, last = leave_out(Case(classifier, image.pixels), image)
    assert last.test.operation == {"kind": "enlarge", "interpolation": "nearest"}
    assert np.array_equal(last.test.after.pixels, image.pixels)
    squares = np.kron(image.pixels, np.ones((2, 2), np.float32))  # the tiny network takes 56 × 56
    np.testing.assert_allclose(last.test.after.logits, classifier.logits(squares[None])[0], atol=1e-4)
    assert np.abs(last.test.after.logits - last.test.before.logits).max() > 1e-3


def test_no_ink_at_all_is_told_from_a_picture_turned_away() -> None:
    image = to_digit(draw())
    found = left_out(image)
    assert not any(one.blank for one in found.values())
    black = Case(FakeClassifier.random(), np.zeros((28, 28), np.float32))
    assert LeftOut("even_light", next(leave_out(black, to_digit(np.zeros((28, 28))))).test, None, "blank").blank


@pytest.mark.parametrize("step", ["polarity", "centre"])
def test_the_picture_that_is_read_stays_as_it_is(step: str) -> None:
    image = to_digit(draw())
    before = image.pixels.copy()
    left_out(image)[step].test.after.pixels[:] = 0
    assert np.array_equal(image.pixels, before)
