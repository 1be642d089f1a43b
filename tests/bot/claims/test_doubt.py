"""The rule that says which readings are doubtful, and that replies and the benchmark follow it."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.doubt import prediction_of, table
from bot.claims.causes import reading_claim
from bot.claims.doubt import CLOSE_MARGIN, SURE, doubt_cues
from bot.claims.warnings import warnings_of
from bot.questions.alternatives import Alternatives
from bot.questions.base import Asked
from bot.values import Question, Reading, Session
from explainers.base import Case
from model.values import DigitImage, Prediction
from tests.fakes import FakeClassifier


def reading_of(probability: float, second: float | None = None, unusual: bool = False) -> Prediction:
    """5 with ``probability``, 3 with ``second`` (all the rest if it is not said)."""
    values = np.full(10, 1e-9)
    values[5], values[3] = probability, 1 - probability if second is None else second
    return Prediction(np.log(values), values.astype(np.float64), 5, 3, 0.5, unusual)


@pytest.mark.parametrize(
    ("prediction", "cues"),
    [
        (reading_of(SURE), ()),
        (reading_of(SURE - 1e-6), ("unsure",)),
        (reading_of(0.6, 0.6 - CLOSE_MARGIN), ("unsure",)),
        (reading_of(0.6, 0.6 - CLOSE_MARGIN + 1e-6), ("close_call",)),
        (reading_of(0.999, unusual=True), ("unusual_image",)),
        (reading_of(0.5, 0.4, unusual=True), ("close_call", "unusual_image")),
    ],
)
def test_each_cue_at_its_border(prediction: Prediction, cues: tuple[str, ...]) -> None:
    assert doubt_cues(prediction) == cues


def test_a_picture_that_is_turned_away_is_unusual_whatever_is_read() -> None:
    for probability in (0.5, 0.999):
        assert doubt_cues(reading_of(probability), accepted=False) == ("unusual_image",)


@pytest.mark.parametrize(
    ("prediction", "kind"),
    [(reading_of(0.99), "reading_sure"), (reading_of(0.9), "reading_likely"), (reading_of(0.5, 0.45), "reading_close")],
)
def test_replies_say_it_and_warn_of_it(prediction: Prediction, kind: str) -> None:
    case = Case(FakeClassifier(np.zeros((10, 28, 28))), np.zeros((28, 28), np.float32))
    case.prediction = prediction  # takes the place of what would be read
    assert reading_claim(case).kind == kind
    reading = Reading(DigitImage(case.pixels), case, None)
    assert warnings_of([], reading, ()) == doubt_cues(prediction)


def row(probability: float, label: int, unusual: bool = False, accepted: bool = True) -> dict:
    """A row of an error analysis at temperature 2: 5 is read with ``probability``, 3 gets the rest."""
    logits = np.full(10, -60.0)
    logits[[5, 3]] = 2 * np.log([probability, 1 - probability])
    fields = {"logits": logits.tolist(), "strangeness": 0.5, "unusual": unusual, "accepted": accepted}
    return {"digit": 5, "label": label, **fields}


def test_a_row_gives_the_reading_back() -> None:
    found = prediction_of(row(0.8, 5), temperature=2)
    assert (found.digit, found.runner_up) == (5, 3)
    assert found.probability == pytest.approx(0.8, abs=1e-5)


def test_the_table_counts_wrong_and_right_ones_apart() -> None:
    wrong = [row(0.6, 3), row(0.99, 3, unusual=True), row(0.99, 3)]
    right = [row(0.99, 5)] * 7 + [row(0.93, 5), row(0.96, 5), row(0.99, 5, accepted=False)]
    lines = table([*wrong, *right], 2).splitlines()
    assert lines[0] == "13 pictures, 3 misread"
    shares = {line[:20].strip(): line[20:].split() for line in lines[3:]}
    assert shares["close_call"] == ["33.33%", "0.00%"]
    assert shares["unsure"] == ["0.00%", "10.00%"]
    assert shares["unusual_image"] == ["33.33%", "10.00%"]
    assert shares["any"] == shares["95%  (the rule)"] == ["66.67%", "20.00%"]
    assert shares["90%"] == ["66.67%", "10.00%"]
    assert shares["97%"] == ["66.67%", "30.00%"]


@pytest.mark.parametrize(
    ("prediction", "kinds"),
    [
        (reading_of(0.97, 0.029), ["reading_sure", "one_candidate"]),
        (reading_of(0.6, 0.4), ["reading_close", "one_candidate_told"]),
        (reading_of(0.999), ["reading_sure", "no_candidates"]),
    ],
)
def test_how_much_the_only_other_candidate_gets_is_told_once(prediction: Prediction, kinds: list[str]) -> None:
    case = Case(FakeClassifier(np.zeros((10, 28, 28))), np.zeros((28, 28), np.float32))
    case.prediction = prediction
    asked = Asked(Question("alternatives"), Session(reading=Reading(DigitImage(case.pixels), case, None)))
    assert [claim.kind for claim in Alternatives().claims(asked)] == kinds
