"""The Python interface of docs/contract.md."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bot.engine import Engine, with_picture
from bot.errors import BotError, ModelLoadError
from bot.lessons.state import LESSONS, Lesson
from bot.values import Desk, Reading, Reply, Session, Stopped, Waiting
from bot.words.render import LEVELS, REFERENCE, languages
from explainers import all_explainers
from model.classifier import Classifier
from model.errors import ModelError
from model.load import load_classifier
from model.values import ModelIdentity


class Bot:
    """One for all conversations; safe to use from several threads."""

    def __init__(self, classifier: Classifier) -> None:
        self._engine = Engine(classifier)

    @classmethod
    def load(cls, model: str | None = None, device: str = "auto", strict: bool = False) -> Bot:
        """A bot on the weights that ``model`` names: a directory, ``owner/name`` or ``owner/name@revision``.

        None takes ``WHYDIGIT_MODEL``, else the bundled weights. Those answer too where the named ones cannot be had,
        with the warning ``fallback_weights``; with ``strict`` that raises ModelLoadError instead.
        """
        try:
            bot = cls(load_classifier(model, device, strict))
        except ModelError as problem:
            raise ModelLoadError(str(problem)) from problem
        bot._rehearse()
        return bot

    def _rehearse(self) -> None:
        """Answer once to nobody, up to the first sentence: what is loaded on the way keeps no visitor waiting."""
        *_, (session, _) = self.show(self.new_session(), _STROKE)
        next(self.stream(session, "why?"))

    def warm_up(self) -> None:
        """What the rest of the first answer would wait for, done while nobody asks yet: imports, a second or two."""
        all_explainers()
        # All that is there by now stays: a collection that looks through it takes a third of a second amid an answer.
        gc.collect()
        gc.freeze()

    @property
    def identity(self) -> ModelIdentity:
        """Which weights answer."""
        return self._engine.classifier.identity

    def read(self, source: object) -> Reading:
        """Read a picture: a path, bytes, a Pillow picture or an array. Raises BotError where it cannot be used."""
        return self._engine.read(source)

    def try_pixels(self, pixels: np.ndarray) -> Reading:
        """Read a picture that is 28×28 already, (28, 28) in [0, 1], exactly as it is: one run of the network.

        What an editor calls at every change. ``show`` takes the reading where the conversation is to go on with it.
        Raises BotError where it is anything but an array of such fractions.
        """
        return self._engine.try_pixels(pixels)

    def ask(
        self, source: object, text: str, language: str | None = None, level: str = "normal", desk: Desk | None = None
    ) -> Reply:
        """One question about one picture, no conversation.

        ``language`` is that of the reply; None takes that of the question. ``desk`` is for who may want to give the
        answer up. Raises BotError where the picture cannot be used, or there is no such language or level, and Stopped
        where ``desk`` was stopped.
        """
        session = self.new_session(language or REFERENCE, level)
        chat = Chat(self, replace(session, pinned=language is not None, desk=desk or Desk()))
        chat.show(source)
        return chat.ask(text)

    def start(self, language: str = "en", level: str = "normal", lesson: str | None = None) -> Chat:
        """A new conversation."""
        return Chat(self, self.new_session(language, level, lesson))

    def new_session(self, language: str = "en", level: str = "normal", lesson: str | None = None) -> Session:
        """The value that a conversation starts with; for those who keep it themselves.

        ``level`` is "simple", "normal" or "expert"; ``lesson`` may be "predict": of every picture the bot then first
        asks which part matters most. Raises BotError for a language, level or lesson that there is not.
        """
        if language not in languages():
            raise BotError(f"There is no language {language}; there are {', '.join(languages())}.")
        if level not in LEVELS:
            raise BotError(f"There is no level {level}; there are {', '.join(LEVELS)}.")
        if lesson is not None and lesson not in LESSONS:
            raise BotError(f"There is no lesson {lesson}; there are {', '.join(LESSONS)}.")
        return Session(
            language=language, level=level, lesson=Lesson(lesson) if lesson else None, alphabet=self.identity.alphabet
        )

    def show(self, session: Session, source: object) -> Iterator[tuple[Session, Reply]]:
        """A new picture, or one read already, in a conversation, and its reading in words; raises BotError.

        It grows, and the last pair is whole.

        What else is being done in the conversation stops, as with ``stream``.
        """
        return self._engine.show(session, source)

    def stream(self, session: Session, text: str) -> Iterator[tuple[Session, Reply]]:
        """The reply to a question, growing; the last pair is whole.

        There is no such pair where the conversation goes on meanwhile, from another thread: that stops this.
        """
        return self._engine.stream(session, text)

    def waiting(self, session: Session) -> Waiting | None:
        """Whose answers are made before the one that is being made in this conversation; None where nobody's are."""
        return self._engine.classifier.waiting(session.desk.job)

    def leave(self, session: Session) -> None:
        """The visitor has gone: what is being done in the conversation stops, in whatever thread."""
        session.desk.stop()


class Chat:
    """One conversation that remembers its picture and its last question. Not for several threads at once."""

    def __init__(self, bot: Bot, session: Session) -> None:
        self._bot, self._session = bot, session

    def show(self, source: object) -> Reading:
        """Go on with this picture. Raises BotError where it cannot be used; the one before then stays."""
        reading = self._bot.read(source)
        self._session = with_picture(self._session, reading)
        return reading

    def ask(self, text: str) -> Reply:
        """The whole reply to a question. Raises Stopped where the conversation's desk was stopped meanwhile."""
        for session, reply in self._bot.stream(self._session, text):
            if reply.complete:
                self._session = session
                return reply
        raise Stopped


_STROKE = np.zeros((28, 28), np.uint8)
_STROKE[4:24, 12:16] = 255
