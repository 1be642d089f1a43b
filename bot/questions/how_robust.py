"""How much can be changed before you stop saying 5?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from bot.claims.causes import MOST_PARTS, against_chance, effect_claim, effect_evidence, reading_claim
from bot.claims.controls import control_evidence, controls_claim
from bot.claims.findings import NOTICEABLE, Effect
from bot.claims.looks import look_at, with_looks
from bot.figures.borders import draw_borders
from bot.questions.base import Answer, Asked, Drawing
from bot.values import Claim, Evidence, Figure, Further
from explainers import checks
from explainers.changes.robustness import Border, borders
from explainers.subsets.part_sets import PartSets, part_sets
from explainers.values import Part, log_odds


class HowRobust(Answer):
    """Which parts may go and which must stay; how far the whole picture can be turned, moved, scaled and thinned."""

    type = "how_robust"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """About the digit that is read, also where another was asked about: bot/claims/premises.py has said so."""
        yield reading_claim(asked.case)
        yield from set_claims(asked, part_sets(asked.case))
        found = borders(asked.case)
        yield from border_claims(found, asked.read_digit)
        yield from _unlike(found, asked.read_digit)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The borders side by side, then the parts erased."""
        at_border = [claim for claim in claims if claim.kind.startswith("robust_border")]
        if at_border:
            looks = [look for claim in claims if claim.kind == "robust_unlike" for look in claim.looks]
            yield draw_borders(at_border, looks, drawing.said, drawing.words)
        yield from drawing.tests([claim for claim in claims if claim.parts and claim.test], asked.read_digit)


def set_claims(asked: Asked, sets: PartSets) -> Iterator[Claim]:
    """What may go, what must stay, what is enough by itself; nothing of a picture with a single part."""
    if sets.free:
        many = ("one", "two")[len(sets.free) - 1] if len(sets.free) <= 2 else "many"
        yield _erased(f"robust_free_{many}", asked, sets.free)
    needed = [
        _erased("robust_must_further" if place else "robust_must_first", asked, (part,))
        for place, part in enumerate(sets.must[:MOST_PARTS])
    ]
    yield from needed
    yield from _strange(asked, needed)
    yield from _against_chance(asked, needed)
    ink = tuple(part for part in asked.case.parts if part.kind == "ink")
    if len(ink) < 2:
        return
    every = {"complete": asked.case.runs.complete}  # else a smaller set may be among those that were not run
    together = None if sets.must else asked.findings.smallest_flip
    if together is not None:
        claim = effect_claim("robust_together", together)
        yield replace(claim, slots={**claim.slots, **every})
        yield from _strange(asked, [claim])
    rest = tuple(part for part in ink if part not in sets.enough)
    if not sets.enough:
        if len(sets.must) < len(ink):
            return  # a reading without a majority: that no part can be spared has not been seen
        evidence = (Evidence("parts", float(len(ink)), "parts", "erase", asked.read_digit),)
        yield Claim("robust_all_needed", {"digit": asked.read_digit}, evidence, "cause", asked.read_digit)
    elif rest != sets.free:
        missed = tuple(part for part in sets.must if part not in sets.enough)
        claim = _erased("robust_enough", asked, rest, {"needed": sets.enough, "must": missed, **every})
        left = _left(claim)
        look = asked.classifier.predict(left)
        if not look.is_digit:
            # One sentence: one half without the other misleads.
            yield with_looks(replace(claim, kind="robust_enough_unlike"), look_at(left, look))
        else:
            yield replace(claim, kind="robust_enough_yet") if missed else claim


def _against_chance(asked: Asked, claims: Sequence[Claim]) -> Iterator[Claim]:
    """What as much ink at random places does beside the tests of the claims, and which of them do not beat that."""
    findings, digit = asked.findings, asked.read_digit
    effects = [Effect(claim.parts, claim.test, digit) for claim in claims if claim.test is not None]
    if len(effects) == 1:
        yield from against_chance(findings, effects[0])
        return
    noticed = [one for one in effects if one.drop >= NOTICEABLE]
    findings.run_controls(noticed)
    effects = [one for one in noticed if len(findings.control(one).drops)]
    if not effects:
        return
    yield controls_claim(findings, effects)
    weak = [one for one in effects if not findings.beats_control(one)]
    if weak:
        parts = tuple(part for one in weak for part in one.parts)
        evidence = tuple(control_evidence(findings, one) for one in weak)
        controls = tuple(findings.control(one) for one in weak)
        yield Claim("robust_by_chance", {"parts": parts}, evidence, "cause", digit, parts, controls=controls)


