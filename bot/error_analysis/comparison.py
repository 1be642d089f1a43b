"""How misread digits are written, beside those that are read right: what chance cannot explain.

Each misread picture is held against those of *its own* digit that are read right: it is beyond on one side if its
measure lies outside the middle 90 % of theirs. At most one in twenty would be, so the number of those beyond is at most
binomial (Hoeffding, 1956: the tail of a sum of unlike chances, above its mean, is no larger than with their mean).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

TAIL = 0.05  # on each side: what lies there is unusual for its digit
MEASURES = ("slant", "pen", "aspect", "size", "darkness", "pieces", "loops", "opening", "strangeness")
SIDES = ("low", "high")


@dataclass(frozen=True)
class Group:
    """Some misread pictures: those of a pair, those of a digit, or all."""

    digit: int | None  # None: all
    read: int | None  # None: whatever they were read as

    @property
    def name(self) -> str:
        """The sentence that names it."""
        return "all" if self.digit is None else "digit" if self.read is None else "pair"

    def holds(self, row: Mapping) -> bool:
        """Whether a misread picture belongs to it."""
        return self.digit in (None, row["label"]) and self.read in (None, row["digit"])


@dataclass(frozen=True)
class Borders:
    """Of one measure among the pictures of one digit that are read right."""

    low: float
    high: float
    share_low: float  # of them that lie below ``low``; at most ``TAIL``
    share_high: float


@dataclass(frozen=True)
class Comparison:
    """One measure of one group, on one side."""

    group: Group
    measure: str
    side: str
    beyond: tuple[int, ...]  # the places of the pictures beyond the border
    members: int  # pictures of the group
    pictures: int  # those of them that have the measure
    expected: float  # how many would be beyond if the group were like those read right
    chance: float  # that so many or more would be


def groups_of(misread: Sequence[Mapping], least: int) -> list[Group]:
    """All, each digit and each pair with at least ``least`` pictures."""
    every = [Group(None, None)]
    every += [Group(digit, None) for digit in sorted({row["label"] for row in misread})]
    every += [Group(*pair) for pair in sorted({(row["label"], row["digit"]) for row in misread})]
    return [group for group in every if sum(map(group.holds, misread)) >= least]


def borders(right: Iterable[Mapping]) -> dict[tuple[str, int], Borders]:
    """By measure and digit, from the rows of pictures that are read right."""
    values: dict[tuple[str, int], list[float]] = defaultdict(list)
    for row in right:
        for measure in MEASURES:
            value = row["form"].get(measure)
            if value is not None:
                values[measure, row["label"]].append(float(value))
    return {key: _borders(np.array(some)) for key, some in values.items()}


def _borders(values: np.ndarray) -> Borders:
    low, high = np.quantile(values, [TAIL, 1 - TAIL])
    return Borders(float(low), float(high), float((values < low).mean()), float((values > high).mean()))


def compare(misread: Sequence[Mapping], known: Mapping[tuple[str, int], Borders], least: int) -> list[Comparison]:
    """Every measure of every group on both sides."""
    found = []
    for group in groups_of(misread, least):
        members = [row for row in misread if group.holds(row)]
        for measure in MEASURES:
            some = [
                (row["image"], float(row["form"][measure]), known[measure, row["label"]])
                for row in members
                if row["form"].get(measure) is not None and (measure, row["label"]) in known
            ]
            for side in SIDES if len(some) >= least else ():
                found.append(_compared(group, measure, side, len(members), some))
    return found


def _compared(
    group: Group, measure: str, side: str, members: int, some: Sequence[tuple[int, float, Borders]]
) -> Comparison:
    if side == "low":
        beyond = tuple(image for image, value, border in some if value < border.low)
        shares = [border.share_low for _, _, border in some]
    else:
        beyond = tuple(image for image, value, border in some if value > border.high)
        shares = [border.share_high for _, _, border in some]
    expected = sum(shares)
    chance = tail(len(beyond), len(some), max(expected / len(some), TAIL / 10))
    return Comparison(group, measure, side, beyond, members, len(some), expected, chance)


def tail(count: int, of: int, share: float) -> float:
    """P(X ≥ count) for X binomial with ``of`` trials of probability ``share``."""
    return float(binom.sf(count - 1, of, share))
