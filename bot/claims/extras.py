"""What is added where more detail is wanted: what else was tested, the controls one by one, heatmaps in figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.claims.causes import closing, deciding, effect_evidence, is_cause, is_obstacle
from bot.claims.controls import control_evidence
from bot.claims.findings import Effect, Findings, standard_error
from bot.questions.base import Asked, heatmap
from bot.values import Claim, Evidence
from explainers import explainer


def minor_claims(findings: Findings, told: Sequence[Claim]) -> Iterator[Claim]:
    """The tests that are no reason for the digit and were not ``told`` yet, the strongest first."""
    known = {claim.parts for claim in told if claim.test is not None and claim.digit == findings.digit}
    others = [
        effect
        for effect in (*findings.erasures, *findings.fillings)
        if effect.parts not in known and not (is_cause(findings, effect) or is_obstacle(findings, effect))
    ]
    if not others:
        return
    evidence = (Evidence("further tests", float(len(others)), "tests", "erase, fill", findings.digit),)
    yield Claim("minor_head", {}, evidence, topic="minor", digit=findings.digit)
    for effect in others:
        kind = "minor_gap" if effect.parts[0].kind == "gap" else "minor_part"
        slots = {"part": effect.parts[0], "digit": findings.digit, "after": effect.after}
        yield Claim(kind, slots, effect_evidence(effect), "minor", findings.digit, effect.parts, effect.test)


def control_claims(findings: Findings, told: Sequence[Claim]) -> Iterator[Claim]:
    """The control of every cause whose own was not told."""
    known = {claim.parts for claim in told if claim.kind.startswith("control")}
    for effect in (*deciding(findings), *closing(findings)):
        if effect.parts not in known:
            yield _control(findings, effect)


def _control(findings: Findings, effect: Effect) -> Claim:
    drops, evidence = findings.control(effect).drops, control_evidence(findings, effect)
    slots = {
        "part": effect.parts[0],
        "places": len(drops),
        "points": evidence.value,
        "error": standard_error(drops),
    }
    kind = "control_gap" if effect.filled else "control_part"
    controls = (findings.control(effect),)
    return Claim(kind, slots, (evidence,), "controls", findings.digit, effect.parts, controls=controls)


def statistics_claims(asked: Asked, method: str, target: int) -> Iterator[Claim]:
    """Stroke coverage of one heatmap, with region focus where it tells parts apart; nothing where nothing is marked."""
    found, coarse = heatmap(asked, method, target).statistics, explainer(method).coarse
    if found.stroke_coverage is None or (found.region_focus is None and not coarse):
        return
    kind, slots = "statistics_coarse", {"method": method, "digit": target, "coverage": found.stroke_coverage}
    evidence = [Evidence("stroke coverage", found.stroke_coverage, "share", method, target)]
    if found.region_focus is not None and not coarse:
        kind, slots["focus"] = "statistics", found.region_focus
        evidence.append(Evidence("region focus", found.region_focus, "share", method, target))
    yield Claim(kind, slots, tuple(evidence), topic=f"statistics {method}", digit=target)
