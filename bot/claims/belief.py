"""Which heatmap to believe for one picture: how each method stands beside plain erasing, which is a test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.claims.causes import effect_evidence
from bot.claims.findings import Effect
from bot.claims.heatmaps import AGREE
from bot.questions.base import Asked
from bot.values import Claim, Evidence
from explainers import explainer
from explainers.measures import ink_parts, part_totals, rank_correlation, top_part
from explainers.reliability import LEAST_DROP, erasing_agreement
from explainers.values import Part

BETTER = 0.3  # rank correlation by which one method must agree better with erasing than another to be told better


@dataclass(frozen=True)
class Standing:
    """How well a method orders the ink parts as erasing each alone does."""

    method: str
    correlation: float  # −1 to 1


def standings(asked: Asked, methods: Sequence[str], target: int) -> list[Standing]:
    """The closest to erasing first; without those that give no order of at least three parts."""
    found = [(method, erasing_agreement(asked.case, asked.attribution(method, target))) for method in methods]
    known = [Standing(method, correlation) for method, correlation in found if correlation is not None]
    return sorted(known, key=lambda one: -one.correlation)


def best_of(order: Sequence[Standing]) -> list[Standing]:
    """Those that none of ``standings`` is told to be better than: within ``BETTER`` of the first."""
    return [one for one in order if order[0].correlation - one.correlation < BETTER]


def belief_claims(
    asked: Asked, methods: Sequence[str], target: int, winner: str | None = None, undecided: bool = False
) -> Iterator[Claim]:
    """Which of two or more methods agree best with plain erasing, or that none can be told to be better.

    ``winner``: whose first part was just said to cost more when erased. What contradicts it leaves nobody better.
    ``undecided``: erasing the first parts was just said not to decide.
    """
    order = standings(asked, methods, target)
    if len(order) < 2:
        yield from _by_top(asked, methods, target)
        return
    best, last = best_of(order), order[-1]
    names = tuple(method for method in methods if method in {one.method for one in best})
    slots: dict[str, object] = {
        "digit": target,
        "methods": names,
        "farthest": last.method,
        "correlation": order[0].correlation,
        "fewest": best[-1].correlation,
        "least": last.correlation,
        "found": tuple({"method": one.method, "correlation": one.correlation} for one in order),
    }
    all_alike = len(best) == len(order)
    if order[0].correlation < AGREE:
        kind = "belief_none"
    elif all_alike and winner is not None:
        return  # the first parts tell them apart, the rest does not
    elif winner is not None and best[0].method != winner:
        kind, slots["method"] = "belief_mixed", best[0].method
    else:
        kind = ("belief_equal_too" if undecided else "belief_equal") if all_alike else "belief_best"
        slots["close"] = last.correlation >= AGREE
    yield Claim(kind, slots, _evidence(order, target), "belief", target)
    yield from _limits(order, best, target)


def _limits(order: Sequence[Standing], best: Sequence[Standing], target: int) -> Iterator[Claim]:
    """What is known of the methods beforehand and explains why they come first or last."""
    if order[0].correlation < AGREE:
        return
    if erasing := tuple(one.method for one in best if explainer(one.method).by_erasing):
        yield _limit("limit_erasing", erasing, target)
    if len(best) < len(order) and explainer(order[-1].method).coarse:
        yield _limit("limit_coarse", (order[-1].method,), target)


def _limit(kind: str, methods: tuple[str, ...], target: int) -> Claim:
    evidence = tuple(Evidence("limit of the method", 1.0, "trait", method, target) for method in methods)
    return Claim(kind, {"methods": methods}, evidence, "belief", target)


def _by_top(asked: Asked, methods: Sequence[str], target: int) -> Iterator[Claim]:
    """Where there is no order of three parts or more: whether the part that costs the digit most comes first."""
    parts, effect = asked.case.parts, _costliest(asked, target)
    if effect is None:
        evidence = (Evidence("ink parts", float(len(ink_parts(parts))), "parts", "parts", target),)
        yield Claim("belief_one_part", {"digit": target}, evidence, "belief", target)
        return
    tops = {method: top_part(asked.attribution(method, target), parts) for method in methods}
    right = tuple(method for method, top in tops.items() if top is not None and top.id == effect.parts[0].id)
    wrong = tuple(method for method in methods if method not in right)
    slots = {
        "digit": target,
        "part": effect.parts[0],
        "after": effect.after,
        "methods": right or wrong,
        "missed": wrong,
    }
    if effect.log_odds_drop <= -LEAST_DROP:
        return  # every part speaks against the digit: none is what it misses
    if effect.log_odds_drop < LEAST_DROP:
        kind = "belief_no_order"
    else:
        kind = "belief_top_all" if not wrong else "belief_top_some" if right else "belief_top_none"
    yield Claim(kind, slots, effect_evidence(effect), "belief", target, effect.parts, effect.test)


def _costliest(asked: Asked, target: int) -> Effect | None:
    """The part that leaves the digit least when erased; None for a single part."""
    return next(iter(asked.reading.about(target).erasures), None)


def erasing_claims(asked: Asked, method: str, target: int) -> Iterator[Claim]:
    """One method beside plain erasing: whether the part that it puts first costs the digit most."""
    effect = _costliest(asked, target)
    top = top_part(asked.attribution(method, target), asked.case.parts)
    standing = standings(asked, [method], target)
    if effect is None or top is None or not standing:
        yield from _by_top(asked, [method], target)
        return
    slots = {
        "digit": target,
        "method": method,
        "first_part": top,
        "part": effect.parts[0],
        "after": effect.after,
        "correlation": standing[0].correlation,
    }
    same = top.id == effect.parts[0].id
    close = standing[0].correlation >= AGREE
    kind = "erasing_agrees" if same and close else "erasing_same_top" if same else "erasing_differs"
    evidence = (*_evidence(standing, target), *effect_evidence(effect))
    yield Claim(kind, slots, evidence, "methods", target, effect.parts, effect.test)


def several_claims(asked: Asked, methods: Sequence[str], target: int) -> Iterator[Claim]:
    """Three or more methods: which put which part first."""
    parts = asked.case.parts
    if len(ink_parts(parts)) < 2:
        return
    groups: dict[str, tuple[Part, list[str]]] = {}
    for method in methods:
        top = top_part(asked.attribution(method, target), parts)
        if top is not None:
            groups.setdefault(top.id, (top, []))[1].append(method)
    found = sorted(groups.values(), key=lambda one: -len(one[1]))
    if found:
        slots: dict[str, object] = {
            "methods": tuple(found[0][1]),
            "part": found[0][0],
            "groups": tuple({"methods": tuple(names), "part": part} for part, names in found),
            "every": len(found[0][1]) == len(methods),
        }
        kind = "several_agree" if len(found) == 1 else "several_differ"
        evidence = (
            Evidence("different first parts", float(len(found)), "parts", ", ".join(methods), target, at_most=1.0),
        )
        yield Claim(kind, slots, evidence, "methods", target, tuple(part for part, _ in found))
    yield from marks_nothing(asked, methods, target)


def marks_nothing(asked: Asked, methods: Sequence[str], target: int) -> Iterator[Claim]:
    """Those methods by which no part speaks for the digit."""
    parts = asked.case.parts
    empty = tuple(method for method in methods if top_part(asked.attribution(method, target), parts) is None)
    if empty:
        evidence = tuple(Evidence("parts that speak for it", 0.0, "parts", method, target) for method in empty)
        yield Claim("marks_nothing", {"methods": empty, "digit": target}, evidence, "methods", target)


def apart_claims(asked: Asked, methods: Sequence[str], target: int) -> Iterator[Claim]:
    """Which two of three or more methods order the parts least alike; every pair is in the evidence."""
    totals = {method: part_totals(asked.attribution(method, target), asked.case.parts) for method in methods}
    found = [(*pair, rank_correlation(totals[pair[0]], totals[pair[1]])) for pair in combinations(methods, 2)]
    known = [(first, second, value) for first, second, value in found if value is not None]
    if len(known) < 2:
        return
    first, second, least = min(known, key=lambda one: one[2])
    evidence = tuple(
        Evidence("rank correlation over parts", value, "correlation", f"{one}, {other}", target, at_least=AGREE)
        for one, other, value in known
    )
    slots = {"first": first, "second": second, "correlation": least}
    yield Claim("several_apart", slots, evidence, "apart", target)


def _evidence(order: Sequence[Standing], target: int) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            "rank correlation with plain erasing",
            one.correlation,
            "correlation",
            f"{one.method}, erase",
            target,
            at_least=AGREE,
        )
        for one in order
    )
