"""How well a sample of runs ranks the parts of pictures with many: ``python -m benchmarks.ranking``

The pictures are the first MNIST test digits with seven to nine ink parts, which some three in a thousand have. For
each, all subsets are run once; what LIME would say of its parts is then told from a part of these runs: as the answers
do it, which run until the order of the strongest is settled, and from a fixed number, with the missing runs told by
kriging (``explainers/subsets/completion.py``) and without. Spearman's correlation over the parts, with LIME's from all
runs.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np

from benchmarks.machine import describe
from explainers.base import Case
from explainers.parts import find_parts
from explainers.subsets.completion import Completion, every_subset
from explainers.subsets.runs import FEWEST_RUNS, MORE_RUNS, kept_rows, settled
from explainers.subsets.surrogate import fit_map
from explainers.values import log_odds
from model import datasets
from model.load import load_classifier

MANY = range(7, 10)
SEEDS = range(3)
Tables = list[np.ndarray]  # (2^M, 10) logits, in the order of ``every_subset``


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ranking", description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=24, help="how many; 5 seconds each, and 2 minutes to find them")
    options = parser.parse_args()
    print(describe())
    tables = _tables(options.pictures)
    parts = np.bincount([_parts(table) for table in tables], minlength=max(MANY) + 1)
    print(f"{len(tables)} pictures: " + ", ".join(f"{parts[count]} with {count} parts" for count in MANY))
    print("rank correlation with all runs: mean, least; the strongest part the same; runs")
    _row("as in an answer", tables, _until_settled, completed)
    for count in (FEWEST_RUNS, 64, 96, 128):
        _row(f"{count} runs", tables, lambda rows, _, count=count: count, completed)
        _row(f"{count} runs, no kriging", tables, lambda rows, _, count=count: count, plain)


def _tables(count: int) -> Tables:
    classifier, tables = load_classifier(), []
    for drawn in datasets.load("mnist", "test").pictures:
        pixels = drawn.astype(np.float32) / 255
        ink = [part for part in find_parts(pixels) if part.kind == "ink"]
        if len(ink) in MANY and Case(classifier, pixels).prediction.is_digit:
            gone = ~every_subset(len(ink)) @ np.stack([part.mask.ravel() for part in ink]) > 0
            tables.append(classifier.logits(np.where(gone.reshape(-1, *pixels.shape), np.float32(0), pixels)))
        if len(tables) == count:
            break
    return tables


def _row(
    name: str,
    tables: Tables,
    enough: Callable[[np.ndarray, np.ndarray], int],
    weights: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> None:
    """A line about what ``weights`` makes of the first ``enough`` runs."""
    ranks, same, used = [], [], []
    for table in tables:
        subsets, odds = every_subset(_parts(table)), log_odds(table, int(table[0].argmax()))
        exact = fit_map(subsets) @ odds
        for seed in SEEDS:
            rows = kept_rows(_parts(table), seed)
            places = len(table) - 1 - rows @ (1 << np.arange(_parts(table)))
            count = min(enough(rows, table[places]), len(rows))
            found = weights(rows[:count], odds[places[:count]])
            ranks.append(float(np.corrcoef(_ranks(found), _ranks(exact))[0, 1]))
            same.append(found.argmax() == exact.argmax())
            used.append(count)
    runs = f"{np.mean(used):5.1f} ({min(used)} to {max(used)})"
    print(f"  {name:<24} {np.mean(ranks):.3f} {min(ranks):5.2f}  {np.mean(same):4.0%}  {runs}", flush=True)


def _until_settled(rows: np.ndarray, logits: np.ndarray) -> int:
    counts = range(FEWEST_RUNS, len(rows), MORE_RUNS)
    return next((count for count in counts if settled(rows[:count], logits[:count])), len(rows))


def completed(kept: np.ndarray, odds: np.ndarray) -> np.ndarray:
    """(M,) LIME's weights from R runs, the others told by kriging."""
    if len(kept) == 2 ** kept.shape[1]:
        return plain(kept, odds)
    completion = Completion(kept, odds)
    return fit_map(completion.kept) @ completion.odds


def plain(kept: np.ndarray, odds: np.ndarray) -> np.ndarray:
    """(M,) LIME's weights from R runs alone."""
    return fit_map(kept) @ odds


def _parts(table: np.ndarray) -> int:
    return len(table).bit_length() - 1


def _ranks(values: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(values))


if __name__ == "__main__":
    main()
