"""How many real digits are turned away, and how many pieces of clothing: ``python -m benchmarks.gate --count 1000``

Pictures of the MNIST and the Fashion-MNIST test sets, spread evenly over each.
"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np

from model import datasets
from model.classifier import Classifier
from model.load import load_classifier
from model.preprocess import to_digit


def turned_away(classifier: Classifier, name: str, count: int) -> Counter[str]:
    """The reasons for which pictures of the test set ``name`` are turned away; "strange" for their features."""
    data = datasets.load(name, "test")
    reasons: Counter[str] = Counter()
    for picture in data.pictures[np.linspace(0, len(data) - 1, count).astype(int)]:
        image = to_digit(picture)
        if image.reason is not None:
            reasons[image.reason] += 1
        elif not classifier.predict(image.pixels).is_digit:
            reasons["strange"] += 1
    return reasons


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gate", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--model", default=None)
    options = parser.parse_args()
    classifier = load_classifier(options.model)
    for name in ("mnist", "fashion-mnist"):
        reasons = turned_away(classifier, name, options.count)
        share = sum(reasons.values()) / options.count
        print(f"{name}: {share:.1%} of {options.count:,} test pictures turned away ({dict(reasons)})", flush=True)


if __name__ == "__main__":
    main()
