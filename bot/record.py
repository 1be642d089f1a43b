"""Claims from the record in config.json: measured figures, and no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from bot.values import Claim, Evidence
from explainers.values import Part
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


def mix_up_claims(identity: ModelIdentity, read: int, true: int, part: Part | None) -> Iterator[Claim]:
    """How often the two digits were taken for each other on the test pictures, and which examples follow from it.

    ``part``: what misled the network in this picture, where that was found. Nothing without a record of all pairs.
    """
    counts = _confusion(identity)
    if counts is None:
        return
    wrong, back = int(counts[true, read]), int(counts[read, true])
    slots: dict[str, object] = {
        "digit": read,
        "other": true,
        "wrong": wrong,
        "pictures": int(counts[true].sum()),
        "back": back,
        "back_pictures": int(counts[read].sum()),
    }
    evidence = (
        Evidence("test pictures taken for the digit read", float(wrong), "pictures", "record", true),
        Evidence("test pictures taken for the other digit", float(back), "pictures", "record", read),
    )
    kind = "train_known" if wrong + back else "train_rare"
    if part is not None:
        kind, slots["part"] = f"{kind}_part", part
    yield Claim(kind, slots, evidence, topic="training", digit=true)


def _confusion(identity: ModelIdentity) -> np.ndarray | None:
    """(10, 10) test pictures by the true digit and the one read; None where the record has none."""
    found = measured(identity).get("confusion")
    if not isinstance(found, list) or [len(row) for row in found if isinstance(row, list)] != [10] * 10:
        return None
    return np.array(found, int)
