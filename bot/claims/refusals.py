"""What is said of a picture that is not accepted as one digit."""

from __future__ import annotations

from bot.values import Claim, Evidence, Reading

NOT_READ = ("preprocessing",)  # question types that are answered all the same


def not_accepted(reading: Reading) -> Claim:
    """Why the picture is not explained. What the network would have answered is not told: it means nothing here."""
    strangeness = reading.prediction.strangeness
    evidence = (
        Evidence("strangeness", strangeness, "share of the limit", "model")
        if strangeness is not None and reading.image.reason is None
        else Evidence("picture statistics", 1.0, "gates passed the limit", "preparation"),
    )
    return Claim(f"not_accepted_{reading.reason}", {}, evidence, topic="reading")
