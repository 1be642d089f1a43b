"""Several things that one sentence asks about alike: "is it the loop or the bar?", "why not 3 or 6?"

A question holds one place, one digit and one amount; each further one makes a question of its own. What stands between
two of them says ``alternative`` under ``[grammar]`` in the language files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.question import Question
from bot.understanding.language import Language, whole_words
from bot.understanding.slots import FORMS, LOCAL, TAKES, Form, find_all, read_amount, read_where, split_where

EITHER = "either"  # the cue of a question beside another one that it does not build upon
MOST = 3  # things that one sentence asks about alike
OF_DIGITS = ("why", "why_not", "confidence", "how_to_become", "similar", "fool", "accuracy")


def alternatives(question: Question, text: str, language: Language, parts: Sequence[Form] = ()) -> list[Question]:
    """``question``, read from normalised ``text``, and what ``text`` asks just so about other digits or places."""
    if question.type in OF_DIGITS:
        return _of_digits(question, listed_digits(text, language))
    joint = language.data["grammar"]["alternative"]
    if question.type == "show" and re.search(whole_words(joint), text):
        named = dict.fromkeys(find_all("method", text, language))
        return [replace(question, slots={**question.slots, "method": method}) for method in named][:MOST] or [question]
    if "amount" in question.slots:
        return _of_amounts(question, re.split(whole_words(joint), text), language)
    if "where" not in question.slots:
        return [question]
    if question.type == "check_claim":  # "and" says there that each of them is meant
        every = "|".join([joint, *language.list_of("reading", "conjunctions")])
        return _of_places(question, list(dict.fromkeys(_places(text, every, language, parts))))
    if question.slots.get("change") in LOCAL:
        return _of_places(question, listed_places(text, language, parts))
    return [question]


def without_choice(asked: Sequence[Question]) -> list[Question]:
    """``asked`` without the "which matters more" before "the loop or the bar", each of which is tested."""
    choice = ["where", "check_claim", "check_claim"]
    return [
        one
        for place, one in enumerate(asked)
        if one.slots or [other.type for other in asked[place : place + 3]] != choice
    ]


def listed_digits(text: str, language: Language) -> list[int]:
    """The digits between which ``text`` puts "or": 3 and 6 of "not #3 or a #6"; none where it names just one."""
    joint = language.data["grammar"]["alternative"]
    chain = re.search(rf"(?<!\S)#\d(?: #\d)*(?: (?:{joint})(?: [^\W\d]+)?? #\d)+(?!\S)", text)
    return [int(digit) for digit in dict.fromkeys(re.findall(r"#(\d)", chain[0]))] if chain else []


def listed_places(text: str, language: Language, parts: Sequence[Form] = ()) -> list[str]:
    """The places between which ``text`` puts "or"; the one where it names just one."""
    return list(dict.fromkeys(_places(text, language.data["grammar"]["alternative"], language, parts)))


def _of_digits(question: Question, digits: Sequence[int]) -> list[Question]:
    slot = "other" if "other" in TAKES[question.type] else "digit"
    slots = dict(question.slots)
    if slot == "other" and len(digits) == 2 and slots.get("digit") in digits:  # "more a 5 or a 3?" asks about one other
        return [question]
    if slot == "other" and slots.get("digit") in digits:
        del slots["digit"]
    return [replace(question, slots={**slots, slot: digit}) for digit in digits[:MOST]] or [question]


def _of_amounts(question: Question, sides: Sequence[str], language: Language) -> list[Question]:
    change = str(question.slots["change"])
    amounts = [read_amount(change, side, side, language)[0] for side in sides[1:]]
    others = [amount for amount in dict.fromkeys(amounts) if amount not in (None, question.slots["amount"])]
    return [question, *_either(question, "amount", others)][:MOST]


def _either(question: Question, slot: str, values: Sequence[object]) -> list[Question]:
    return [replace(question, slots={**question.slots, slot: value}, cues=(EITHER,)) for value in values]


def _of_places(question: Question, places: Sequence[str]) -> list[Question]:
    return [question, *_either(question, "where", places[1:])][:MOST]


def _places(text: str, joint: str, language: Language, parts: Sequence[Form]) -> Iterator[str]:
    """The places on either side of each ``joint``; a region with "one" after "the top bar or" is a bar, too."""
    if re.search(whole_words(language.data["grammar"]["between"]), text):
        return
    same_form, former = whole_words(language.data["follow_up"]["same_form"]), None
    for side in re.split(whole_words(joint), text):
        if place := read_where(side, language, parts):
            region, form = split_where(place)
            if form is None and former in FORMS and re.search(same_form, side):
                place = f"{region} {former}"
            former = form or former
            yield place
