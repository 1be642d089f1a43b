"""A question as one natural sentence: what is offered on a button, and what is told as understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.question import CLEARER, Question

# The slots that choose the sentence, in the order in which they stand in its name. Those of "what_if" and "style" are
# values themselves: one sentence for each change, and for each level or length.
NAMING = {
    "why": ("digit",),
    "why_not": ("other", "digit"),
    "confidence": ("digit",),
    "where": ("digit",),
    "how_to_become": ("other",),
    "how_robust": ("digit",),
    "show": ("method", "digit"),
    "compare_methods": ("methods",),
    "explain_method": ("method",),
    "define": ("term",),
    "correct_me": ("digit",),
    "similar": ("digit",),
    "fool": ("other",),
    "check_claim": ("where", "digit"),
    "accuracy": ("digit",),
    "confusions": ("digit",),
}


class Sayer(Protocol):
    """The words of one language."""

    def say(self, name: str, slots: Mapping[str, object]) -> str:
        """The sentence of that name."""


def phrase(question: Question, words: Sayer) -> str:
    """``question`` without what else was asked: "Why not 3?". Of type ``unknown`` it is empty."""
    if question.type == "unknown":
        return ""
    if question.type == "what_if":
        return _what_if(question, words)
    if question.type == "style":
        return _style(question.slots, words)
    if CLEARER in question.cues:
        return words.say("ask_how_to_become_clearer", {})
    given = [name for name in NAMING.get(question.type, ()) if name in question.slots]
    return words.say("_".join(["ask", question.type, *given]), question.slots)


def understood(question: Question, words: Sayer) -> str:
    """Everything that a sentence asked, as whole questions; empty where nothing of it was understood."""
    said = [phrase(one, words) for one in (question, *question.also)]
    on_top = [words.say("asked_on_top", {})] if "also" in question.cues else []
    *others, last = [one for one in (*said, *on_top) if one] or [""]
    return " ".join([*(one if one[-1] in "?!." else f"{one}." for one in others), last])


def _what_if(question: Question, words: Sayer) -> str:
    slots = question.slots
    change = slots.get("change")
    if cues := set(question.cues) & {"undo", "back"}:
        return words.say(f"ask_what_if_{'restore' if 'where' in slots else cues.pop()}", slots)
    if change is None:
        return words.say("ask_what_if", {})
    said = {
        "where": slots.get("where"),
        "amount": words.say(f"amount_{change}", {"amount": slots["amount"]}) if _measured(slots) else "",
        "direction": words.say(_towards(slots), {}) if "direction" in slots else "",
    }
    asked = words.say(f"ask_what_if_{change}", said)
    return words.say("ask_still", {"question": asked, "digit": slots["digit"]}) if "digit" in slots else asked


def _towards(slots: Mapping[str, object]) -> str:
    """The name of the sentence for a direction; in a mirror two sides change places."""
    if slots["change"] == "mirror":
        return "sides_down" if slots["direction"] in ("up", "down") else "sides_right"
    return f"direction_{slots['direction']}"


def _measured(slots: Mapping[str, object]) -> bool:
    return "amount" in slots and slots["change"] in ("rotate", "shift", "scale", "thicken", "thin")


def _style(slots: Mapping[str, object], words: Sayer) -> str:
    wishes = [f"ask_style_{name}_{slots[name]}" for name in ("level", "length") if name in slots]
    said = [words.say(name, {}) for name in wishes]
    if "language" in slots:
        said.append(words.say("ask_style_language", slots))
    return ". ".join(said) or words.say("ask_style", {})
