"""What is different from the picture before, and which part made the difference?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bot.claims.findings import (
    CLEAR_LEAD,
    NOTICEABLE,
    hardly_matters,
    matched_elsewhere,
    only_by_spread,
    standard_error,
)
from bot.claims.swaps import Aim, Swap, aims
from bot.figures.pairs import draw_pair
from bot.questions.base import Answer, Asked, Drawing
from bot.values import Claim, Evidence, Figure, Further
from explainers.changes.exchange import Pair
from explainers.values import Part, Test, log_odds

FEW = 2  # parts named of each kind of difference; more nobody keeps in mind
MOST_TRIED = 3  # places, the strongest first, of which the control and the way back are run


class CompareImages(Answer):
    """Both readings, the parts that differ, each taken over from the picture before and the network run again."""

    type = "compare_images"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """Without a picture before, or with the same one, only that."""
        if asked.session.earlier is None:
            seen = (Evidence("pictures", 1.0, "pictures", "session"),)
            yield Claim("compare_nothing", {}, seen, topic="reading")
            return
        pair = Pair(asked.case, asked.session.earlier)
        yield _readings(pair)
        if np.array_equal(pair.present.pixels, pair.earlier.pixels):
            yield Claim("compare_same", {}, (Evidence("difference", 0.0, "pixels", "model"),))
            return
        yield from _parts(pair)
        yield from _causes(pair)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """Both pictures side by side; the place that was exchanged outlined, with what came of it."""
        if asked.session.earlier is not None:
            swaps = [claim.slots["swap"] for claim in claims if "swap" in claim.slots]
            pair = Pair(asked.case, asked.session.earlier)
            swap = swaps[0] if swaps and isinstance(swaps[0], Swap) else None
            yield draw_pair(pair, swap.place if swap else None, swap.test if swap else None, drawing.words)


def _readings(pair: Pair) -> Claim:
    present, earlier = pair.present.prediction, pair.earlier.prediction
    slots = {
        "digit": present.digit,
        "probability": present.probability,
        "log_odds": float(log_odds(present.logits, present.digit)),
        "earlier_digit": earlier.digit,
        "earlier_probability": earlier.probability,
        "earlier_log_odds": float(log_odds(earlier.logits, earlier.digit)),
    }
    evidence = (
        Evidence("probability", present.probability, "probability", "model", present.digit),
        Evidence("probability of the picture before", earlier.probability, "probability", "model", earlier.digit),
    )
    kind = "compare_readings_alike" if present.digit == earlier.digit else "compare_readings_differ"
    return Claim(kind, slots, evidence, topic="reading", digit=present.digit)


def _parts(pair: Pair) -> Iterator[Claim]:
    """Which parts only one of them has, or another in the same place; that they are built alike where none is so.

    The largest are named; of a closed loop the hole in it goes without saying.
    """
    matched = [
        (here, there)
        for here, there in sorted(pair.matched, key=lambda parts: -max(_size(one) for one in parts))
        if not any(one is not None and one.form == "hole" for one in (here, there))
    ]
    only_here = tuple(here for here, there in matched if here is not None and there is None)
    only_there = tuple(there for here, there in matched if there is not None and here is None)
    instead = [(here, there) for here, there in matched if here and there and here.form != there.form]
    evidence = (Evidence("parts of one picture only", float(len(only_here) + len(only_there)), "parts", "parts"),)
    for here, there in instead[:FEW]:
        yield Claim("compare_instead", {"first_part": here, "second_part": there}, evidence, "parts", None, (here,))
    if only_here:
        yield Claim("compare_only_here", {"parts": only_here[:FEW]}, evidence, "parts", None, only_here[:FEW])
    if only_there:
        yield Claim("compare_only_there", {"parts": only_there[:FEW]}, evidence, "parts")
    if not (only_here or only_there or instead):
        yield Claim("compare_same_parts", {}, evidence, "parts")


def _size(part: Part | None) -> int:
    return 0 if part is None else int(part.mask.sum())


def _causes(pair: Pair) -> Iterator[Claim]:
    """The place that makes the difference, or that none does; nothing where there is hardly a difference."""
    aim, aim_back = aims(pair)
    gap = float(np.subtract(*(case.prediction.probabilities[aim.digit] for case in (pair.earlier, pair.present))))
    if abs(gap) < NOTICEABLE:
        if pair.earlier.prediction.digit != pair.present.prediction.digit:
            return  # both are close calls: that they are read as different digits has been said
        evidence = (Evidence("difference", gap, "probability", "model", aim.digit),)
        yield Claim("compare_equally_sure", {"digit": aim.digit}, evidence, "cause", aim.digit)
        return
    tests = pair.taken_over(pair.differences)
    swaps = [Swap(pair, place, test, aim, aim_back) for place, test in zip(pair.differences, tests, strict=True)]
    swaps.sort(key=lambda swap: -aim.moved(swap.test))
    reasons = [swap for swap in swaps[:MOST_TRIED] if swap.counts]
    if not reasons:
        yield _none(swaps, aim)
        return
    # What works both ways goes before what is stronger one way.
    swap = min(reasons, key=lambda one: ("wins", "moves", "tips", "fails").index(one.back.outcome))
    yield _head(swap)
    yield _cause(swap)
    yield _control(swap)
    yield _back(swap)


def _numbers(test: Test, digit: int) -> tuple[dict[str, float], tuple[Evidence, ...]]:
    numbers = {
        "before": float(test.before.probabilities[digit]),
        "after": float(test.after.probabilities[digit]),
        "log_odds_change": -test.log_odds_drop(digit),
    }
    evidence = tuple(
        Evidence(f"probability {name}", numbers[name], "probability", "exchange", digit) for name in ("before", "after")
    )
    return numbers, evidence


def _head(swap: Swap) -> Claim:
    """How much of the difference one place makes."""
    if swap.aim.digit == swap.aim_back.digit:
        kind = "surer"
    elif swap.outcome == "moves":
        kind = "some"
    else:
        kind = {"wins": "all", "moves": "much", "tips": "much", "fails": "one_way"}[swap.back.outcome]
    _, evidence = _numbers(swap.test, swap.aim.digit)
    return Claim(
        f"compare_makes_{kind}",
        {"swap": swap},
        evidence,
        "cause",
        swap.aim.digit,
        _here(swap),
        swap.test,
        controls=(swap.control,),
    )


def _cause(swap: Swap) -> Claim:
    numbers, evidence = _numbers(swap.test, swap.aim.digit)
    slots: dict[str, object] = {"digit": swap.aim.digit, **numbers}
    if len(swap.place.parts) == 2:
        slots |= {"first_part": swap.place.here, "second_part": swap.place.there}
    else:
        slots["part"] = swap.place.parts[0]
    kind = f"compare_cause_{_whose(swap)}_{swap.outcome}"
    held = (swap.control,)
    return Claim(kind, slots, evidence, "cause", swap.aim.digit, _here(swap), swap.test, controls=held)


def _whose(swap: Swap) -> str:
    return "both" if len(swap.place.parts) == 2 else "here" if swap.place.here else "there"


def _here(swap: Swap) -> tuple[Part, ...]:
    """The present picture's part: a claim's parts are those of the picture that is asked about."""
    return (swap.place.here,) if swap.place.here else ()


def _control(swap: Swap) -> Claim:
    """What as much of the difference does elsewhere, or all the rest of it, if there is any."""
    moves = swap.control_moves
    source = str(swap.control.tests[0].operation["kind"])
    slots = {
        "digit": swap.aim.digit,
        "places": len(moves),
        "points": abs(float(moves.mean())),
        "against": float(moves.mean()) < 0,  # it moves the digit away from where the place moves it
        "error": standard_error(moves),
        "seed": swap.pair.present.seed,
        "share": swap.pair.amount(swap.place) / float(swap.pair.amounts.sum(dtype=np.float64)),
    }
    evidence = (
        Evidence("mean move towards the picture before", float(moves.mean()), "probability", source, swap.aim.digit),
    )
    kind = "compare_rest" if source == "exchange_rest" else "compare_control"
    if not swap.has_rest:
        kind = "compare_rest_none"
    elif hardly_matters(moves):
        kind = f"{kind}_small"
    return Claim(kind, slots, evidence, "cause", swap.aim.digit, controls=(swap.control,))


def _back(swap: Swap) -> Claim:
    """The same place the other way round."""
    test, digit = swap.back.test, swap.aim_back.digit
    numbers, evidence = _numbers(test, digit)
    slots = {"digit": digit, "now": test.after.digit, **numbers}
    held = (swap.back.control,) if swap.back.outcome == "wins" else ()  # else it is not said to be a reason
    return Claim(f"compare_back_{swap.back.outcome}", slots, evidence, "cause", digit, (), test, controls=held)


def _none(swaps: Sequence[Swap], aim: Aim) -> Claim:
    """That no single place makes it: the best moves too little, or not clearly more than as much elsewhere.

    Where one changes the reading of a close call, that is said instead.
    """
    if not swaps:
        nowhere = (Evidence("places that differ", 0.0, "places", "parts", aim.digit),)
        return Claim("compare_no_places", {}, nowhere, "cause", aim.digit)
    tipping = next((swap for swap in swaps if swap.outcome == "tips"), None)
    best = tipping if tipping is not None and swaps[0].outcome != "moves" else swaps[0]
    numbers, evidence = _numbers(best.test, aim.digit)
    whose = "here" if best.place.here else "there"
    slots = {"digit": aim.digit, "count": len(swaps), "part": best.place.parts[0], **numbers}
    kind = {"fails": "none", "tips": "tips"}.get(best.outcome, "by_chance")
    if kind == "by_chance":
        moves = best.control_moves
        slots["rest"] = best.control.tests[0].operation["kind"] == "exchange_rest"
        slots["points"], slots["most"] = max(float(moves.mean()), 0.0), float(moves.max(initial=0.0))
        moved = aim.moved(best.test)
        matched = moved >= float(moves.mean()) + CLEAR_LEAD and matched_elsewhere(best.test, best.control)
        slots["uneven"] = matched or only_by_spread(moved, moves)
    return Claim(
        f"compare_{kind}_{whose}",
        slots,
        evidence,
        "cause",
        aim.digit,
        _here(best),
        best.test,
        further_tests=tuple(Further(swap.test, _here(swap)) for swap in swaps if swap is not best),
        quoted=None if best is not swaps[0] else "most" if aim.sign > 0 else "least",
        controls=(best.control,) if kind == "by_chance" else (),
    )
