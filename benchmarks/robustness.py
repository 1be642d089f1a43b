"""How small a change of the pixels misleads the network? ``python -m benchmarks.robustness --count 100``

For MNIST test digits spread evenly over the test set, without a target: accuracy after one step along the sign of the
gradient (FGSM: Goodfellow et al., 2015, arXiv 1412.6572) and after up to ten (PGD, explainers/changes/adversarial.py: a
digit counts as misread as soon as one of the steps does it), each pixel within ε and within 0 and 1, in whole grey
levels. Beside them, of the pictures that are misread, the share that the check for pictures that are no digits turns
away; and the smallest ε at which "can you be fooled?" misleads the network. Printed as Markdown; each digit's row goes
to ``--rows`` as it is made.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from benchmarks.machine import describe
from explainers.base import Case
from explainers.changes.adversarial import MOST_LEVELS, NOISES, Climb, smallest_attack
from explainers.levels import GREYS
from model import datasets
from model.load import load_classifier
from model.progress import Progress

METHODS = {"FGSM": 1, "PGD": 10}  # steps
EPSILONS = (0.02, 0.05, 0.1, 0.2, 0.3)


def measure(case: Case, digit: int, levels: list[int]) -> dict:
    """Of one picture: right or wrong before, after each attack, and whether the check turned the changed one away."""
    found: dict = {"right": case.prediction.digit == digit, "attacks": {}}
    for method, steps in METHODS.items():
        for most in levels:
            climb = Climb(case, None)
            misread = not found["right"] or climb.reaches(most, steps)  # what is misread anyway needs no attack
            noticed = misread and not climb.attack().case.prediction.is_digit
            found["attacks"][f"{method} {most}"] = {"misread": misread, "noticed": noticed}
    smallest = smallest_attack(case)
    prediction = smallest.case.prediction
    found["smallest"] = {
        "found": smallest.found,
        "levels": smallest.levels,
        "gradients": smallest.gradients,
        "noticed": not prediction.is_digit,
        "unusual": prediction.unusual,
        "noise": sum(test.after.digit != test.before.digit for test in smallest.noises),
    }
    return found


def report(rows: list[dict], levels: list[int]) -> None:
    """Print both tables."""
    right = np.mean([row["right"] for row in rows])
    print(f"\n{len(rows)} digits, read right without an attack: {right:.1%}\n")
    print(
        "| ε | grey levels | "
        + " | ".join(f"right after {one} | of the misread, turned away" for one in METHODS)
        + " |"
    )
    print("|---|---|" + "---|---|" * len(METHODS))
    for most in levels:
        cells = [f"{most / GREYS:.2f}", str(most)]
        for method in METHODS:
            outcomes = [row["attacks"][f"{method} {most}"] for row in rows]
            misread = [one for one in outcomes if one["misread"]]
            cells.append(f"{1 - len(misread) / len(rows):.1%}")
            cells.append(f"{np.mean([one['noticed'] for one in misread]):.0%}" if misread else "none misread")
        print("| " + " | ".join(cells) + " |")
    smallest = [row["smallest"] for row in rows if row["right"]]
    sizes = np.array([one["levels"] for one in smallest if one["found"]])
    gradients = np.array([one["gradients"] for one in smallest])
    print("\n| smallest change found, of the digits read right | |\n|---|---|")
    print(f"| found within {MOST_LEVELS} levels | {len(sizes)} of {len(smallest)} |")
    for name, share in (("least", 0), ("a tenth below", 10), ("a quarter below", 25), ("median", 50)):
        print(f"| {name} | {np.percentile(sizes, share):.0f} levels |")
    for name, share in (("a quarter above", 75), ("a tenth above", 90), ("most", 100)):
        print(f"| {name} | {np.percentile(sizes, share):.0f} levels |")
    hits = [one for one in smallest if one["found"]]
    print(f"| turned away by the check | {np.mean([one['noticed'] for one in hits]):.0%} |")
    print(f"| called unusual, but let through | {np.mean([one['unusual'] for one in hits]):.0%} |")
    noise = np.mean([one["noise"] for one in hits]) / NOISES
    print(f"| as large a noise at random misleads too, of {NOISES} patterns a digit | {noise:.1%} |")
    print(f"| gradients, mean and most | {gradients.mean():.0f}, {gradients.max()} |")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.robustness", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--epsilon", type=float, nargs="+", default=EPSILONS, help="0 to 1, rounded to grey levels")
    parser.add_argument("--rows", type=Path, help="where to write one JSON object a digit")
    parser.add_argument("--model", default=None)
    options = parser.parse_args()
    levels = [round(one * GREYS) for one in options.epsilon]
    classifier = load_classifier(options.model)
    data = datasets.load("mnist", "test")
    rows: list[dict] = []
    progress = Progress(options.count)
    for index in np.linspace(0, len(data) - 1, options.count).astype(int):
        case = Case(classifier, data.pictures[index].astype(np.float32) / 255)
        rows.append({"picture": int(index), **measure(case, int(data.labels[index]), levels)})
        if options.rows:
            with options.rows.open("a", encoding="utf-8") as file:
                file.write(json.dumps(rows[-1]) + "\n")
        progress.step()
    print(describe())
    report(rows, levels)


if __name__ == "__main__":
    main()
