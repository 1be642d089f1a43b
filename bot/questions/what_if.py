"""What if I erase the top bar, turn it, blur it? Changes come one upon the other until they are taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from bot.claims.causes import MOST_PARTS, TOLD, against_chance, deciding, effect_evidence, reading_claim
from bot.claims.changes import LOCAL, MOST_EDITS, changed_at, edit_of
from bot.claims.findings import NOTICEABLE, Effect, Findings
from bot.claims.looks import look_at, with_looks
from bot.figures.reading import draw_reading
from bot.questions.base import Answer, Asked, Drawing
from bot.values import Claim, Evidence, Figure, Session, Trial
from explainers.base import Case
from explainers.changes.edits import Edit, ink_lost, operation_of
from explainers.checks import outcome_test
from explainers.values import Test

SAME = 0.0005  # a change of probability that no sentence shows
ENOUGH = 0.50  # probability that what is kept must leave to the digit to be called enough for it
LOST = 0.01  # of the ink, from which on it is told that it went over the edge
MOST_OTHERS = 2  # digits besides the two that are told anyway
CHAIN = 2  # changes one upon the other, which who goes on may take for granted: that they are dropped is told


class WhatIf(Answer):
    """The picture is changed as asked and read again; what the change did, and which part of it made the difference."""

    type = "what_if"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """What is read after all changes so far, what moved, and why."""
        cues = asked.question.cues
        edits, problem = _changes(asked)
        if problem is not None:
            yield problem
            return
        if not edits:
            yield Claim("all_taken_back", {}, _count(0), topic="change")
            yield reading_claim(asked.case)
            return
        if "undo" in cues:
            yield _taken_back(asked, edits)
        trial = asked.reading.after(edits)
        effect = Effect(edits[-1].parts, _test(asked.reading.case, trial), asked.digit)
        yield _outcome(asked, trial, effect)
        if len(asked.session.edits) >= CHAIN and not {"also", "undo"} & set(cues):
            yield Claim("changes_dropped", {}, _count(len(asked.session.edits)), topic="cause")
        yield from _others(trial, effect)
        yield from _over_the_edge(asked, edits)
        if not trial.case.prediction.is_digit:
            yield _strange(trial)
        yield from _enough(asked, trial, effect)
        yield from _reason(asked, trial, effect)

    def following(self, asked: Asked) -> Session:
        """The changes stay until they are taken back; to take back one that was not made is no change either."""
        edits, problem = _changes(asked)
        if problem is not None:
            return replace(asked.session, refused="undo" not in asked.question.cues)
        return replace(asked.session, edits=edits, refused=False)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """Before and after, which is the answer itself, then what was left out; with nothing changed, the reading."""
        if any(claim.kind == "all_taken_back" for claim in claims):
            yield draw_reading(asked.reading.image, asked.reading.prediction, drawing.words)
        yield from drawing.tests([claim for claim in claims if claim.kind.startswith("tried_")], asked.digit, "change")
        left_out = [claim for claim in claims if claim.kind.startswith(("one_change_", "change_needed_"))]
        yield from drawing.tests(left_out, asked.digit)


def _changes(asked: Asked) -> tuple[tuple[Edit, ...], Claim | None]:
    """All changes that hold after this question, and the claim that says why the last of them cannot be made."""
    cues, so_far = asked.question.cues, asked.session.edits
    if "back" in cues:
        return (), None
    if "undo" in cues:
        return _undone(asked)
    kept = so_far if "also" in cues else ()
    if len(kept) >= MOST_EDITS:
        return kept, Claim("too_many_changes", {"count": MOST_EDITS}, _count(len(kept)), topic="change")
    before = asked.reading.after(kept).case
    edit = edit_of(asked.question, asked.reading.after(asked.place_edits).case)
    if isinstance(edit, Claim):
        return kept, edit
    if len(asked.place_edits) < len(kept) and edit.change == kept[-1].change == "keep":
        kept, edit = kept[:-1], _both_kept(kept[-1], edit)
    after = asked.reading.after((*kept, edit)).case.pixels
    if not after.any() or np.array_equal(after, before.pixels):
        kind, edits = ("nothing_changes", (edit,)) if after.any() else ("nothing_left", (*kept, edit))
        return kept, Claim(kind, {"edits": edits}, _count(len(kept)), topic="change")
    return (*kept, edit), None


def _both_kept(one: Edit, other: Edit) -> Edit:
    """What is left where two places of one sentence are to stay: both, where they are parts; else the second alone."""
    if one.mask is None or other.mask is None or one.region or other.region:
        return other
    return replace(other, mask=one.mask | other.mask, parts=(*one.parts, *other.parts))


def _undone(asked: Asked) -> tuple[tuple[Edit, ...], Claim | None]:
    """The changes without that of the place that is named, or without the last; the claim why all of them stay."""
    so_far, where = asked.session.edits, asked.question.slots.get("where")
    if where is not None:
        place = changed_at(str(where), so_far, asked.case)
        if place is None:
            return so_far, Claim("nothing_changed_there", {}, _count(len(so_far)), topic="change")
        return (*so_far[:place], *so_far[place + 1 :]), None
    if asked.session.refused:
        kind = "nothing_to_undo_yet" if so_far else "nothing_to_undo"
        return so_far, Claim(kind, {"edits": so_far} if so_far else {}, _count(len(so_far)), topic="change")
    return so_far[:-1], None


def _taken_back(asked: Asked, edits: tuple[Edit, ...]) -> Claim:
    """That one change was taken back, and which one where it is not the last."""
    if edits == asked.session.edits[:-1]:
        return Claim("one_taken_back", {}, _count(len(edits)), topic="change")
    undone = tuple(edit for edit in asked.session.edits if edit not in edits)
    return Claim("change_taken_back", {"edits": undone}, _count(len(edits)), topic="change")


def _count(edits: int) -> tuple[Evidence, ...]:
    return (Evidence("changes", float(edits), "changes", "text"),)


def _test(before: Case, trial: Trial, operation: Mapping[str, object] | None = None) -> Test:
    """From ``before`` to what the trial made of it; ``operation`` None: by the trial's edits."""
    after = trial.case
    return outcome_test(before, operation or operation_of(trial.edits), after.pixels, after.prediction.logits)