def _left(claim: Claim) -> np.ndarray:
    """(28, 28): the picture that the claim's test leaves."""
    if claim.test is None:
        raise ValueError(f"{claim.kind} has no test")
    return claim.test.after.pixels


def _strange(asked: Asked, claims: Sequence[Claim]) -> Iterator[Claim]:
    """That what the test of some of the claims leaves does not look like a digit: one sentence for all of them."""
    left = [_left(claim) for claim in claims]
    seen = [asked.classifier.predict(pixels) for pixels in left]
    strange = [place for place, one in enumerate(seen) if not one.is_digit]
    if strange:
        parts = tuple(part for place in strange for part in claims[place].parts)
        kind = "robust_strange_each" if len(strange) > 1 else "robust_strange"
        if len(claims) == 1:
            kind = "robust_strange_then"  # which needs no name: it follows the sentence that has it
        looks = tuple(look for place in strange for look in look_at(left[place], seen[place]))
        yield with_looks(Claim(kind, {"parts": parts}, (), "cause", asked.read_digit, parts), looks)


def _erased(kind: str, asked: Asked, parts: tuple[Part, ...], more: dict[str, object] | None = None) -> Claim:
    effect = Effect(parts, checks.erase(asked.case, parts), asked.read_digit)
    after = effect.test.after
    slots = {
        "digit": effect.digit,
        "part": parts[0],
        "parts": parts,
        "after": effect.after,
        "now": after.digit,
        "now_probability": float(after.probabilities[after.digit]),
        "log_odds": float(log_odds(after.logits, effect.digit)),
        **(more or {}),
    }
    return Claim(kind, slots, effect_evidence(effect), "cause", effect.digit, parts, effect.test)


def border_claims(found: Sequence[Border], digit: int) -> Iterator[Claim]:
    """How far each way goes; those that never change the reading in one sentence, with the weakest test."""
    for border in found:
        if border.flipped is not None:
            yield _border("robust_border" if border.held else "robust_border_at_once", border, digit)
    holding = [border for border in found if border.flipped is None]
    if not holding:
        return
    weakest = min(holding, key=lambda border: float(border.test.after.probabilities[digit]))
    evidence = tuple(
        Evidence(
            "probability " + " ".join(str(value) for value in border.held.to_operation().values()),
            float(border.test.after.probabilities[digit]), "probability", "border", digit,
        )
        for border in holding if border.held is not None
    )  # fmt: skip
    slots = {
        "digit": digit,
        "ways": tuple(border.held for border in holding),
        "edits": (weakest.held,),  # what its test did
        "weakest": (weakest.held,),
        "after": float(weakest.test.after.probabilities[digit]),
    }
    kind = "robust_holds_one" if len(holding) == 1 else "robust_holds_many"
    others = [border for border in holding if border is not weakest]
    further = tuple(Further(border.test, edits=(border.held,)) for border in others if border.held is not None)
    yield Claim(
        kind,
        slots,
        evidence,
        "border",
        digit,
        test=weakest.test,
        further_tests=further,
        quoted="least",
        read_in_all=True,
    )


def _unlike(found: Sequence[Border], digit: int) -> Iterator[Claim]:
    """Where the furthest picture of some of the ways does not look like a digit."""
    unlike = [border for border in found if not border.look.is_digit]
    if unlike:
        ways = tuple(border.furthest for border in unlike)
        looks = tuple(look for border in unlike for look in look_at(border.test.after.pixels, border.look))
        yield with_looks(Claim("robust_unlike", {"ways": ways}, (), "border", digit), looks)


def _border(kind: str, border: Border, digit: int) -> Claim:
    before, after = float(border.test.before.probabilities[digit]), border.test.after
    slots: dict[str, object] = {
        "digit": digit,
        "flipped": (border.flipped,),
        "before": before,
        "now": after.digit,
        "now_probability": float(after.probabilities[after.digit]),
    }
    # The test of a border goes from the last picture that holds to the first that does not: both are named.
    slots |= {"edits": (border.flipped,)} if border.held is None else {"held": (border.held,)}
    evidence = (
        Evidence("probability while it holds", before, "probability", "border", digit),
        Evidence("probability afterwards", float(after.probabilities[digit]), "probability", "border", digit),
    )
    return Claim(kind, slots, evidence, "border", digit, test=border.test)
