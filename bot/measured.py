"""What the record of the weights holds: figures in config.json, each looked at before it is believed.

Weights from elsewhere may bring no record, half of one, or one of other weights.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.values import Evidence
from model.values import ModelIdentity

LONGEST_NAME = 80  # characters of a name in the record that are repeated
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
