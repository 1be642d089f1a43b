"""Why not 3?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from bot.claims.causes import effect_evidence, is_obstacle, no_cause_claims, of_all, reading_claim
from bot.claims.controls import rise_by_chance
from bot.claims.doubt import CLOSE_MARGIN
from bot.claims.extras import minor_claims, statistics_claims
from bot.claims.findings import NOTICEABLE, Effect, Findings, single
from bot.claims.verdicts import strongest, strongest_claims
from bot.figures.heatmaps import draw_heatmaps
from bot.questions.base import Answer, Asked, Drawing
from bot.values import Claim, Evidence, Figure
from explainers.changes.pairs import part_edits
from explainers.values import log_odds
from model.values import Prediction

METHOD = "lime"
MOST_OBSTACLES = 2  # of ink, and again of gaps: an answer is to be read aloud


class WhyNot(Answer):
    """What stands between the picture and the other digit: each part erased, each gap filled, the network run again."""

    type = "why_not"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """Where the other digit is the one read, only that."""
        other = _other(asked)
        if other == asked.read_digit:
            yield reading_claim(asked.case)
            yield is_read(asked.reading.prediction)
            return
        yield rival_reading(asked.reading.prediction, other)
        yield from rival_claims(asked, other)

    def extras(self, asked: Asked, told: Sequence[Claim]) -> Iterator[Claim]:
        """Every other change that was tried for the other digit, and its heatmap in figures."""
        other = _other(asked)
        if other != asked.read_digit:
            yield from minor_claims(asked.reading.about(other), told)
        yield from statistics_claims(asked, METHOD, other)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """LIME for the digit read and for the other one, and each test before and after."""
        other = _other(asked)
        targets = dict.fromkeys((asked.read_digit, other))
        maps = [asked.attribution(METHOD, target) for target in targets]
        yield draw_heatmaps(asked.case.pixels, maps, drawing.words)
        yield from drawing.tests(claims, other)

    def methods(self, asked: Asked) -> tuple[tuple[str, int], ...]:
        """LIME for both digits, from the same table of runs."""
        return tuple((METHOD, target) for target in dict.fromkeys((asked.read_digit, _other(asked))))


def _other(asked: Asked) -> int:
    named = asked.question.slots.get("other", asked.question.slots.get("digit"))
    if named is None or ("other" not in asked.question.slots and named == asked.read_digit):
        return asked.reading.prediction.runner_up
    return int(str(named))


def rival_claims(asked: Asked, other: int) -> Iterator[Claim]:
    """What carries the digit read, what stands against ``other`` and what it lacks; else two changes at once."""
    findings = asked.reading.about(other)
    if not single(findings):
        yield from no_cause_claims(asked.findings)
        return
    cause = strongest(asked.findings)
    both = [one for one in obstacles(findings) if cause is not None and one.parts == cause.parts]
    if both:
        yield _both(both[0], asked.read_digit)
        yield from rise_by_chance(findings, both[0])
    else:
        yield from strongest_claims(asked.findings)
    yield from obstacle_claims(findings, told=both)
    if not any(wins(effect) for effect in single(findings)):
        yield from _pair_claims(findings)


def obstacles(findings: Findings) -> list[Effect]:
    """The ink that keeps the digit down, then the gaps that it lacks ink in, the strongest first."""
    found: list[Effect] = []
    for tried in (findings.erasures, findings.fillings):
        rising = sorted((one for one in tried if is_obstacle(findings, one)), key=lambda effect: effect.drop)
        found += rising[:MOST_OBSTACLES]
    return found


def obstacle_claims(findings: Findings, told: Sequence[Effect] = ()) -> Iterator[Claim]:
    """What keeps the digit down and was not ``told``; where nothing does, that, and what comes nearest."""
    found = obstacles(findings)
    kinds, won = {effect.filled for effect in told}, any(map(wins, told))
    for effect in found:
        if effect not in told:
            # "It would also do" is said only after one that does, and "what is missing for it" only before.
            further = won or (bool(told or effect.filled in kinds) and not wins(effect))
            kinds.add(effect.filled)
            won = won or wins(effect)
            yield _keeps_down("further_obstacle" if further else "first_obstacle", effect)
            yield from rise_by_chance(findings, effect)
    effects = single(findings)
    if not found and effects:
        best = max(effects, key=lambda effect: (wins(effect), effect.after))
        slots = {
            "other": findings.digit,
            "edits": part_edits(best.parts),
            "after": best.after,
            "count": len(effects),
            "log_odds_change": -best.log_odds_drop,
        }
        kind = "little_obstacle" if -best.drop < NOTICEABLE else "unclear_obstacle"
        claim = Claim(kind, slots, effect_evidence(best), "cause", findings.digit, best.parts, best.test)
        if wins(best):
            yield claim
            return
        kind = "no_single_obstacle" if findings.erasures else "no_gap_obstacle"
        if best.after <= best.before:
            kind = "obstacles_lower"
            claim = replace(claim, slots={**slots, "before": best.before})
        yield of_all(replace(claim, kind=kind), effects, "most", read_in_all=False)


def _pair_claims(findings: Findings) -> Iterator[Claim]:
    """Two changes that make it the digit together, where no single one does; else how near two come."""
    tried = findings.pairs
    if not tried:
        return
    best = max(tried, key=lambda effect: (wins(effect), effect.after))
    slots = {"other": findings.digit, "edits": part_edits(best.parts), "after": best.after, "count": len(tried)}
    slots["log_odds_change"] = -best.log_odds_drop
    kind = "pair_wins" if wins(best) else "pair_fails"
    yield Claim(kind, slots, effect_evidence(best), "cause", findings.digit, best.parts, best.test)


def wins(effect: Effect) -> bool:
    """Whether the digit is read afterwards."""
    return effect.test.after.digit == effect.digit


def _both(effect: Effect, read: int) -> Claim:
    """One change that takes from the digit read what it gives to the other."""
    return _keeps_down("both", effect, lost_by(effect, read))


def lost_by(effect: Effect, read: int) -> dict[str, object]:
    """The slots that say what the digit ``read`` loses by a change that is about another one."""
    before, after = effect.test.before.probabilities, effect.test.after.probabilities
    return {"digit": read, "lost_from": float(before[read]), "lost_to": float(after[read])}


def _keeps_down(stem: str, effect: Effect, more: Mapping[str, object] = MappingProxyType({})) -> Claim:
    """A sentence about what raises the digit: ``<stem>_<erase or fill>_<wins or rises>``."""
    after = effect.test.after
    slots = {
        "other": effect.digit,
        "part": effect.parts[0],
        "before": effect.before,
        "after": effect.after,
        "log_odds_change": -effect.log_odds_drop,
        "now": after.digit,
        "still": not effect.flips,  # "I would still read" instead of "then"
        "now_probability": float(after.probabilities[after.digit]),
        **more,
    }
    kind = f"{stem}_{'fill' if effect.filled else 'erase'}_{'wins' if wins(effect) else 'rises'}"
    return Claim(kind, slots, effect_evidence(effect), "cause", effect.digit, effect.parts, effect.test)


def rival_reading(prediction: Prediction, other: int) -> Claim:
    """How much the other digit gets beside the one read."""
    kind = "rival_close" if other == prediction.runner_up and prediction.margin < CLOSE_MARGIN else "rival_far"
    return two_digits(kind, prediction, other)


def wrong_premise(prediction: Prediction, asked_digit: int) -> Claim:
    """The question supposes a digit that is not read."""
    return two_digits("wrong_premise", prediction, asked_digit)


def is_read(prediction: Prediction) -> Claim:
    """The digit that the question calls another one is the one that is read."""
    return two_digits("other_is_read", prediction, prediction.digit)


def two_digits(kind: str, prediction: Prediction, other: int) -> Claim:
    """A sentence about what the digit read and another one get."""
    slots = {
        "digit": prediction.digit,
        "probability": prediction.probability,
        "other": other,
        "other_probability": float(prediction.probabilities[other]),
        "other_log_odds": float(log_odds(prediction.logits, other)),
    }
    evidence = (
        Evidence("probability", prediction.probability, "probability", "model", prediction.digit),
        Evidence("probability", slots["other_probability"], "probability", "model", other),
    )
    return Claim(kind, slots, evidence, topic="reading", digit=prediction.digit)
