"""The error analysis that ``python -m model.evaluate --report FILE.html`` writes; docs/mistakes.md.

Rows first, one a picture, in a sweep that can be interrupted (``rows.py``); everything on the page comes from them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from bot.error_analysis.page import page_of
from bot.error_analysis.rows import TOGETHER, classifier_of, make_work
from bot.error_analysis.summary import Summary
from model import datasets
from model.alphabet import MNIST
from model.catalogue import DATA_SETS, DataSet
from model.classifier import Classifier
from model.devices import processor_name, usable_cores
from model.sweep import sweep
from model.sweep.rows import Rows


@dataclass(frozen=True)
class Run:
    """Which pictures are read, by what, and how."""

    model: str | None = None  # as ``load_classifier`` takes it
    device: str = "auto"
    workers: int = 1
    on: str = "processes"  # or "ray"
    images: int | None = None  # evenly spread over the split; None: all
    split: str = "test"  # or "validation"
    language: str = "en"
    explain: bool = True  # whether misread pictures are analysed


def write_report(run: Run, out: Path) -> Summary:
    """Write the page ``out``, its rows beside it, ``.jsonl``, and the replies, ``.replies.jsonl``.

    Raises ValueError where there are rows of other weights or settings beside it.
    """
    rows_file, replies_file = out.with_suffix(".jsonl"), out.with_suffix(".replies.jsonl")
    rows = read_all(run, rows_file)
    summary = Summary(rows.rows, rows.head["settings"]["temperature"])
    replies = [json.dumps(row["reply"], ensure_ascii=False, allow_nan=False) + "\n" for row in summary.misread]
    replies_file.write_text("".join(replies), encoding="utf-8")
    page = page_of(summary, rows.head["settings"], rows_file.name, replies_file.name)
    out.write_text(page, encoding="utf-8")
    return summary


def read_all(run: Run, out: Path) -> Rows:
    """A row for each picture of the run; those that are in ``out`` already are not made again."""
    classifier = classifier_of(run.model, run.device)
    data = _split(run.split, DATA_SETS[classifier.identity.alphabet.dataset])
    chosen = np.linspace(0, len(data) - 1, min(run.images or len(data), len(data))).astype(int)
    rows = Rows.begin(out, _settings(classifier, run, len(chosen)), f"{processor_name()}, {usable_cores()} cores")
    left = chosen[len(rows.rows) :]
    tasks = [(int(place), data.pictures[place], int(data.labels[place])) for place in left]
    make = partial(make_work, run.model, run.device, run.language, run.explain)
    return sweep(rows, tasks, make, run.workers, run.on, TOGETHER)


def _split(name: str, data_set: DataSet) -> datasets.LabelledPictures:
    if name == "validation":
        return datasets.split_training(datasets.load(data_set.id, "train"), data_set)[1]
    return datasets.load(data_set.id, "test")


def _settings(classifier: Classifier, run: Run, images: int) -> dict:
    """All that the rows depend on."""
    novelty, alphabet = classifier.novelty, classifier.identity.alphabet
    return {
        "model": classifier.identity.id,
        "sha256": classifier.identity.sha256,
        "temperature": classifier.temperature,
        "novelty": None if novelty is None else [round(novelty.limit, 4), round(novelty.unusual, 4)],
        "images": images,
        "split": run.split,
        "language": run.language,
        "explain": run.explain,
        **({} if alphabet == MNIST else {"dataset": alphabet.dataset, "labels": list(alphabet.labels)}),
    }
