"""Which parts may go and which must stay, from the table of runs with whole sets of parts erased.

Minimal sufficient and minimal necessary sets, as in Ignatiev et al., "Abduction-based explanations for machine learning
models", 2019 (arXiv 1811.10656), with erasing in place of proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from explainers.base import Case
from explainers.values import Part

ENOUGH = 0.5  # probability of the digit from which it counts as still read


@dataclass(frozen=True, eq=False)
class PartSets:
    """What the table says about sets of ink parts; none of them is all of the ink."""

    free: tuple[Part, ...]  # may be erased, each alone and all together; () where none may
    must: tuple[Part, ...]  # without any one of these another digit is read
    enough: tuple[Part, ...]  # the fewest parts that give the digit by themselves; () where it takes all


def part_sets(case: Case) -> PartSets:
    """The sets for the digit that is read; of several of a size those that leave it most."""
    table = case.runs
    parts = [part for part in case.parts if part.kind == "ink"]
    digit = case.prediction.digit
    probability = case.classifier.probabilities(table.logits)[:, digit]
    reads = table.logits.argmax(axis=1) == digit
    holds = reads & (probability >= ENOUGH)
    row_of = {row.tobytes(): number for number, row in enumerate(table.kept)}
    count = len(parts)

    def row(erased: tuple[int, ...]) -> int | None:
        kept = np.ones(count, bool)
        kept[list(erased)] = False
        return row_of.get(kept.tobytes())

    def may_go(erased: tuple[int, ...]) -> bool:
        """Whether it holds without them all, and without every smaller set of them that was run."""
        whole = row(erased)
        if whole is None:
            return False
        others = np.ones(count, bool)
        others[list(erased)] = False
        within = table.kept[:, others].all(axis=1)  # rows in which nothing else is gone
        return bool(holds[within].all())

    def best(candidates: list[tuple[tuple[int, ...], int]]) -> tuple[int, ...]:
        return max(candidates, key=lambda one: probability[one[1]])[0] if candidates else ()

    alone = [place for place in range(count) if may_go((place,))] if count > 1 else []
    free: tuple[int, ...] = ()
    for size in range(min(len(alone), count - 1), 0, -1):
        sets = [(erased, found) for erased in combinations(alone, size) if (found := row(erased)) is not None]
        free = best([one for one in sets if may_go(one[0])])
        if free:
            break
    must = [place for place in range(count) if count > 1 and (found := row((place,))) is not None and not reads[found]]
    enough: tuple[int, ...] = ()
    sizes = table.kept.sum(axis=1)
    for size in range(1, count):
        rows = np.flatnonzero(holds & (sizes == size))
        if rows.size:
            enough = tuple(np.flatnonzero(table.kept[rows[probability[rows].argmax()]]))
            break
    free_parts, must_parts, enough_parts = (tuple(parts[place] for place in chosen) for chosen in (free, must, enough))
    return PartSets(free_parts, must_parts, enough_parts)
