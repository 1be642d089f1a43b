"""What does that word mean? The words of the field that the answers use."""

from __future__ import annotations

from collections.abc import Iterator

from bot.questions.base import Answer, Asked
from bot.values import Claim, Evidence
from explainers.values import log_odds
from model.values import SIDE

TERMS = (
    "probability", "log_odds", "logit", "softmax", "temperature", "calibration", "part", "opening", "control", "pixel",
    "gradient", "baseline", "completeness", "r_squared", "correlation", "parameter", "layer", "checksum",
)  # fmt: skip
LOGITS = ("log_odds", "logit")  # terms that the logits of the picture at hand show by example
PARTS = ("part", "opening")  # and those that its parts do
_KNOWN = (Evidence("terms", float(len(TERMS)), "terms", "glossary"),)


class Define(Answer):
    """One word in general and, where the picture at hand has an example of it, that."""

    type = "define"
    needs_picture = False

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """Answered before any picture too."""
        term = asked.question.slots.get("term")
        if term not in TERMS:
            yield Claim("define_which", {"terms": TERMS}, _KNOWN, "term")
            return
        yield Claim(f"define_{term}", {"side": SIDE} if term == "pixel" else {}, _KNOWN, "term")
        reading = asked.session.reading
        if reading is None or not reading.accepted:
            return
        digit, prediction = asked.read_digit, reading.prediction
        if term in LOGITS:
            value, probability = float(log_odds(prediction.logits, digit)), float(prediction.probabilities[digit])
            evidence = (Evidence("log-odds", value, "logit", "network", digit),)
            slots: dict[str, object] = {"digit": digit, "log_odds": value, "probability": probability}
            if term == "log_odds":
                yield Claim("here_log_odds", slots, evidence, "term", digit)
                return
            pair = [float(prediction.logits[one]) for one in (digit, prediction.runner_up)]
            slots |= {"logit": pair[0], "other": prediction.runner_up, "other_logit": pair[1]}
            of = zip(pair, (digit, prediction.runner_up), strict=True)
            logits = tuple(Evidence("logit", one, "logit", "network", whose) for one, whose in of)
            yield Claim("here_logit", slots, (*logits, *evidence), "term", digit)
        elif term in PARTS and reading.case.parts:
            found = (Evidence("parts", float(len(reading.case.parts)), "parts", "picture"),)
            yield Claim("here_parts", {"parts": reading.case.parts}, found, "term", parts=reading.case.parts)
