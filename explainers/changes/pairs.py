"""Two changes at once: a part erased and a gap filled, two parts erased, or two gaps filled; the network run again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from explainers.base import Case
from explainers.changes.edits import Edit, apply_all, operation_of
from explainers.checks import each_alone, ink_amount, try_pictures
from explainers.values import Part, Test

MOST_PAIRS = 30  # a second or so on two cores


def part_edits(parts: Sequence[Part]) -> tuple[Edit, ...]:
    """What can be done to parts: their ink is erased in one edit, then their gaps are filled in another."""
    edits = []
    for change, kind in (("erase", "ink"), ("fill", "gap")):
        some = tuple(part for part in parts if part.kind == kind)
        if some:
            edits.append(Edit(change, np.any([part.mask for part in some], axis=0), parts=some))
    return tuple(edits)


def try_pairs(case: Case, digit: int) -> tuple[tuple[tuple[Part, Part], Test], ...]:
    """At most ``MOST_PAIRS`` pairs of parts, each with its test; all run in one batch.

    Those come first whose two changes, each by itself, raise the log-odds of ``digit`` most in sum. At least as much
    ink as is erased must stay: an almost empty picture tells nothing.
    """
    alone = zip(case.parts, each_alone(case, case.parts), strict=True)
    gains = {part.id: -test.log_odds_drop(digit) for part, test in alone}
    total = float(case.pixels.sum(dtype="float64"))
    pairs = [pair for pair in combinations(case.parts, 2) if _erased_ink(case, pair) <= total / 2]
    pairs = sorted(pairs, key=lambda pair: -sum(gains[part.id] for part in pair))[:MOST_PAIRS]
    changed = [_changed(case, pair) for pair in pairs]
    return tuple(zip(pairs, try_pictures(case, changed), strict=True))


def _erased_ink(case: Case, pair: Sequence[Part]) -> float:
    ink = [part for part in pair if part.kind == "ink"]
    return ink_amount(case.pixels, ink) if ink else 0.0


def _changed(case: Case, pair: Sequence[Part]) -> tuple[dict[str, object], np.ndarray]:
    """The operation and the picture after it; of two edits, their operations in order."""
    edits = part_edits(pair)
    return operation_of(edits), apply_all(edits, case.pixels)
