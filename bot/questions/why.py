"""Why 5?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.claims.causes import (
    against_claims,
    cause_claims,
    doubt_claims,
    has_cause,
    no_cause_claims,
    nothing_against,
    reading_claim,
)
from bot.claims.extras import control_claims, minor_claims, statistics_claims
from bot.claims.heatmaps import agreement_claims, quality_claims, support_claims
from bot.figures.heatmaps import draw_heatmaps
from bot.questions.base import Answer, Asked, Drawing
from bot.questions.why_not import rival_claims
from bot.values import Claim, Figure

METHODS = ("lime", "integrated_gradients")


class Why(Answer):
    """The parts that decide, each erased and the network run again; what speaks against; whether the methods agree."""

    type = "why"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """For another digit than the one read, which ``bot/claims/premises.py`` says first, what stands between."""
        prediction = asked.reading.prediction
        if asked.digit != asked.read_digit:
            yield from rival_claims(asked, asked.digit)
            return
        yield reading_claim(asked.case, reasons=True)
        yield from doubt_claims(prediction)
        said: list[Claim] = []
        for claim in cause_claims(asked.findings):
            asked.case.begin_runs()  # for LIME
            said.append(claim)
            yield claim
        if not has_cause(said):
            yield from no_cause_claims(asked.findings)
        opposed = list(against_claims(asked.findings))
        yield from opposed or nothing_against(asked.findings)
        yield from support_claims(asked, "integrated_gradients", asked.digit)
        told = {claim.parts for claim in (*said, *opposed) if claim.test is not None}
        yield from agreement_claims(asked, *METHODS, told=told)
        yield from (claim for claim in quality_claims(asked, "lime", asked.digit) if claim.kind == "fit_poor")

    def extras(self, asked: Asked, told: Sequence[Claim]) -> Iterator[Claim]:
        """Every other test, the controls, and a heatmap in figures."""
        findings = asked.reading.about(asked.digit)
        yield from minor_claims(findings, told)
        if asked.digit == asked.read_digit:
            yield from control_claims(findings, told)
        yield from statistics_claims(asked, "integrated_gradients", asked.digit)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The named parts, the two heatmaps side by side, and each test before and after."""
        yield drawing.parts(asked.case)
        target = asked.digit
        maps = [asked.attribution(method, target) for method in METHODS]
        yield draw_heatmaps(asked.case.pixels, maps, drawing.words)
        yield from drawing.tests(claims, target)

    def draw_ahead(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> None:
        """All but the heatmaps."""
        drawing.begin_parts(asked.case)
        drawing.begin_tests(claims, asked.digit)

    def methods(self, asked: Asked) -> tuple[tuple[str, int], ...]:
        """LIME and Integrated Gradients, for the digit asked about."""
        return tuple((method, asked.digit) for method in METHODS)
