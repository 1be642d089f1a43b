"""Claims from the record in config.json that stand beside others: measured figures, and no others."""

from __future__ import annotations

from collections.abc import Iterator

from bot.record.counts import counts_of
from bot.record.measured import count, measured, never_seen, recorded, share
from bot.values import Claim
from explainers.values import Part
from model.values import ModelIdentity


def calibration_claims(identity: ModelIdentity) -> Iterator[Claim]:
    """How often the network was right on the test pictures, and how far its probabilities were off.

    That it had never seen these pictures is said only where that is known.
    """
    record = measured(identity)
    accuracy, pictures, ece = share(record, "accuracy"), count(record, "pictures"), share(record, "ece")
    if accuracy is None or pictures is None or ece is None:
        return
    slots = {"accuracy": accuracy, "pictures": pictures, "calibration_error": ece}
    evidence = (
        recorded("accuracy", accuracy, "share"),
        recorded("expected calibration error", ece, "probability"),
    )
    kind = "calibration" if never_seen(identity) else "calibration_measured"
    yield Claim(kind, slots, evidence, topic="record")


def mix_up_claims(identity: ModelIdentity, read: int, true: int, part: Part | None) -> Iterator[Claim]:
    """How often the two digits were taken for each other on the test pictures, and which examples follow from it.

    ``part``: what misled the network in this picture, where that was found. Nothing without a record of all pairs.
    """
    counts = counts_of(identity)
    if counts is None:
        return
    wrong, back = int(counts.table[true, read]), int(counts.table[read, true])
    slots: dict[str, object] = {
        "digit": read,
        "other": true,
        "wrong": wrong,
        "pictures": counts.of(true),
        "back": back,
        "back_pictures": counts.of(read),
    }
    evidence = (
        recorded("test pictures taken for the digit read", wrong, digit=true),
        recorded("test pictures taken for the other digit", back, digit=read),
    )
    kind = "train_known" if wrong + back else "train_rare"
    if part is not None:
        kind, slots["part"] = f"{kind}_part", part
    yield Claim(kind, slots, evidence, topic="training", digit=true)
