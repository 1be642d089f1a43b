"""Several changes in one sentence: "erase the bar and the loop", "if the top and the bottom were erased", "do not erase
it, fill it". A question holds one change of one place; what is said here decides what belongs together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.question import Question
from bot.understanding.alternatives import EITHER
from bot.understanding.language import Language, whole_words
from bot.understanding.normalise import Piece
from bot.understanding.slots import MEASURED, denied, find, read_where

TYPE = "what_if"
AMOUNT = re.compile(r"(?<!\S)-?\d")
KEPT = "keep"
BRIEF = 4  # words that a further place may have
REPEATED = ("erase", "fill", "keep")  # changes that may be asked for at several places in one sentence


def crowd(pieces: Sequence[str], language: Language) -> int:
    """How many changes too many ``pieces`` name, places to change and amounts: a question holds one of each.

    A piece names one at most: of "remove the white space" two words could be it. What is denied is none, nor are the
    places that another lies between; and only of what is done to places are there several.
    """
    named = [None if forbidden(piece, language) else find("change", piece, language) for piece in pieces]
    changes, places = {change for change in named if change}, set()
    if changes and changes <= {*REPEATED} and not _says(language.data["grammar"]["between"], " ".join(pieces)):
        places = {place for piece in pieces if (place := read_where(piece, language))}
    amounts = sum(AMOUNT.search(piece) is not None for piece in pieces) if changes & {*MEASURED} else 0
    return sum(max(count - 1, 0) for count in (len(changes), len(places), amounts))


def forbidden(piece: str, language: Language) -> bool:
    """Whether a piece says which change not to make: "but do not fill it"."""
    changes = list(language.vocabularies["change"].finditer(piece))
    return bool(changes) and all(denied(piece[: change.start()], language) for change in changes)


def spared(piece: str, language: Language) -> bool:
    """Whether a piece says only which place not to change: "not the bar" after "erase the loop"."""
    rest = re.sub(rf"^(?:{language.data['grammar']['sparing']})(?!\S)", "", piece)
    return rest != piece and language.is_half(rest) and read_where(rest, language) is not None


def change_said_last(piece: str, later: str, language: Language) -> str:
    """``piece`` with the change of ``later`` where it names just a place: "if the top | and the bottom were erased"."""
    change = language.vocabularies["change"].search(later)
    if not read_where(piece, language) or find("change", piece, language):
        return piece
    if (
        change is None
        or find("change", later, language) not in REPEATED
        or not read_where(later[: change.start()], language)
    ):
        return piece
    for places in ("form", "region"):
        later = language.vocabularies[places].sub(" ", later)
    return " ".join(f"{piece} {later}".split())


def change_said_first(piece: str, former: str, language: Language) -> str:
    """``piece`` with "keep" where it is a further place that is to stay: "only the loop | and the bar were left"."""
    if find("change", former, language) != KEPT or find("change", piece, language) or not read_where(piece, language):
        return piece
    kept = language.vocabularies["change"].search(former)
    return f"{kept[0]} {piece}" if kept and len(piece.split()) <= BRIEF else piece


def measured_anew(question: Question, previous: Question | None, piece: Piece, language: Language) -> bool:
    """Whether a half sentence asks for the change before by another amount: "turn it by 10, 20 and 30 degrees"."""
    if previous is None or not question.type == previous.type == TYPE or _changed(question) != _changed(previous):
        return False
    both = "amount" in question.slots and "amount" in previous.slots
    same = question.slots.get("direction") == previous.slots.get("direction")
    return both and same and not _says(language.data["cues"]["also"], f"{piece.joint} {piece.text}".strip())


def chained(asked: Sequence[Question]) -> tuple[Question, ...]:
    """All but the first of ``asked``: of two changes in one sentence, the second comes on top.

    Of several places to erase or fill, each is one of the picture that the sentence began with: the later one has a
    "beside" for each that it stands beside. "Either" of two is made by itself.
    """
    found, beside = [], 0
    for earlier, later in pairwise(asked):
        both = earlier.type == later.type == TYPE and EITHER not in later.cues
        beside = beside + 1 if both and {_changed(earlier), _changed(later)} <= {*REPEATED} else 0
        found.append(replace(later, cues=(*later.cues, "also", *("beside",) * beside)) if both else later)
    return tuple(found)


def _changed(question: Question) -> object:
    return question.slots.get("change")


def _says(pattern: str, said: str) -> bool:
    return re.search(whole_words(pattern), said) is not None
