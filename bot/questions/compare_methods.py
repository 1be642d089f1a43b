"""Do LIME and Integrated Gradients agree?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.extras import statistics_claims
from bot.figures import draw_heatmaps
from bot.methods import agreement_claims, quality_claims
from bot.questions.base import Answer, Asked, Drawing
from bot.values import Claim, Figure

METHODS = ("lime", "integrated_gradients")


class CompareMethods(Answer):
    """Whether the methods put the same part first; where not, what erasing both shows; and how far each holds."""

    type = "compare_methods"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """Agreement first, then the quality of each."""
        yield from agreement_claims(asked, *METHODS)
        for method in METHODS:
            yield from quality_claims(asked, method, asked.digit)

    def extras(self, asked: Asked, told: Sequence[Claim]) -> Iterator[Claim]:
        """Both heatmaps in figures."""
        for method, target in self.methods(asked):
            yield from statistics_claims(asked, method, target)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """Both heatmaps side by side."""
        yield draw_heatmaps(asked.case.pixels, [asked.attribution(*one) for one in self.methods(asked)], drawing.words)

    def methods(self, asked: Asked) -> tuple[tuple[str, int], ...]:
        """Both, for the digit asked about."""
        return tuple((method, asked.digit) for method in METHODS)
