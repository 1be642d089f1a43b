"""How do you know that's the reason?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.claims.belief import belief_claims
from bot.claims.causes import cause_claims, closing, deciding, effect_claim, no_cause_claims
from bot.claims.controls import control_claim, controls_claim
from bot.claims.extras import control_claims, minor_claims
from bot.claims.heatmaps import quality_claims
from bot.claims.reliability import chance_claims, fresh_claims, replay_claims
from bot.questions.base import Answer, Asked, Drawing
from bot.values import Claim, Evidence, Figure

METHODS = ("lime", "integrated_gradients")


class Trust(Answer):
    """What was tested, all of it run once more, the causes with their controls, and how far the heatmaps hold."""

    type = "trust"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """How many tests there were; those that found a cause, each with its control; then the heatmaps."""
        findings = asked.findings
        tests = len(findings.erasures) + len(findings.fillings)
        evidence = (Evidence("tests", float(tests), "tests", "erase, fill", asked.read_digit),)
        kind = "how_tested" if tests else "nothing_to_test"
        yield Claim(
            kind, {"tests": tests, "digit": asked.read_digit}, evidence, topic="reading", digit=asked.read_digit
        )
        yield from replay_claims(findings)
        causes = {"erase": deciding(findings), "fill": closing(findings)}
        # The strongest first: a short answer has room for little more.
        order = sorted(causes, key=lambda kind: min((effect.after for effect in causes[kind]), default=1.0))
        for kind in order:
            effects = causes[kind]
            yield from (effect_claim(f"replayed_{kind}", effect) for effect in effects)
            if len(effects) == 1:
                yield control_claim(findings, effects[0])
            elif effects:
                yield controls_claim(findings, effects)
        if tests and not any(causes.values()):
            yield from cause_claims(findings)  # that no part decides, and by how little
            yield from no_cause_claims(findings)
        yield from belief_claims(asked, METHODS, asked.read_digit)
        for method in METHODS:
            yield from quality_claims(asked, method, asked.read_digit, "quality")
        yield from chance_claims(asked, METHODS, asked.read_digit)
        yield from fresh_claims(asked, METHODS, asked.read_digit)
        if tests:
            yield Claim("repeat_it", {}, evidence, topic="repeat")

    def extras(self, asked: Asked, told: Sequence[Claim]) -> Iterator[Claim]:
        """The tests that found nothing, and the controls one by one."""
        yield from minor_claims(asked.findings, told)
        yield from control_claims(asked.findings, told)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """Each test before and after."""
        yield from drawing.tests(claims, asked.read_digit)

    def methods(self, asked: Asked) -> tuple[tuple[str, int], ...]:
        """The maps whose exactness is told."""
        return tuple((method, asked.read_digit) for method in METHODS)
