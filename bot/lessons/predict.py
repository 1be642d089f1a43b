"""The lesson "predict": which part will matter most? First the pupil guesses, then the guess is tested.

Predict, observe, explain: R. White and R. Gunstone, Probing Understanding (1992), chapter 3. The engine asks this file
at four places: when a picture comes (``begin``, ``opening``), when a text comes (``take``), after a question of the
pupil's own (``reminder``), and for what is offered on buttons (``offered``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.claims.causes import closing, doubt_claims, effect_evidence, no_cause_claims, reading_claim
from bot.claims.doubt import CLOSE_MARGIN
from bot.figures.parts import draw_parts
from bot.lessons.guesses import NEXT, PART, TELL, UNCLEAR, Guess, buttons, guess_of, ink_parts, wants_next
from bot.lessons.outcome import HOLDS, MISSED, SPREAD, effect_of, outcome_claims, outcome_of, strongest
from bot.lessons.state import Lesson
from bot.question import Question
from bot.questions.base import Answer, Asked, Drawing
from bot.values import Claim, Evidence, Figure, Reading, Session
from bot.words.render import Words
from explainers.values import Part

GIVES_AWAY = ("why", "where")  # types whose answer is what the pupil is to guess
ASKED = ("first", "next", "again")  # how the question is put: at first, then these in turn
TAKE_TURNS = 2  # of those, the last ones
# What is shown beside the guess: the test that says what matters most, or that nothing does.
BESIDE = ("first_", "claim_more_", "claim_as_much_", *SPREAD)


@dataclass(frozen=True, eq=False)
class Turn:
    """A text that the lesson takes for itself: who answers it, and how it was understood."""

    guess: Guess
    answer: Answer

    def understood(self, session: Session, spoken: Words) -> str:
        """The guess in the words of its button."""
        return self.guess.said(spoken, session.reading)


def begin(session: Session) -> Session:
    """The session after a new picture: the lesson asks about it where there are parts to choose between."""
    lesson, reading = session.lesson, session.reading
    if lesson is None:
        return session
    waits = reading is not None and reading.accepted and len(ink_parts(reading)) > 1
    question = Question("predict") if waits else session.question  # what "auf Deutsch bitte" says again
    return replace(session, lesson=replace(lesson, waits=waits), question=question)


def opening(session: Session) -> Answer | None:
    """What a new picture is answered with; None where there is no lesson."""
    return Opening() if session.lesson is not None else None


def take(session: Session, text: str) -> Turn | None:
    """What the lesson answers itself; None where there is none, and for a question of the pupil's own."""
    if session.lesson is None:
        return None
    if wants_next(text, session.language):
        return Turn(Guess(NEXT), Onwards())
    reading = _asked_about(session)
    guess = guess_of(text, session, reading) if reading is not None else None
    if guess is None:
        return None
    return Turn(guess, Unclear(guess) if guess.kind == UNCLEAR else Reveal(guess))


def reminder(session: Session, question: Question) -> Answer | None:
    """What the lesson adds after a question of the pupil's own, where its own still waits."""
    reading = _asked_about(session)
    if reading is None:
        return None
    digit = reading.prediction.digit
    told = any(one.type in GIVES_AWAY and one.slots.get("digit", digit) == digit for one in (question, *question.also))
    return Reminder(told)


def offered(session: Session, usual: Sequence[str], spoken: Words) -> tuple[str, ...]:
    """The buttons: the answers while the question waits, then the ``usual`` questions and the next picture."""
    reading = _asked_about(session)
    if reading is not None:
        return buttons(reading, spoken)
    return (*usual, spoken.say("lesson_next", {})) if session.lesson is not None else tuple(usual)


def _asked_about(session: Session) -> Reading | None:
    """The picture that the lesson's question is about; None where none waits."""
    return session.reading if session.lesson is not None and session.lesson.waits else None


def _lesson(asked: Asked) -> Lesson:
    if asked.session.lesson is None:
        raise LookupError("a lesson's answer was asked for without a lesson")
    return asked.session.lesson


