"""What to ask next: questions that fit this picture and were not just asked."""

from __future__ import annotations

import numpy as np

from bot.claims.changes import edit_of
from bot.claims.neighbour_claims import AmongDigits
from bot.claims.premises import spoken_place
from bot.lessons.predict import offered
from bot.questions import answers
from bot.questions.help import instead
from bot.record.counts import counts_of
from bot.values import Claim, Question, Reading, Session
from bot.words.phrasing import phrase
from bot.words.render import words
from explainers import all_explainers
from explainers.changes.edits import apply

MOST = 4
OFFERED_EVERY = 3  # answers
USUAL = (
    "why",
    "why_not",
    "how_to_become",
    "confidence",
    "trust",
    "how_robust",
    "alternatives",
    "where",
    "preprocessing",
)
AFTER = {  # what people want to know next, by what they just asked
    "why": ("why_not", "what_if", "trust", "how_to_become", "confidence"),
    "why_not": ("how_to_become", "why", "what_if", "compare_methods"),
    "where": ("check_claim", "what_if", "why", "trust"),
    "what_if": ("how_robust", "how_to_become", "why", "why_not"),
    "check_claim": ("why", "what_if", "how_robust", "trust"),
    "how_to_become": ("why_not", "what_if", "fool", "how_robust"),
    "how_robust": ("what_if", "fool", "how_to_become", "why"),
    "fool": ("how_robust", "how_to_become", "why", "trust"),
    "confidence": ("why", "feature_map", "fool", "how_robust", "why_not"),
    "alternatives": ("similar", "why_not", "why", "how_to_become"),
    "similar": ("feature_map", "why", "confidence", "alternatives"),
    "feature_map": ("similar", "confidence", "why", "alternatives"),
    "trust": ("compare_methods", "what_if", "how_robust", "fool"),
    "compare_methods": ("trust", "explain_method", "where", "what_if"),
    "show": ("compare_methods", "explain_method", "why", "where"),
    "explain_method": ("show", "compare_methods", "trust", "layers"),
    "define": ("trust", "why", "confidence", "explain_method"),
    "layers": ("show", "where", "explain_method", "what_if"),
    "preprocessing": ("layers", "why", "confidence", "how_robust"),
    "correct_me": ("how_to_become", "why", "why_not", "what_if"),
}
OF_A_METHOD = ("show", "explain_method")
LAYERED = "grad_cam"  # the method of the maps of every block
ITSELF = {  # the same of questions about the network itself, which need no picture
    "accuracy": ("confusions", "training_data", "model"),
    "confusions": ("accuracy", "training_data"),
    "training_data": ("accuracy", "model"),
    "model": ("training_data", "accuracy"),
}
OF_ONE_DIGIT = ("accuracy", "confusions")  # types that may be asked of one digit of all
ABOUT_ANOTHER = ("why_not", "how_to_become")  # types about a digit that is not read


def suggest(session: Session, question: Question) -> tuple[str, ...]:
    """Up to four questions in the session's language; in a lesson also its own buttons."""
    reading = session.reading
    if reading is None:
        wanted: tuple[str, ...] = ("help", *(kind for kind in ITSELF if question.type not in ITSELF))
    elif not reading.accepted:
        wanted = ("preprocessing", "help")
    else:
        wanted = (*AFTER.get(question.type, ()), *USUAL)
    asked = {question.type, *(other.type for other in question.also)}
    if reading is None or reading.case.classifier.atlas is None:
        wanted = tuple(kind for kind in wanted if not isinstance(answers().get(kind), AmongDigits))
    method = question.slots.get("method", LAYERED if question.type == "layers" else None)
    named = None if question.type in ITSELF else question.slots.get("other", question.slots.get("digit"))
    fitting = [_about(kind, reading, method, named) for kind in wanted if kind not in asked and kind in answers()]
    if session.earlier is not None and question.type == "predict":
        fitting.insert(1, Question("compare_images"))
    if enough := _enough_alone(question, reading):
        fitting.insert(0, enough)
    if session.edits and question.type == "what_if":
        fitting.insert(0, Question("what_if", cues=("back",)))
    if question.type in ITSELF:
        fitting = [*_about_itself(session, question), *fitting]
    near = question.nearest if question.type in answers() else (instead(question),)
    spoken = words(session.language, session.alphabet)
    meant = {one.type for one in near}  # "Why?" and "Why 5?" are one question here
    further = (one for one in fitting if one.type not in meant)
    said = list(dict.fromkeys(phrase(one, spoken) for one in (*near, *further)))
    handout = [phrase(Question("report"), spoken)] if _handout_due(session) and "report" not in asked else []
    return offered(session, (*said[: MOST - len(handout)], *handout), spoken)


def _enough_alone(question: Question, reading: Reading | None) -> Question | None:
    """After a place was erased, whether it is enough by itself; None where no ink would be left, or all of it."""
    erased = question.type == "check_claim" or question.slots.get("change") == "erase"
    if reading is None or not reading.accepted or not erased or "where" not in question.slots:
        return None
    alone = Question("what_if", {"change": "keep", "where": question.slots["where"]})
    edit = edit_of(alone, reading.case)
    if isinstance(edit, Claim):
        return None
    left = apply(edit, reading.case.pixels)
    return alone if left.any() and not np.array_equal(left, reading.case.pixels) else None


def _handout_due(session: Session) -> bool:
    """Whether a handout is offered: with every third answer worth one; ``session`` knows those before this one."""
    return session.memory.given % OFFERED_EVERY == OFFERED_EVERY - 1


def _about(kind: str, reading: Reading | None, method: object, named: object) -> Question:
    """A question of this type about the picture at hand, or about the ``method`` that was just spoken of.

    About another digit where that is asked: the one just ``named``, else the runner-up.
    """
    if kind in OF_A_METHOD and method in all_explainers():
        return Question(kind, {"method": method})
    if reading is None or not reading.accepted:
        return Question(kind)
    if kind == "why":
        return Question(kind, {"digit": reading.prediction.digit})
    if kind == "check_claim":
        return Question(kind, {"where": spoken_place(reading.case.parts[0])})
    if kind == "what_if":
        first, *others = reading.case.parts
        alone = all(part.kind == "gap" for part in others)  # without its only stroke the picture is blank
        change = (
            {"change": "rotate", "direction": "left"} if alone else {"change": "erase", "where": spoken_place(first)}
        )
        return Question(kind, change)
    if kind not in ABOUT_ANOTHER:
        return Question(kind)
    other = reading.prediction.runner_up if named is None else int(str(named))
    return Question(kind, {"other": reading.prediction.runner_up if other == reading.prediction.digit else other})


def _about_itself(session: Session, question: Question) -> list[Question]:
    """What leads on from a question about the network: of the same digit where one was named, and to the picture."""
    named = question.slots.get("digit")
    kept = {} if named is None else {"digit": named}
    asked = {other.type for other in question.also}
    kinds = [kind for kind in ITSELF[question.type] if kind not in asked]
    found = [Question(kind, kept if kind in OF_ONE_DIGIT else {}) for kind in kinds]
    reading = session.reading
    if question.type == "confusions" and reading is not None and reading.accepted:
        counts = counts_of(reading.case.classifier.identity)
        rival = counts.rival(reading.prediction.digit, None if named is None else int(str(named))) if counts else None
        if rival is not None:
            found.insert(0, Question("why_not", {"other": rival}))
    return found
