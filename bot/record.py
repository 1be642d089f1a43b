"""Claims from the record in config.json: measured figures, and no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.values import Claim, Evidence
from model.values import ModelIdentity


def measured(identity: ModelIdentity) -> Mapping[str, object]:
    """What ``python -m model.evaluate`` wrote; empty where it never ran."""
    found = identity.record.get("measured")
    return found if isinstance(found, Mapping) else {}


def calibration_claims(identity: ModelIdentity) -> Iterator[Claim]:
    """How often the network was right on the test pictures, and how far its probabilities were off."""
    record = measured(identity)
    accuracy, pictures, ece = record.get("accuracy"), record.get("pictures"), record.get("ece")
    if not (isinstance(accuracy, float) and isinstance(pictures, int) and isinstance(ece, float)):
        return
    slots = {"accuracy": accuracy, "pictures": pictures, "calibration_error": ece}
    evidence = (
        Evidence("accuracy", accuracy, "share", "record"),
        Evidence("expected calibration error", ece, "probability", "record"),
    )
    yield Claim("calibration", slots, evidence, topic="record")
