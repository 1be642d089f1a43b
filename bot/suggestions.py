"""What to ask next: questions that fit this picture and were not just asked."""

from __future__ import annotations

from bot.questions import answers
from bot.render import words
from bot.values import Question, Session

MOST = 4


def suggest(session: Session, question: Question) -> tuple[str, ...]:
    """Up to four questions in the session's language."""
    reading = session.reading
    if reading is None:
        wanted = ["help"]
    elif not reading.accepted:
        wanted = ["preprocessing", "help"]
    else:
        wanted = ["why", "why_not", "confidence", "trust", "compare_methods", "alternatives", "where", "preprocessing"]
        if question.type == "why":
            wanted = ["why_not", "trust", "compare_methods", "confidence", "preprocessing"]
    said = words(session.language)
    asked = {question.type, *(other.type for other in question.also)}
    slots = {}
    if reading is not None and reading.accepted:
        slots = {"digit": reading.prediction.digit, "other": reading.prediction.runner_up}
    fitting = [said.say(f"ask_{kind}", slots) for kind in wanted if kind not in asked and kind in answers()]
    nearest = [said.say(name, slots) for one in question.nearest if (name := f"ask_{one.type}") in said.blocks]
    return tuple(dict.fromkeys([*nearest, *fitting]))[:MOST]
