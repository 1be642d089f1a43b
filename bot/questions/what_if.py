"""What if I erase the top bar, turn it, blur it? Changes come one upon the other until they are taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.changes import LOCAL, MOST_EDITS, edit_of
from bot.claims import deciding, effect_evidence, is_cause, reading_claim
from bot.controls import control_claim
from bot.figures import draw_reading
from bot.findings import NOTICEABLE, Effect, Findings
from bot.questions.base import Answer, Asked, Drawing
from bot.values import Claim, Evidence, Figure, Session, Trial
from explainers.checks import outcome_test
from explainers.edits import Edit
from explainers.values import Test

SAME = 0.0005  # a change of probability that no sentence shows
MOST_OTHERS = 2  # digits besides the two that are told anyway


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
            yield Claim("one_taken_back", {}, _count(len(edits)), topic="change")
        trial = asked.reading.after(edits)
        yield from _outcome(asked, trial)
        yield from _others(asked, trial)
        if not trial.case.prediction.is_digit:
            yield _strange(trial)
        yield from _reason(asked, trial)

    def following(self, asked: Asked) -> Session:
        """The changes stay until they are taken back."""
        edits, problem = _changes(asked)
        return asked.session if problem is not None else replace(asked.session, edits=edits)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """Before and after; with nothing changed, the reading."""
        if any(claim.kind == "all_taken_back" for claim in claims):
            yield draw_reading(asked.reading.image, asked.reading.prediction, drawing.words)
        own = [claim for claim in claims if "edits" in claim.slots]
        yield from drawing.tests(own, asked.digit)


def _changes(asked: Asked) -> tuple[tuple[Edit, ...], Claim | None]:
    """All changes that hold after this question, and the claim that says why the last of them cannot be made."""
    cues, before = asked.question.cues, asked.session.edits
    if "again" in cues:
        return before, None
    if "back" in cues:
        return (), None
    if "undo" in cues:
        return before[:-1], None
    kept = before if "also" in cues else ()
    if len(kept) >= MOST_EDITS:
        return kept, Claim("too_many_changes", {"count": MOST_EDITS}, _count(len(kept)), topic="change")
    edit = edit_of(asked.question, asked.reading.after(kept).case)
    return (kept, edit) if isinstance(edit, Claim) else ((*kept, edit), None)


def _count(edits: int) -> tuple[Evidence, ...]:
    return (Evidence("changes", float(edits), "changes", "text"),)


def whole_test(asked: Asked, trial: Trial) -> Test:
    """From the picture as it was to what all the changes made of it."""
    steps = [edit.to_operation() for edit in trial.edits]
    operation = steps[0] if len(steps) == 1 else {"kind": "edits", "edits": steps}
    return outcome_test(asked.case, operation, trial.case.pixels, trial.case.prediction.logits)


def _effect(asked: Asked, trial: Trial) -> Effect:
    return Effect(trial.edits[-1].parts, whole_test(asked, trial), asked.digit)


def _outcome(asked: Asked, trial: Trial) -> Iterator[Claim]:
    """What is read now, and what became of the digit asked about."""
    effect = _effect(asked, trial)
    if effect.flips:
        kind = "tried_flips" if asked.digit != effect.test.after.digit else "tried_reached"
    elif asked.digit != asked.read_digit:
        kind = "tried_other"
    elif abs(effect.drop) < NOTICEABLE:
        kind = "tried_same" if abs(effect.drop) < SAME else "tried_keeps"
    else:
        kind = "tried_weakens" if effect.drop > 0 else "tried_strengthens"
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
    yield Claim(kind, slots, effect_evidence(effect), "cause", asked.digit, effect.parts, effect.test)


def _others(asked: Asked, trial: Trial) -> Iterator[Claim]:
    """The other digits whose probability moved noticeably."""
    before, after = asked.reading.prediction, trial.case.prediction
    told = {asked.digit, after.digit}
    moved = [digit for digit in range(10) if digit not in told]
    moved = [digit for digit in moved if abs(after.probabilities[digit] - before.probabilities[digit]) >= NOTICEABLE]
    moved.sort(key=lambda digit: -abs(float(after.probabilities[digit] - before.probabilities[digit])))
    for digit in moved[:MOST_OTHERS]:
        effect = Effect(trial.edits[-1].parts, whole_test(asked, trial), digit)
        slots = {"edits": trial.edits, "other": digit, "before": effect.before, "after": effect.after}
        yield Claim("tried_moves", slots, effect_evidence(effect), "cause", digit, effect.parts, effect.test)


def _strange(trial: Trial) -> Claim:
    strangeness = trial.case.prediction.strangeness or 0.0
    evidence = (Evidence("strangeness", strangeness, "share of the limit", "model"),)
    return Claim("tried_strange", {"strangeness": strangeness}, evidence, topic="doubt")


def _reason(asked: Asked, trial: Trial) -> Iterator[Claim]:
    """Which of several changes made the difference; whether the place matters or just the ink; what decides now."""
    after = trial.case.prediction
    if after.digit == asked.read_digit:
        return
    if len(trial.edits) > 1:
        yield from _decisive(asked, trial)
    elif trial.edits[0].change in LOCAL and len(trial.edits[0].parts) == 1:
        findings = asked.findings
        effect = Effect(trial.edits[0].parts, whole_test(asked, trial), asked.read_digit)
        yield control_claim(findings, effect)
        if not is_cause(findings, effect):
            yield Claim("tried_no_cause", {}, effect_evidence(effect), "cause", asked.read_digit, effect.parts)
    elif trial.edits[0].change not in LOCAL and after.is_digit:
        yield from _decides_now(trial)


def _decisive(asked: Asked, trial: Trial) -> Iterator[Claim]:
    """The changes without which the digit would still be read, each left out in turn."""
    needed = []
    for place, edit in enumerate(trial.edits):
        rest = asked.reading.after(trial.edits[:place] + trial.edits[place + 1 :])
        if rest.case.prediction.digit == asked.read_digit:
            needed.append((edit, rest))
    if len(needed) == len(trial.edits):
        kind = "takes_both_changes" if len(needed) == 2 else "takes_all_changes"
        slots: dict[str, object] = {"digit": asked.read_digit}
        if kind == "takes_all_changes":
            slots["count"] = len(needed)
        yield Claim(kind, slots, _count(len(needed)), "cause", asked.read_digit)
    elif len(needed) == 1:
        edit, rest = needed[0]
        test = Test(
            edit.to_operation(),
            outcome_test(asked.case, {}, rest.case.pixels, rest.case.prediction.logits).after,
            whole_test(asked, trial).after,
        )
        effect = Effect(edit.parts, test, asked.read_digit)
        slots = {"edits": (edit,), "digit": asked.read_digit, "before": effect.before}
        yield Claim("one_change_decides", slots, effect_evidence(effect), "cause", asked.read_digit, edit.parts, test)


def _decides_now(trial: Trial) -> Iterator[Claim]:
    """The part of the changed picture that decides what is read in it."""
    findings = Findings(trial.case, trial.case.prediction.digit)
    for effect in deciding(findings)[:1]:
        slots = {"part": effect.parts[0], "now": effect.digit, "before": effect.before, "after": effect.after}
        yield Claim("decides_now", slots, effect_evidence(effect), "cause", effect.digit, test=effect.test)
