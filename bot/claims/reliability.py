"""How far heatmaps depend on chance, and on what the network has learnt; and the tests of an answer run again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

import numpy as np

from bot.claims.findings import Findings
from bot.questions.base import Asked
from bot.values import Claim, Evidence, Further
from explainers import explainer
from explainers.base import SEEDS
from explainers.reliability import fresh_agreement, over_seeds

GONE = 0.2  # correlation with the map of a network that has learnt nothing up to which a map is said to be gone
REMAINS = 0.5  # from here what remains is said to be a bad sign
MOST_NAMED = 3  # methods that a sentence about all of them names one by one
SAME = 1e-5  # of a probability: tests run again whose outcomes differ by no more are said to have come out the same


def chance_claims(asked: Asked, methods: Sequence[str], target: int) -> Iterator[Claim]:
    """Whether the methods that rest on random runs put the same part first whatever the seed."""
    exact, runs = [], 0
    for method in methods:
        draws = over_seeds(asked.case, explainer(method), target)
        if draws is None or draws.top is None:
            continue
        if draws.complete:
            exact.append(method)
            runs = draws.runs
            continue
        slots = {
            "method": method,
            "digit": target,
            "part": draws.top,
            "seeds": draws.seeds,
            "same": draws.same,
            "runs": draws.runs,
        }
        share = draws.same / draws.seeds
        evidence = (Evidence("seeds with the same first part", share, "share", method, target, at_least=1.0),)
        kind = "seeds_stable" if draws.stable else "seeds_unstable"
        yield Claim(kind, slots, evidence, "quality", target, (draws.top,))
    if exact:
        numbers = (
            Evidence("runs", float(runs), "runs", "erase", target),
            Evidence("seeds with the same first part", 1.0, "share", ", ".join(exact), target, at_least=1.0),
        )
        told = {"methods": tuple(exact), "runs": runs, "seeds": SEEDS}
        yield Claim("seeds_exact", told, numbers, "quality", target)


def fresh_claims(asked: Asked, methods: Sequence[str], target: int) -> Iterator[Claim]:
    """What is left of each map when the last layer has learnt nothing: nothing, a little, or what is a bad sign."""
    found = [(method, fresh_agreement(asked.case, explainer(method), target)) for method in methods]
    known = [(method, correlation) for method, correlation in found if correlation is not None]
    gone = [one for one in known if abs(one[1]) <= GONE]
    remains = [one for one in known if abs(one[1]) > REMAINS]
    traces = [one for one in known if one not in gone and one not in remains]
    for kind, alike in (("fresh_gone", gone), ("fresh_traces", traces)):
        if alike:
            slots = {
                "methods": tuple(method for method, _ in alike),
                "found": tuple({"method": method, "correlation": correlation} for method, correlation in alike),
                "correlation": max(abs(correlation) for _, correlation in alike),
                "seed": asked.case.seed,
                "every": len(alike) == len(methods) > MOST_NAMED,
            }
            evidence = tuple(_left(*one, target) for one in alike)
            yield Claim(kind, slots, evidence, "fresh", target)
    for method, correlation in remains:
        slots = {"method": method, "correlation": correlation, "seed": asked.case.seed}
        yield Claim("fresh_remains", slots, (_left(method, correlation, target),), "fresh", target)


def _left(method: str, correlation: float, target: int) -> Evidence:
    return Evidence(
        "rank correlation with the map of a fresh last layer", correlation, "correlation", method, target, at_most=GONE
    )


def replay_claims(findings: Findings) -> Iterator[Claim]:
    """Every test of ``findings`` run anew on the network, and by how much any probability came out differently.

    The claim holds them all, so that others can run them again, too.
    """
    effects = (*findings.erasures, *findings.fillings)
    if not effects:
        return
    case = findings.case
    before = [effects[0].test.before, *(effect.test.after for effect in effects)]
    again = case.classifier.probabilities(case.classifier.logits(np.stack([one.pixels for one in before])))
    difference = float(np.abs(again - np.stack([one.probabilities for one in before])).max())
    # Up, not to the nearest: it is told as a bound.
    slots = {"tests": len(effects), "precision": SAME, "difference": ceil(difference / SAME) * SAME}
    evidence = (
        Evidence("largest difference of a probability", difference, "probability", "model", findings.digit, SAME),
    )
    kind = "replay_same" if difference <= SAME else "replay_close"
    first, *others = effects
    further = tuple(Further(effect.test, effect.parts) for effect in others)
    yield Claim(kind, slots, evidence, "reading", findings.digit, first.parts, first.test, further_tests=further)
