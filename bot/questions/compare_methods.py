"""Do LIME and Integrated Gradients agree? Which explanation should I believe?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.claims.belief import apart_claims, belief_claims, erasing_claims, marks_nothing, several_claims
from bot.claims.extras import statistics_claims
from bot.claims.heatmaps import agreement_claims, few_parts_claims, quality_claims
from bot.claims.reliability import chance_claims, fresh_claims
from bot.figures.heatmaps import draw_heatmaps
from bot.questions.base import Answer, Asked, Drawing
from bot.questions.help import not_yet
from bot.values import Claim, Figure
from explainers import all_explainers

# What is compared where no method is named: all whose map takes less than a second or two.
QUICK = ("lime", "shapley", "integrated_gradients", "gradient_x_input", "lrp", "grad_cam")
FEW = 2  # methods up to which each one's exactness is told, good or bad


class CompareMethods(Answer):
    """Whether the methods agree, and which of them agrees with plain erasing; how far each holds."""

    type = "compare_methods"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """Agreement and verdict first, then the quality of each; last what takes longest, the networks drawn anew."""
        methods, target = _methods(asked), asked.digit
        if not set(methods) <= set(all_explainers()):
            yield not_yet(asked.question)
            return
        if not _named(asked):
            yield from belief_claims(asked, methods, target)
            yield from several_claims(asked, methods, target)
        elif len(methods) == 1:
            yield from erasing_claims(asked, methods[0], target)
        elif len(methods) == 2:
            yield from _pair(asked, *methods)
        else:
            yield from several_claims(asked, methods, target)
            yield from belief_claims(asked, methods, target)
        for method in methods:
            told = quality_claims(asked, method, target, "quality")
            yield from (claim for claim in told if len(methods) <= FEW or claim.kind == "fit_poor")
        yield from chance_claims(asked, methods, target)
        yield from fresh_claims(asked, methods, target)

    def extras(self, asked: Asked, told: Sequence[Claim]) -> Iterator[Claim]:
        """Which two methods are least alike, and the heatmaps in figures."""
        yield from apart_claims(asked, [method for method, _ in self.methods(asked)], asked.digit)
        for method, target in self.methods(asked):
            yield from statistics_claims(asked, method, target)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The heatmaps side by side."""
        maps = [asked.attribution(*one) for one in self.methods(asked)]
        if maps:
            yield draw_heatmaps(asked.case.pixels, maps, drawing.words)

    def methods(self, asked: Asked) -> tuple[tuple[str, int], ...]:
        """All that are compared, for the digit asked about; none where one of them is not there."""
        methods = _methods(asked)
        return tuple((method, asked.digit) for method in methods if set(methods) <= set(all_explainers()))


def _pair(asked: Asked, first: str, second: str) -> Iterator[Claim]:
    """Two methods: whether they agree, what erasing their first parts shows, and the order of all parts."""
    target = asked.digit
    told = list(agreement_claims(asked, first, second)) or list(few_parts_claims(asked, first, second))
    yield from told or marks_nothing(asked, (first, second), target)
    if told and told[0].kind == "few_differ":
        return  # what erasing both shows has just been said
    sides = next((claim for claim in told if claim.kind == "sides_with"), None)
    undecided = any(claim.kind == "sides_with_none" for claim in told)
    winner = None if sides is None else str(sides.slots["method"])
    yield from belief_claims(asked, (first, second), target, winner, undecided)


def _named(asked: Asked) -> tuple[str, ...]:
    methods = asked.question.slots.get("methods")
    return tuple(dict.fromkeys(map(str, methods))) if isinstance(methods, list | tuple) else ()


def _methods(asked: Asked) -> tuple[str, ...]:
    return _named(asked) or tuple(method for method in QUICK if method in all_explainers())
