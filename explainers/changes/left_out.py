"""What each step of the preparation does to the reading: the upload is prepared without it, and read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from explainers.base import Case
from explainers.checks import outcome_test
from explainers.values import Test
from model.preparation.gate import NOT_A_DIGIT
from model.preprocess import REMOVABLE, without
from model.values import DigitImage

ENLARGE = "enlarge"  # the last step of all, which the network takes itself: 28 × 28 → 224 × 224, bilinear
NEAREST = "nearest"  # what takes its place: each pixel becomes a square


@dataclass(frozen=True, eq=False)
class LeftOut:
    """One step left out: what was read then, and whether it would have been read at all."""

    step: str  # one of REMOVABLE, or ENLARGE
    test: Test
    strangeness: float | None  # as in Prediction; None where it was not measured
    reason: str | None  # why the check would have turned that picture away; None: it would not

    @property
    def blank(self) -> bool:
        """Whether no ink was found at all."""
        return not self.test.after.pixels.any()


def leave_out(case: Case, image: DigitImage) -> Iterator[LeftOut]:
    """Each step of ``image``, which ``case`` is about, left out in turn; those that change no pixel are passed over.

    Last the enlarging, done in another way: of that the check of pictures that are no digits knows nothing.
    """
    taken = {step.name for step in image.steps}
    for step in REMOVABLE if image.upload is not None else ():
        if step not in taken:
            continue
        other = without(image, step)
        if np.array_equal(other.pixels, image.pixels):
            continue
        read = case.classifier.predict(other.pixels)
        test = outcome_test(case, {"kind": "prepare_without", "step": step}, other.pixels, read.logits)
        yield LeftOut(step, test, read.strangeness, other.reason or (None if read.is_digit else NOT_A_DIGIT))
    logits = case.classifier.logits_enlarged(case.pixels, NEAREST)
    operation = {"kind": ENLARGE, "interpolation": NEAREST}
    yield LeftOut(ENLARGE, outcome_test(case, operation, case.pixels, logits), None, None)
