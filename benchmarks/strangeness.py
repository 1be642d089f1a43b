"""What tells digits from other pictures: distance, lack of evidence, and both: ``python -m benchmarks.strangeness``

For MNIST test digits that are read right against letters and clothes of their test sets, as they lie there: the area
under the ROC curve, which is how often a picture of the one kind is stranger than one of the other, and what is turned
away where 1 % of the digits are. Nothing here chooses anything.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.machine import describe
from model import datasets
from model.classifier import Classifier
from model.load import load_classifier
from model.novelty import Outputs, outputs_of

OTHERS = ("letters", "fashion-mnist")
TURNED_AWAY = 0.01  # of the digits
Measure = Callable[[Outputs], np.ndarray]


def measures(classifier: Classifier) -> dict[str, Measure]:
    """What a picture's outputs say of how strange it is, by name; (N,) each."""
    novelty = classifier.novelty
    if novelty is None:
        raise SystemExit("These weights have no novelty file; python -m model.novelty --weights FOLDER fits one.")
    return {
        "distance": lambda some: novelty.distance(some.features),
        "lack of evidence": lambda some: novelty.lacking(some.logits),
        "both": lambda some: novelty.unscaled(some.features, some.logits),
    }


def outputs(classifier: Classifier, name: str, count: int) -> tuple[Outputs, np.ndarray]:
    """Of ``count`` pictures spread evenly over the test set ``name``, and their labels (N,)."""
    data = datasets.load(name, "test")
    chosen = data.part(np.linspace(0, len(data) - 1, min(count, len(data))).astype(int))
    return outputs_of(classifier, chosen.pictures, name), chosen.labels


def compare(digits: np.ndarray, others: np.ndarray) -> tuple[float, float]:
    """Of two lots of strangeness: the area under the ROC curve, and the share of ``others`` beyond 99 % of the digits.

    Ties count half in the first, and not at all in the second.
    """
    truth = np.repeat([0, 1], [len(digits), len(others)])
    area = float(roc_auc_score(truth, np.concatenate([digits, others])))
    return area, float((others > np.quantile(digits, 1 - TURNED_AWAY)).mean())


def report(digits: Outputs, others: Mapping[str, Outputs], found: Mapping[str, Measure]) -> str:
    """One line for each measure and kind of picture."""
    lines = [
        f"{'strange by':<17} {'against':<14} {'ROC area':>8}  turned away where {TURNED_AWAY:.0%} of the digits are"
    ]
    for name, measure in found.items():
        for kind, some in others.items():
            area, share = compare(measure(digits), measure(some))
            lines.append(f"{name:<17} {kind:<14} {area:>8.3f}  {share:.1%} of {len(some.logits):,}")
    return "\n".join(lines)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.strangeness", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--model", default=None)
    options = parser.parse_args()
    classifier = load_classifier(options.model)
    found = measures(classifier)
    read, labels = outputs(classifier, "mnist", options.count)
    right = read.logits.argmax(axis=1) == labels
    digits = Outputs(read.features[right], read.logits[right])
    others = {name: outputs(classifier, name, options.count)[0] for name in OTHERS}
    print(describe())
    print(report(digits, others, found))


if __name__ == "__main__":
    main()
