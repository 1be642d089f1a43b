"""A bot without a network: it reads every picture as a 5, at once, and answers with the values of a real reply."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw

from bot.claims.neighbours import DigitMap, Neighbour
from bot.errors import BotError, PictureError
from bot.handouts import handout
from bot.handouts.remembering import remembered
from bot.lessons.state import Lesson
from bot.values import Claim, Desk, Evidence, Figure, Question, Reading, Reply, Session, Waiting
from explainers.values import Outcome, Part, Test
from model.alphabet import MNIST, Alphabet
from model.errors import ImageError
from model.preprocess import as_it_is, to_digit
from model.values import ModelIdentity, Prediction

LONGEST_QUESTION = 1000
SUGGESTIONS = ("Why 5?", "Why not 3?", "How sure are you?")
READ = "I read this as a **5** (97 %)."
FIRST = "This is a **5** (97 %), and a 3 comes next (2 %)."
HANDOUT = "Your handout is ready."
REST = " Without **the flat bar at the top** the 5 falls from 97 % to 12 %, and I would read a 3."

DETAILS = """| I changed | 5 before | 5 after | Read as |
|---|---|---|---|
| erased the flat bar at the top | 97.0 % | 12.0 % | 3 |
"""


def figure(name: str, title: str, size: tuple[int, int], colour: str) -> Figure:
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((20, 20, size[0] - 20, size[1] - 20), fill=colour)
    pen.text((30, 30), title, fill="black")
    data = io.BytesIO()
    picture.save(data, "PNG")
    return Figure(name, title, f"{title}: a picture made for a test.", data.getvalue())


def map_figure() -> Figure:
    """Three dots in a row of each of the labels 0 to 9, row below row; the picture beside the fives.

    Of its ten neighbours the first nine are fives and the last a 3.
    """
    places = np.array([(across, label / 9) for label in range(10) for across in (0.0, 0.5, 1.0)])
    labels = np.repeat(np.arange(10, dtype=np.uint8), 3)
    near = [Neighbour(row, 5, 0.99, 0.1, (0.5, 5 / 9)) for row in range(9)]
    near.append(Neighbour(9, 3, 0.9, 0.4, (0.5, 3 / 9)))
    pictures = tuple(np.full((28, 28), place / 10, np.float32) for place in range(10))
    chart = DigitMap(places, labels, (0.5, 4.5 / 9), tuple(near), 5, 3, pictures)
    return replace(figure("feature_map", "The <map>", (560, 560), "#ddd"), map=chart)


def probabilities(digit: int, value: float, classes: int = 10) -> np.ndarray:
    rest = np.full(classes, (1 - value) / (classes - 1), dtype=np.float32)
    rest[digit] = value
    return rest


class FakeCase:
    """What of a case the interface may touch."""

    def __init__(self, pixels: np.ndarray, prediction: Prediction, bot: FakeBot) -> None:
        self.prediction = prediction
        self.classifier = bot  # which has an identity, too
        ink = pixels > 0.5
        self.parts = (Part("part_1", "ink", "bar", "top", ink),) if ink.any() else ()


class FakeBot:
    """Stands in for ``bot.Bot``."""

    def __init__(self, notice: str | None = None, alphabet: Alphabet = MNIST) -> None:
        record = {"labels": list(alphabet.labels), "dataset": alphabet.dataset}
        self.identity = ModelIdentity("fake", None, "0" * 64, record, notice=notice)
        self.opened: list[object] = []
        self.asked: list[tuple[str, str | None, str]] = []  # through ``ask``: text, language, level
        self.fault: Exception | None = None  # raised by the next answer
        self.ahead: Waiting | None = None  # who is before every answer
        self.warm = threading.Event()

    def warm_up(self) -> None:
        self.warm.set()

    def new_session(self, language: str = "en", level: str = "normal", lesson: str | None = None) -> Session:
        return Session(language, lesson=Lesson(lesson) if lesson else None, alphabet=self.identity.alphabet)

    def read(self, source: object) -> Reading:
        try:
            image = to_digit(source, self.identity.alphabet.kind)
        except ImageError as error:
            raise PictureError(str(error), error.key, error.slots) from error
        shown = probabilities(5, 0.97, len(self.identity.alphabet.labels))
        prediction = Prediction(np.log(shown), shown, 5, 3, 0.2)
        return Reading(image, FakeCase(image.pixels, prediction, self), None)  # type: ignore[arg-type]

    def try_pixels(self, pixels: np.ndarray) -> Reading:
        """A 5 that falls with more ink than the examples have; with hardly any it is a 6, without any blank."""
        if self.fault is not None:
            raise self.fault
        image = as_it_is(pixels)
        ink = float(pixels.mean())
        digit, value = (5, 0.97 - max(0.0, 4 * (ink - 0.16))) if ink >= 0.08 else (6, 0.91)
        shown = probabilities(digit, value, len(self.identity.alphabet.labels))
        prediction = Prediction(np.log(shown), shown, digit, 3, 0.2)
        return Reading(image, FakeCase(image.pixels, prediction, self), image.reason)  # type: ignore[arg-type]

    def waiting(self, session: Session) -> Waiting | None:
        return self.ahead

    def leave(self, session: Session) -> None:
        session.desk.stop()

    def show(self, session: Session, source: object) -> Iterator[tuple[Session, Reply]]:
        reading = source if isinstance(source, Reading) else self.read(source)
        self.opened.append(source)
        session = replace(session, reading=reading, question=None)
        yield session, self._reply(READ, reading, understood="", complete=False)
        bars = figure("reading", "What the network saw", (760, 380), "#cde")
        yield session, self._reply(READ, reading, figures=(bars,), understood="")

    def stream(self, session: Session, text: str) -> Iterator[tuple[Session, Reply]]:
        if self.fault is not None:
            raise self.fault
        if len(text) > LONGEST_QUESTION:
            raise BotError(f"Your question has {len(text)} characters; please ask in at most {LONGEST_QUESTION}.")
        if session.reading is None:
            raise BotError("Please show me a picture first.")
        if "handout" in text:
            files = handout(session.memory, self.identity, session.language, session.level)
            yield session, self._reply(HANDOUT, session.reading, files=files)
            return
        yield session, self._reply(FIRST, session.reading, complete=False)
        before = Outcome(session.reading.pixels, np.zeros(10, np.float32), probabilities(5, 0.97))
        changed = np.zeros(10, np.float32)
        changed[3] = 4
        after = Outcome(session.reading.pixels, changed, probabilities(5, 0.12))
        test = Test({"kind": "erase", "parts": ["part_1"]}, before, after)
        proof = (Evidence("drop", 0.85, "probability", "erase", 5),)
        claim = Claim(
            "without_part", {}, proof, digit=5, parts=session.reading.case.parts, test=test, sentence=REST.strip()
        )
        maps = (
            figure("lime", "LIME: what speaks for 5", (560, 420), "#fc9"),
            figure("integrated_gradients", "Integrated Gradients: what speaks for 5", (560, 420), "#9cf"),
            figure("test_1", "Before and after", (560, 300), "#9c9"),
        )
        if text.startswith("what if"):  # answered by a picture before and after
            changed_picture = np.where(np.arange(28) < 14, session.reading.pixels, 0)
            shown = figure("change_1", "Test: <the right> erased", (560, 300), "#9c9")
            maps = (replace(shown, compared=(session.reading.pixels, changed_picture)),)
        if text.startswith("where is it"):
            maps = (map_figure(),)
        claims = (claim,) if claim.parts else ()  # an edited picture has none here
        whole = self._reply(FIRST + REST, session.reading, claims=claims, figures=maps, details=DETAILS)
        yield replace(session, memory=remembered(session.memory, whole)), whole

    def ask(
        self, source: object, text: str, language: str | None = None, level: str = "normal", desk: Desk | None = None
    ) -> Reply:
        self.asked.append((text, language, level))
        *_, (session, _) = self.show(self.new_session(language or "en", level), source)
        *_, (_, reply) = self.stream(session, text)
        return reply

    def _reply(self, text: str, reading: Reading, **further: object) -> Reply:
        values: dict = {
            "text": text,
            "details": "",
            "question": Question("why", {"digit": 5}),
            "understood": "Why 5?",
            "language": "en",
            "reading": reading,
            "part_names": {"part_1": "the flat bar at the top"},
            "claims": (),
            "heatmaps": (),
            "figures": (),
            "warnings": (),
            "suggestions": SUGGESTIONS,
            "seconds": {"first": 0.1, "total": 0.2},
            "model": self.identity,
        }
        return Reply(**{**values, **further})
