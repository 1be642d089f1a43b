"""What the heatmaps say, in claims: where the support lies, and whether two methods agree."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from bot.claims.causes import effect_evidence
from bot.claims.findings import NOTICEABLE, Effect
from bot.questions.base import Asked, heatmap
from bot.values import Claim, Evidence
from explainers import explainer
from explainers.measures import Statistics, ink_parts, rank_agreement, top_part
from explainers.values import Part

AGREE = 0.5  # Spearman's correlation over parts from which two methods are said to agree
POOR_FIT = 0.7  # weighted R² below which LIME's straight-line model is not to be trusted


def support_claims(asked: Asked, method: str, target: int) -> Iterator[Claim]:
    """Where the support for the digit lies: the strongest part; of a map too coarse for parts, the strongest region."""
    statistics = heatmap(asked, method, target).statistics
    if explainer(method).coarse:
        yield from _coarse_support(method, target, statistics)
        return
    part = next((one for one in asked.case.parts if one.id == statistics.part), None)
    if part is None or statistics.part_share is None or statistics.ink_used is None:
        return
    slots = {
        "digit": target,
        "method": method,
        "part": part,
        "share": statistics.part_share,
        "ink_used": statistics.ink_used,
    }
    evidence = (
        Evidence("share of the support", statistics.part_share, "share", method, target),
        Evidence("ink that carries 90 % of it", statistics.ink_used, "share", method, target),
    )
    yield Claim("support", slots, evidence, topic="methods", digit=target, parts=(part,))


def _coarse_support(method: str, target: int, statistics: Statistics) -> Iterator[Claim]:
    if statistics.region is None or statistics.region_share is None:
        return
    slots = {"digit": target, "method": method, "place": statistics.region, "share": statistics.region_share}
    evidence = (Evidence("share of the support", statistics.region_share, "share", method, target),)
    yield Claim("support_coarse", slots, evidence, topic="methods", digit=target)


def agreement_claims(asked: Asked, first: str, second: str, told: Collection[tuple[Part, ...]] = ()) -> Iterator[Claim]:
    """Whether two methods give most weight to the same part; where not, or where erasing differs, what erasing shows.

    ``told``: the parts whose erasing was told already, so that it need not be told again.
    """
    target, parts = asked.digit, asked.case.parts
    first_map, second_map = asked.attribution(first, target), asked.attribution(second, target)
    top_first, top_second = top_part(first_map, parts), top_part(second_map, parts)
    correlation = rank_agreement(first_map, second_map, parts)
    if top_first is None or top_second is None or correlation is None:
        return
    slots: dict[str, object] = {
        "digit": target,
        "first": first,
        "second": second,
        "first_part": top_first,
        "second_part": top_second,
        "correlation": correlation,
    }
    evidence = (
        Evidence(
            "rank correlation over parts", correlation, "correlation", f"{first}, {second}", target, at_least=AGREE
        ),
    )
    same = top_first.id == top_second.id
    kind = "methods_agree" if same and correlation >= AGREE else "methods_same_top" if same else "methods_differ"
    yield Claim(kind, slots, evidence, topic="methods", digit=target, parts=(top_first, top_second))
    if same:
        yield from _contradict(asked, top_first, told)
    else:
        yield from _settle(asked, {top_first.id: first, top_second.id: second}, told)


def few_parts_claims(asked: Asked, first: str, second: str) -> Iterator[Claim]:
    """The same of fewer than three parts, which have no order to compare but which of them comes first."""
    target, parts = asked.digit, asked.case.parts
    tops = [top_part(asked.attribution(method, target), parts) for method in (first, second)]
    ink = ink_parts(parts)
    if len(ink) != 2 or tops[0] is None or tops[1] is None:
        return
    same = tops[0].id == tops[1].id
    slots = {"digit": target, "first": first, "second": second, "first_part": tops[0], "second_part": tops[1]}
    evidence = (Evidence("the same first part", float(same), "yes or no", f"{first}, {second}", target),)
    kind = "few_agree" if same else "few_differ"
    yield Claim(kind, slots, evidence, "methods", target, tuple(dict.fromkeys((tops[0], tops[1]))))
    if not same:
        yield from _settle(asked, {tops[0].id: first, tops[1].id: second}, ())


def _settle(asked: Asked, methods: Mapping[str, str], told: Collection[tuple[Part, ...]]) -> Iterator[Claim]:
    """Erase what each method marks most: does one of the two cost the digit clearly more? ``methods``: by part id."""
    effects = [effect for effect in asked.reading.about(asked.digit).erasures if effect.parts[0].id in methods]
    if len(effects) != 2:
        return
    more, less = sorted(effects, key=lambda effect: effect.after)
    apart = less.after - more.after >= NOTICEABLE and more.drop > 0
    kind = "sides_with" if apart else "sides_with_none"
    if kind == "sides_with" and more.parts in told:
        kind = "sides_with_told"
    yield _sided(kind, more, method=methods[more.parts[0].id])
    if less.parts not in told:
        yield _sided("sides_other", less)


def _contradict(asked: Asked, top: Part, told: Collection[tuple[Part, ...]]) -> Iterator[Claim]:
    """What erasing shows where another part costs the digit more than the one that both methods mark most.

    Where it costs clearly more, erasing contradicts both; else an answer that told of that other part owes a word on
    this one.
    """
    effects = asked.reading.about(asked.digit).erasures
    own = next((effect for effect in effects if effect.parts == (top,)), None)
    if own is None or own is effects[0]:
        return
    more = effects[0]
    if own.after - more.after >= NOTICEABLE:
        yield _sided("sides_with_neither_told" if more.parts in told else "sides_with_neither", more)
        if own.parts not in told:
            yield _sided("sides_other", own)
    elif more.parts in told and own.parts not in told:
        yield _sided("sides_with_close", own, second_part=more.parts[0])


def _sided(kind: str, effect: Effect, **slots: object) -> Claim:
    about = {"digit": effect.digit, "part": effect.parts[0], "after": effect.after, **slots}
    return Claim(kind, about, effect_evidence(effect), "methods", effect.digit, effect.parts, effect.test)


def quality_claims(asked: Asked, method: str, target: int, topic: str | None = None) -> Iterator[Claim]:
    """How exact one heatmap is: the completeness gap of one that adds up, the fit of a surrogate.

    A paragraph of its own where no ``topic`` is given.
    """
    attribution, topic = asked.attribution(method, target), topic or f"quality {method}"
    if attribution.gap is not None:
        total = float(attribution.values.sum(dtype="float64"))
        slots = {"method": method, "digit": target, "gap": attribution.gap, "total": total}
        evidence = (Evidence("completeness gap", attribution.gap, "logit", method, target),)
        # Shapley values share the score out among the parts, Integrated Gradients among the pixels.
        kind = "efficiency" if explainer(method).by_erasing else "completeness"
        yield Claim(kind, slots, evidence, topic=topic, digit=target)
    if attribution.fit is not None:
        kind = "fit_good" if attribution.fit >= POOR_FIT else "fit_poor"
        evidence = (Evidence("weighted R²", attribution.fit, "share", method, target, at_least=POOR_FIT),)
        yield Claim(kind, {"method": method, "fit": attribution.fit}, evidence, topic=topic, digit=target)
