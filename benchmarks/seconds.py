"""Rows of seconds in a table: the middle one, the late ones, the last."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median, quantiles

HEAD = f"{'seconds from asking':<36}{'median':>8}{'95 %':>8}{'longest':>9}"


def row(what: str, seconds: Sequence[float]) -> str:
    """One line under ``HEAD``."""
    late = quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    return f"{what:<36}{median(seconds):8.1f}{late:8.1f}{max(seconds):9.1f}"
