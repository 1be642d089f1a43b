"""Small words that fill no slot: of a "what if" ("also", "undo that", "as it was", "bigger"), and mere courtesies.

Their patterns stand under ``[cues]`` and ``[grammar]`` in the language files, for words in small letters, no accents;
the words of courtesies under ``[courtesies]``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.question import CLEARER, Context, Question
from bot.understanding.language import Language
from bot.understanding.normalise import LONGEST, plain_words, whole
from bot.understanding.several import TYPE, says
from bot.understanding.slots import read_where

TAKEN_BACK = ("undo", "back")  # the last change; all of them
SIZES = ("larger", "smaller")
BECOMING = "how_to_become"
COURTESIES = ("bye", "thanks", "fine")  # "ok thanks, bye" is the first of them that it holds
MOST_WORDS = 9  # of a courtesy


def taken_back(text: str, context: Context, language: Language) -> Question | None:
    """The wish to have changes taken back, or that of a place, where there may be some and ``text`` says no more."""
    if context.previous is None or not (context.changed or context.previous.type == TYPE):
        return None
    said = _plain(text, language)
    restored = re.fullmatch(rf"(?:\S+ ){{0,2}}?(?:{language.data['cues']['restore']})(?: \S+)?", said)
    named = next(filter(None, restored.groups()), "") if restored else ""
    if place := read_where(whole(named, language), language, context.parts):
        return Question(TYPE, {"where": place}, cues=("undo",))
    for cue in TAKEN_BACK:
        if re.fullmatch(rf"(?:\S+ ){{0,2}}?(?:{language.data['cues'][cue]})(?: \S+)?", said):
            return Question(TYPE, cues=(cue,))
    return None


def made_clearer(question: Question, text: str, language: Language) -> Question:
    """``question`` with the cue ``CLEARER`` where it asks, naming no digit, how to write it better."""
    if question.type != BECOMING or "other" in question.slots or not says(language.data["cues"][CLEARER], text):
        return question
    return replace(question, cues=(CLEARER,))


def with_cues(question: Question, text: str, context: Context, language: Language) -> Question:
    """``question`` with what the small words of ``text`` add, where it asks what a change would do."""
    if question.type != TYPE:
        return question
    said = _plain(text, language)
    cues = list(question.cues)
    changed = context.previous is not None and context.previous.type == TYPE
    if changed and "also" not in cues and says(language.data["cues"]["also"], said):
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
    return (change in (None, "erase") or (change == "fill" and not gap)) and says(language.data["cues"]["add"], said)


def courtesy(text: str, language: Language) -> str | None:
    """Which of ``COURTESIES`` ``text`` is, where it holds nothing else and asks nothing."""
    said = _plain(text, language).split()
    words = {name: set(listed.split()) for name, listed in language.data["courtesies"].items()}
    if "?" in text or not 0 < len(said) <= MOST_WORDS or said[0] in words["asking"]:
        return None
    if not set(said) <= set().union(*words.values()):
        return None
    return next((name for name in COURTESIES if words[name] & set(said)), None)


def _plain(text: str, language: Language) -> str:
    return " ".join(word for word in plain_words(text[:LONGEST], language) if word[0].isalnum())
