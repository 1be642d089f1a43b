"""The engine: one picture and one question in, a reply out that grows while its claims become true.

``stream(session, text)`` yields (session, reply) pairs; the terminal, the chat, the HTTP interface and the Python
interface all come through here. A session is a value: nothing of one visitor is kept anywhere else.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from bot.claims.controls import held_against
from bot.claims.neighbours import Neighbour
from bot.claims.premises import premise_claims
from bot.claims.refusals import NOT_READ, not_accepted
from bot.claims.warnings import warnings_of
from bot.details import evidence_table
from bot.errors import BotError, PictureError
from bot.figures.words import load_words
from bot.handouts.remembering import remembered
from bot.lessons.predict import begin, opening, reminder, take
from bot.questions import answers
from bot.questions.base import Answer, Asked, Drawing, heatmap
from bot.questions.help import no_picture, not_yet, text_cut, unknown_rest
from bot.questions.predict import Predict
from bot.questions.report import Report
from bot.questions.why import Why
from bot.style import acknowledgements, going_on, heed, to_answer
from bot.suggestions import suggest
from bot.understand import Context, understand
from bot.understanding.normalise import LONGEST
from bot.values import Attachment, Claim, Figure, Heatmap, Question, Reading, Reply, Session
from bot.words.lengths import SHORTER, shortened
from bot.words.phrasing import understood
from bot.words.render import paragraphs, words
from bot.words.wording import Speaker, seed_of
from explainers import explainer
from explainers.base import Case
from explainers.once import once
from model.classifier import Classifier
from model.errors import ImageError
from model.preprocess import as_it_is, to_digit
from model.values import DigitImage

log = logging.getLogger(__name__)


class Engine:
    """Answers questions with one classifier; safe to share among threads and visitors."""

    def __init__(self, classifier: Classifier) -> None:
        self.classifier = classifier

    def read(self, source: object) -> Reading:
        """Make a picture ready and read it; raises PictureError with one clear sentence where that cannot be done."""
        return self._read(_made(to_digit, source, self.classifier.identity.alphabet.kind))

    def try_pixels(self, pixels: np.ndarray) -> Reading:
        """(28, 28) in [0, 1], read exactly as they are, rounded to multiples of 1/255; one run of the network.

        Raises PictureError for anything else.
        """
        return self._read(_made(as_it_is, pixels))

    def _read(self, image: DigitImage) -> Reading:
        case = Case(self.classifier, image.pixels)
        reason = image.reason or (None if case.prediction.is_digit else "not_a_digit")
        return Reading(image, case, reason)

    def show(self, session: Session, source: object) -> Iterator[tuple[Session, Reply]]:
        """A new picture in a conversation, and its reading in words, growing as ``stream`` does.

        A ``Reading`` is not read again.
        """
        return session.desk.begin().each(self._show(session, source))

    def stream(self, session: Session, text: str) -> Iterator[tuple[Session, Reply]]:
        """The reply to ``text``, growing; the last pair is whole and holds the session that follows.

        It ends before that where something newer begins in the same conversation, or its desk is stopped. Raises
        BotError at once where ``text`` is no text.
        """
        if not isinstance(text, str):
            raise BotError(f"A question is a text such as 'why 5?'; a {type(text).__name__} came.")
        return session.desk.begin().each(self._stream(session, text))

    def _show(self, session: Session, source: object) -> Iterator[tuple[Session, Reply]]:
        started = time.monotonic()
        shown = with_picture(session, source if isinstance(source, Reading) else self.read(source))
        growing = _Growing(self.classifier, shown, Question(Predict.type), started)
        growing.understood = ""  # nobody asked anything
        for reply in self._grow(growing, [Asked(growing.question, shown, self.classifier, opening(shown))]):
            yield growing.remember(shown), reply
        yield growing.remember(shown), growing.reply(complete=True)

    def _stream(self, session: Session, text: str) -> Iterator[tuple[Session, Reply]]:
        started = time.monotonic()
        taken = take(session, text)
        question = taken.guess.question if taken else understand(text, context_of(session))
        heard = heed(session, question)
        growing = _Growing(self.classifier, heard, question, started)
        if taken:
            growing.understood = taken.understood(heard, words(heard.language, heard.alphabet))
        to_be_said = [(one, taken.answer if taken else None) for one in to_answer(heard, question)]
        if taken is None and (remind := reminder(heard, question)):
            to_be_said.append((Question(Predict.type), remind))
        following = going_on(heard, question)
        asked: list[Asked] = []
        for one, answer in to_be_said:
            asked.append(Asked(one, following, self.classifier, answer))
            following = growing.following = _after(asked[-1])
        cut = [text_cut(LONGEST // 2)] if question.cut else []
        for claim in growing.said([*cut, *acknowledgements(heard, question)]):
            growing.add(claim)
        # A handout is made last, so that what the same sentence asked besides is in it.
        reports = [one for one in asked if one.question.type == Report.type]
        others = [one for one in asked if one.question.type != Report.type]
        for reply in self._grow(growing, others, several=len(asked) > 1):
            yield growing.remember(following), reply
        whole = growing.reply(complete=True)
        following = replace(following, memory=remembered(following.memory, whole))
        if reports:
            for reply in self._grow(growing, [replace(one, session=following) for one in reports]):
                yield growing.remember(following), reply
            whole = growing.reply(complete=True)
        yield growing.remember(following), whole

    def _grow(self, growing: _Growing, asked: list[Asked], several: bool = False) -> Iterator[Reply]:
        """Answer one question after the other, then add figures and files; the caller yields the whole reply."""
        for one in asked:
            rest = several and one.question.type == "unknown"
            answer = _answer_to(one)
            growing.begins.append(len(growing.claims))
            for claim in growing.chosen([unknown_rest()] if rest else _claims(one)):
                growing.add(claim)
                yield growing.reply()
                if answer is not None and self.classifier.aside:
                    answer.draw_ahead(one, growing.claims, growing.drawing)
            for claim in growing.said(_extras(one, growing.claims)):
                growing.add(claim)
                yield growing.reply()
        for one in asked:
            answer = _answer_to(one)
            if answer is not None:
                growing.heatmaps += [heatmap(one, *method) for method in answer.methods(one)]
                growing.draw(answer.figures(one, growing.claims, growing.drawing))
                growing.files += answer.files(one)
                growing.neighbours += answer.neighbours(one)


class _Growing:
    """A reply while it grows."""

    def __init__(self, classifier: Classifier, session: Session, question: Question, started: float) -> None:
        self.classifier, self.session, self.question, self.started = classifier, session, question, started
        self.following = session  # what the next question meets
        self.understood = understood(question, words(session.language, session.alphabet))
        answered = (*to_answer(session, question), question)[0]  # also where it is answered again in another style
        seed, short = seed_of(answered, session.reading), session.length == SHORTER
        self.speaker = Speaker(session.language, session.level, seed, session.said, short, session.alphabet)
        self.made: list[Claim] = []  # also those that are left out where it should be short: they may be warnings
        self.claims: list[Claim] = []
        self.begins: list[int] = []  # where among the claims the answer to each question of the sentence begins
        self.heatmaps: list[Heatmap] = []
        self.figures: list[Figure] = []
        self.files: list[Attachment] = []
        self.neighbours: list[Neighbour] = []
        self.first: float | None = None

    @property
    def part_names(self) -> dict[str, str]:
        """The names of all parts of the picture; empty where it was not cut into parts."""
        reading = self.session.reading
        if reading is None or not reading.accepted:
            return {}
        said = words(self.session.language, self.session.alphabet)
        return {part.id: said.part_name(part) for part in reading.case.parts}

    @once
    def drawing(self) -> Drawing:
        """What its figures are drawn with."""
        language, alphabet = self.session.language, self.session.alphabet
        return Drawing(load_words(language, alphabet), self.part_names, words(language, alphabet))

    def said(self, claims: Iterable[Claim]) -> Iterator[Claim]:
        """The claims with their sentences."""
        for claim in claims:
            self.made.append(claim)
            yield held_against(self.speaker.put(claim), self.session.reading)

    def chosen(self, claims: Iterable[Claim]) -> Iterator[Claim]:
        """What is said of the claims at the length that the person wants, with their sentences."""
        spoken = self.said(claims)
        return shortened(spoken, self.claims) if self.session.length == SHORTER else spoken

    def add(self, claim: Claim) -> None:
        """One more claim that was put into words; what the reply says already is dropped."""
        if claim.sentence not in {one.sentence for one in self.claims}:
            self.claims.append(claim)
        if self.first is None:
            self.first = time.monotonic() - self.started

    def remember(self, session: Session) -> Session:
        """``session`` with the wordings of this reply, which the next ones then avoid."""
        return replace(session, said=self.speaker.remembered(self.claims))

    def draw(self, figures: Iterator[Figure]) -> None:
        """More figures; of several with the same id, which two questions in one sentence can ask for, the first."""
        known = {figure.id for figure in self.figures}
        self.figures += [figure for figure in figures if figure.id not in known]

    def _text(self) -> str:
        """The paragraphs; the answer to each further question begins one."""
        answers = (self.claims[start:end] for start, end in pairwise([0, *self.begins[1:], len(self.claims)]))
        return "\n\n".join(paragraphs(claims) for claims in answers if claims)

    def reply(self, complete: bool = False) -> Reply:
        """What stands so far."""
        reading = self.session.reading
        names = self.part_names if complete else {}
        return Reply(
            text=self._text(),
            details=evidence_table(self.claims, self.session.language, self.session.alphabet) if complete else "",
            question=self.question,
            understood=self.understood,
            language=self.session.language,
            reading=reading,
            part_names=names,
            claims=tuple(self.claims),
            heatmaps=tuple(self.heatmaps),
            figures=tuple(self.figures),
            warnings=warnings_of(self.made, reading, self.classifier.warnings),
            suggestions=suggest(self.following, self.question) if complete else (),
            seconds={"first": self.first or 0.0, "total": time.monotonic() - self.started},
            model=self.classifier.identity,
            lesson=self.following.lesson,
            complete=complete,
            files=tuple(self.files),
            neighbours=tuple(self.neighbours),
        )


def _made(way: Callable[..., DigitImage], *given: object) -> DigitImage:
    """The picture that ``way`` makes of what was ``given``; PictureError with one clear sentence where it cannot."""
    try:
        return way(*given)
    except ImageError as problem:
        raise PictureError(str(problem), problem.key, problem.slots) from problem


def with_picture(session: Session, reading: Reading) -> Session:
    """The session after a new picture: what was asked and tried of the one before is over."""
    earlier = session.reading.case if session.reading is not None and session.reading.accepted else session.earlier
    asked_of_it = replace(session, reading=reading, question=None, edits=(), refused=False, before=((), False))
    following = begin(replace(asked_of_it, earlier=earlier))
    _begin_maps(Asked(Question(Why.type), following))
    return following


def _answering(asked: Asked) -> Answer | None:
    """Who answers; None for a type that cannot be answered yet."""
    return asked.answer or answers().get(asked.question.type)


def _after(asked: Asked) -> Session:
    answer, reading = _answering(asked), asked.session.reading
    if answer is None or (answer.needs_picture and (reading is None or not reading.accepted)):
        return asked.session
    return answer.following(asked)


def _claims(asked: Asked) -> Iterator[Claim]:
    """What can be said to one question, or why nothing can."""
    answer = _answering(asked)
    reading = asked.session.reading
    if reading is not None and reading.accepted:
        yield from premise_claims(asked)
    if answer is None:
        yield not_yet(asked.question)
    elif not answer.needs_picture:
        yield from answer.claims(asked)
    elif reading is None:
        yield no_picture()
    elif not reading.accepted and asked.question.type not in NOT_READ:
        yield not_accepted(reading)
    else:
        yield from answer.claims(asked)


def _extras(asked: Asked, told: Sequence[Claim]) -> Iterator[Claim]:
    """What more detail adds, where it is wanted and the question was answered."""
    answer, reading = _answering(asked), asked.session.reading
    if asked.session.length == "longer" and answer is not None and reading is not None and reading.accepted:
        yield from answer.extras(asked, told)


def _answer_to(asked: Asked) -> Answer | None:
    """The type whose figures and heatmaps belong to the reply; None where the question could not be answered."""
    answer = _answering(asked)
    reading = asked.session.reading
    if answer is None or (answer.needs_picture and reading is None):
        return None
    if answer.needs_picture and reading is not None and not reading.accepted and asked.question.type not in NOT_READ:
        return answers()[Predict.type]  # what the network saw helps to see what is wrong with the picture
    return answer


def _begin_maps(asked: Asked) -> None:
    """Let a GPU work on the heatmaps of an answer, before it is asked for."""
    answer = _answer_to(asked) if asked.case.classifier.aside else None  # nowhere else are the methods imported for it
    for method, target in answer.methods(asked) if answer else ():
        asked.case.begin(explainer(method), target)


def context_of(session: Session) -> Context:
    """What the parser may know of a conversation."""
    reading = session.reading
    if reading is None or not reading.accepted:
        return Context(None, session.question, (), session.language, session.alphabet)
    parts = tuple((part.form, part.place) for part in reading.case.parts)
    changed = bool(session.edits)
    return Context(reading.prediction.digit, session.question, parts, session.language, session.alphabet, changed)
