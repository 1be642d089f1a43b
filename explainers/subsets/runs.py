"""The table of runs: the network's logits for a picture with some of its ink parts erased.

One table serves LIME and every "why not", for all ten logits of each run are kept.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from explainers.subsets.completion import ALIKE, Completion, every_subset, order_settled
from explainers.subsets.surrogate import fit_map
from explainers.values import Part, log_odds
from model.classifier import Classifier

ENUMERATED = 64  # subsets: so many are all run
FEWEST_RUNS, MORE_RUNS, MOST_RUNS = 48, 16, 128  # of more subsets: at first, each time that is not enough, at most
SETTLED_PLACES = 2  # the strongest parts whose order must be settled


@dataclass(frozen=True, eq=False)
class PartRuns:
    """What the network says when only some of the ink parts are left, the others being black."""

    ids: tuple[str, ...]  # the M ink parts, in order
    kept: np.ndarray  # (R, M) bool, distinct rows: which parts are left; row 0 keeps all
    logits: np.ndarray  # (R, K) float32, of K classes
    complete: bool  # whether all 2^M subsets are in

    @property
    def settings(self) -> dict[str, object]:
        """How the subsets were had, for the settings of an attribution that rests on them."""
        told = {} if self.complete else {"others": "kriging", "alike": ALIKE}
        return {"baseline": "black", "samples": len(self.kept), "complete": self.complete, **told}

    @property
    def known(self) -> dict[frozenset[str], np.ndarray]:
        """The ids of erased parts → the logits (K,) without them, as ``run_parts`` takes them."""
        gone = (frozenset(itertools.compress(self.ids, ~row)) for row in self.kept)
        return dict(zip(gone, self.logits, strict=True))

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

    All 2^M subsets where those are at most ``ENUMERATED``. Else the full and the empty picture, each part erased
    alone and kept alone, and random subsets with their complements (which makes the estimates vary less: Covert and
    Lee, "Improving KernelSHAP", 2021, arXiv 2012.01536), all of them distinct, until it is settled which parts weigh
    most for the digit that is read.

    ``known``: the ids of erased parts → the logits (K,) that the network, of K classes, gave without them; these are
    not run again.
    """
    ink = [part for part in parts if part.kind == "ink"]
    ids = tuple(part.id for part in ink)
    masks = np.array([part.mask for part in ink], bool).reshape(len(ink), *pixels.shape)
    classes = len(classifier.identity.alphabet.labels)
    kept, logits = kept_rows(len(ink), seed), np.empty((0, classes), np.float32)
    while len(logits) < len(kept):
        more = len(kept) if len(kept) <= ENUMERATED else MORE_RUNS if len(logits) else FEWEST_RUNS
        rows = kept[len(logits) : len(logits) + more]
        logits = np.concatenate([logits, _logits(classifier, pixels, ids, masks, rows, known)])
        if len(logits) < len(kept) and settled(kept[: len(logits)], logits):
            break
    return PartRuns(ids, kept[: len(logits)], logits, len(logits) == 2 ** len(ink))


def settled(kept: np.ndarray, logits: np.ndarray) -> bool:
    """Whether the subsets not among (R, M) ``kept`` are unlikely to change which parts weigh most, by (R, K) logits.

    The weights are LIME's, for the digit that is read from the whole picture, which row 0 is.
    """
    completion = Completion(kept, log_odds(logits, int(logits[0].argmax())))
    weigh = fit_map(completion.kept)
    return order_settled(weigh @ completion.odds, completion.covariance(weigh), SETTLED_PLACES)


def kept_rows(parts: int, seed: int) -> np.ndarray:
    """(R, parts) bool: the distinct subsets to run, in order, the full one first; at most ``MOST_RUNS``."""
    if 2**parts <= ENUMERATED:
        return every_subset(parts)
    alone = np.eye(parts, dtype=bool)
    rows = [np.ones(parts, bool), np.zeros(parts, bool), *~alone, *alone]
    known = {row.tobytes() for row in rows}
    generator = np.random.default_rng(seed)
    while len(rows) < MOST_RUNS:
        row = generator.random(parts) < 0.5
        if row.tobytes() not in known:
            rows += [row, ~row]
            known |= {row.tobytes(), (~row).tobytes()}
    return np.array(rows)


def _logits(
    classifier: Classifier,
    pixels: np.ndarray,
    ids: Sequence[str],
    masks: np.ndarray,
    kept: np.ndarray,
    known: Mapping[frozenset[str], np.ndarray],
) -> np.ndarray:
    """(R, K): those of the picture with just the parts in ``kept`` (R, M) left."""
    gone = [frozenset(itertools.compress(ids, ~row)) for row in kept]
    new = np.array([erased not in known for erased in gone])
    logits = np.empty((len(kept), len(classifier.identity.alphabet.labels)), np.float32)
    if new.any():
        erased = np.einsum("rm,mhw->rhw", (~kept[new]).astype(np.uint8), masks.astype(np.uint8)) > 0
        logits[new] = classifier.logits(np.where(erased, np.float32(0), pixels))
    for row in np.flatnonzero(~new):
        logits[row] = known[gone[row]]
    return logits
