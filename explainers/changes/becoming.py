"""The smallest meaningful change that makes the network read another digit: whole strokes and gaps, no invisible noise.

First whole parts are erased and gaps filled (SEDC: Vermeire et al., "Explainable image classification with evidence
counterfactual", 2022, arXiv 2004.07511), then pieces of the difference towards near examples of the other digit. Of
all changes that work the one that changes least ink wins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np

from explainers import checks
from explainers.base import Case
from explainers.changes.edits import Edit, apply, apply_all
from explainers.changes.pairs import part_edits
from explainers.changes.redraw import fragments, nearest
from explainers.once import once
from explainers.values import Test
from model.values import Prediction

ENOUGH = 0.5  # probability of the other digit from which it counts as read
LARGEST_SET = 3  # parts and gaps changed together
SETS = 36  # runs with whole parts
EXAMPLES = 12  # near examples of the other digit that are tried whole
REDRAWN = 3  # of those that work, so many are tried in part
SUBSETS = 48  # runs with parts of them
BATCH = 12


@dataclass(frozen=True, eq=False)
class Change:
    """One change that was run."""

    edits: tuple[Edit, ...]
    test: Test
    other: int

    @property
    def probability(self) -> float:
        """Of the other digit, afterwards."""
        return float(self.test.after.probabilities[self.other])

    @property
    def reads_other(self) -> bool:
        """Whether the other digit is read afterwards, with at least ``ENOUGH``."""
        return self.test.after.digit == self.other and self.probability >= ENOUGH

    @property
    def works(self) -> bool:
        """Whether the other digit is read, and the ink holds together."""
        return self.reads_other and self.whole

    @once
    def whole(self) -> bool:
        """Whether the ink falls into no more pieces than before: what is left of a 0 at both sides is no 1."""
        return len(fragments(self.test.after.pixels)) <= len(fragments(self.test.before.pixels))

    @property
    def ink(self) -> float:
        """How much ink was added and erased, as the sum of the pixels' changes."""
        return float(np.abs(self.test.after.pixels - self.test.before.pixels).sum(dtype=np.float64))

    @property
    def share(self) -> float:
        """The ink changed as a share of the ink that the picture had."""
        return self.ink / float(self.test.before.pixels.sum(dtype=np.float64))


@dataclass(frozen=True, eq=False)
class Search:
    """What came of looking for a change."""

    found: Change | None
    nearest: Change | None  # where none was found: the smallest that makes it the other but no digit, else the closest
    tried: int  # changes that were run
    look: Prediction | None = None  # of that change's picture, where it was asked whether it still looks like a digit


def smallest_change(case: Case, other: int, examples: Sequence[np.ndarray]) -> Search:
    """Look for the smallest change after which ``other`` is read.

    ``examples``: collections of pictures of it, each (N, 28, 28); as many of each are tried.
    """
    tried = _whole_parts(case, other)
    near = [
        pieces
        for collection in examples
        for pieces in nearest(case.pixels, collection, EXAMPLES // len(examples))
        if pieces
    ]
    tried += _redrawn(case, other, near, _least_ink(tried))
    reading = sorted((one for one in tried if one.reads_other), key=lambda one: (not one.whole, one.ink))
    first_look: Prediction | None = None
    for one in reading:
        if not one.whole:
            break
        look = case.classifier.predict(one.test.after.pixels)
        if look.is_digit:
            return Search(one, None, len(tried), look)
        first_look = first_look or look
    closest = max(tried, key=lambda one: (one.test.after.digit == other, one.probability), default=None)
    return Search(None, next(iter(reading), closest), len(tried), first_look)


def _whole_parts(case: Case, other: int) -> list[Change]:
    """Sets of ink parts erased and gaps filled, the small ones first; none larger once one of a size works."""
    parts = case.parts
    ink = [part for part in parts if part.kind == "ink"]
    alone = checks.each_alone(case, parts) if parts else ()
    tried = [
        Change(part_edits((part,)), test, other)
        for part, test in zip(parts, alone, strict=True)
        if len(ink) > 1 or part.kind == "gap"
    ]
    gain = {part.id: -test.log_odds_drop(other) for part, test in zip(parts, alone, strict=True)}
    left = SETS
    for size in range(2, LARGEST_SET + 1):
        if left <= 0 or any(one.works for one in tried):
            break
        sets = [chosen for chosen in combinations(parts, size) if not set(ink) <= set(chosen)]
        # SEDC's order: those first whose parts alone brought most.
        sets.sort(key=lambda chosen: -sum(gain[part.id] for part in chosen))
        tried += _run(case, other, [part_edits(chosen) for chosen in sets[:left]])
        left -= len(sets)
    return tried


def _least_ink(tried: Sequence[Change]) -> float:
    """The least ink that a change that works has changed."""
    return min((one.ink for one in tried if one.works), default=np.inf)


def _redrawn(case: Case, other: int, near: Sequence[tuple[Edit, ...]], most: float) -> list[Change]:
    """Near examples, whole and in part; in part only what changes less than ``most`` ink."""
    tried = _run(case, other, near)
    working = sorted((one for one in tried if one.works), key=lambda one: one.ink)
    left = SUBSETS
    for whole in working[:REDRAWN] or sorted(tried, key=lambda one: -one.probability)[:1]:
        subsets = _subsets(case.pixels, whole, most)
        while left > 0 and (batch := list(islice(subsets, min(BATCH, left)))):
            left -= len(batch)
            ran = _run(case, other, batch)
            tried += ran
            if any(one.works for one in ran):
                break
        most = min(most, _least_ink(tried))
    return tried


def _subsets(pixels: np.ndarray, whole: Change, most: float) -> Iterator[tuple[Edit, ...]]:
    """The proper subsets of its pieces that change less than ``most`` ink, the smallest first."""
    amounts = [float(np.abs(apply(piece, pixels) - pixels).sum()) for piece in whole.edits]
    places = range(len(amounts))
    sets = [
        (sum(amounts[place] for place in chosen), chosen)
        for size in range(1, len(amounts))
        for chosen in combinations(places, size)
    ]
    for amount, chosen in sorted(sets):
        if amount < most:
            yield tuple(whole.edits[place] for place in chosen)


def _run(case: Case, other: int, changes: Sequence[tuple[Edit, ...]]) -> list[Change]:
    """All of the changes in one batch."""
    pictures = []
    for edits in changes:
        pixels = apply_all(edits, case.pixels)
        pictures.append((_operation(case.pixels, pixels, edits), pixels))
    tests = checks.try_pictures(case, pictures)
    return [Change(edits, test, other) for edits, test in zip(changes, tests, strict=True)]


def _operation(before: np.ndarray, after: np.ndarray, edits: Sequence[Edit]) -> dict[str, object]:
    parts = [part.id for edit in edits for part in edit.parts]
    kinds = {edit.change for edit in edits}
    if parts and len(kinds) == 1:
        return {"kind": kinds.pop(), "parts": parts}
    added, erased = int((after > before).sum()), int((after < before).sum())
    return {"kind": "redraw", "parts": parts, "added": added, "erased": erased}
