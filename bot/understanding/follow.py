"""Half sentences that go on with the question before: "and 3?", "same with grad-cam", "how does it work?"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.question import Context, Question
from bot.understanding.alternatives import listed_digits, listed_places
from bot.understanding.language import Language, whole_words
from bot.understanding.normalise import Piece
from bot.understanding.slots import (
    FORMS,
    LOCAL,
    TAKES,
    find,
    find_all,
    read_slots,
    read_where,
    ruled_out,
    split_where,
)
from bot.understanding.steps import further, measure, stepped

BRIEF = 4  # words: so short a question of the same type changes the one before
OPPOSITE = {"left": "right", "right": "left", "up": "down", "down": "up", "top": "bottom", "bottom": "top"}
OPPOSITE |= {"top_left": "bottom_right", "top_right": "bottom_left"}
OPPOSITE |= {"bottom_left": "top_right", "bottom_right": "top_left"}
ABOUT_MANY = {"accuracy", "confusions", "similar"}  # of all fours: "and what do you mix them up with?"
ABOUT_METHODS = ("show", "explain_method", "compare_methods")


def fits(previous: str, text: str, language: Language) -> bool:
    """Whether a half sentence names what a question of type ``previous`` has a slot for."""
    takes = set(TAKES[previous])
    named = {name for name in ("method", "direction", "region", "form") if find(name, text, language)}
    return bool(
        (takes & {"digit", "other"} and re.search(r"#\d", text) and "where" not in takes)
        or (takes & {"method", "methods"} and "method" in named)
        or ("where" in takes and named & {"region", "form"} and not find("change", text, language))
    )


def follow_up(
    piece: Piece, previous: Question | None, context: Context, language: Language, beside: bool = False
) -> Question:
    """A half sentence that changes a slot of the question before, or repeats it; ``beside``: there is more text."""
    if previous is None or previous.type == "unknown":
        return alone(piece.text, context, language)
    if find("method", piece.text, language) and not {"method", "methods"} & set(TAKES[previous.type]):
        return alone(piece.text, context, language)
    if previous.type == "why" and ruled_out(piece.text, language):  # "why 5, and why not 3?"
        return Question("why_not", read_slots("why_not", piece.text, language))
    slots = _changed(previous, piece.text, context, language)
    if (
        previous.type == "what_if"
        and previous.slots.get("change") not in LOCAL
        and _choice(piece.text, slots, language)
    ):
        return alone(piece.text, context, language)
    if slots.get("change") not in (None, previous.slots.get("change")):
        previous = _of_another_change(previous, str(slots["change"]), piece.text, language)
    if not slots and (term := _term_alone(piece.text, previous, language)):
        return term
    if (more := further(previous, slots)) and len(piece.text.split()) <= BRIEF:
        return more
    if slots:
        return Question(previous.type, _ordered(previous.type, {**previous.slots, **slots}))
    return _without_slots(piece.text, previous, language) or (
        Question(previous.type, previous.slots) if beside else alone(piece.text, context, language)
    )


def _choice(text: str, slots: Mapping[str, object], language: Language) -> bool:
    """Whether a half sentence names places alone, and one or the other: "the bar or the stem?"."""
    return set(slots) == {"where"} and len(listed_places(text, language)) > 1


def _term_alone(text: str, previous: Question, language: Language) -> Question | None:
    """ "and softmax?" after a question that takes no such word; "and the gap?" is a part of the picture."""
    if "term" in TAKES[previous.type] or find("form", text, language):
        return None
    named = read_slots("define", text, language)
    return Question("define", named) if named else None


def _without_slots(text: str, previous: Question, language: Language) -> Question | None:
    """A half sentence that fills no slot: "and overall?", "again", "a bit more"; None for any other."""
    if previous.type in ABOUT_MANY and "digit" in previous.slots and _says("overall", text, language):
        return Question(previous.type)
    if another := stepped(text, previous, language):
        return another
    if _says("again", text, language) and not language.is_half(text):
        return Question(previous.type, previous.slots)
    return None


def _says(words: str, text: str, language: Language) -> bool:
    return re.search(whole_words(language.data["follow_up"][words]), text) is not None


def contrasted(asked: Question, text: str, language: Language) -> Question | None:
    """ "why do you say 5" with "not 3" beside it, which is one question; None for any other ``text``."""
    if asked.type != "why" or not re.fullmatch(rf"{language.data['grammar']['negation']} #\d", text):
        return None
    return Question("why_not", _ordered("why_not", {**asked.slots, "other": ruled_out(text, language)[0]}))


def resumed(question: Question, piece: Piece, previous: Question | None, language: Language) -> Question:
    """A whole question with what it takes from the one before: what "it" stands for, or what it leaves unsaid."""
    if previous is None:
        return question
    points, names = _says("pronoun", piece.text, language), _says("thing", piece.text, language)
    brief = len(piece.text.split()) <= BRIEF or piece.joint != ""
    of_method = question.type in ABOUT_METHODS or (_of_a_method(question) and not names)
    if previous.type in ABOUT_METHODS and points and of_method:
        return _about_the_method(question, previous)
    if {question.type, previous.type} <= ABOUT_MANY and points and "digit" in previous.slots:
        return Question(question.type, {"digit": previous.slots["digit"], **question.slots})
    erased = question.type == "what_if" and question.slots.get("change") in LOCAL and "where" not in question.slots
    if erased and points and previous.type == "check_claim" and "where" in previous.slots:
        return Question("what_if", _ordered("what_if", {**question.slots, "where": previous.slots["where"]}))
    if question.type != previous.type:
        return question
    if question.type == "correct_me" and not question.slots:  # "it's a 6", then "why did you get it wrong?"
        return question if "#" in piece.text else previous  # but "5 is wrong" takes no digit from before
    if question.type == "what_if" and brief and (more := further(previous, question.slots)):
        return more
    if question.slots == previous.slots:
        return question
    if question.type == "what_if":
        if "amount" in question.slots and brief and question.slots.get("change") == previous.slots.get("change"):
            return Question("what_if", _ordered("what_if", {**previous.slots, **question.slots}))
        # "would it still be a 4?", "make it five pixels"; "fill it" of a part that was erased
        if "change" not in question.slots:
            kept = previous.slots if question.slots else {}
            return Question("what_if", _ordered("what_if", {**kept, **question.slots}))
        if "where" not in question.slots and question.slots["change"] in LOCAL and (points or brief):
            kept = {name: previous.slots[name] for name in ("where", "digit") if name in previous.slots}
            return Question("what_if", _ordered("what_if", {**kept, **question.slots}))
    if question.type == "why_not" and brief and "digit" in previous.slots:
        return Question("why_not", _ordered("why_not", {"digit": previous.slots["digit"], **question.slots}))
    return question


def alone(text: str, context: Context, language: Language) -> Question:
    """A half sentence without a question that it could follow: what such slots are mostly asked about."""
    if style := read_slots("style", text, language):
        return Question("style", style)
    if find("method", text, language):
        return Question("show", read_slots("show", text, language))
    if find("change", text, language):
        return Question("what_if", read_slots("what_if", text, language, context.parts))
    if re.search(r"#\d", text):
        return Question("why", read_slots("why", text, language))
    if read_where(text, language, context.parts):
        return Question("check_claim", read_slots("check_claim", text, language, context.parts))
    return Question("unknown")


def _of_another_change(previous: Question, change: str, text: str, language: Language) -> Question:
    """What holds of ``previous`` for another change: no amount or direction, and the place only of a local change.

    "It" is the place, too, but for one that was erased or filled: "turn it" then means the picture.
    """
    points = _says("pronoun", text, language) and previous.slots.get("change") not in LOCAL
    gone = {"amount", "direction"} if change in LOCAL or points else {"amount", "direction", "where"}
    return Question(previous.type, {name: value for name, value in previous.slots.items() if name not in gone})


def _changed(previous: Question, text: str, context: Context, language: Language) -> dict[str, object]:
    """What the half sentence changes in the question before; empty where it fits none of its slots."""
    slots = read_slots(previous.type, text, language, context.parts)
    if slots.get("change") in (None, previous.slots.get("change")):  # not "and if I erase the bar at the top?"
        measure(slots, previous, text, language)
    if _says("opposite", text, language):
        slots.update(_turned_round(previous))
    elif "where" in slots and "where" in previous.slots:
        slots["where"] = _moved(str(slots["where"]), str(previous.slots["where"]), text, language)
    if "where" in TAKES[previous.type] and (ordinal := _ordinal(text, previous, language)):
        slots["where"] = ordinal
        slots.pop("digit", None)
    if previous.type == "why_not" and (listed := listed_digits(text, language)):  # "why not 3 | 6 or 8"
        slots = {"other": listed[0]}
    elif previous.type == "why_not" and "digit" in slots and "other" not in slots:
        slots["other"] = slots.pop("digit")
    if previous.type == "compare_methods" and "methods" in slots:
        named = list(find_all("method", text, language))
        former = previous.slots.get("methods", [])
        if len(set(named)) == 1 and isinstance(former, list | tuple):
            named = [*former, *named]
        slots["methods"] = list(dict.fromkeys(named))
    return slots


def _moved(where: str, before: str, text: str, language: Language) -> str:
    """A bare region with the form before: "the right one" after "the left gap"; a form of its own stays as it is."""
    region, form = split_where(where)
    _, former = split_where(before)
    same_form = former in FORMS and form is None and region is not None
    if same_form and _says("same_form", text, language):
        return f"{region} {former}"
    return where


def _turned_round(previous: Question) -> dict[str, object]:
    if "direction" in previous.slots:
        opposite = OPPOSITE.get(str(previous.slots["direction"]))
        return {"direction": opposite} if opposite else {}
    region, form = split_where(str(previous.slots.get("where", "")))
    if region in OPPOSITE:
        return {"where": " ".join(filter(None, (OPPOSITE[region], form)))}
    return {}


def _ordinal(text: str, previous: Question, language: Language) -> str | None:
    """Another part by its number: "the third one" after part_2."""
    if not str(previous.slots.get("where", "")).startswith("part_"):
        return None
    ordinals = language.data["ordinals"]
    number = next((ordinals[word] for word in text.split() if word in ordinals), None)
    if number is None and (digit := re.search(r"#(\d)", text)):
        number = int(digit[1])
    return f"part_{number}" if number is not None else None


def _of_a_method(question: Question) -> bool:
    """Whether "how does it work" may ask about a method that was just named."""
    return question.type in ("model", "why", "predict", "preprocessing", "help") and not question.slots


def _about_the_method(question: Question, previous: Question) -> Question:
    method = previous.slots.get("method")
    if method is None:
        return question
    if question.type == "compare_methods":
        named = question.slots.get("methods", [])
        if isinstance(named, list | tuple) and len(named) == 1:
            return Question("compare_methods", {"methods": list(dict.fromkeys([method, *named]))})
        return question
    kind = question.type if question.type in ABOUT_METHODS else "explain_method"
    return Question(kind, _ordered(kind, {"method": method, **question.slots}))


def _ordered(kind: str, slots: Mapping[str, object]) -> dict[str, object]:
    return {name: slots[name] for name in TAKES[kind] if name in slots}
