"""The values of a conversation: a question, what is claimed in answer, and the reply. See docs/contract.md."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from bot.claims.findings import Findings
from bot.claims.neighbours import DigitMap, Neighbour, Neighbourhood
from bot.lessons.state import Lesson
from bot.memory import Memory
from bot.question import Question
from explainers.base import Case
from explainers.blocks import BlockMap, block_maps
from explainers.changes.edits import Edit, apply
from explainers.changes.left_out import LeftOut, leave_out
from explainers.controls import Control
from explainers.levels import fill_level
from explainers.measures import Statistics
from explainers.once import once
from explainers.values import Attribution, Part, Test
from model.alphabet import MNIST, Alphabet
from model.jobs import Desk as Desk
from model.jobs import Stopped as Stopped
from model.jobs import serving as serving
from model.line import Waiting as Waiting  # these four for those who may not import the model
from model.values import DigitImage, ModelIdentity, Prediction

MOST_TRIALS = 100  # of one picture; a long afternoon of "what if" must not fill the memory


@dataclass(frozen=True, eq=False)
class Trial:
    """What became of the picture after some changes, one upon the other."""

    edits: tuple[Edit, ...]
    case: Case  # the changed picture before the classifier


@dataclass(frozen=True, eq=False)
class Reading:
    """One picture, made ready and read."""

    image: DigitImage
    case: Case
    reason: str | None  # why it is not accepted: "blank", "too_small", "several_digits", "not_a_digit", …
    findings: dict[int, Findings] = field(default_factory=dict)  # what was tested so far, by the digit explained
    _trials: dict[tuple, Trial] = field(default_factory=dict, repr=False)  # by what was done, and where

    @property
    def accepted(self) -> bool:
        """Whether this looks like one digit."""
        return self.reason is None

    @property
    def prediction(self) -> Prediction:
        """What the network reads, also where the picture is not accepted."""
        return self.case.prediction

    def about(self, digit: int) -> Findings:
        """What erasing and filling say about ``digit``; tests are run once and kept for later questions."""
        return self.findings.setdefault(digit, Findings(self.case, digit))

    def after(self, edits: tuple[Edit, ...]) -> Trial:
        """The picture after ``edits``; run once and kept. Raises ExplainerError where one of them cannot be done."""
        if not edits:
            return Trial((), self.case)
        # Of a place by its pixels: "the top" of a turned picture is not that of the picture as it was.
        key = tuple((repr(edit.to_operation()), *_bytes(edit.mask), *_bytes(edit.ink)) for edit in edits)
        if key not in self._trials:
            if len(self._trials) >= MOST_TRIALS:
                self._trials.clear()
            pixels = apply(edits[-1], self.after(edits[:-1]).case.pixels)
            self._trials[key] = Trial(edits, Case(self.case.classifier, pixels, self.case.seed))
        return self._trials[key]

    @once
    def left_out(self) -> tuple[LeftOut, ...]:
        """What each step of the preparation does to the reading: run once and kept."""
        return tuple(leave_out(self.case, self.image))

    @once
    def block_maps(self) -> tuple[BlockMap, ...]:
        """What every block of the network marks for the digit that is read: computed once and kept."""
        return block_maps(self.case, self.prediction.digit)

    @once
    def neighbourhood(self) -> Neighbourhood | None:
        """The training digits nearest to it; None where the weights bring no atlas."""
        atlas = self.case.classifier.atlas
        return None if atlas is None else Neighbourhood(atlas, self.case)

    @property
    def alphabet(self) -> Alphabet:
        """What the network that read it tells apart."""
        return self.case.classifier.identity.alphabet

    @property
    def pixels(self) -> np.ndarray:
        """(28, 28) float32 in [0, 1], as the network got it."""
        return self.image.pixels

    @property
    def ink_level(self) -> float:
        """How dark the strokes are, in [0, 1]: what a gap is filled with."""
        return float(fill_level(self.pixels))

    def to_dict(self) -> dict:
        """What ``/predict`` gives: docs/contract.md."""
        from bot.contract import reading_to_dict

        return reading_to_dict(self)

    def __repr__(self) -> str:
        """What is read, in a line."""
        seen = self.prediction
        rest = "" if self.accepted else f", not accepted: {self.reason}"
        read, second = (self.alphabet.labels[one] for one in (seen.digit, seen.runner_up))
        return f"<Reading: {read} ({seen.probability:.6g}), then {second}{rest}>"


def _bytes(values: np.ndarray | None) -> tuple[bytes, ...]:
    return () if values is None else (values.tobytes(),)


@dataclass(frozen=True)
class Evidence:
    """One number behind a claim."""

    name: str
    value: float
    unit: str  # "probability", "logit", "share", "correlation", …
    source: str  # what measured it: "model", "erase", "lime", "integrated_gradients", "record", …
    digit: int | None = None
    at_most: float | None = None  # what its size should not exceed, where there is such an aim
    at_least: float | None = None  # what it should reach


@dataclass(frozen=True, eq=False)
class Further:
    """A test that a claim sums up without quoting it, and what was changed in it."""

    test: Test
    parts: tuple[Part, ...] = ()
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, eq=False)
class Look:
    """What the check for pictures that are no digits made of a picture that a claim speaks of."""

    pixels: np.ndarray  # (28, 28) float32 in [0, 1]
    strangeness: float  # as in Prediction

    @property
    def is_digit(self) -> bool:
        """Whether the check lets it pass."""
        return self.strangeness <= 1

    def evidence(self, name: str = "strangeness") -> Evidence:
        """The number behind what is said of it."""
        return Evidence(name, self.strangeness, "share of the limit", "model")


@dataclass(frozen=True, eq=False)
class Claim:
    """One thing that can be said. Only a rule in ``bot/questions`` makes one; its words come from a template."""

    kind: str  # the name of its sentence in the templates
    slots: Mapping[str, object]  # numbers, digits, parts and tuples of those; never text for a reader
    evidence: tuple[Evidence, ...]  # never empty
    topic: str = "answer"  # a new topic starts a new paragraph: "reading", "cause", "against", "methods", "doubt", …
    digit: int | None = None
    parts: tuple[Part, ...] = ()
    test: Test | None = None  # for every claim about a cause; of several tests the one that the sentence quotes
    sentence: str = ""  # filled in by ``render``
    further_tests: tuple[Further, ...] = ()  # the others that it sums up
    quoted: Literal["least", "most"] | None = None  # what ``test`` leaves to the digit, of all its tests
    read_in_all: bool | None = None  # whether the digit is read after each of them, or after none; None: not said
    controls: tuple[Control, ...] = ()  # of as much at random places: what ``test`` is held against, or what it tells
    looks: tuple[Look, ...] = ()  # of the pictures of which it says whether they look like digits


@dataclass(frozen=True, eq=False)
class Figure:
    """One drawn picture."""

    id: str  # "lime_5", "heatmaps_5", "parts", "probabilities", "test_1", …: also its file name
    title: str
    alt: str  # one sentence that says what it shows
    png: bytes
    path: str | None = None  # where it was written, if it was
    # Two pictures (28, 28) in [0, 1] that it shows beside each other, before and after a change.
    compared: tuple[np.ndarray, np.ndarray] | None = field(default=None, compare=False, repr=False)
    map: DigitMap | None = field(default=None, compare=False, repr=False)  # what it shows, where that is the map

    @property
    def is_test(self) -> bool:
        """Whether it shows the two pictures of one test, and so belongs to the evidence."""
        return self.id.startswith("test_")

    @property
    def address(self) -> str:
        """The picture itself as an address: a data URI."""
        return f"data:image/png;base64,{base64.b64encode(self.png).decode()}"


@dataclass(frozen=True, eq=False)
class Attachment:
    """One file that goes with a reply."""

    name: str  # "whydigit-5.html", "replies.jsonl"
    media_type: str
    data: bytes
    path: str | None = None  # where it was written, if it was


@dataclass(frozen=True, eq=False)
class Heatmap:
    """An attribution with the mission's three statistics."""

    attribution: Attribution
    statistics: Statistics


