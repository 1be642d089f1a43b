"""Do our heatmaps erase as well as the plain way's? ``python -m benchmarks.defaults --images 50``

The plain way (benchmarks/plain.py) is lime and captum with their defaults on the enlarged picture. For correctly read
MNIST test digits, in the fixed random order of ``first_read_right``: the ink goes in twenty equal steps, what a map
marks most first, and the mean log-odds and the mean probability of the digit over the first half of the way say how
soon it is lost (lower is better; in the second half all orders come to the same black picture). Printed: the means of
both ways, by how much ours is better with the 95 % bootstrap interval over the pictures, and on what share of them it
is. A digit takes the plain way forty seconds on two cores; each one's row goes to ``--rows``, and what is there already
is not measured again.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from operator import itemgetter
from pathlib import Path

import numpy as np
import torch

from benchmarks.digits import first_read_right
from benchmarks.exhaustive import erased_logits
from benchmarks.faithfulness import scores
from benchmarks.machine import describe
from benchmarks.plain import PlainWay
from explainers.base import Case
from explainers.integrated_gradients import IntegratedGradients
from explainers.lime import Lime
from explainers.values import log_odds
from model.devices import usable_cores
from model.load import load_classifier
from model.progress import Progress

SHARES = np.arange(1, 11) / 20  # of the ink
METHODS = (Lime, IntegratedGradients)
PLAIN, RANDOM = "plain ", "random order"
LOG_ODDS, PROBABILITY = "log-odds", "probability"
SCORES = [scores.Score(unit, itemgetter(unit), -1) for unit in (LOG_ODDS, PROBABILITY)]


def measure(case: Case, plain: Mapping[str, np.ndarray]) -> dict:
    """Of one picture, the row that ``scores`` takes: our maps, the plain ones by method, and ink in random order."""
    digit = case.prediction.digit
    maps = {one.id: one().explain(case, digit).values for one in METHODS}
    maps |= {PLAIN + method: values for method, values in plain.items()}
    maps[RANDOM] = np.random.default_rng(1).random(case.pixels.shape)
    return {"methods": {name: deletion(case, values) for name, values in maps.items()}}


def deletion(case: Case, values: np.ndarray) -> dict[str, float]:
    """The mean log-odds (logit, temperature 1) and probability of the digit while the first half of the ink goes."""
    logits, digit = erased_logits(case, values, SHARES), case.prediction.digit
    return {
        LOG_ODDS: float(log_odds(logits, digit).mean()),
        PROBABILITY: float(case.classifier.probabilities(logits)[:, digit].mean()),
    }


def report(rows: Sequence[dict]) -> str:
    """A Markdown table: a line for each method and unit."""
    lines = ["| | ours | plain | random order | ours lower by | on |", "|---|---|---|---|---|---|"]
    for method in METHODS:
        for score in SCORES:
            names = (method.id, PLAIN + method.id, RANDOM)
            means = " | ".join(f"{scores.values(rows, name, score.of).mean():.2f}" for name in names)
            gain = scores.gain(rows, *names[:2], score)
            assert gain is not None  # every row has both
            lines.append(
                f"| {method.title}, {score.title} | {means} | {gain.mean:+.2f} ({gain.low:+.2f} to {gain.high:+.2f}) "
                f"| {gain.better:.0%} |"
            )
    return "\n".join(lines)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.defaults", description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=50)
    parser.add_argument("--rows", type=Path, help="one JSON object a digit; those that it holds are not measured again")
    options = parser.parse_args()
    classifier, way = load_classifier(device="cpu"), PlainWay(torch.device("cpu"))
    torch.set_num_threads(usable_cores())
    rows: list[dict] = []
    if options.rows and options.rows.exists():
        rows = [json.loads(line) for line in options.rows.read_text(encoding="utf-8").splitlines()][: options.images]
    chosen = first_read_right(classifier, options.images)[len(rows) :]
    progress = Progress(len(chosen))
    for _, pixels in chosen:
        maps, _ = way.maps(pixels)
        rows.append(measure(Case(classifier, pixels), maps))
        if options.rows:
            with options.rows.open("a", encoding="utf-8") as file:
                file.write(json.dumps(rows[-1]) + "\n")
        progress.step()
    print(describe("cpu"))
    print(report(rows))


if __name__ == "__main__":
    main()
