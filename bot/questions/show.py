"""Show me the LIME heatmap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.claims.extras import statistics_claims
from bot.claims.heatmaps import quality_claims, support_claims
from bot.figures.heatmaps import draw_heatmaps
from bot.questions.base import Answer, Asked, Drawing
from bot.questions.help import not_yet
from bot.values import Claim, Evidence, Figure
from explainers import all_explainers

DEFAULT = "lime"


class Show(Answer):
    """One heatmap, with what it says and how far it holds."""

    type = "show"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """A method that is not there is said to be missing."""
        method = _method(asked)
        if method not in all_explainers():
            yield not_yet(asked.question)
            return
        slots = {"method": method, "digit": asked.digit}
        shown = asked.attribution(method, asked.digit)
        evidence = (Evidence("map", float(shown.values.sum()), shown.unit, method, asked.digit),)
        yield Claim("shown", slots, evidence, topic="methods", digit=asked.digit)
        if (shown.values > 0).any():
            yield from support_claims(asked, method, asked.digit)
        else:
            yield Claim("shown_nothing", {"digit": asked.digit}, evidence, topic="methods", digit=asked.digit)
        yield from quality_claims(asked, method, asked.digit)

    def extras(self, asked: Asked, told: Sequence[Claim]) -> Iterator[Claim]:
        """The heatmap in figures."""
        for method, target in self.methods(asked):
            yield from statistics_claims(asked, method, target)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The heatmap."""
        for method, target in self.methods(asked):
            yield draw_heatmaps(asked.case.pixels, [asked.attribution(method, target)], drawing.words)

    def methods(self, asked: Asked) -> tuple[tuple[str, int], ...]:
        """The method asked for, where it is there."""
        method = _method(asked)
        return ((method, asked.digit),) if method in all_explainers() else ()


def _method(asked: Asked) -> str:
    return str(asked.question.slots.get("method", DEFAULT))
