"""Can you be fooled? Trick it into saying 8."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bot.claims.causes import doubt_claims, reading_claim
from bot.claims.doubt import SURE
from bot.figures.fooling import draw_attack, draw_attack_heatmaps
from bot.questions.base import Answer, Asked, Drawing
from bot.questions.why_not import is_read
from bot.values import Claim, Evidence, Figure, Look
from explainers import explainer
from explainers.changes.adversarial import MOST_LEVELS, Attack, smallest_attack
from explainers.levels import GREYS
from explainers.values import Attribution

METHOD = "integrated_gradients"
# On a black ground, in grey levels: up to here the eye hardly finds it, and up to here it is a haze.
HIDDEN, FAINT = 12, 40


class Fool(Answer):
    """The smallest change of the pixels that flips the reading, whether the check notices, and what noise does."""

    type = "fool"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """Towards the digit asked for, else away from the one read."""
        target = _target(asked)
        yield reading_claim(asked.case)
        if target == asked.read_digit:
            yield is_read(asked.reading.prediction)
            return
        yield from doubt_claims(asked.reading.prediction)
        attack = smallest_attack(asked.case, target)
        if not attack.found:
            missed = _not_found(attack)
            yield missed
            yield Claim("fool_no_proof", {}, missed.evidence, "cause", missed.digit)
            return
        yield _found(attack)
        yield _size(attack)
        yield from _check(asked, attack)
        yield _noise(attack)
        yield _lesson(attack)
        yield from _heatmap(attack)

    def extras(self, asked: Asked, told: Sequence[Claim]) -> Iterator[Claim]:
        """How it was found, if it was."""
        attack = _attack(told)
        if attack is not None and attack.found:
            slots = {"gradients": attack.gradients, "epsilon": attack.levels / GREYS, "most": MOST_LEVELS / GREYS}
            evidence = (Evidence("gradients", float(attack.gradients), "gradients", "adversarial"),)
            yield Claim("fool_settings", slots, evidence, topic="settings")

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The picture, what was added to it, and the result; then the heatmaps of both."""
        attack = _attack(claims)
        if attack is None:
            return
        yield draw_attack(attack, drawing.words)
        if attack.found:
            before = asked.attribution(METHOD, asked.read_digit)
            yield draw_attack_heatmaps(attack, before, _changed_map(attack), drawing.words)

    def methods(self, asked: Asked) -> tuple[tuple[str, int], ...]:
        """The heatmap of the unchanged picture."""
        return ((METHOD, asked.read_digit),)


def _target(asked: Asked) -> int | None:
    named = asked.question.slots.get("other")
    return None if named is None else int(str(named))


def _attack(claims: Sequence[Claim]) -> Attack | None:
    found = [claim.slots["attack"] for claim in claims if "attack" in claim.slots]
    return found[0] if found and isinstance(found[0], Attack) else None


def _changed_map(attack: Attack) -> Attribution:
    return attack.case.attribution(explainer(METHOD), attack.test.after.digit)


def _found(attack: Attack) -> Claim:
    before, after = attack.test.before, attack.test.after
    digit, other = before.digit, after.digit
    numbers = {
        "before": float(before.probabilities[digit]),
        "left": float(after.probabilities[digit]),
        "after": float(after.probabilities[other]),
        "log_odds_change": -attack.test.log_odds_drop(digit),
    }
    evidence = (
        Evidence("probability before", numbers["before"], "probability", "adversarial", digit),
        Evidence("probability after", numbers["left"], "probability", "adversarial", digit),
        Evidence("probability after", numbers["after"], "probability", "adversarial", other),
    )
    slots = {"attack": attack, "digit": digit, "other": other, **numbers}
    return Claim("fooled", slots, evidence, "cause", digit, (), attack.test)


def _not_found(attack: Attack) -> Claim:
    """How near it came: to the digit wanted, else to another than the one read."""
    before, after = attack.test.before, attack.test.after
    digit = before.digit if attack.target is None else attack.target
    second = int(np.argsort(-after.logits, kind="stable")[1])
    other = second if attack.target is None else after.digit
    numbers = {
        "before": float(before.probabilities[digit]),
        "after": float(after.probabilities[digit]),
        "other_after": float(after.probabilities[other]),
    }
    evidence = (
        Evidence("probability before", numbers["before"], "probability", "adversarial", digit),
        Evidence("probability after", numbers["after"], "probability", "adversarial", digit),
        Evidence("largest change tried", float(MOST_LEVELS), "grey levels", "adversarial", digit),
    )
    slots = {"attack": attack, "digit": digit, "other": other, "allowed": MOST_LEVELS, "greys": GREYS, **numbers}
    kind = "not_fooled" if attack.target is None else "not_fooled_into"
    return Claim(kind, slots, evidence, "cause", digit, (), attack.test)


