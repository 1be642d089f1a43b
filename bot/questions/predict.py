"""What digit is this?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.claims.causes import doubt_claims, margin_claim, reading_claim
from bot.figures.reading import draw_reading
from bot.questions.base import Answer, Asked, Drawing
from bot.record.claims import calibration_claims
from bot.values import Claim, Figure


class Predict(Answer):
    """The reading and how clear it is."""

    type = "predict"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """The reading; a doubt where the picture is unusual."""
        yield reading_claim(asked.case)
        yield from doubt_claims(asked.reading.prediction)

    def extras(self, asked: Asked, told: Sequence[Claim]) -> Iterator[Claim]:
        """The lead over the next digit, and how far such figures held on the test pictures."""
        yield margin_claim(asked.reading.prediction)
        yield from calibration_claims(asked.case.classifier.identity)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The picture as the network got it, beside all ten probabilities."""
        yield draw_reading(asked.reading.image, asked.reading.prediction, drawing.words)
