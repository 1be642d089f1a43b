"""Which parts may go and which must stay, from the table of runs with whole sets of parts erased.

Minimal sufficient and minimal necessary sets, as in Ignatiev et al., "Abduction-based explanations for machine learning
models", 2019 (arXiv 1811.10656), with erasing in place of proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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

    def like_digits(rows: Sequence[int]) -> list[int]:
        """Those rows whose picture looks like a digit."""
        masks = np.array([part.mask for part in parts])
        pictures = [np.where(masks[~table.kept[one]].any(axis=0), np.float32(0), case.pixels) for one in rows]
        looks = case.classifier.predictions(np.stack(pictures)) if pictures else []
        return [one for one, look in zip(rows, looks, strict=True) if look.is_digit]

    def best(rows: Sequence[int]) -> int | None:
        return max(rows, key=lambda one: probability[one], default=None)

    able = [found for place in range(count) if (found := row((place,))) is not None and may_go((place,))]
    alone = [int(np.flatnonzero(~table.kept[found])[0]) for found in like_digits(able if count > 1 else [])]
    free: tuple[int, ...] = ()
    for size in range(min(len(alone), count - 1), 0, -1):
        found_rows = [row(erased) for erased in combinations(alone, size) if may_go(erased)]
        chosen = best(like_digits([found for found in found_rows if found is not None]))
        if chosen is not None:
            free = tuple(np.flatnonzero(~table.kept[chosen]))
            break
    must = [place for place in range(count) if count > 1 and (found := row((place,))) is not None and not reads[found]]
    enough: tuple[int, ...] = ()
    sizes = table.kept.sum(axis=1)
    for size in range(1, count):
        rows = [int(one) for one in np.flatnonzero(holds & (sizes == size))]
        fewest = best(like_digits(rows) or rows)
        if fewest is not None:
            enough = tuple(np.flatnonzero(table.kept[fewest]))
            break
    free_parts, must_parts, enough_parts = (tuple(parts[place] for place in places) for places in (free, must, enough))
    return PartSets(free_parts, must_parts, enough_parts)