def _bare(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


@dataclass(frozen=True, eq=False)
class Reply:
    """The answer to one question. A streamed reply grows: the last one is whole."""

    text: str  # Markdown
    details: str  # Markdown: the tests that were run, as a table; empty where there were none
    question: Question
    understood: str  # the question, and what else was asked, in whole sentences; empty where nothing was understood
    language: str
    reading: Reading | None
    part_names: Mapping[str, str]  # part id → its name in the reply's language
    claims: tuple[Claim, ...]
    heatmaps: tuple[Heatmap, ...]
    figures: tuple[Figure, ...]
    warnings: tuple[str, ...]
    suggestions: tuple[str, ...]  # questions to ask next
    seconds: Mapping[str, float]  # "first" and "total"
    model: ModelIdentity
    lesson: Lesson | None = None  # where it stands after this reply; None outside of lessons
    complete: bool = True
    neighbours: tuple[Neighbour, ...] = ()  # the training digits that the answer speaks of, the nearest first
    files: tuple[Attachment, ...] = ()  # what was asked for as a file: a handout, and the replies' JSON

    def says_understood(self, asked: str) -> bool:
        """Whether the question as understood tells more than the one ``asked``: not up to case and punctuation."""
        return bool(self.understood) and _bare(self.understood) != _bare(asked)

    def to_dict(self) -> dict:
        """The JSON of docs/contract.md."""
        from bot.contract import reply_to_dict

        return reply_to_dict(self)

    def __repr__(self) -> str:
        """The question and the words: all the rest fills pages."""
        return f"<Reply to {self.understood or self.question.type!r}: {self.text!r}>"

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from bot.notebook import reply_html

        return reply_html(self)


@dataclass(frozen=True, eq=False)
class Session:
    """One visitor's conversation. It changes only by being replaced."""

    language: str = "en"
    reading: Reading | None = None
    question: Question | None = None  # the one before, for "and 3?"
    edits: tuple[Edit, ...] = ()  # what "what if" has changed so far, for "now also close the gap"
    refused: bool = False  # whether the last "what if" could not be done, so that nothing of it can be taken back
    # Both as they stood when the question before was asked: so is it answered once more in another style.
    before: tuple[tuple[Edit, ...], bool] = ((), False)
    earlier: Case | None = None  # the last accepted picture before this one, for "compare with the previous one"
    pinned: bool = False  # whether the person chose the language; else it follows that of the questions
    level: str = "normal"  # "simple", "normal" or "expert"
    length: str | None = None  # "shorter", "longer", or None for the usual
    lesson: Lesson | None = None  # where the bot asks and the person answers
    memory: Memory = field(default_factory=Memory)  # the answers so far, for a handout
    said: tuple[frozenset[int], ...] = ()  # the wordings of the last answers, see bot/words/wording.py
    alphabet: Alphabet = MNIST  # what the network tells apart
    desk: Desk = field(default_factory=Desk)  # what is being done; one and the same for the whole conversation
