"""Records of made-up weights, and questions asked of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from bot.figures.words import load_words
from bot.question import Question
from bot.questions import answers
from bot.questions.base import Asked, Drawing
from bot.values import Claim, Figure, Reading, Session
from bot.words.render import words
from model.catalogue import MNIST
from model.load import BUNDLED
from model.values import ModelIdentity
from model.weights import read_config
from tests.bot.spoken import put_into_words
from tests.fakes import FakeClassifier


def table(wrong: Mapping[tuple[int, int], int], right: int = 100) -> list[list[int]]:
    """``right`` pictures of each digit read rightly, and those ``wrong``, by (digit shown, digit read)."""
    counts = np.eye(10, dtype=int) * right
    for (shown, read), count in wrong.items():
        counts[shown, read] = count
    return counts.tolist()


def measured(confusion: list[list[int]], **more: object) -> dict[str, object]:
    """What ``model.evaluate`` writes of such a table."""
    counts = np.array(confusion)
    wrong = int(counts.sum() - np.trace(counts))
    sums = {"pictures": int(counts.sum()), "mistakes": wrong, "accuracy": round(1 - wrong / int(counts.sum()), 6)}
    return {"data": MNIST.measured_on, **sums, "confusion": confusion, "ece": 0.01, **more}


def identity(**record: object) -> ModelIdentity:
    """Weights with this record."""
    return ModelIdentity("owner/name", "abc", "0" * 64, record)


@cache
def bundled() -> ModelIdentity:
    """The bundled weights' own record."""
    config = read_config(BUNDLED)
    return ModelIdentity("bundled", None, str(config["sha256"]), config)


def trained(**more: object) -> dict[str, object]:
    """What ``model.train`` writes."""
    return {"data": MNIST.trained_on, "started_from": "scratch", "pictures_seen": 70_000, "settings": {}, **more}


def asked(kind: str, weights: ModelIdentity, reading: Reading | None = None, **slots: object) -> Asked:
    """The question ``kind`` to these weights."""
    classifier = FakeClassifier.random() if reading is None else reading.case.classifier
    classifier.identity = weights
    return Asked(Question(kind, slots), Session(reading=reading), classifier)


def claims(kind: str, weights: ModelIdentity, reading: Reading | None = None, **slots: object) -> tuple[Claim, ...]:
    """What is answered, in English."""
    return put_into_words(answers()[kind].claims(asked(kind, weights, reading, **slots)), "en")


def kinds(kind: str, weights: ModelIdentity, reading: Reading | None = None, **slots: object) -> list[str]:
    """The names of the sentences of the answer."""
    return [claim.kind for claim in claims(kind, weights, reading, **slots)]


def figures(kind: str, weights: ModelIdentity, **slots: object) -> list[Figure]:
    """The figures of the answer, in English."""
    question = asked(kind, weights, **slots)
    return list(answers()[kind].figures(question, (), Drawing(load_words(), {}, words("en"))))


def said(claim: Claim) -> list[float]:
    """The numbers of a sentence, percentages as they stand."""
    return [float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*(?:\.\d+)?", claim.sentence)]


def without(weights: ModelIdentity, *names: str) -> ModelIdentity:
    """The same weights, their measured figures without some."""
    kept = {name: value for name, value in dict(weights.record["measured"]).items() if name not in names}  # type: ignore[call-overload]
    return replace(weights, record={**weights.record, "measured": kept})
