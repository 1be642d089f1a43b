"""The values of a conversation: a question, what is claimed in answer, and the reply. See docs/contract.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from explainers.base import Case
from explainers.measures import Statistics
from explainers.values import Attribution, Part, Test
from model.values import DigitImage, ModelIdentity, Prediction


@dataclass(frozen=True)
class Question:
    """What was understood: a type of docs/questions.md, its slots, and further questions of the same sentence."""

    type: str
    slots: Mapping[str, object] = field(default_factory=dict)  # only those that were given
    also: tuple[Question, ...] = ()
    nearest: tuple[str, ...] = ()  # where unsure or unknown: whole questions to offer instead

    def to_dict(self) -> dict:
        """The form of the contract: type and slots side by side; ``also`` only where more was asked."""
        named = {"type": self.type, **self.slots}
        return {**named, "also": [other.to_dict() for other in self.also]} if self.also else named


@dataclass(frozen=True, eq=False)
class Reading:
    """One picture, made ready and read."""

    image: DigitImage
    case: Case | None  # None where the picture alone shows that there is no digit
    reason: str | None  # why it is not accepted: "blank", "too_small", "several_digits", "not_a_digit", …

    @property
    def accepted(self) -> bool:
        """Whether this looks like one digit."""
        return self.reason is None

    @property
    def prediction(self) -> Prediction | None:
        """What the network reads; None where it was not asked."""
        return self.case.prediction if self.case else None

    @property
    def pixels(self) -> np.ndarray:
        """(28, 28) float32 in [0, 1], as the network got it."""
        return self.image.pixels


@dataclass(frozen=True)
class Evidence:
    """One number behind a claim."""

    name: str
    value: float
    unit: str  # "probability", "logit", "share", "correlation", …
    source: str  # what measured it: "model", "erase", "lime", "integrated_gradients", "record", …
    digit: int | None = None


@dataclass(frozen=True, eq=False)
class Claim:
    """One thing that can be said. Only a rule in ``bot/questions`` makes one; its words come from a template."""

    kind: str  # the name of its sentence in the templates
    slots: Mapping[str, object]  # numbers, digits, parts and tuples of those; never text for a reader
    evidence: tuple[Evidence, ...]  # never empty
    digit: int | None = None
    parts: tuple[Part, ...] = ()
    test: Test | None = None  # for every claim about a cause
    sentence: str = ""  # filled in by ``render``


@dataclass(frozen=True, eq=False)
class Figure:
    """One drawn picture."""

    id: str  # "lime", "integrated_gradients", "parts", "probabilities", "test_1", …: also its file name
    title: str
    alt: str  # one sentence that says what it shows
    png: bytes
    path: str | None = None  # where it was written, if it was


@dataclass(frozen=True, eq=False)
class Heatmap:
    """An attribution with the mission's three statistics."""

    attribution: Attribution
    statistics: Statistics


@dataclass(frozen=True, eq=False)
class Reply:
    """The answer to one question. A streamed reply grows: the last one is whole."""

    text: str  # Markdown
    question: Question
    reading: Reading | None
    part_names: Mapping[str, str]  # part id → its name in the reply's language
    claims: tuple[Claim, ...]
    heatmaps: tuple[Heatmap, ...]
    figures: tuple[Figure, ...]
    warnings: tuple[str, ...]
    suggestions: tuple[str, ...]  # questions to ask next
    seconds: Mapping[str, float]  # "first" and "total"
    model: ModelIdentity
    complete: bool = True

    def to_dict(self) -> dict:
        """The JSON of docs/contract.md."""
        from bot.contract import reply_to_dict

        return reply_to_dict(self)

    def with_figures(self, figures: tuple[Figure, ...]) -> Reply:
        """The same reply with other figures."""
        return replace(self, figures=figures)
