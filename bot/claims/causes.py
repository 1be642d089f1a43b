"""The rules: which findings become which claims. Nothing else makes a claim about a cause.

A claim about a cause needs a test in which the network was run on the changed picture, and its effect must be
noticeable and clearly larger than that of the same amount of ink erased at random places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Literal

from bot.claims.controls import by_control, control_claim, control_evidence, control_slots, rise_by_chance
from bot.claims.doubt import SURE, certainty_cue
from bot.claims.findings import (
    CLEAR_LEAD,
    NOTICEABLE,
    TOLD,
    Effect,
    Findings,
    alike_elsewhere,
    in_order,
    matched_elsewhere,
    only_by_spread,
    single,
)
from bot.values import Claim, Evidence, Further
from explainers.base import Case
from explainers.values import log_odds
from model.values import Prediction

MOST_PARTS = 3  # more parts than this nobody keeps in mind


def reading_claim(case: Case, reasons: bool = False) -> Claim:
    """What is read, in the tone that the margin allows; ``reasons`` follow, which of a close call are no proof."""
    prediction = case.prediction
    kinds = {"close_call": "reading_close", "unsure": "reading_likely", None: "reading_sure"}
    kind = kinds[certainty_cue(prediction)]
    slots = {
        "digit": prediction.digit,
        "probability": prediction.probability,
        "other": prediction.runner_up,
        "other_probability": float(prediction.probabilities[prediction.runner_up]),
        "log_odds": float(log_odds(prediction.logits, prediction.digit)),
        "temperature": case.classifier.temperature,
        "reasons": reasons,
    }
    evidence = (
        Evidence("probability", prediction.probability, "probability", "model", prediction.digit),
        Evidence("probability", slots["other_probability"], "probability", "model", prediction.runner_up),
    )
    return Claim(kind, slots, evidence, topic="reading", digit=prediction.digit)


def margin_claim(prediction: Prediction) -> Claim:
    """How far the reading is ahead of the runner-up, which ``reading_claim`` names already where it is in doubt."""
    slots = {
        "digit": prediction.digit,
        "margin": prediction.margin,
        "other": prediction.runner_up,
        "probability": prediction.probability,
        "other_probability": float(prediction.probabilities[prediction.runner_up]),
    }
    evidence = (Evidence("margin", prediction.margin, "probability", "model", prediction.digit),)
    kind = "margin" if certainty_cue(prediction) is None else "margin_told"
    return Claim(kind, slots, evidence, topic="reading", digit=prediction.digit)


def doubt_claims(prediction: Prediction) -> Iterator[Claim]:
    """What the reader should doubt before any explanation: a picture unlike those learnt from."""
    if prediction.unusual and prediction.strangeness is not None:
        slots = {"strangeness": prediction.strangeness}
        evidence = (Evidence("strangeness", prediction.strangeness, "share of the limit", "model"),)
        yield Claim("unusual_image", slots, evidence, topic="doubt", digit=prediction.digit)


def is_cause(findings: Findings, effect: Effect) -> bool:
    """Whether erasing or filling this part may be said to carry the digit."""
    return effect.drop >= NOTICEABLE and findings.beats_control(effect)


def _noticeable(effects: Iterable[Effect]) -> list[Effect]:
    return [effect for effect in effects if effect.drop >= NOTICEABLE]


def is_obstacle(findings: Findings, effect: Effect) -> bool:
    """Whether this part, or this empty place, may be said to stand against the digit."""
    return -effect.drop >= NOTICEABLE and findings.beats_control(effect)


def deciding(findings: Findings, most: int = MOST_PARTS) -> tuple[Effect, ...]:
    """The one to ``most`` ink parts that may be named as causes, the strongest first."""
    causes = (effect for effect in findings.erasures if is_cause(findings, effect))
    return tuple(islice(causes, most))


def closing(findings: Findings) -> tuple[Effect, ...]:
    """The gaps whose filling costs the digit clearly, the strongest first: what must stay empty."""
    return tuple(effect for effect in findings.fillings if is_cause(findings, effect))[:MOST_PARTS]


def opposing(findings: Findings) -> tuple[Effect, ...]:
    """The ink parts without which the digit would be clearly more likely, the strongest first."""
    against = [effect for effect in findings.erasures if is_obstacle(findings, effect)]
    return tuple(sorted(against, key=lambda effect: effect.drop))[:MOST_PARTS]


def effect_claim(stem: str, effect: Effect, topic: str = "cause") -> Claim:
    """A sentence about one test: ``<stem>_flips`` where another digit is read afterwards, else ``<stem>_weakens``."""
    after = effect.test.after
    slots: dict[str, object] = {
        "digit": effect.digit,
        "before": effect.before,
        "after": effect.after,
        "other": after.digit,
        "other_after": float(after.probabilities[after.digit]),
        "log_odds_change": -effect.log_odds_drop,
    }
    if len(effect.parts) == 1:
        slots["part"] = effect.parts[0]
    else:
        slots["parts"] = effect.parts
    return Claim(
        f"{stem}_flips" if effect.flips else f"{stem}_weakens",
        slots,
        effect_evidence(effect),
        topic,
        effect.digit,
        effect.parts,
        effect.test,
    )


def of_all(
    claim: Claim, effects: Iterable[Effect], quoted: Literal["least", "most"], read_in_all: bool | None = None
) -> Claim:
    """A claim that speaks of all ``effects`` and quotes the test of one: with the tests of the others."""
    others = tuple(Further(effect.test, effect.parts) for effect in effects if effect.test is not claim.test)
    return replace(claim, further_tests=others, quoted=quoted, read_in_all=read_in_all)


def effect_evidence(effect: Effect) -> tuple[Evidence, ...]:
    """The numbers of one test."""
    source = str(effect.test.operation["kind"])
    return (
        Evidence("probability before", effect.before, "probability", source, effect.digit),
        Evidence("probability after", effect.after, "probability", source, effect.digit),
        Evidence("log-odds drop", effect.log_odds_drop, "logit", source, effect.digit),
    )


def cause_claims(findings: Findings, ink_first: bool = False) -> Iterator[Claim]:
    """Why the digit is read: the parts that decide, or that none does alone; then the empty places that matter.

    Where an empty place costs the digit more than any part, it comes first; with ``ink_first`` the part does, and
    "most" is then said of the ink alone.
    """
    # Where a large batch takes little longer than a small one; elsewhere each cause is told as soon as it is known.
    if findings.case.classifier.aside:
        findings.run_controls([*_noticeable(findings.erasures)[:MOST_PARTS], *_noticeable(findings.fillings)])
    causes = deciding(findings)
    leading = _leading_gap(findings, causes[0]) if causes else None
    if leading is not None and not ink_first:
        yield from _first_gap(findings, leading)
    for place, effect in enumerate(causes):
        if place == 0 and (leading is None or ink_first):
            yield from _first_part(findings, effect, ink_first)
        else:
            yield effect_claim("further_part", effect)
    if not causes:
        yield from _spread_out(findings)
    for place, effect in enumerate(closing(findings)):
        if ink_first or effect is not leading:
            yield effect_claim("first_gap" if place == 0 else "further_gap", effect, topic="gap")


def _leading_gap(findings: Findings, cause: Effect) -> Effect | None:
    """The gap whose filling costs the digit most of those that may be named, where that is more than ``cause`` does."""
    ordered = in_order((cause, *findings.fillings))
    first = next(effect for effect in ordered if effect is cause or is_cause(findings, effect))
    return None if first is cause else first


def _first_gap(findings: Findings, gap: Effect) -> Iterator[Claim]:
    """The strongest cause where that is a gap, and its control; as ``_first_part`` says of a part."""
    most = gap is single(findings)[0]
    yield effect_claim("first_gap_most" if most else "first_gap_beyond_chance", gap)
    yield control_claim(findings, gap)
    yield from _larger(findings, gap)


def _first_part(findings: Findings, part: Effect, of_ink: bool) -> Iterator[Claim]:
    """The strongest cause, and its control; with ``of_ink`` it is compared with ink alone.

    Something else may cost the digit more still, and yet no more than as much ink does at random places: then it is
    "most" only of what beats chance.
    """
    if part is single(findings)[0]:
        stem = "first_part"
    else:
        stem = "first_part_of_ink" if of_ink and part is findings.erasures[0] else "first_beyond_chance"
    yield effect_claim(stem, part)
    yield control_claim(findings, part)
    yield from _larger(findings, part)


def _larger(findings: Findings, cause: Effect) -> Iterator[Claim]:
    """The part that costs the digit most, where that is more than ``cause`` does, and no cause itself."""
    first, *_ = in_order((cause, findings.erasures[0]))
    if first is not cause:
        yield from large_claims(findings, first)


def against_chance(findings: Findings, effect: Effect) -> Iterator[Claim]:
    """The control, and where the place does not clearly beat it, that; nothing where little flips a close call."""
    if effect.drop < NOTICEABLE or not len(findings.control(effect).drops):
        return
    yield control_claim(findings, effect)
    if not findings.beats_control(effect):
        evidence = effect_evidence(effect)
        yield Claim("tried_no_cause", {}, evidence, "cause", effect.digit, effect.parts, effect.test)


def large_claims(findings: Findings, effect: Effect) -> Iterator[Claim]:
    """That a part costs the digit more still, but is a lot of ink, and what as much at random places leaves."""
    slots = {"digit": effect.digit, "part": effect.parts[0], "after": effect.after}
    yield Claim("large_part", slots, effect_evidence(effect), "cause", effect.digit, effect.parts, effect.test)
    yield replace(by_control(findings, effect), kind="large_control")


def _spread_out(findings: Findings) -> Iterator[Claim]:
    if not findings.erasures:
        return
    worst = min(findings.erasures, key=lambda effect: effect.after)
    slots = {
        "digit": findings.digit,
        "count": len(findings.erasures),
        "part": worst.parts[0],
        "after": worst.after,
        "log_odds_change": -worst.log_odds_drop,
    }
    flips = [effect for effect in findings.erasures if effect.flips]
    if worst.drop >= NOTICEABLE:
        yield _no_better_than_random(findings, worst, slots)
    elif flips:
        yield _little_flips(findings, flips[0])
    else:
        kind = "none_carries" if worst.drop <= -TOLD else "none_decides"
        slots["before"] = worst.before
        claim = Claim(kind, slots, effect_evidence(worst), "cause", findings.digit, worst.parts, worst.test)
        yield of_all(claim, findings.erasures, "least", read_in_all=True)
    together = findings.smallest_flip
    if together is not None and not flips and is_cause(findings, together):  # else it would not take more than one
        yield effect_claim("together", together)


def _no_better_than_random(findings: Findings, worst: Effect, slots: Mapping[str, object]) -> Claim:
    """That the part that the digit misses most costs it no clearly more than as much ink at random places."""
    evidence = (*effect_evidence(worst), control_evidence(findings, worst))
    control = findings.control(worst)
    drops = control.drops
    slots = {**slots, **control_slots(findings, worst)}
    if worst.drop >= float(drops.mean()) + CLEAR_LEAD and matched_elsewhere(worst.test, control):
        alike = drops[alike_elsewhere(worst.test, control)]
        kind = "no_better_than_random_alike"
        others = int(control.elsewhere(worst.test).sum())
        slots |= {"alike": len(alike), "others": others, "most": float(alike.max())}
    elif only_by_spread(worst.drop, drops):
        kind, slots["most"] = "no_better_than_random_uneven", float(drops.max())
    else:
        kind = "no_better_than_random_more" if float(drops.mean()) >= worst.drop else "no_better_than_random"
    claim = Claim(kind, slots, evidence, "cause", findings.digit, worst.parts, worst.test)
    return of_all(claim, findings.erasures, "least")


def _little_flips(findings: Findings, effect: Effect) -> Claim:
    """That no part costs the digit much, and yet one changes the reading, as it is a close call."""
    after = effect.test.after
    slots = {
        "digit": findings.digit,
        "count": len(findings.erasures),
        "part": effect.parts[0],
        "after": effect.after,
        "now": after.digit,
        "now_probability": float(after.probabilities[after.digit]),
        "log_odds_change": -effect.log_odds_drop,
    }
    claim = Claim("little_flips", slots, effect_evidence(effect), "cause", findings.digit, effect.parts, effect.test)
    others = tuple(Further(one.test, one.parts) for one in findings.erasures if one is not effect)
    return replace(claim, further_tests=others)


def against_claims(findings: Findings) -> Iterator[Claim]:
    """What was measured to speak against the digit: parts without which it would be more likely."""
    for effect in opposing(findings):
        yield effect_claim("against", effect, topic="against")
        yield from rise_by_chance(findings, effect, topic="against")


def nothing_against(findings: Findings) -> Iterator[Claim]:
    """Where no part is found to speak against the digit: what erasing does for it at best.

    Only where there was room for it to rise, and where no empty place speaks against it.
    """
    if not findings.erasures or findings.erasures[0].before > 1 - NOTICEABLE:
        return
    if any(is_obstacle(findings, effect) for effect in findings.fillings):
        return
    best = max(findings.erasures, key=lambda effect: effect.after)
    slots = {"digit": findings.digit, "before": best.before, "after": best.after, "part": best.parts[0]}
    kind = "all_for" if best.drop >= TOLD else "nothing_against"
    claim = Claim(kind, slots, effect_evidence(best), "against", findings.digit, best.parts, best.test)
    if -best.drop >= NOTICEABLE:
        yield replace(claim, kind="against_by_chance")
    else:
        yield of_all(claim, findings.erasures, "most")


def no_cause_claims(findings: Findings) -> Iterator[Claim]:
    """That the evidence is weak: no test found a cause, and the reading is not sure either.

    Of a sure reading without a cause it has been said that the evidence is spread out, where there are parts. All the
    tests that are counted stand in the claim, also those that raise the digit.
    """
    if findings.erasures and findings.case.prediction.probability >= SURE:
        return
    tests = single(findings)
    slots = {"digit": findings.digit, "tests": len(tests)}
    evidence = (Evidence("tests that found a cause", 0.0, "tests", "erase, fill", findings.digit),)
    kind = ("nothing_to_test", "weak_evidence_one", "weak_evidence")[min(len(tests), 2)]
    claim = Claim(kind, slots, evidence, topic="doubt", digit=findings.digit)
    if tests:
        claim = of_all(replace(claim, parts=tests[0].parts, test=tests[0].test), tests, "least")
    yield claim


def has_cause(claims: Sequence[Claim]) -> bool:
    """Whether any claim names a cause of the reading."""
    return any(claim.kind.startswith(("first_", "together")) for claim in claims)
