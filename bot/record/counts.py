"""Which test pictures were read as what: the table in the record of the weights, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

import numpy as np

from bot.record.measured import measured
from model.values import ModelIdentity

MOST_PAIRS = 4  # that are named: more is a table, which the figure is


@dataclass(frozen=True)
class Mistakes:
    """Pictures of ``digit`` that were read as ``other``, ``there``, and those mistaken the other way, ``back``."""

    digit: int
    other: int
    there: int
    back: int

    @property
    def both(self) -> int:
        """How often the two were mixed up."""
        return self.there + self.back


@dataclass(frozen=True, eq=False)
class Counts:
    """Test pictures by the digit that they show and the digit that was read."""

    table: np.ndarray  # (K, K) int: [shown][read]

    @property
    def classes(self) -> range:
        """The K classes."""
        return range(len(self.table))

    @property
    def pictures(self) -> int:
        """All of them."""
        return int(self.table.sum())

    @property
    def wrong(self) -> int:
        """Those that were read as another digit than they show."""
        return self.pictures - int(np.trace(self.table))

    def of(self, digit: int) -> int:
        """Those that show ``digit``."""
        return int(self.table[digit].sum())

    def read_as(self, digit: int) -> int:
        """Those that were read as ``digit``, rightly or not."""
        return int(self.table[:, digit].sum())

    def right(self, digit: int) -> int:
        """Those that show ``digit`` and were read as it."""
        return int(self.table[digit, digit])

    def accuracy(self, digit: int) -> float:
        """The share read right of those that show ``digit``; there must be some."""
        return self.right(digit) / self.of(digit)

    def extreme(self, best: bool) -> tuple[int, ...]:
        """The digits that are read right most often, or least often: several where they are equal."""
        shares = {digit: self.accuracy(digit) for digit in self.classes if self.of(digit)}
        value = (max if best else min)(shares.values())
        return tuple(digit for digit, share in shares.items() if share == value)

    def mistakes(self, digit: int, back: bool = False) -> list[tuple[int, int]]:
        """(other digit, pictures) for what ``digit`` was read as, or with ``back`` what was read as it; most first."""
        row = self.table[:, digit] if back else self.table[digit]
        found = [(other, int(row[other])) for other in self.classes if other != digit and row[other]]
        return sorted(found, key=lambda one: -one[1])

    def pairs(self) -> list[Mistakes]:
        """Every two digits that were mixed up, most often first; of each the direction with more mistakes."""
        found = []
        for one, two in combinations(self.classes, 2):
            there, back = int(self.table[one, two]), int(self.table[two, one])
            if there or back:
                found.append(Mistakes(one, two, there, back) if there >= back else Mistakes(two, one, back, there))
        return sorted(found, key=lambda pair: -pair.both)

    def rival(self, read: int, named: int | None = None) -> int | None:
        """The digit that the one ``read`` was mixed up with most often; where another is ``named``, that one alone.

        None where they were never mixed up.
        """
        among = self.classes if named is None or named == read else (named,)
        mixed = {other: int(self.table[read, other] + self.table[other, read]) for other in among if other != read}
        most = max(mixed, key=lambda other: mixed[other])
        return most if mixed[most] else None


def leading(pairs: Sequence[Mistakes]) -> list[list[Mistakes]]:
    """The first of ``Counts.pairs`` in groups of equally many; a group that is too large to be named ends them."""
    groups: list[list[Mistakes]] = []
    for _, alike in groupby(pairs, key=lambda pair: pair.both):
        group = list(alike)
        if sum(map(len, groups)) + len(group) > MOST_PAIRS or len(groups) == MOST_PAIRS - 1:
            break
        groups.append(group)
    return groups


def counts_of(identity: ModelIdentity) -> Counts | None:
    """The table of the weights that answer; None where there is none of their labels, or it contradicts itself."""
    record = measured(identity)
    table = record.get("confusion")
    labels = list(identity.alphabet.labels)
    if identity.record.get("labels", labels) != labels or not isinstance(table, list):
        return None
    if [len(row) for row in table if isinstance(row, list)] != [len(labels)] * len(labels):
        return None
    if not all(type(count) is int and count >= 0 for row in table for count in row):
        return None
    counts = Counts(np.array(table, int))
    return counts if counts.pictures and counts.pictures == record.get("pictures", counts.pictures) else None