def _outcome(asked: Asked, trial: Trial, effect: Effect) -> Claim:
    """What is read now, and what became of the digit asked about."""
    after = trial.case.prediction
    slots = {
        "edits": trial.edits,
        "digit": asked.digit,
        "read": asked.read_digit,
        "before": effect.before,
        "after": effect.after,
        "now": after.digit,
        "now_probability": after.probability,
        "log_odds_change": -effect.log_odds_drop,
    }
    kind = f"tried_{_what_came(asked, trial, effect)}"
    return Claim(kind, slots, effect_evidence(effect), "cause", asked.digit, effect.parts, effect.test)


def _what_came(asked: Asked, trial: Trial, effect: Effect) -> str:
    """In one word; "falls" and "rises" are said only where that is so, also where two digits are close."""
    now = effect.test.after.digit
    if effect.flips:
        if now == asked.digit and abs(effect.drop) < TOLD:
            return "reached_level"
        if now == asked.digit and effect.drop < 0:
            return "reached"
        return "flips" if asked.digit == asked.read_digit and effect.drop >= TOLD else "elsewhere"
    if asked.digit != asked.read_digit:
        return "other"
    if abs(effect.drop) < NOTICEABLE:
        if _moved(effect) or not trial.case.prediction.is_digit:
            return "stays"  # what else came of it is told next
        return "same" if abs(effect.drop) < SAME else "keeps"
    return "weakens" if effect.drop > 0 else "strengthens"


def _moved(told: Effect) -> list[Effect]:
    """The other digits whose probability moved noticeably, the one that moved most first."""
    effects = [
        replace(told, digit=digit)
        for digit in range(len(told.test.after.probabilities))
        if digit not in (told.digit, told.test.after.digit)
    ]
    return sorted((one for one in effects if abs(one.drop) >= NOTICEABLE), key=lambda one: -abs(one.drop))


def _others(trial: Trial, told: Effect) -> Iterator[Claim]:
    """What became of other digits."""
    for effect in _moved(told)[:MOST_OTHERS]:
        slots = {"edits": trial.edits, "other": effect.digit, "before": effect.before, "after": effect.after}
        yield Claim("tried_moves", slots, effect_evidence(effect), "cause", effect.digit, effect.parts, told.test)


