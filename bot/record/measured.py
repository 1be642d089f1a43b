"""What the record of the weights holds: figures in config.json, each looked at before it is believed.

Weights from elsewhere may bring no record, half of one, or one of other weights.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.values import Evidence
from model.catalogue import DATA_SETS
from model.values import ModelIdentity

LONGEST_NAME = 80  # characters of a name in the record that are repeated
SCRATCH, FROM_IMAGENET = "scratch", "ImageNet"  # how a record begins to say what was learnt before: nothing, photos
EVALUATE, TRAIN = "python -m model.evaluate", "python -m model.train"  # what writes the two parts of the record


def measured(identity: ModelIdentity) -> Mapping[str, object]:
    """What ``python -m model.evaluate`` wrote; empty where it never ran, or ran on other weights than these."""
    found = identity.record.get("measured")
    if not isinstance(found, Mapping) or found.get("sha256", identity.sha256) != identity.sha256:
        return {}
    return found


def training(identity: ModelIdentity) -> Mapping[str, object]:
    """What ``python -m model.train`` wrote; empty where it did not make these weights."""
    found = identity.record.get("training")
    return found if isinstance(found, Mapping) else {}


def runs_of(record: Mapping[str, object]) -> list[Mapping[str, object]]:
    """The run of training in ``record``, and those before it that learnt from the same data, the first one first."""
    runs = [record]
    while isinstance(before := runs[0].get("before"), Mapping) and before.get("data") == record.get("data"):
        runs.insert(0, before)
    return runs


def began_with(record: Mapping[str, object]) -> str | None:
    """``SCRATCH`` or ``FROM_IMAGENET``; None where it is not known what the weights had learnt from before."""
    start = runs_of(record)[0].get("started_from")
    if not isinstance(start, str):
        return None
    return next((one for one in (SCRATCH, FROM_IMAGENET) if start.startswith(one)), None)


def never_seen(identity: ModelIdentity) -> bool:
    """Whether the pictures that it was measured on are known to be new to the network.

    They are a data set's own test pictures; it learnt from nothing, or photos, then from that set's training pictures.
    """
    learnt, tested = training(identity), measured(identity)
    own = any(
        (learnt.get("data"), tested.get("data")) == (one.trained_on, one.measured_on) for one in DATA_SETS.values()
    )
    return own and began_with(learnt) is not None


def share(record: Mapping[str, object], name: str) -> float | None:
    """A figure from 0 to 1; None where there is none of that name."""
    value = record.get(name)
    return float(value) if type(value) in (int, float) and 0 <= value <= 1 else None  # type: ignore[arg-type,operator]


def count(record: Mapping[str, object], name: str) -> int | None:
    """A whole number of 0 or more; None where there is none of that name."""
    value = record.get(name)
    return value if type(value) is int and value >= 0 else None


def short_name(text: object) -> str | None:
    """A name in the record, fit to be repeated amid a sentence; None where there is none."""
    kept = "".join(sign if sign.isalnum() or sign in ",.()-/" else " " for sign in text) if type(text) is str else ""
    return " ".join(kept.split())[:LONGEST_NAME].strip() or None


def recorded(name: str, value: float, unit: str = "pictures", digit: int | None = None) -> Evidence:
    """One figure of the record."""
    return Evidence(name, float(value), unit, "record", digit)
