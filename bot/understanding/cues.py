"""Small words that fill no slot: of a "what if" ("also", "undo that", "as it was", "bigger"), and mere courtesies.

Their patterns stand under ``[cues]`` and ``[grammar]`` in the language files, for words in small letters, no accents;
the words of courtesies under ``[courtesies]``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.question import Context, Question
from bot.understanding.language import Language, whole_words
from bot.understanding.normalise import LONGEST, plain_words
from bot.understanding.slots import denied, find, read_where

TYPE = "what_if"
TAKEN_BACK = ("undo", "back")  # the last change; all of them
SIZES = ("larger", "smaller")
COURTESIES = ("bye", "thanks", "fine")  # "ok thanks, bye" is the first of them that it holds
MOST_WORDS = 9  # of a courtesy
REPEATED = ("erase", "fill")  # changes that may be asked for at several places in one sentence


def taken_back(text: str, context: Context, language: Language) -> Question | None:
    """The wish to have changes taken back, where there may be some and ``text`` says nothing else."""
    if context.previous is None or not (context.changed or context.previous.type == TYPE):
        return None
    said = _plain(text, language)
    for cue in TAKEN_BACK:
        if re.fullmatch(rf"(?:\S+ ){{0,2}}?(?:{language.data['cues'][cue]})(?: \S+)?", said):
            return Question(TYPE, cues=(cue,))
    return None


def with_cues(question: Question, text: str, context: Context, language: Language) -> Question:
    """``question`` with what the small words of ``text`` add, where it asks what a change would do."""
    if question.type != TYPE:
        return question
    said = _plain(text, language)
    cues = list(question.cues)
    changed = context.previous is not None and context.previous.type == TYPE
    if changed and "also" not in cues and _has(language.data["cues"]["also"], said):
        cues.append("also")
    if _adds_ink(question, said, language):
        kept = {name: value for name, value in question.slots.items() if name != "change"}
        return replace(question, slots=kept, cues=("add",))
    if question.slots.get("change") == "scale" and "amount" not in question.slots:
        cues += [size for size in SIZES if re.search(language.data["grammar"][size], said)][:1]
    return replace(question, cues=tuple(cues))


def _adds_ink(question: Question, said: str, language: Language) -> bool:
    """Whether new ink is meant, which reads much like erasing or filling: "what if it had a line through it"."""
    change, gap = question.slots.get("change"), str(question.slots.get("where", "")).endswith("gap")
    return (change in (None, "erase") or (change == "fill" and not gap)) and _has(language.data["cues"]["add"], said)


def crowd(pieces: Sequence[str], language: Language) -> int:
    """How many changes too many ``pieces`` name, and how many places to change: a question holds one of each.

    A piece names one at most: of "remove the white space" two words could be it. What is denied is none, nor are the
    places that another lies between; and only where the first piece says what to do are the others further places.
    """
    named = [None if forbidden(piece, language) else find("change", piece, language) for piece in pieces]
    changes, places = {change for change in named if change}, set()
    if named[0] in REPEATED and not _has(language.data["grammar"]["between"], " ".join(pieces)):
        places = {place for piece in pieces if (place := read_where(piece, language))}
    return max(len(changes) - 1, 0) + max(len(places) - 1, 0)


def forbidden(piece: str, language: Language) -> bool:
    """Whether a piece says which change not to make: "but do not fill it"."""
    changes = list(language.vocabularies["change"].finditer(piece))
    return bool(changes) and all(denied(piece[: change.start()], language) for change in changes)


def courtesy(text: str, language: Language) -> str | None:
    """Which of ``COURTESIES`` ``text`` is, where it holds nothing else and asks nothing."""
    said = _plain(text, language).split()
    words = {name: set(listed.split()) for name, listed in language.data["courtesies"].items()}
    if "?" in text or not 0 < len(said) <= MOST_WORDS or said[0] in words["asking"]:
        return None
    if not set(said) <= set().union(*words.values()):
        return None
    return next((name for name in COURTESIES if words[name] & set(said)), None)


def chained(asked: Sequence[Question]) -> tuple[Question, ...]:
    """All but the first of ``asked``: of two changes in one sentence, the second comes on top.

    Of several places to erase or fill, each is one of the picture that the sentence began with: the later one has a
    "beside" for each that it stands beside.
    """
    found, beside = [], 0
    for earlier, later in pairwise(asked):
        both = earlier.type == later.type == TYPE
        beside = beside + 1 if both and {_changed(earlier), _changed(later)} <= {*REPEATED} else 0
        found.append(replace(later, cues=(*later.cues, "also", *("beside",) * beside)) if both else later)
    return tuple(found)


def _changed(question: Question) -> object:
    return question.slots.get("change")


def _plain(text: str, language: Language) -> str:
    return " ".join(word for word in plain_words(text[:LONGEST], language) if word[0].isalnum())


def _has(pattern: str, said: str) -> bool:
    return re.search(whole_words(pattern), said) is not None
