"""Which part mattered most?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.claims.causes import cause_claims, has_cause, no_cause_claims
from bot.claims.extras import control_claims, minor_claims, statistics_claims
from bot.claims.heatmaps import support_claims
from bot.figures.heatmaps import draw_heatmaps
from bot.questions.base import Answer, Asked, Drawing
from bot.questions.why_not import rival_claims
from bot.values import Claim, Figure

METHOD = "integrated_gradients"


class Where(Answer):
    """The parts that decide, as for "why", without the argument around them."""

    type = "where"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """The causes, and where the support lies on the heatmap."""
        if asked.digit != asked.read_digit:
            yield from rival_claims(asked, asked.digit)
            return
        said = []
        for claim in cause_claims(asked.findings):
            said.append(claim)
            yield claim
        if not has_cause(said):
            yield from no_cause_claims(asked.findings)
        yield from support_claims(asked, METHOD, asked.digit)

    def extras(self, asked: Asked, told: Sequence[Claim]) -> Iterator[Claim]:
        """Every other test, the controls, and the heatmap in figures."""
        findings = asked.reading.about(asked.digit)
        yield from minor_claims(findings, told)
        if asked.digit == asked.read_digit:
            yield from control_claims(findings, told)
        yield from statistics_claims(asked, METHOD, asked.digit)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The named parts and one heatmap."""
        yield drawing.parts(asked.case)
        yield draw_heatmaps(asked.case.pixels, [asked.attribution(METHOD, asked.digit)], drawing.words)

    def methods(self, asked: Asked) -> tuple[tuple[str, int], ...]:
        """The heatmap shown."""
        return ((METHOD, asked.digit),)