def _over_the_edge(asked: Asked, edits: tuple[Edit, ...]) -> Iterator[Claim]:
    """How much of the ink the last change has moved out of the picture."""
    share = ink_lost(edits[-1], asked.reading.after(edits[:-1]).case.pixels)
    if share >= LOST:
        evidence = (Evidence("ink over the edge", share, "share", edits[-1].change),)
        yield Claim("tried_over_the_edge", {"share": share}, evidence, topic="doubt")


def _strange(trial: Trial) -> Claim:
    seen = trial.case.prediction
    claim = Claim("tried_strange", {"strangeness": seen.strangeness}, (), topic="doubt")
    return with_looks(claim, look_at(trial.case.pixels, seen))


def _enough(asked: Asked, trial: Trial, effect: Effect) -> Iterator[Claim]:
    """Whether all that was kept is enough for the digit that is read; nothing where that is in doubt."""
    if [edit.change for edit in trial.edits] != ["keep"] or asked.digit != asked.read_digit:
        return
    if effect.flips:
        kind = "kept_not_enough"
    elif effect.after >= ENOUGH and trial.case.prediction.is_digit:
        kind = "kept_enough"
    else:
        return
    slots = {"edits": trial.edits, "digit": effect.digit}
    yield Claim(kind, slots, effect_evidence(effect), "cause", effect.digit, effect.parts, effect.test)


def _reason(asked: Asked, trial: Trial, effect: Effect) -> Iterator[Claim]:
    """Which of several changes made the difference; whether the place matters or just the ink; what decides now."""
    edit = trial.edits[0]
    if not effect.flips:
        return
    if len(trial.edits) > 1:
        yield from _needed(asked, trial)
    elif edit.change == "keep":
        return  # of what was erased, nothing is said to be the reason
    elif edit.change in LOCAL and len(edit.parts) == 1:
        yield from against_chance(asked.findings, Effect(edit.parts, effect.test, asked.read_digit))
    elif edit.change not in LOCAL and trial.case.prediction.is_digit:
        yield from _decides_now(trial)


def _needed(asked: Asked, trial: Trial) -> Iterator[Claim]:
    """The changes without which the digit would still be read, each left out in turn.

    That one of them makes the difference is said only where it does so by itself too; that it takes more than one,
    only where none does.
    """
    needed = []
    for place, edit in enumerate(trial.edits):
        rest = asked.reading.after(trial.edits[:place] + trial.edits[place + 1 :])
        if rest.case.prediction.digit == asked.read_digit:
            needed.append((edit, rest))
    first = _first_needed(asked, trial, [edit for edit, _ in needed]) if needed else ""
    for place, (edit, rest) in enumerate(needed[:MOST_PARTS]):
        operation = {"kind": "left_out", "left_out": edit.to_operation(), **_steps(trial)}
        effect = Effect(edit.parts, _test(rest.case, trial, operation), asked.read_digit)
        slots = {"edits": (edit,), "digit": effect.digit, "before": effect.before}
        kind = first if place == 0 else "change_needed_further"
        yield Claim(kind, slots, effect_evidence(effect), "cause", effect.digit, edit.parts, effect.test)


def _first_needed(asked: Asked, trial: Trial, needed: Sequence[Edit]) -> str:
    """What is said of the first change that is needed, by whether one of them all does it by itself."""
    does = [asked.reading.after((edit,)).case.prediction.digit != asked.read_digit for edit in trial.edits]
    if len(needed) == 1 and does[trial.edits.index(needed[0])]:
        return "one_change_decides"
    return "change_needed_among" if any(does) else "change_needed_first"


def _decides_now(trial: Trial) -> Iterator[Claim]:
    """The part of the changed picture that decides what is read in it."""
    findings = Findings(trial.case, trial.case.prediction.digit)
    for effect in deciding(findings, 1):
        # Its picture is not the one that was read, nor are its parts: the operation says where it begins.
        operation = {"kind": "erase_after", "parts": effect.test.operation["parts"], **_steps(trial)}
        test = replace(effect.test, operation=operation)
        slots = {"part": effect.parts[0], "now": effect.digit, "before": effect.before, "after": effect.after}
        held = (findings.control(effect),)
        yield Claim("decides_now", slots, effect_evidence(effect), "cause", effect.digit, test=test, controls=held)


def _steps(trial: Trial) -> dict[str, object]:
    return {"edits": [edit.to_operation() for edit in trial.edits]}
