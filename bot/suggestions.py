"""What to ask next: questions that fit this picture and were not just asked."""

from __future__ import annotations

from bot.phrasing import phrase
from bot.premises import named_parts
from bot.questions import answers
from bot.questions.help import instead
from bot.render import words
from bot.values import Question, Reading, Session

MOST = 4
ABOUT_ANOTHER = ("why_not", "how_to_become")  # asked of the runner-up


def suggest(session: Session, question: Question) -> tuple[str, ...]:
    """Up to four questions in the session's language."""
    reading = session.reading
    if reading is None:
        wanted = ["help"]
    elif not reading.accepted:
        wanted = ["preprocessing", "help"]
    else:
        wanted = [
            "why", "why_not", "how_to_become", "confidence", "trust", "compare_methods", "alternatives", "where",
            "preprocessing",
        ]  # fmt: skip
        if question.type == "why":
            wanted = ["why_not", "what_if", "how_to_become", "trust", "compare_methods", "confidence", "preprocessing"]
    asked = {question.type, *(other.type for other in question.also)}
    fitting = [_about(kind, reading) for kind in wanted if kind not in asked and kind in answers()]
    if session.edits and question.type == "what_if":
        fitting.insert(0, Question("what_if", cues=("back",)))
    near = question.nearest if question.type in answers() else (instead(question),)
    said = [phrase(one, words(session.language)) for one in (*near, *fitting)]
    return tuple(dict.fromkeys(said))[:MOST]


def _about(kind: str, reading: Reading | None) -> Question:
    """A question of this type about the picture at hand."""
    if reading is None or not reading.accepted:
        return Question(kind)
    if kind == "why":
        return Question(kind, {"digit": reading.prediction.digit})
    if kind == "what_if":
        return _erasing(reading)
    return Question(kind, {"other": reading.prediction.runner_up} if kind in ABOUT_ANOTHER else {})


def _erasing(reading: Reading) -> Question:
    """What if the part were erased that a person can name best: the only one of its form, else by its place."""
    parts = [part for part in reading.case.parts if part.kind == "ink"]
    for part in parts:
        form = "stem" if part.form == "slant" else part.form
        for where in (form, f"{part.place} {form}"):
            if len(parts) > 1 and named_parts(where, reading.case.parts) == (part,):
                return Question("what_if", {"change": "erase", "where": where})
    return Question("what_if", {"change": "rotate", "direction": "left"})
