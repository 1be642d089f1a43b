"""The table of runs: the network's logits for a picture with some of its ink parts erased.

One table serves LIME and every "why not", for all ten logits of each run are kept.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from explainers.values import Part, log_odds
from model.classifier import Classifier

MOST_RUNS = 128  # a forward pass takes some 40 ms on two cores


@dataclass(frozen=True, eq=False)
class PartRuns:
    """What the network says when only some of the ink parts are left, the others being black."""

    ids: tuple[str, ...]  # the M ink parts, in order
    kept: np.ndarray  # (R, M) bool, distinct rows: which parts are left; row 0 keeps all
    logits: np.ndarray  # (R, 10) float32
    complete: bool  # whether all 2^M subsets are in

    def log_odds(self, target: int) -> np.ndarray:
        """(R,) float64: z_t − log Σ_{c≠t} exp z_c of each run."""
        return log_odds(self.logits, target)

    def row(self, kept: Sequence[bool] | np.ndarray) -> int | None:
        """The row in which just the parts in ``kept`` (M,) are left; None where that was not run."""
        found = np.flatnonzero((self.kept == np.asarray(kept, bool)).all(axis=1))
        return int(found[0]) if found.size else None

    def row_without(self, erased: Iterable[str]) -> int | None:
        """The row in which just the parts with the ids ``erased`` are gone; None where that was not run."""
        gone = set(erased)
        return self.row([part not in gone for part in self.ids]) if gone <= set(self.ids) else None


def run_parts(
    classifier: Classifier,
    pixels: np.ndarray,
    parts: Sequence[Part],
    seed: int,
    known: Mapping[frozenset[str], np.ndarray] = MappingProxyType({}),
) -> PartRuns:
    """Run (28, 28) ``pixels`` with ink parts erased to black; gaps among ``parts`` are passed over.

    All 2^M subsets where those are at most ``MOST_RUNS``; else the full and the empty picture, each part
    erased alone and kept alone, and random subsets with their complements (which makes the estimates vary less:
    Covert and Lee, "Improving KernelSHAP", 2021, arXiv 2012.01536), all of them distinct.

    ``known``: the ids of erased parts → the logits (10,) that the network gave without them; these are not run again.
    """
    ink = [part for part in parts if part.kind == "ink"]
    ids = tuple(part.id for part in ink)
    kept = kept_rows(len(ink), seed)
    gone = [frozenset(itertools.compress(ids, ~row)) for row in kept]
    new = np.array([erased not in known for erased in gone])
    logits = np.empty((len(kept), 10), np.float32)
    if new.any():
        masks = np.array([part.mask for part in ink], bool).reshape(len(ink), *pixels.shape)
        erased = np.einsum("rm,mhw->rhw", (~kept[new]).astype(np.uint8), masks.astype(np.uint8)) > 0
        logits[new] = classifier.logits(np.where(erased, np.float32(0), pixels))
    for row in np.flatnonzero(~new):
        logits[row] = known[gone[row]]
    return PartRuns(ids, kept, logits, len(kept) == 2 ** len(ink))


def kept_rows(parts: int, seed: int) -> np.ndarray:
    """(R, parts) bool, R ≤ ``MOST_RUNS`` distinct subsets, the full one first."""
    if 2**parts <= MOST_RUNS:
        codes = np.arange(2**parts)[::-1, None]
        return (codes >> np.arange(parts)) % 2 == 1
    alone = np.eye(parts, dtype=bool)
    rows = [np.ones(parts, bool), np.zeros(parts, bool), *~alone, *alone]
    known = {row.tobytes() for row in rows}
    generator = np.random.default_rng(seed)
    while len(rows) + 2 <= MOST_RUNS:
        row = generator.random(parts) < 0.5
        if row.tobytes() not in known:
            rows += [row, ~row]
            known |= {row.tobytes(), (~row).tobytes()}
    return np.array(rows)
