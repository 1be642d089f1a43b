"""Why not 3?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.claims import CLOSE_MARGIN, MOST_PARTS, deciding, effect_claim, effect_evidence, is_obstacle, reading_claim
from bot.extras import minor_claims, statistics_claims
from bot.figures import draw_heatmaps
from bot.findings import Effect
from bot.questions.base import Answer, Asked, Drawing
from bot.values import Claim, Evidence, Figure
from explainers.values import log_odds
from model.values import Prediction

METHOD = "lime"


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
    """The parts and gaps that keep ``other`` down, the strongest first; where there are none, that."""
    findings = asked.reading.about(other)
    effects = [*findings.erasures, *findings.fillings]
    rising = sorted((effect for effect in effects if is_obstacle(findings, effect)), key=lambda effect: effect.drop)
    for place, effect in enumerate(rising[:MOST_PARTS]):
        yield _keeps_down("first_obstacle" if place == 0 else "further_obstacle", effect)
    if not rising and effects:
        best = max(effects, key=lambda effect: effect.after)
        slots = {
            "other": other,
            "part": best.parts[0],
            "after": best.after,
            "count": len(effects),
            "log_odds_change": -best.log_odds_drop,
        }
        yield Claim("no_single_obstacle", slots, effect_evidence(best), "cause", other, best.parts, best.test)
        # What then keeps the other digit down is what carries the one that is read.
        yield from (effect_claim("instead", effect) for effect in deciding(asked.findings)[:1])


def _keeps_down(stem: str, effect: Effect) -> Claim:
    after = effect.test.after
    kind = "erase" if effect.parts[0].kind == "ink" else "fill"
    outcome = "wins" if after.digit == effect.digit else "rises"
    slots = {
        "other": effect.digit,
        "part": effect.parts[0],
        "before": effect.before,
        "after": effect.after,
        "log_odds_change": -effect.log_odds_drop,
        "now": after.digit,
        "now_probability": float(after.probabilities[after.digit]),
    }
    return Claim(
        f"{stem}_{kind}_{outcome}", slots, effect_evidence(effect), "cause", effect.digit, effect.parts, effect.test
    )


def rival_reading(prediction: Prediction, other: int) -> Claim:
    """How much the other digit gets beside the one read."""
    kind = "rival_close" if other == prediction.runner_up and prediction.margin < CLOSE_MARGIN else "rival_far"
    return _two_digits(kind, prediction, other)


def wrong_premise(prediction: Prediction, asked_digit: int) -> Claim:
    """The question supposes a digit that is not read."""
    return _two_digits("wrong_premise", prediction, asked_digit)


def is_read(prediction: Prediction) -> Claim:
    """The digit that the question calls another one is the one that is read."""
    return _two_digits("other_is_read", prediction, prediction.digit)


def _two_digits(kind: str, prediction: Prediction, other: int) -> Claim:
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
