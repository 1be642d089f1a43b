"""A question of a conversation as one sentence that gets the same answer outside it: what a link to an answer asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.engine import context_of
from bot.questions import answers
from bot.style import heed, to_answer
from bot.understand import understand
from bot.values import Question, Session
from bot.words.phrasing import understood
from bot.words.render import words

PAIR = "compare_images"  # the type whose answer rests on the picture before
WHOLE = "report"  # the type that is about the whole conversation


def sentence_alone(heard: Session, question: Question) -> str:
    """The sentence that asks ``question`` of the same picture in a new conversation; "" where there is none.

    ``heard`` is the conversation in which it is answered, with the wishes of the question itself (``heed``). The
    sentence is the question as understood, and is taken only if a new conversation in that language and at that level
    understands it as the same question, answers it as such, in the same style, and lacks nothing else that
    the answer rests on (changes made before, the picture before, a lesson).
    """
    if heard.lesson is not None:
        return ""
    sentence = understood(question, words(heard.language, heard.alphabet))
    new = Session(heard.language, heard.reading, level=heard.level, pinned=True, alphabet=heard.alphabet)
    again = understand(sentence, context_of(new))
    afresh = heed(new, again)
    asked = to_answer(heard, question)
    same = (
        (afresh.language, afresh.level, afresh.length) == (heard.language, heard.level, heard.length)
        and _meant(again) == _meant(question)
        and [_meant(one) for one in to_answer(afresh, again)] == [_meant(one) for one in asked]
    )
    return sentence if same and _can_be_answered(heard, asked) else ""


def _meant(question: Question) -> Question:
    """What an answer rests on: not how sure the parser was, nor which language the words told."""
    return replace(question, nearest=(), language=None, also=tuple(_meant(one) for one in question.also))


def _can_be_answered(session: Session, asked: Sequence[Question]) -> bool:
    """Whether every question has what it needs, and needs nothing that a new conversation lacks."""
    for one in asked:
        answer = answers().get(one.type)
        if answer is None or (answer.needs_picture and session.reading is None):
            return False
        if one.type == WHOLE or (one.type == PAIR and session.earlier is not None):
            return False
    return bool(asked)
