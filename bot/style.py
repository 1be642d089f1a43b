"""How a person wants to be answered: language, level and length, remembered for the conversation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.render import languages
from bot.values import Claim, Evidence, Question, Session

TYPE = "style"
_ASKED = (Evidence("wishes", 1.0, "wishes", "text"),)


def heed(session: Session, question: Question) -> Session:
    """The session with every wish of ``question``; without one, its language follows that of the question."""
    if not session.pinned and question.language is not None and question.language in languages():
        session = replace(session, language=question.language)
    for wish in _wishes(question):
        slots = wish.slots
        if slots.get("language") in languages():
            session = replace(session, language=str(slots["language"]), pinned=True)
        if "level" in slots:
            session = replace(session, level=str(slots["level"]))
        if "length" in slots:
            session = replace(session, length=str(slots["length"]))
        elif slots.get("level") == "normal":
            session = replace(session, length=None)
    return session


def acknowledgements(session: Session, question: Question) -> Iterator[Claim]:
    """A few words on every wish, or that it cannot be granted."""
    for wish in _wishes(question):
        for name, value in wish.slots.items():
            if name != "language":
                yield _said(f"style_{name}_{value}")
            elif value in languages():
                yield _said("style_language", language=value)
            else:
                yield _said("style_language_unknown", languages=languages())
        if not wish.slots:
            yield _said("style_nothing")


def to_answer(session: Session, question: Question) -> tuple[Question, ...]:
    """What is answered in the new style: what else the sentence asks, or the question before, or "why?"."""
    asked = tuple(one for one in (question, *question.also) if one.type != TYPE)
    if asked or not _granted(question) or session.reading is None:
        return asked
    if session.question is None:
        return (Question("why"),) if session.reading.accepted else ()
    return tuple(_once_more(one) for one in (session.question, *session.question.also))


def _once_more(question: Question) -> Question:
    """The question as it is answered a second time: what was changed stays so, and is not changed again."""
    return replace(question, cues=("again",), also=()) if question.type == "what_if" else replace(question, also=())


def to_remember(session: Session, question: Question) -> Question | None:
    """The question that a following half sentence such as "and 3?" goes on with."""
    asked = [one for one in to_answer(session, question) if one.type not in ("unknown", "report")]
    return replace(asked[0], also=tuple(asked[1:])) if asked else session.question


def _wishes(question: Question) -> tuple[Question, ...]:
    return tuple(one for one in (question, *question.also) if one.type == TYPE)


def _granted(question: Question) -> bool:
    """Whether anything changes by it."""
    slots = [item for wish in _wishes(question) for item in wish.slots.items()]
    return any(name != "language" or value in languages() for name, value in slots)


def _said(kind: str, **slots: object) -> Claim:
    return Claim(kind, slots, _ASKED, topic=TYPE)
