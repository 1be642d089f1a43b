"""That is wrong, it's a 4: what speaks for the 4, what misled the model, and what would help, tried out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import log

import numpy as np

from bot.claims.causes import doubt_claims, effect_evidence, is_cause, of_all
from bot.claims.controls import rise_by_chance
from bot.claims.doubt import CLOSE_MARGIN, SURE
from bot.claims.extras import minor_claims
from bot.claims.findings import NOTICEABLE, Effect, Findings, single
from bot.claims.looks import look_at, with_looks
from bot.figures.heatmaps import draw_heatmaps
from bot.questions.base import Answer, Asked, Drawing
from bot.questions.why_not import METHOD, lost_by, obstacles, two_digits, wins
from bot.record.claims import mix_up_claims
from bot.values import Claim, Figure
from explainers.changes.pairs import part_edits

LEAST_SHARE = 0.01  # a digit with less has nothing that a test could show it to lose
TENFOLD = log(10)  # log-odds: a change of a small probability worth a sentence
ADVISED = 0.50  # probability that a change must give the person's digit before it is advised
MOST_LOOKS = 3  # changed pictures that are looked at for whether they still look like a digit


class CorrectMe(Answer):
    """The person is taken at their word, and what is advised to the writer is tried before it is said."""

    type = "correct_me"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """Without a digit, which one it is; of the one that is read, agreement."""
        prediction = asked.reading.prediction
        if "digit" not in asked.question.slots:
            yield two_digits("correct_which", prediction, prediction.runner_up)
            return
        yours = asked.digit
        if yours == asked.read_digit:
            yield two_digits("correct_agreed", prediction, prediction.runner_up)
            return
        close = yours == prediction.runner_up and prediction.margin < CLOSE_MARGIN
        yield two_digits("correct_close" if close else "correct_heard", prediction, yours)
        yield from doubt_claims(prediction)
        findings = asked.reading.about(yours)
        yield from _support(findings)
        misled = max(obstacles(findings), key=lambda effect: effect.after, default=None)
        if misled is not None:
            yield from _misled(findings, misled, asked.read_digit)
        yield from _advice(findings, misled)
        part = misled.parts[0] if misled is not None else None
        yield from mix_up_claims(asked.case.classifier.identity, asked.read_digit, yours, part)

    def extras(self, asked: Asked, told: Sequence[Claim]) -> Iterator[Claim]:
        """Every other change that was tried for the person's digit."""
        if asked.digit != asked.read_digit:
            yield from minor_claims(asked.reading.about(asked.digit), told)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """LIME for the digit read and for the person's, and each test before and after."""
        if asked.digit != asked.read_digit:
            maps = [asked.attribution(METHOD, target) for target in (asked.read_digit, asked.digit)]
            yield draw_heatmaps(asked.case.pixels, maps, drawing.words)
            yield from drawing.tests(claims, asked.digit)

    def methods(self, asked: Asked) -> tuple[tuple[str, int], ...]:
        """LIME for both digits."""
        targets = () if asked.digit == asked.read_digit else (asked.read_digit, asked.digit)
        return tuple((METHOD, target) for target in targets)


def _support(findings: Findings) -> Iterator[Claim]:
    """The part that speaks most for the person's digit; nothing where it has too little to lose."""
    for place, effect in enumerate(single(findings)):
        if is_cause(findings, effect) or _tenth_left(findings, effect):
            yield _tested(f"for_yours_{_change(effect)}", effect, {"most_of_all": place == 0})
            return


def _tenth_left(findings: Findings, effect: Effect) -> bool:
    """Of a digit that has little: whether its odds fall tenfold, and clearly more than by as much ink anywhere."""
    return (
        LEAST_SHARE <= effect.before < NOTICEABLE
        and effect.log_odds_drop >= TENFOLD
        and findings.beats_control_in_log_odds(effect)
    )


def _misled(findings: Findings, effect: Effect, read: int) -> Iterator[Claim]:
    """What kept the person's digit down; ambiguous where it takes from the one digit what it gives to the other."""
    most = max(tried.after for tried in single(findings))
    slots = {**lost_by(effect, read), "most_of_all": effect.after >= most}
    yield _tested(f"misled_{_change(effect)}_{'wins' if wins(effect) else 'rises'}", effect, slots)
    yield from rise_by_chance(findings, effect)
    if wins(effect) and effect.test.drop(read) >= NOTICEABLE:
        yield _tested("ambiguous", effect, {"digit": read})


def _advice(findings: Findings, misled: Effect | None) -> Iterator[Claim]:
    """A change of one part, else of two, after which the model does say the person's digit; else how near it comes."""
    refused: Claim | None = None
    for effect in _working(findings):
        look = findings.case.classifier.predict(effect.test.after.pixels)
        if look.is_digit:
            same = misled is not None and effect.parts == misled.parts
            yield _tested(f"advice_same_{_change(effect)}" if same else "advice", effect, topic="writer")
            return
        if refused is None:
            claim = _tested("advice_unlike", effect, topic="writer")
            refused = with_looks(claim, look_at(effect.test.after.pixels, look))
    if refused is not None:
        yield refused
        return
    every = (*single(findings), *findings.pairs)
    if not every:
        return
    best = max(every, key=lambda effect: (wins(effect), effect.after))
    if wins(best):
        kind = "advice_weak"
    elif best.after <= best.before:
        kind = "advice_lowers"
    elif not findings.erasures:
        kind = "advice_none_filled"
    else:
        kind = "advice_none" if findings.pairs else "advice_none_alone"
    claim = _tested(kind, best, {"count": len(findings.pairs)}, topic="writer")
    if not (wins(best) or findings.pairs):
        claim = of_all(claim, every, "most", read_in_all=False)
    yield claim


def _working(findings: Findings) -> Iterator[Effect]:
    """The changes that make it the digit and are worth a look, those of one part before those of two."""
    yield from _smallest(single(findings))
    yield from _smallest(findings.pairs)


def _smallest(tried: Sequence[Effect]) -> list[Effect]:
    """Those that make it the digit, what changes least first; behind them those that leave doubt, the surest first."""
    found = [effect for effect in tried if wins(effect) and effect.after >= ADVISED]
    found.sort(key=lambda effect: (0, np.abs(effect.changed).sum()) if effect.after >= SURE else (1, -effect.after))
    return found[:MOST_LOOKS]


def _tested(kind: str, effect: Effect, more: Mapping[str, object] | None = None, topic: str = "cause") -> Claim:
    after = effect.test.after
    slots = {
        "other": effect.digit,
        "part": effect.parts[0],
        "edits": part_edits(effect.parts),
        "before": effect.before,
        "after": effect.after,
        "log_odds_change": -effect.log_odds_drop,
        "now": after.digit,
        "still": not effect.flips,  # "I would still read" instead of "then"
        "now_probability": float(after.probabilities[after.digit]),
        **(more or {}),
    }
    return Claim(kind, slots, effect_evidence(effect), topic, effect.digit, effect.parts, effect.test)


def _change(effect: Effect) -> str:
    return "fill" if effect.filled else "erase"
