"""One JSON row for each picture of the data set: what was read, how it is written, and all about it if it is misread.

The same function runs in every process of a sweep (``model/sweep``), on one machine or on a cluster.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import cache

import numpy as np
from PIL import Image

from bot.claims.controls import held_against
from bot.claims.doubt import doubt_cues
from bot.claims.warnings import warnings_of
from bot.contract import plain, reply_to_dict
from bot.error_analysis.misread import METHODS, misled, misread_claims
from bot.figures.heatmaps import draw_heatmaps
from bot.figures.reading import draw_reading
from bot.figures.words import load_words
from bot.handouts.remembering import told_of
from bot.question import Question
from bot.questions.base import Asked, Drawing, heatmap
from bot.values import Figure, Reading, Reply, Session
from bot.words.phrasing import understood
from bot.words.render import paragraphs, words
from bot.words.wording import Speaker, seed_of
from explainers.base import Case
from explainers.form import form_of, garment_form_of
from explainers.lookalikes import nearest_labels
from model.classifier import Classifier
from model.load import load_classifier
from model.preprocess import as_it_is, to_digit
from model.values import Prediction

LEVEL = "expert"  # the readers train networks
TOGETHER = 32  # pictures that are read in one call
Task = tuple[int, np.ndarray, int]  # place in the data set, (28, 28) uint8, label


def make_work(
    model: str | None, device: str, language: str, explain: bool
) -> Callable[[Sequence[Task]], Iterator[dict]]:
    """The function of the sweep; with ``explain`` a misread picture's row also holds its whole analysis."""
    classifier = classifier_of(model, device)
    return lambda tasks: rows_of(classifier, tasks, language, explain)


classifier_of = cache(load_classifier)  # the command and its only worker share one


def rows_of(classifier: Classifier, tasks: Sequence[Task], language: str, explain: bool) -> Iterator[dict]:
    """The rows of some pictures, which are read together."""
    pictures = np.stack([pixels.astype(np.float32) / 255 for _, pixels, _ in tasks])
    predictions = classifier.predictions(pictures)
    for (image, pixels, label), prediction in zip(tasks, predictions, strict=True):
        reading = _reading(classifier, pixels, prediction)
        row = _row(image, label, reading)
        if explain:
            row["form"] = form(reading)
            if prediction.digit != label:
                row |= analysis(reading, label, language)
        yield row


def _reading(classifier: Classifier, pixels: np.ndarray, prediction: Prediction) -> Reading:
    """A picture of the data set, exactly as it is, with what was read in it."""
    case = Case(classifier, as_it_is(pixels.astype(np.float32) / 255).pixels)
    case.prediction = prediction
    reason = to_digit(pixels, classifier.identity.alphabet.kind).reason or (
        None if prediction.is_digit else "not_a_digit"
    )
    return Reading(as_it_is(case.pixels), case, reason)


def _row(image: int, label: int, reading: Reading) -> dict:
    prediction = reading.prediction
    return {
        "image": image,
        "label": label,
        "digit": prediction.digit,
        "probability": plain(prediction.probability),
        "logits": [round(float(value), 4) for value in prediction.logits],
        "strangeness": plain(prediction.strangeness),
        "unusual": prediction.unusual,
        "accepted": reading.accepted,
        "cues": list(doubt_cues(prediction, reading.accepted)),
    }


def form(reading: Reading) -> dict[str, object]:
    """How it is written (``explainers/form.py``), how narrow its narrowest opening is, how far it lies from others.

    "opening": the pixels of paper that would close it; None where nothing is open. A garment has neither strokes nor
    openings.
    """
    measured = form_of(reading.pixels) if reading.alphabet.written else garment_form_of(reading.pixels)
    openings = [float(part.mask.sum()) for part in reading.case.parts if part.form == "opening"]
    return {
        **({name: plain(value) for name, value in asdict(measured).items()} if measured else {}),
        "opening": min(openings, default=None),
        "strangeness": plain(reading.prediction.strangeness),
    }


def analysis(reading: Reading, label: int, language: str) -> dict:
    """All about a misread picture: the reply as docs/contract.md has it, its tests as a table, figures, neighbours."""
    session = Session(language=language, reading=reading, level=LEVEL, alphabet=reading.alphabet)
    asked = Asked(Question("correct_me", {"digit": label}), session)
    reply = answer(asked)
    told = told_of(reply)
    return {
        "reply": reply_to_dict(reply),
        "tests": [list(row) for row in told.tests] if told else [],
        "figures": [
            {"title": one.title, "alt": one.alt, "png": _compact(one.png), "test": one.is_test} for one in reply.figures
        ],
        "misled": misled(asked),
        "neighbours": nearest_labels(reading.pixels, reading.alphabet.dataset),
    }


def _compact(png: bytes) -> str:
    """The picture with at most 256 colours, in base64: a quarter of the size, for a page with hundreds of them."""
    small = io.BytesIO()
    Image.open(io.BytesIO(png)).quantize(256, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return base64.b64encode(small.getvalue()).decode()


def answer(asked: Asked) -> Reply:
    """The claims in words, with the maps of both methods for both digits, and a figure of each test."""
    language, reading = asked.session.language, asked.reading
    speaker = Speaker(language, LEVEL, seed_of(asked.question, reading), alphabet=reading.alphabet)
    claims = tuple(held_against(speaker.put(claim), reading) for claim in misread_claims(asked))
    said = words(language, reading.alphabet)
    names = {part.id: said.part_name(part) for part in reading.case.parts}
    return Reply(
        text=paragraphs(claims),
        details="",
        question=asked.question,
        understood=understood(asked.question, said),
        language=language,
        reading=reading,
        part_names=names,
        claims=claims,
        heatmaps=tuple(heatmap(asked, method, target) for target in _targets(asked) for method in METHODS),
        figures=tuple(_figures(asked, Drawing(load_words(language, reading.alphabet), names, said), claims)),
        warnings=warnings_of(claims, reading, asked.identity.warnings),
        suggestions=(),
        seconds={"first": 0.0, "total": 0.0},  # so that the same picture gives the same row
        model=asked.identity,
    )


def _targets(asked: Asked) -> tuple[int, int]:
    return asked.read_digit, asked.digit


def _figures(asked: Asked, drawing: Drawing, claims: Sequence) -> Iterator[Figure]:
    reading = asked.reading
    maps = [asked.attribution(method, target) for method in METHODS for target in _targets(asked)]
    yield draw_heatmaps(reading.pixels, maps, drawing.words)
    yield draw_reading(reading.image, reading.prediction, drawing.words)
    yield drawing.parts(reading.case)
    yield from drawing.tests(claims, asked.digit)
