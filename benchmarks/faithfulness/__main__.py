"""How faithful the maps of every method are: ``python -m benchmarks.faithfulness --out runs/faithfulness.jsonl``

For correctly read MNIST test digits, in a fixed random order. What is measured: ``report.py``. Each picture's row is
added to ``--out`` as it is made; started again, the command goes on behind the last one, and where there are enough
rows it reports them, on any machine, without running anything.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from benchmarks.digits import first_read_right
from benchmarks.faithfulness.plot import draw
from benchmarks.faithfulness.report import report
from benchmarks.faithfulness.workers import SEED, classifier_of, make_work
from benchmarks.machine import describe
from explainers import all_explainers
from model.classifier import Classifier
from model.devices import DEVICES
from model.sweep import add_options, sweep
from model.sweep.rows import Rows


def main() -> None:
    """The command line."""
    options = _options()
    rows = Rows.read(options.out)
    if rows is None or len(rows.rows) < options.images:
        rows = _run(options)
    some = rows.rows[: options.images]
    plot = options.report.with_suffix(".png") if options.report else None
    page = report(rows.head, some, plot.name if plot else "")
    if plot:
        options.report.write_text(page, encoding="utf-8")
        draw(some, rows.head["settings"]["methods"], plot)
    print(page)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faithfulness", description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument("--correlate", type=int, default=100, help="pictures with five more maps of each method")
    parser.add_argument("--methods", nargs="+", choices=tuple(all_explainers()), default=tuple(all_explainers()))
    parser.add_argument("--out", type=Path, required=True, help="JSON lines; an earlier run's file is gone on with")
    parser.add_argument("--report", type=Path, help="where to write the page; the picture goes beside it")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    add_options(parser)
    parser.add_argument("--model", default=None)
    return parser.parse_args()


def _run(options: argparse.Namespace) -> Rows:
    classifier = classifier_of(options.model, options.device)
    rows = Rows.begin(options.out, _settings(classifier, options), describe(str(classifier.device)))
    done = len(rows.rows)
    after = rows.rows[-1]["image"] if done else None
    chosen = first_read_right(classifier, options.images - done, after)
    tasks = [(image, pixels, done + place < options.correlate) for place, (image, pixels) in enumerate(chosen)]
    make = partial(make_work, tuple(options.methods), options.model, options.device)
    return sweep(rows, tasks, make, options.workers, options.on, note=_note)


def _note(row: Mapping) -> str:
    failed = sum(bool(entry["errors"]) for entry in row["methods"].values())
    return f"  {failed} methods failed" if failed else ""


def _settings(classifier: Classifier, options: argparse.Namespace) -> dict:
    """All that the rows depend on."""
    return {
        "model": classifier.identity.id,
        "sha256": classifier.identity.sha256,
        "temperature": classifier.temperature,
        "seed": SEED,
        "correlate": options.correlate,
        "device": classifier.device.type,
        "workers": options.workers,
        "methods": {name: all_explainers()[name].title for name in options.methods},
    }


if __name__ == "__main__":
    main()
