"""Values made by hand, so that these tests need no network and no parts to be found."""

from __future__ import annotations

import numpy as np

from bot.question import Question
from bot.values import Claim, Evidence, Figure, Heatmap, Reading, Reply
from explainers.base import Case
from explainers.measures import statistics
from explainers.values import Attribution, Outcome, Part, Test
from model.values import DigitImage, ModelIdentity, Prediction, Step
from tests.fakes import FakeClassifier

NAMES = {"part_1": "the flat bar at the top", "part_2": "the upright stroke on the left", "gap_1": "the opening below"}


def pixels() -> np.ndarray:
    """A bar above a stem, (28, 28)."""
    picture = np.zeros((28, 28), np.float32)
    picture[5:8, 6:20] = 1
    picture[8:20, 6:9] = np.float32(200 / 255)
    return picture


def parts() -> tuple[Part, ...]:
    """The bar, the stem, and a gap."""
    bar, stem, gap = (np.zeros((28, 28), bool) for _ in range(3))
    bar[5:8, 6:20] = True
    stem[8:20, 6:9] = True
    gap[20:23, 6:16] = True
    return (
        Part("part_1", "ink", "bar", "top", bar),
        Part("part_2", "ink", "stem", "left", stem),
        Part("gap_1", "gap", "opening", "bottom", gap, "bottom"),
    )


def prediction(digit: int = 5, runner_up: int = 3, probability: float = 0.9) -> Prediction:
    """Almost all on ``digit``, the rest mostly on ``runner_up``."""
    probabilities = np.full(10, (1 - probability) / 20, np.float32)
    probabilities[runner_up] = (1 - probability) * 0.6
    probabilities[digit] = probability
    return Prediction(np.log(probabilities), probabilities, digit, runner_up, 0.4)


def outcome(picture: np.ndarray, read: Prediction) -> Outcome:
    """What ``read`` says of ``picture``."""
    return Outcome(picture, read.logits, read.probabilities)


def erased() -> Test:
    """Without the bar the 5 becomes a 3."""
    after = pixels()
    after[5:8] = 0
    operation = {"kind": "erase", "parts": ["part_1"]}
    return Test(operation, outcome(pixels(), prediction()), outcome(after, prediction(3, 5, 0.7)))


def attribution(values: np.ndarray | None = None, method: str = "integrated_gradients", target: int = 5) -> Attribution:
    """The bar speaks for the target, the stem against it."""
    if values is None:
        values = np.zeros((28, 28), np.float32)
        values[5:8, 6:20], values[8:20, 6:9] = 0.2, -0.1
    return Attribution(
        method, target, values, "logit", 0.01, {"steps": 16, "seed": np.int64(0)}, {"part_1": np.float32(1)}
    )


def image() -> DigitImage:
    """An upload in two steps."""
    grey = np.full((40, 60), 0.8, np.float32)
    return DigitImage(pixels(), (Step("decode", {"width": 60, "height": 40}, grey), Step("centre", {}, pixels())))


def reading() -> Reading:
    """The picture, read; its parts are those made here."""
    case = Case(FakeClassifier.random(), pixels())
    case.prediction, case.parts = prediction(), parts()  # type: ignore[misc]  # cached properties, set beforehand
    return Reading(image(), case, None)


def reply(text: str = "It is a 5.", figures: tuple[Figure, ...] = ()) -> Reply:
    """A whole reply with one claim about a cause and one that is none."""
    evidence = (Evidence("drop", np.float32(0.88), "probability", "erase", 5),)
    claims = (
        Claim("reads", {"digit": 5}, evidence, digit=5, sentence="It is a 5."),
        Claim("erased", {}, evidence, "cause", 5, parts()[:1], erased(), "Without the bar it is a 3."),
    )
    heatmap = Heatmap(attribution(), statistics(attribution(), pixels(), parts(), prediction()))
    return Reply(
        text=text,
        details="",
        question=Question("why", {"digit": 5}, (Question("confidence"),)),
        understood="Why 5? How sure are you?",
        language="en",
        reading=reading(),
        part_names=NAMES,
        claims=claims,
        heatmaps=(heatmap,),
        figures=figures,
        warnings=("close_call",),
        suggestions=("Why not 3?",),
        seconds={"first": 0.1, "total": np.float64(0.5)},
        model=ModelIdentity("bundled", None, "0" * 64),
    )
