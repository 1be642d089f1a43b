"""How sure are you?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.claims.causes import cause_claims, doubt_claims, margin_claim, reading_claim
from bot.figures.reading import draw_reading
from bot.questions.base import Answer, Asked, Drawing
from bot.record.claims import calibration_claims
from bot.values import Claim, Figure


class Confidence(Answer):
    """The probability, the lead over the runner-up, and how far such figures held on the test pictures."""

    type = "confidence"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """What another digit than the one read gets is said where the question supposed it."""
        prediction = asked.reading.prediction
        if asked.digit == asked.read_digit:
            yield reading_claim(asked.case)
            yield margin_claim(prediction)
        yield from doubt_claims(prediction)
        yield from calibration_claims(asked.case.classifier.identity)

    def extras(self, asked: Asked, told: Sequence[Claim]) -> Iterator[Claim]:
        """What the certainty rests on: the parts without which it falls."""
        if asked.digit == asked.read_digit:
            yield from cause_claims(asked.findings)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The picture as the network got it, beside all ten probabilities; then what was tested."""
        yield draw_reading(asked.reading.image, asked.reading.prediction, drawing.words)
        yield from drawing.tests(claims, asked.digit)
