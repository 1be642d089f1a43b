"""What else could it be?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bot.claims.causes import doubt_claims, reading_claim
from bot.claims.doubt import certainty_cue
from bot.figures.reading import draw_reading
from bot.questions.base import Answer, Asked, Drawing
from bot.questions.why_not import rival_claims
from bot.values import Claim, Evidence, Figure

WORTH_NAMING = 0.01  # probability below which a digit is no candidate


class Alternatives(Answer):
    """The next candidates, or that there are none worth naming."""

    type = "alternatives"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """The reading, then up to three others."""
        prediction = asked.reading.prediction
        yield reading_claim(asked.case)
        order = [int(digit) for digit in np.argsort(-prediction.logits, kind="stable")[1:4]]
        named = [digit for digit in order if prediction.probabilities[digit] >= WORTH_NAMING]
        shown = named or order[:1]
        candidates = tuple({"digit": digit, "probability": float(prediction.probabilities[digit])} for digit in shown)
        evidence = tuple(
            Evidence("probability", float(prediction.probabilities[digit]), "probability", "model", digit)
            for digit in shown
        )
        kind = ("no_candidates", "one_candidate", "several_candidates")[min(len(named), 2)]
        if len(named) == 1 and certainty_cue(prediction) is not None:  # the reading has just said how much it gets
            kind = "one_candidate_told"
        rest = float(
            prediction.probabilities.sum() - prediction.probability - sum(one["probability"] for one in candidates)
        )
        slots = {"candidates": candidates, "rest": max(rest, 0.0)}
        yield Claim(kind, slots, evidence, digit=prediction.digit)
        yield from doubt_claims(prediction)

    def extras(self, asked: Asked, told: Sequence[Claim]) -> Iterator[Claim]:
        """What stands between the picture and the next candidate, tested."""
        yield from rival_claims(asked, asked.reading.prediction.runner_up)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The picture as the network got it, beside all ten probabilities; then what was tested."""
        yield draw_reading(asked.reading.image, asked.reading.prediction, drawing.words)
        yield from drawing.tests(claims, asked.reading.prediction.runner_up)
