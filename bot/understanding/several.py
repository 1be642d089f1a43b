"""Several changes in one sentence: "erase the bar and the loop", "if the top and the bottom were erased", "do not erase
it, fill it". A question holds one change of one place; what is said here decides what belongs together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.question import Question
from bot.understanding.alternatives import EITHER
from bot.understanding.classifier import MORE
from bot.understanding.language import Language, whole_words
from bot.understanding.normalise import Piece
from bot.understanding.slots import MEASURED, denied, find, read_slots, read_where

TYPE = "what_if"
ONE_DIGIT = ("confidence", "how_to_become", "similar", "fool", "accuracy", "confusions")
DIGIT = re.compile(r"#\d")
AMOUNT = re.compile(r"(?<!\S)-?\d")
KEPT = "keep"
BRIEF = 4  # words that a further place may have
REPEATED = ("erase", "fill", "keep")  # changes that may be asked for at several places in one sentence


def crowd(kind: str, pieces: Sequence[str], language: Language) -> int:
    """How much too much ``pieces`` name for one question of type ``kind``, which takes one of each.

    Of a change that is the changes, the places and the amounts; of other types the digits or the words of the field; of
    a half sentence the pieces that are half sentences themselves.
    """
    if kind == MORE:
        return _changes_too_many(pieces, language) or _beyond_one(_half(piece, language) for piece in pieces)
    if kind == TYPE:
        return _changes_too_many(pieces, language)
    if kind == "define":
        return _beyond_one(read_slots(kind, piece, language).get("term") for piece in pieces)
    if kind in ONE_DIGIT:
        return _beyond_one(digit[0] if (digit := DIGIT.search(piece)) else None for piece in pieces)
    return 0


def _changes_too_many(pieces: Sequence[str], language: Language) -> int:
    """The changes beyond the first, the places to change and the amounts.

    A piece names one at most: of "remove the white space" two words could be it. What is denied is none, nor are the
    places that another lies between; and only of what is done to places are there several.
    """
    named = [None if forbidden(piece, language) else find("change", piece, language) for piece in pieces]
    changes, places = {change for change in named if change}, 0
    if changes and changes <= {*REPEATED} and not says(language.data["grammar"]["between"], " ".join(pieces)):
        places = _beyond_one(read_where(piece, language) for piece in pieces)
    amounts = sum(AMOUNT.search(piece) is not None for piece in pieces) if changes & {*MEASURED} else 0
    return max(len(changes) - 1, 0) + places + max(amounts - 1, 0)


def _half(piece: str, language: Language) -> str | None:
    """The digit or place of a piece that says nothing else; methods are compared, and stay together."""
    if not language.is_half(piece) or find("method", piece, language):
        return None
    return digit[0] if (digit := DIGIT.search(piece)) else read_where(piece, language)


def _beyond_one(named: Iterable[object]) -> int:
    return max(len({one for one in named if one is not None}) - 1, 0)


def forbidden(piece: str, language: Language) -> bool:
    """Whether a piece says which change not to make: "but do not fill it"."""
    changes = list(language.vocabularies["change"].finditer(piece))
    return bool(changes) and all(denied(piece[: change.start()], language) for change in changes)


def spared(piece: str, language: Language) -> bool:
    """Whether a piece says only which place not to change: "not the bar" after "erase the loop"."""
    rest = re.sub(rf"^(?:{language.data['grammar']['sparing']})(?!\S)", "", piece)
    return rest != piece and language.is_half(rest) and read_where(rest, language) is not None


def change_said_last(piece: str, later: str, language: Language) -> str | None:
    """``piece`` with the change of ``later`` where it names just a place: "if the top | and the bottom were erased"."""
    change = language.vocabularies["change"].search(later)
    if not read_where(piece, language) or find("change", piece, language):
        return None
    if (
        change is None
        or find("change", later, language) not in REPEATED
        or not read_where(later[: change.start()], language)
    ):
        return None
    for places in ("form", "region"):
        later = language.vocabularies[places].sub(" ", later)
    return " ".join(f"{piece} {later}".split())


def change_said_first(piece: str, former: str, language: Language) -> str | None:
    """``piece`` with "keep" where it is a further place that is to stay: "only the loop | and the bar were left"."""
    if find("change", former, language) != KEPT or find("change", piece, language) or not read_where(piece, language):
        return None
    kept = language.vocabularies["change"].search(former)
    return f"{kept[0]} {piece}" if kept and len(piece.split()) <= BRIEF else None


def measured_anew(question: Question, previous: Question | None, piece: Piece, language: Language) -> bool:
    """Whether a half sentence asks for the change before by another amount: "turn it by 10, 20 and 30 degrees"."""
    if previous is None or not question.type == previous.type == TYPE or _changed(question) != _changed(previous):
        return False
    both = "amount" in question.slots and "amount" in previous.slots
    same = question.slots.get("direction") == previous.slots.get("direction")
    return both and same and not says(language.data["cues"]["also"], f"{piece.joint} {piece.text}".strip())


def chained(asked: Sequence[Question]) -> tuple[Question, ...]:
    """All but the first of ``asked``: of two changes in one sentence, the second comes on top.

    Of several places to erase, fill or keep, each is one of the picture that the sentence began with: the later one has
    a "beside" for each change made since, of which places that are kept together are one. "Either" of two is made by
    itself.
    """
    found, beside = [], 1
    for earlier, later in pairwise(asked):
        both = earlier.type == later.type == TYPE and EITHER not in later.cues
        places = both and {_changed(earlier), _changed(later)} <= {*REPEATED}
        cues = (*later.cues, "also", *("beside",) * (beside if places else 0))
        found.append(replace(later, cues=cues) if both else later)
        together = _changed(earlier) == _changed(later) == KEPT
        beside = beside + (not together) if places else 1
    return tuple(found)


def _changed(question: Question) -> object:
    return question.slots.get("change")


def says(pattern: str, said: str) -> bool:
    """Whether ``said`` holds ``pattern`` as whole words."""
    return re.search(whole_words(pattern), said) is not None
