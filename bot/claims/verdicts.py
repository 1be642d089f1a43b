"""Whether a digit depends on what a person named: right, in part, against, or not; every word of it tested.

A claim that something does *not* matter is the mirror of one that it does, so a verdict is about the fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from bot.claims.causes import MOST_PARTS, effect_claim, effect_evidence, is_cause, is_obstacle, large_claims
from bot.claims.controls import by_control, control_claim
from bot.claims.findings import NOTICEABLE, Effect, Findings, single
from bot.values import Claim, Evidence
from explainers.changes.edits import Edit

Named = tuple[Effect, Edit]  # what was done to the place that a person named, and in which words


def verdict_claims(findings: Findings, named: Named) -> Iterator[Claim]:
    """The verdict on one place with its test and control, and what counts more, or as well, or only with it."""
    effect, _ = named
    if is_obstacle(findings, effect):
        yield against(named)
        yield by_control(findings, effect)
    elif is_cause(findings, effect):
        yield from _depends(findings, named)
    elif effect.before < NOTICEABLE:
        yield verdict("no_room", named, by_outcome=False)
    else:
        yield from hardly(findings, named)


def _depends(findings: Findings, named: Named) -> Iterator[Claim]:
    """In part where another single part is clearly more of a cause; what costs more as any such ink would is told."""
    effect, _ = named
    others = [other for other in single(findings) if not _within(other, effect)]
    more = [other for other in others if other.drop >= effect.drop + NOTICEABLE]
    cause = next((other for other in more if is_cause(findings, other)), None)
    large = next((other for other in more if not other.filled), None)
    yield verdict("partly" if cause else "right", named)
    yield control_claim(findings, effect)
    if cause is not None:
        yield other_part("more", cause)
    elif large is not None:
        yield from large_claims(findings, large)
    else:
        yield from _beside(findings, effect, others)


def _beside(findings: Findings, effect: Effect, others: Sequence[Effect]) -> Iterator[Claim]:
    """Another part that costs about as much, or that none does."""
    alike = [other for other in others if other.drop > effect.drop - NOTICEABLE]
    cause = next((other for other in alike if is_cause(findings, other)), None)
    if cause is not None:
        yield other_part("as_much", cause)
    elif others and 2 * others[0].drop <= effect.drop:
        yield other_part("next", others[0])


def hardly(findings: Findings, named: Named) -> Iterator[Claim]:
    """What costs too little, or no more than as much ink at random places; unless it counts together with others.

    Ink can be erased anywhere there is some; for a large gap there may be no room to fill as much elsewhere.
    """
    effect, _ = named
    if abs(effect.drop) >= NOTICEABLE:
        if findings.control(effect).tests:
            yield verdict("wrong_random", named, by_outcome=False)
            yield by_control(findings, effect)
        else:
            yield verdict("wrong_no_control", named, by_outcome=False)
    elif (together := _needed_together(findings, effect)) is None:
        yield verdict("wrong_small", named)
    else:
        whole, rest = together
        yield verdict("partly_alone", named, by_outcome=False)
        yield effect_claim("claim_partly_together", whole)
        yield _left("claim_partly_rest", rest)


def _needed_together(findings: Findings, effect: Effect) -> tuple[Effect, Effect] | None:
    """A set whose erasing changes the reading, is a cause, and clearly less of one without the part named."""
    if len(effect.parts) != 1 or effect.filled:
        return None
    for whole, rest in findings.flips_with(effect.parts[0]):
        if whole.drop >= rest.drop + NOTICEABLE and not rest.flips and is_cause(findings, whole):
            return whole, rest
    return None


def strongest(findings: Findings) -> Effect | None:
    """The part, erased or filled by itself, that is the strongest cause of the digit."""
    return next((effect for effect in single(findings) if is_cause(findings, effect)), None)


def strongest_claims(findings: Findings) -> Iterator[Claim]:
    """The strongest cause; only of those beyond chance where something costs more, though no more than anywhere.

    Of one that leaves the digit most of what it has, it is not said to be above all what makes it.
    """
    effects, cause = single(findings), strongest(findings)
    if cause is None:
        return
    if not cause.flips and cause.after > cause.before / 2:
        kind = "instead_fill_helps" if cause.filled else "instead_helps"
        yield replace(effect_claim("instead", cause), kind=kind)
        return
    stem = "instead" if cause is effects[0] else "instead_beyond_chance"
    yield effect_claim(f"{stem}_fill" if cause.filled else stem, cause)


def _within(other: Effect, effect: Effect) -> bool:
    """Whether most of what ``other`` changes is changed by ``effect`` too."""
    changed = other.changed != 0
    return 2 * int((changed & (effect.changed != 0)).sum()) > int(changed.sum())


def against(named: Named) -> Claim:
    """That the digit would be likelier without the ink, or with the gap filled."""
    effect, edit = named
    outcome = "wins" if effect.test.after.digit == effect.digit else "rises"
    return _told(f"claim_against_{edit.change}_{outcome}", named)


def verdict(name: str, named: Named, by_outcome: bool = True) -> Claim:
    """``claim_<name>_<erase or fill>``, and ``_flips`` or ``_keeps`` where the sentence tells what is read then."""
    effect, edit = named
    outcome = ("_flips" if effect.flips else "_keeps") if by_outcome else ""
    return _told(f"claim_{name}_{edit.change}{outcome}", named)


def _told(kind: str, named: Named) -> Claim:
    effect, edit = named
    after = effect.test.after
    slots = {
        "digit": effect.digit,
        "edit": edit,
        "edits": (edit,),
        "before": effect.before,
        "after": effect.after,
        "now": after.digit,
        "still": not effect.flips,  # "I would still read" instead of "then"
        "now_probability": float(after.probabilities[after.digit]),
        "log_odds_change": -effect.log_odds_drop,
    }
    return Claim(kind, slots, effect_evidence(effect), "cause", effect.digit, effect.parts, effect.test)


def other_part(name: str, effect: Effect) -> Claim:
    """What another part leaves to the digit, in a sentence of its own: "more", "as_much" or "next"."""
    return _left(f"claim_{name}_{'fill' if effect.filled else 'erase'}", effect)


def _left(kind: str, effect: Effect) -> Claim:
    """What a test leaves to the digit."""
    slots = {
        "digit": effect.digit,
        "parts": effect.parts,
        "after": effect.after,
        "log_odds_change": -effect.log_odds_drop,
    }
    return Claim(kind, slots, effect_evidence(effect), "cause", effect.digit, effect.parts, effect.test)


def several_claims(findings: Findings, named: Sequence[Named]) -> Iterator[Claim]:
    """Several places of the same name: a verdict on each, the strongest first, and that with its control."""
    for place, one in enumerate(sorted(named, key=lambda one: -abs(one[0].drop))[:MOST_PARTS]):
        yield from islice(verdict_claims(findings, one), 1 if place else 2)


def all_ink(digit: int, edit: Edit) -> Claim:
    """That the place named holds all the ink: without it there is nothing to read."""
    evidence = (Evidence("share of the ink", 1.0, "share", "parts"),)
    return Claim("claim_all_ink", {"digit": digit, "edit": edit}, evidence, "cause", digit, edit.parts)