class Opening(Answer):
    """The reading, then the question: which part matters most?"""

    type = "predict"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """How sure the reading is, before the guess; that there is nothing to guess where all ink is one part."""
        reading = reading_claim(asked.case)
        yield replace(reading, kind="lesson_reading_close") if reading.kind == "reading_close" else reading
        yield from doubt_claims(asked.reading.prediction)
        lesson = _lesson(asked)
        if not lesson.waits:
            yield _said("lesson_one_part", asked)
            return
        turn = 1 + (lesson.ended - 1) % TAKE_TURNS if lesson.ended else 0
        yield _said(f"lesson_ask_{ASKED[turn]}", asked)
        if not lesson.ended:
            yield _said("lesson_how", asked)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The ink with its parts numbered as the buttons have them."""
        if _lesson(asked).waits:
            yield draw_parts(asked.case.pixels, ink_parts(asked.reading), drawing.names, drawing.words)


class Reveal(Answer):
    """What erasing the guessed part did, which part matters most, and on to the next picture."""

    type = "check_claim"

    def __init__(self, guess: Guess) -> None:
        self.guess = guess

    def following(self, asked: Asked) -> Session:
        """The question is over, and the guess counted."""
        return replace(asked.session, lesson=self._counted(asked))

    def _counted(self, asked: Asked) -> Lesson:
        lesson = _lesson(asked)
        if self.guess.kind == TELL:
            return lesson.told()
        return lesson.guessed(outcome_of(self.guess, asked.findings) in HOLDS)

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """The outcome, its doubts, the tally, and what is left to explain."""
        outcome = outcome_of(self.guess, asked.findings)
        yield from outcome_claims(outcome, self.guess, asked.findings, _lesson(asked).ended)
        yield from _doubts(asked)
        if self.guess.kind != TELL:
            yield from _tally(self._counted(asked))
        yield _to_explain(outcome, self.guess, asked)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The guess before and after, and beside it what matters most; the other tests as evidence."""
        guessed = [claim for claim in claims if claim.parts == self.guess.parts]
        others = [claim for claim in claims if claim.parts != self.guess.parts]
        beside = [claim for claim in others if claim.kind.startswith(BESIDE)][:1]
        shown = {claim.parts for claim in beside}
        # Without the change in its slots a test is named after its part, and its picture "erased", as those beside it.
        yield from drawing.tests([replace(claim, slots={}) for claim in guessed], asked.digit, "guess")
        yield from drawing.tests(beside, asked.digit, "most")
        yield from drawing.tests([claim for claim in others if claim.parts not in shown], asked.digit)


class Unclear(Answer):
    """That the guess was not understood, or could mean several parts: the question is put again."""

    type = "unknown"

    def __init__(self, guess: Guess) -> None:
        self.guess = guess

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """Of a place where there is nothing, and of several gaps, ``premises`` has said so."""
        several = len(self.guess.parts) > 1
        if several and not str(self.guess.where).endswith("gap"):
            yield _said("lesson_which", asked, self.guess.parts)
        else:
            yield _said("lesson_again" if self.guess.where is None else "lesson_waits", asked)


class Reminder(Answer):
    """After another question: that the lesson waits, or that its answer was just told."""

    type = "predict"

    def __init__(self, told: bool) -> None:
        self.told = told

    def following(self, asked: Asked) -> Session:
        """The question is over where its answer was told."""
        return replace(asked.session, lesson=_lesson(asked).told()) if self.told else asked.session

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """One sentence."""
        yield _said("lesson_given_away" if self.told else "lesson_waits", asked)


class Onwards(Answer):
    """Another picture is wanted: the pupil may draw or choose one."""

    type = "help"
    needs_picture = False

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """One sentence."""
        evidence = (Evidence("questions so far", float(_lesson(asked).ended), "questions", "lesson"),)
        yield Claim("lesson_onwards", {}, evidence, "lesson")


def _said(kind: str, asked: Asked, parts: tuple[Part, ...] = ()) -> Claim:
    """A sentence of the teacher's, about the parts that there are to choose between."""
    evidence = (Evidence("parts", float(len(ink_parts(asked.reading))), "parts", "parts"),)
    digit = asked.read_digit
    return Claim(kind, {"digit": digit, "parts": parts}, evidence, "lesson", digit, parts)


def _doubts(asked: Asked) -> Iterator[Claim]:
    """That it was a close call, and where no reason was found, that the evidence is weak."""
    reading = reading_claim(asked.case)
    if asked.reading.prediction.margin < CLOSE_MARGIN:
        yield replace(reading, kind="lesson_close_call", topic="doubt")
    if strongest(asked.findings) is None and not closing(asked.findings):
        yield from no_cause_claims(asked.findings)


def _tally(lesson: Lesson) -> Iterator[Claim]:
    """How many guesses held, from the second on; nobody needs to be told that none did."""
    if lesson.guesses > 1 and lesson.held:
        evidence = (Evidence("guesses that held", float(lesson.held), "guesses", "lesson"),)
        yield Claim("lesson_tally", {"hits": lesson.held, "guesses": lesson.guesses}, evidence, "tally")


def _to_explain(outcome: str, guess: Guess, asked: Asked) -> Claim:
    """The third step, explain: a question for the class that the tests leave open."""
    effect = strongest(asked.findings)
    if guess.kind == PART and outcome in HOLDS:
        effect = effect_of(guess.parts[0], asked.findings)
    if effect is None:
        return replace(_said("reflect_none", asked), topic="reflect")
    if outcome in MISSED and not _lesson(asked).ended % 2:
        return replace(_said("reflect_differs", asked), topic="reflect")
    slots = {"digit": effect.digit, "part": effect.parts[0], "other": effect.test.after.digit}
    evidence = effect_evidence(effect)
    kind = "instead" if outcome in MISSED else "flips" if effect.flips else "keeps"
    return Claim(f"reflect_{kind}", slots, evidence, "reflect", effect.digit, effect.parts, effect.test)
