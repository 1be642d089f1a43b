"""How sure are you?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.claims import doubt_claims, reading_claim
from bot.figures import draw_reading
from bot.questions.base import Answer, Asked, Drawing
from bot.questions.why_not import rival_reading
from bot.record import calibration_claims
from bot.values import Claim, Evidence, Figure


class Confidence(Answer):
    """The probability, the lead over the runner-up, and how far such figures held on the test pictures."""

    type = "confidence"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """For another digit than the one read: what that one gets."""
        prediction = asked.reading.prediction
        if asked.digit != asked.read_digit:
            yield rival_reading(prediction, asked.digit)
        else:
            yield reading_claim(asked.case)
            slots = {"digit": prediction.digit, "margin": prediction.margin, "other": prediction.runner_up}
            evidence = (Evidence("margin", prediction.margin, "probability", "model", prediction.digit),)
            yield Claim("margin", slots, evidence, topic="reading", digit=prediction.digit)
        yield from doubt_claims(prediction)
        yield from calibration_claims(asked.case.classifier.identity)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The picture as the network got it, beside all ten probabilities."""
        yield draw_reading(asked.reading.image, asked.reading.prediction, drawing.words)
