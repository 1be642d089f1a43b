"""A change once more, half as much, or by so much: "a bit more", "thicker", "less", "and 30 %" after a "what if"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.question import Question
from bot.understanding.language import Language
from bot.understanding.slots import MEASURED, find, read_amount, split_where


def further(previous: Question, slots: Mapping[str, object]) -> Question | None:
    """ "thicker" after "make it thicker", which comes on top; a size once more in the way that is now said.

    For brief texts alone: "what if it was thicker?" is a question of its own.
    """
    change = slots.get("change")
    if change not in MEASURED or set(slots) != {"change"} or change != previous.slots.get("change"):
        return None
    gone = {"amount"} if change == "scale" else set()
    kept = {name: value for name, value in previous.slots.items() if name not in gone}
    return Question(previous.type, kept, cues=("also",))


def stepped(text: str, previous: Question | None, language: Language) -> Question | None:
    """A change once more on top ("a bit more"), half of it ("less") or so much of it ("and 30 %"); None for others."""
    if previous is None or previous.slots.get("change") not in MEASURED:
        return None
    change, amount = str(previous.slots["change"]), previous.slots.get("amount")
    if _is("more", text, language):
        return Question(previous.type, previous.slots, cues=("also",))
    if isinstance(amount, int | float) and _is("less", text, language):
        return Question(previous.type, {**previous.slots, "amount": _halved(change, amount)})
    said, rest = read_amount(change, text, text, language)
    if said is not None and set(rest.split()) <= language.list_of("follow_up", "words"):
        return Question(previous.type, {**previous.slots, "amount": said})
    return None


def _is(words: str, text: str, language: Language) -> bool:
    return re.fullmatch(language.data["follow_up"][words], text) is not None


def _halved(change: str, amount: float) -> float:
    """Half of a change; a factor of size goes half of the way back to 1."""
    half = (1 + amount) / 2 if change == "scale" else amount / 2
    return int(half) if half == int(half) else half


def measure(slots: dict[str, object], previous: Question, text: str, language: Language) -> None:
    """Into ``slots`` how much of the change before, and which way: "by 30, say", "a quarter", "and left?"."""
    change = previous.slots.get("change")
    if change in MEASURED and "amount" not in slots:
        said, _ = read_amount(str(change), text, text, language)
        if said is None and "amount" in previous.slots:
            said = _bare_digit(text, language)
        if said is not None:
            slots["amount"] = said
            slots.pop("digit", None)  # "6 pixels instead of 3"
    direction = find("direction", text, language)
    of_a_part = split_where(str(slots.get("where", "")))[1]  # "and the left loop?" is a place
    if "direction" in previous.slots and direction and not of_a_part:
        slots.pop("where", None)
        slots["direction"] = direction


def _bare_digit(text: str, language: Language) -> int | None:
    """A digit with nothing but small words around it: "and 3?" of pixels, but not "still a 7?"."""
    rest = set(re.sub(r"(?<!\S)#\d(?!\S)", " ", text).split()) - language.list_of("reading", "units")
    digit = re.search(r"(?<!\S)#(\d)(?!\S)", text)
    return int(digit[1]) if digit and rest <= language.list_of("follow_up", "words") else None
