"""Claims about controls: what as much ink does at random places, beside what a named part does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from bot.claims.findings import (
    CLEAR_LEAD,
    NOTICEABLE,
    TOLD,
    Effect,
    Findings,
    hardly_matters,
    matched_elsewhere,
    standard_error,
)
from bot.values import Claim, Evidence, Reading
from explainers.controls import Control
from explainers.values import Test

OFTEN = 0.3  # of the random places: from more on, what they do is told beside what a change raises


def held_against(claim: Claim, reading: Reading | None) -> Claim:
    """``claim`` with the control that its test was held against; as it is where none was run, or it brings its own.

    What costs the digit too little to be a cause is held against none.
    """
    if reading is None or claim.test is None or claim.digit is None or claim.controls:
        return claim
    control = known_control(reading, claim.test, claim.digit)
    noticed = abs(claim.test.drop(claim.digit)) >= NOTICEABLE
    return replace(claim, controls=(control,)) if control is not None and noticed else claim


def known_control(reading: Reading, test: Test, digit: int) -> Control | None:
    """The control of the same change in the picture that was read, where one was run."""
    findings = reading.findings.get(digit)
    if findings is None or not np.array_equal(test.before.pixels, findings.case.pixels):
        return None
    control = findings.known_control(Effect((), test, digit))
    return control if control is not None and control.tests else None


def control_evidence(findings: Findings, effect: Effect) -> Evidence:
    """By how much the digit's probability falls on average at random places, where as much is done as by ``effect``."""
    mean = float(findings.control(effect).drops.mean())
    source = "fill_patch" if effect.filled else "erase_patch"
    return Evidence("mean drop at random places", mean, "probability", source, effect.digit)


def control_claim(findings: Findings, effect: Effect) -> Claim:
    """What the same amount of ink, erased or added at random places, does; for comparison.

    That it hardly matters, or explains a part, is said only where the effect is clearly more than that.
    """
    drops, clearly = findings.control(effect).drops, findings.beats_control(effect)
    mean, most = float(drops.mean()), float(drops.max())
    slots: dict[str, object] = {}
    if clearly and not effect.filled and hardly_matters(drops):
        kind = "control_small"
    elif mean <= -TOLD:
        kind, slots["points"] = "control_fill_raises" if effect.filled else "control_raises", -mean
        if most >= NOTICEABLE and not effect.filled:
            kind = "control_raises_mixed"
    elif effect.filled:
        kind = "control_fill"
    elif clearly and mean > effect.drop / 2:
        kind = "control_large"
    else:
        as_much = int((drops >= max(NOTICEABLE, effect.drop / 2)).sum())
        apart = most >= max(NOTICEABLE, mean + CLEAR_LEAD)
        matched = matched_elsewhere(effect.test, findings.control(effect))
        mixed = apart and (matched or mean < NOTICEABLE / 2 or as_much > OFTEN * len(drops))
        kind = "control_mixed" if mixed else "control"
    if kind.endswith("_mixed"):
        more = NOTICEABLE if mean <= -TOLD else max(NOTICEABLE, mean + CLEAR_LEAD)
        slots |= {"most": most, "often": int((drops >= more).sum())}
    return _told(kind, slots, findings, effect, "cause")


def rise_by_chance(findings: Findings, effect: Effect, topic: str = "cause") -> Iterator[Claim]:
    """Of a change that raises the digit, that as much elsewhere often does so too; nothing where it does not.

    By more than half as much: on average, or else at more random places than by chance share a spot with the change.
    """
    rises, half = -findings.control(effect).drops, -effect.drop / 2
    if not rises.size:  # no room to fill as much elsewhere
        return
    mean, often = float(rises.mean()), int((rises > half).sum())
    if mean <= half and often <= OFTEN * len(rises):
        return
    kind = "obstacle_control_fill" if effect.filled else "obstacle_control"
    slots: dict[str, object] = {"points": mean}
    if mean > half:
        kind += "_large"
    else:
        kind += "_uneven" if mean > -TOLD else "_some"
        slots |= {"points": abs(mean), "often": often, "most": float(rises.max())}
    yield _told(kind, slots, findings, effect, topic)


def _told(kind: str, slots: dict[str, object], findings: Findings, effect: Effect, topic: str) -> Claim:
    """A claim about the control of ``effect``, which it brings along."""
    control = findings.control(effect)
    slots = {"digit": effect.digit, "seed": findings.case.seed, **control_slots(findings, effect), **slots}
    return Claim(
        kind, slots, (control_evidence(findings, effect),), topic, effect.digit, effect.parts, controls=(control,)
    )


def by_control(findings: Findings, effect: Effect) -> Claim:
    """What as much ink at random places leaves to the digit, on average and at either end."""
    control = findings.control(effect)
    slots = {
        "after": control.left,
        "least": effect.before - float(control.drops.max()),
        "most": effect.before - float(control.drops.min()),
        "places": len(control.drops),
    }
    source = "fill_patch" if effect.filled else "erase_patch"
    evidence = (Evidence("mean left after random places", control.left, "probability", source, effect.digit),)
    kind = "claim_control_fill" if effect.filled else "claim_control_erase"
    return Claim(kind, slots, evidence, "cause", effect.digit, effect.parts, controls=(control,))


def control_slots(findings: Findings, effect: Effect) -> dict[str, object]:
    """At how many random places, and by how much the digit's probability falls there on average; below 0 it rises."""
    drops = findings.control(effect).drops
    return {"places": len(drops), "points": float(drops.mean()), "error": standard_error(drops)}


def controls_claim(findings: Findings, effects: Sequence[Effect]) -> Claim:
    """The same of several parts, or of several gaps, in one sentence: the most that any of their controls does.

    As of one, that it hardly matters is said only where each of them is clearly more than that.
    """
    controls = [findings.control(effect) for effect in effects]
    most = max(controls, key=lambda control: control.drops.mean())
    mean = float(most.drops.mean())
    filled = effects[0].filled
    clearly = all(findings.beats_control(effect) for effect in effects)
    small = "_small" if clearly and all(hardly_matters(control.drops) for control in controls) else ""
    slots = {
        "digit": findings.digit,
        "places": min(len(control.drops) for control in controls),
        "points": mean,
        "error": standard_error(most.drops),
        "seed": findings.case.seed,
    }
    evidence = tuple(control_evidence(findings, effect) for effect in effects)
    kind = "controls_together_fill" if filled else f"controls_together{small}"
    parts = tuple(part for effect in effects for part in effect.parts)
    return Claim(kind, slots, evidence, "cause", findings.digit, parts, controls=tuple(controls))
