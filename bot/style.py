"""How a person wants to be answered: language, level and length, remembered for the conversation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.values import Claim, Evidence, Question, Session
from bot.words.render import languages

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
    asked = _besides(question)
    if asked or not _granted(question) or session.reading is None:
        return asked
    if session.question is None:
        return (Question("why"),) if session.reading.accepted else ()
    return tuple(replace(one, also=()) for one in (session.question, *session.question.also))


def going_on(session: Session, question: Question) -> Session:
    """The session in which ``question`` is answered.

    It holds the question that a following half sentence such as "and 3?" goes on with. Where the question before is
    answered once more, the changes of the picture are as they were then, so that nothing is changed, or taken back, a
    second time, and what could not be done is refused again.
    """
    asked = [one for one in to_answer(session, question) if one.type not in ("unknown", "report")]
    if not asked:
        return session
    once_more = not _besides(question) and session.question is not None
    edits, refused = session.before if once_more else (session.edits, session.refused)
    refused = refused and any(one.type == "what_if" for one in asked)  # else "that" is no change any more
    remembered = replace(asked[0], also=tuple(asked[1:]))
    return replace(session, question=remembered, edits=edits, refused=refused, before=(edits, refused))


def _besides(question: Question) -> tuple[Question, ...]:
    """What the sentence asks beside its wishes."""
    return tuple(one for one in (question, *question.also) if one.type != TYPE)


def _wishes(question: Question) -> tuple[Question, ...]:
    return tuple(one for one in (question, *question.also) if one.type == TYPE)


def _granted(question: Question) -> bool:
    """Whether anything changes by it."""
    slots = [item for wish in _wishes(question) for item in wish.slots.items()]
    return any(name != "language" or value in languages() for name, value in slots)


def _said(kind: str, **slots: object) -> Claim:
    return Claim(kind, slots, _ASKED, topic=TYPE)
