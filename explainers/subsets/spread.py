"""From what each ink part was given to a picture of it, and back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from explainers.base import Case


def spread_evenly(case: Case, part_values: Mapping[str, float]) -> np.ndarray:
    """(28, 28) float64: each part's value shared evenly among its ink pixels, so that the sum stays.

    A part was erased as a whole, so nothing is known of what is more and what is less important within it. Shared by
    how dark the ink is, the middle of one stroke came before the edges of a stroke that counts for more.
    """
    values = np.zeros(case.pixels.shape, np.float64)
    for part in case.parts:
        if part.id in part_values:
            inked = part.mask & (case.pixels > 0)
            values[inked] += part_values[part.id] / inked.sum()
    return values


def part_sums(case: Case, values: np.ndarray) -> dict[str, float]:
    """By ink part, the sum of (28, 28) ``values`` over its pixels."""
    return {part.id: float(values[part.mask].sum(dtype=np.float64)) for part in case.parts if part.kind == "ink"}