def _size(attack: Attack) -> Claim:
    kind = "hidden" if attack.levels <= HIDDEN else "faint" if attack.levels <= FAINT else "plain"
    slots = {"levels": attack.levels, "greys": GREYS}
    evidence = (Evidence("largest change of a pixel", float(attack.levels), "grey levels", "adversarial"),)
    return Claim(f"fool_size_{kind}", slots, evidence, "cause", attack.test.before.digit)


def _check(asked: Asked, attack: Attack) -> Iterator[Claim]:
    """Whether the check for pictures that are no digits notices; nothing where these weights have none."""
    before, after = asked.reading.prediction, attack.case.prediction
    if before.strangeness is None or after.strangeness is None:
        return
    if not after.is_digit:
        kind = "notices"
    elif after.unusual:
        kind = "as_before" if before.unusual else "wonders"
    else:
        kind = "passes"
    slots = {"strangeness": after.strangeness, "strangeness_before": before.strangeness}
    looks = (Look(asked.case.pixels, before.strangeness), Look(attack.case.pixels, after.strangeness))
    evidence = (looks[0].evidence("strangeness before"), looks[1].evidence("strangeness after"))
    yield Claim(f"fool_check_{kind}", slots, evidence, "check", attack.test.after.digit, looks=looks)


def _noise(attack: Attack) -> Claim:
    """The same size at random: how often that changes the reading, and the pattern that costs the digit most.

    Of a digit that was asked for also how often it is read then: any other is not what was wanted.
    """
    digit = attack.test.before.digit
    worst = min(attack.noises, key=lambda test: float(test.after.probabilities[digit]))
    changed, reached, other = _misled(attack), _reached(attack), attack.test.after.digit
    slots = {
        "digit": digit,
        "other": other,
        "reached": reached,
        "count": len(attack.noises),
        "changed": changed,
        "worst": float(worst.after.probabilities[digit]),
        "levels": attack.levels,
        "greys": GREYS,
        "seed": attack.case.seed,
    }
    evidence = (
        Evidence("random patterns that change the reading", float(changed), "patterns", "noise_pattern", digit),
        Evidence("random patterns that do what was wanted", float(reached), "patterns", "noise_pattern", other),
        Evidence("least probability", slots["worst"], "probability", "noise_pattern", digit),
    )
    kind = "none" if not changed else "some" if attack.target is None else "into"
    return Claim(f"fool_noise_{kind}", slots, evidence, "control", digit, (), worst)


def _misled(attack: Attack) -> int:
    return sum(test.after.digit != test.before.digit for test in attack.noises)


def _reached(attack: Attack) -> int:
    """How many random patterns do what was wanted: change the reading, or make it the digit asked for."""
    if attack.target is None:
        return _misled(attack)
    return sum(test.after.digit == attack.target for test in attack.noises)


def _lesson(attack: Attack) -> Claim:
    """What this teaches; only what the attack and the noise together have shown."""
    before = attack.test.before
    probability = float(before.probabilities[before.digit])
    by_chance = "near" if attack.levels <= HIDDEN else "large"
    changed = _misled(attack)
    kind = by_chance if _reached(attack) else "into" if changed else "sure" if probability >= SURE else "aim"
    evidence = (
        Evidence("probability before", probability, "probability", "model", before.digit),
        Evidence("random patterns that change the reading", float(changed), "patterns", "noise_pattern", before.digit),
    )
    slots = {"digit": before.digit, "other": attack.test.after.digit, "before": probability}
    return Claim(f"fool_lesson_{kind}", slots, evidence, "control", before.digit, (), attack.test)


def _heatmap(attack: Attack) -> Iterator[Claim]:
    """How much of what speaks for the new digit lies where there was no ink."""
    positive = np.maximum(_changed_map(attack).values, 0).astype(np.float64)
    if positive.sum() <= 0:
        return
    share = float(positive[attack.test.before.pixels == 0].sum() / positive.sum())
    other = attack.test.after.digit
    evidence = (Evidence("positive attribution off the ink", share, "share", METHOD, other),)
    yield Claim("fool_heatmap", {"method": METHOD, "other": other, "share": share}, evidence, "methods", other)
