"""Which parts may go and which must stay, from the table of runs with whole sets of parts erased.

Minimal sufficient and minimal necessary sets, as in Ignatiev et al., "Abduction-based explanations for machine learning
models", 2019 (arXiv 1811.10656), with erasing in place of proof.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from explainers.base import Case
from explainers.values import Part

ENOUGH = 0.5  # probability of the digit from which it counts as still read


@dataclass(frozen=True, eq=False)
class PartSets:
    """What the table says about sets of ink parts; none of them is all of the ink."""

    free: tuple[Part, ...]  # may be erased, each alone and all together: what stays looks like a digit; () where none
    must: tuple[Part, ...]  # without any one of these another digit is read
    enough: tuple[Part, ...]  # the fewest parts that give the digit by themselves; () where it takes all


def part_sets(case: Case) -> PartSets:
    """The sets for the digit that is read; of several of a size those that leave it most.

    What is free leaves a picture that looks like a digit, and so does ``enough`` where a set of its size does.
    """
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

    @cache
    def like_a_digit(erased: tuple[int, ...]) -> bool:
        """Whether what stays looks like a digit, which the table does not hold: another run."""
        gone = np.any([parts[place].mask for place in erased], axis=0)
        return case.classifier.predict(np.where(gone, np.float32(0), case.pixels)).is_digit

    def by_probability(sets: Iterable[tuple[int, ...]]) -> list[tuple[int, ...]]:
        return sorted(sets, key=lambda erased: -probability[row(erased)])

    alone = [place for place in range(count) if count > 1 and may_go((place,)) and like_a_digit((place,))]
    free: tuple[int, ...] = ()
    for size in range(min(len(alone), count - 1), 0, -1):
        able = by_probability(erased for erased in combinations(alone, size) if may_go(erased))
        free = next(filter(like_a_digit, able), ())
        if free:
            break
    must = [place for place in range(count) if count > 1 and (found := row((place,))) is not None and not reads[found]]
    enough: tuple[int, ...] = ()
    sizes = table.kept.sum(axis=1)
    for size in range(1, count):
        able = by_probability(tuple(np.flatnonzero(~kept)) for kept in table.kept[holds & (sizes == size)])
        if able:
            erased = next(filter(like_a_digit, able), able[0])
            enough = tuple(place for place in range(count) if place not in erased)
            break
    free_parts, must_parts, enough_parts = (tuple(parts[place] for place in chosen) for chosen in (free, must, enough))
    return PartSets(free_parts, must_parts, enough_parts)
