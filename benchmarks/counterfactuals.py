"""What would make it another digit: how often is a change found? ``python -m benchmarks.counterfactuals --images 300``

For correctly read MNIST test digits, spread evenly over the test set: the smallest change towards the runner-up and
towards another digit drawn at random, once with the project's own drawn digits alone and once with MNIST's training
pictures beside them. Printed: how often one was found, the median of the ink changed, by how much the probability that
is stated differs at most when the changed picture is read again as it stands in the reply's JSON, and the seconds.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np

from benchmarks.digits import read_right
from bot.contract import PIXEL_DECIMALS
from explainers.base import Case
from explainers.changes.becoming import smallest_change
from explainers.examples import examples
from model.classifier import Classifier
from model.load import load_classifier
from model.progress import Progress

SEED = 0


@dataclass(frozen=True)
class Row:
    """One question."""

    towards: str  # "runner-up" or "any digit"
    source: str  # which examples were at hand
    found: bool
    share: float  # ink changed as a share of the ink that was there
    difference: float  # of the probability stated and that on reading it again
    tried: int
    seconds: float


def ask(classifier: Classifier, pixels: np.ndarray, other: int, towards: str, drawn_only: bool) -> Row:
    """One question about a picture (28, 28) that nothing is known of yet."""
    collections = examples(other)[:1] if drawn_only else examples(other)
    case = Case(classifier, pixels)
    started = time.monotonic()
    search = smallest_change(case, other, collections)
    seconds = time.monotonic() - started
    change = search.found or search.nearest
    source = "drawn digits alone" if drawn_only else "with MNIST's training digits"
    if change is None:
        return Row(towards, source, False, 0.0, 0.0, search.tried, seconds)
    again = classifier.predict(np.round(change.test.after.pixels.astype(np.float64), PIXEL_DECIMALS).astype(np.float32))
    difference = float(np.abs(again.probabilities - change.test.after.probabilities).max())
    return Row(towards, source, search.found is not None, change.share, difference, search.tried, seconds)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.counterfactuals", description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=300)
    parser.add_argument("--model", default=None)
    options = parser.parse_args()
    classifier = load_classifier(options.model)
    generator = np.random.default_rng(SEED)
    for digit in range(10):
        examples(digit)  # made once for all questions, as in a running chat
    rows: list[Row] = []
    progress = Progress(options.images)
    for case, digit in read_right(classifier, options.images):
        drawn = int(generator.choice([other for other in range(10) if other != digit]))
        for towards, other in (("runner-up", case.prediction.runner_up), ("any digit", drawn)):
            rows += [ask(classifier, case.pixels, other, towards, drawn_only) for drawn_only in (True, False)]
        progress.step()
    report(rows)


def report(rows: list[Row]) -> None:
    """Print one line for each kind of question and each source of examples."""
    print("towards    examples                      asked  found   ink  differs  runs  seconds")
    for towards, source in dict.fromkeys((row.towards, row.source) for row in rows):
        some = [row for row in rows if (row.towards, row.source) == (towards, source)]
        ink = np.median([row.share for row in some if row.found]) if any(row.found for row in some) else np.nan
        seconds = [row.seconds for row in some]
        print(
            f"{towards:<10} {source:<29} {len(some):>5} {np.mean([row.found for row in some]):>6.1%} {ink:>5.0%} "
            f"{max(row.difference for row in some):>8.1e} {np.mean([row.tried for row in some]):>5.0f} "
            f"{np.median(seconds):>5.1f}, max {max(seconds):.1f}"
        )


if __name__ == "__main__":
    main()
