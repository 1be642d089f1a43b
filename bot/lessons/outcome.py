"""What a guess comes to on the network: every word of it rests on the tests that any other answer rests on.

A guess holds where its part is a reason (``bot/claims/causes.py``) and no other reason costs the digit noticeably more,
or where no part was guessed and none is a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.claims.causes import cause_claims, closing, deciding, effect_claim, is_cause, is_obstacle, large_claims
from bot.claims.controls import by_control, control_claim
from bot.claims.findings import NOTICEABLE, Effect, Findings, in_order
from bot.claims.verdicts import Named, against, hardly, other_part, verdict
from bot.lessons.guesses import NONE, PART, TELL, Guess
from bot.values import Claim, Evidence
from explainers.changes.pairs import part_edits
from explainers.values import Part

HOLDS = ("first", "level", "none_right")
SPREAD = ("none_", "little_flips", "no_better_than_random")  # claims that no part of the ink decides alone
MISSED = ("unclear", "small", "against")  # another part was guessed than the network goes by


def outcome_of(guess: Guess, findings: Findings) -> str:
    """How the part ranks: "first", "level" with another, "second" or "further" behind; "unclear", "small", "against".

    Without a part "none_right" or "none_wrong"; "told" where nothing was guessed.
    """
    if guess.kind == TELL:
        return "told"
    if guess.kind == NONE:
        return "none_wrong" if _reasons(findings) else "none_right"
    effect = effect_of(guess.parts[0], findings)
    if is_obstacle(findings, effect):
        return "against"
    if not is_cause(findings, effect):
        return "small" if abs(effect.drop) < NOTICEABLE else "unclear"
    more = _stronger(findings, effect)
    if more:
        return "second" if len(more) == 1 else "further"
    return "level" if _alike(findings, effect) else "first"


def outcome_claims(outcome: str, guess: Guess, findings: Findings, turn: int) -> Iterator[Claim]:
    """What became of the guess with its tests, and what matters most. ``turn``: how many questions went before."""
    if guess.kind != PART:
        yield _lead(outcome, turn, _counted(findings))
        yield from cause_claims(findings, ink_first=True)
        return
    effect = effect_of(guess.parts[0], findings)
    named = (effect, part_edits(effect.parts)[0])
    first, *rest = _tested(outcome, named, findings)
    if outcome == "unclear" and _is_much(effect, findings):
        lead = "unclear_much"
    else:
        lead = "small_alone" if first.kind.startswith("claim_partly_alone") else outcome
    yield from (_lead(lead, turn, first), first, *rest)
    if outcome in ("unclear", "small", "against"):
        told = {claim.parts for claim in (first, *rest) if claim.kind != "claim_partly_rest"}
        yield from _instead(told, findings)
    else:
        yield from _gap(effect, findings)


def strongest(findings: Findings) -> Effect | None:
    """The ink part that is the strongest reason for the digit."""
    return next(iter(deciding(findings, 1)), None)


def effect_of(part: Part, findings: Findings) -> Effect:
    """What erasing the part does, or filling it where it is a gap."""
    return next(effect for effect in (*findings.erasures, *findings.fillings) if effect.parts == (part,))


def _tested(outcome: str, named: Named, findings: Findings) -> Iterator[Claim]:
    """The test of the guess with its control, and how the guess ranks among the reasons."""
    effect, _ = named
    if outcome == "against":
        yield against(named)
        yield by_control(findings, effect)
    elif outcome in ("small", "unclear"):
        yield from hardly(findings, named)
    else:
        yield verdict("right" if outcome in HOLDS else "partly", named)
        yield control_claim(findings, effect)
        yield from _ranked(outcome, effect, findings)


def _ranked(outcome: str, effect: Effect, findings: Findings) -> Iterator[Claim]:
    """The strongest other reason beside one that counts; of a guess that comes first, the part that comes next.

    A part that costs more only because it is so much ink is no reason; that it costs more is said.
    """
    others = [other for other in findings.erasures if other.parts != effect.parts]
    if outcome in ("second", "further"):
        yield other_part("more", _stronger(findings, effect)[0])
    elif outcome == "level":
        yield other_part("as_much", _alike(findings, effect)[0])
    elif others and others[0].drop >= effect.drop:
        yield from large_claims(findings, others[0])
    elif others:
        small = "_small" if others[0].drop < NOTICEABLE else ""
        yield replace(other_part("next", others[0]), kind=f"lesson_runner_up{small}")


def _instead(told: set[tuple[Part, ...]], findings: Findings) -> Iterator[Claim]:
    """What matters most, or that nothing does alone, without telling again what the guess came to."""
    together = len(told) > 1
    for claim in cause_claims(findings, ink_first=True):
        if claim.kind.startswith(SPREAD) and (together or claim.parts in told):
            kind = "lesson_no_other" if together or closing(findings) else "lesson_spread"
            yield Claim(kind, {}, _counted(findings).evidence, "cause", findings.digit)
        elif not claim.kind.startswith("further_") and claim.parts not in told:
            yield claim


def _gap(effect: Effect, findings: Findings) -> Iterator[Claim]:
    """The empty place that must stay so, where there is one: what is not there can matter too."""
    gaps = [gap for gap in closing(findings) if gap.parts != effect.parts]
    yield from (effect_claim("first_gap", gap, topic="gap") for gap in gaps[:1])


def _is_much(effect: Effect, findings: Findings) -> bool:
    """Whether it is so much ink that random places cost the digit noticeably too, and more than half as much."""
    if effect.filled:
        return False
    return float(findings.control(effect).drops.mean()) >= max(NOTICEABLE, effect.drop / 2)


def _lead(outcome: str, turn: int, proof: Claim) -> Claim:
    """The outcome in a few words; every second time in others, where it is a frequent one."""
    again = "_again" if outcome in ("first", "small") and turn % 2 else ""
    return replace(proof, kind=f"lesson_{outcome}{again}", topic="cause")


def _counted(findings: Findings) -> Claim:
    """How many parts were found to be reasons: what a sentence about no single part rests on."""
    reasons = len(_reasons(findings))
    evidence = (Evidence("parts that are reasons", float(reasons), "parts", "erase", findings.digit),)
    return Claim("lesson_told", {"digit": findings.digit}, evidence, "cause", findings.digit)


def _reasons(findings: Findings) -> tuple[Effect, ...]:
    return deciding(findings, len(findings.erasures))


def _stronger(findings: Findings, effect: Effect) -> list[Effect]:
    """The other reasons that cost the digit noticeably more, the strongest first."""
    return [other for other in _others(findings, effect) if other.drop >= effect.drop + NOTICEABLE]


def _alike(findings: Findings, effect: Effect) -> list[Effect]:
    """The other reasons that cost it about as much."""
    return [other for other in _others(findings, effect) if abs(other.drop - effect.drop) < NOTICEABLE]


def _others(findings: Findings, effect: Effect) -> list[Effect]:
    """Ink is asked about, so a gap is held against a guess only where that was a gap too."""
    reasons = (*_reasons(findings), *closing(findings)) if effect.filled else _reasons(findings)
    return [other for other in in_order(reasons) if other.parts != effect.parts]
