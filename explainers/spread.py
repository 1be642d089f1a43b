"""From what each ink part was given to a picture of it, and back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from explainers.base import Case


def spread_by_ink(case: Case, part_values: Mapping[str, float]) -> np.ndarray:
    """(28, 28) float64: each part's value shared among its pixels in proportion to their ink, so that the sum stays."""
    values = np.zeros(case.pixels.shape, np.float64)
    for part in case.parts:
        if part.id in part_values:
            ink = np.where(part.mask, case.pixels, 0).astype(np.float64)
            values += part_values[part.id] * ink / ink.sum()
    return values


def part_sums(case: Case, values: np.ndarray) -> dict[str, float]:
    """By ink part, the sum of (28, 28) ``values`` over its pixels."""
    return {part.id: float(values[part.mask].sum(dtype=np.float64)) for part in case.parts if part.kind == "ink"}
