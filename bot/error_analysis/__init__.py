"""The error analysis that ``python -m model.evaluate --report FILE.html`` writes; docs/mistakes.md.

Rows first, one a picture, in a sweep that can be interrupted (``rows.py``); everything on the page comes from them.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np

from bot.error_analysis.page import page_of
from bot.error_analysis.rows import TOGETHER, classifier_of, make_work
from bot.error_analysis.summary import Summary
from model import datasets
from model.classifier import Classifier
from model.devices import processor_name, usable_cores
from model.sweep import sweep
from model.sweep.rows import Rows


def write_report(
    model: str | None, out: Path, device: str, workers: int, on: str, images: int, language: str
) -> Summary:
    """Write the page ``out``, its rows beside it, ``.jsonl``, and the replies, ``.replies.jsonl``.

    ``images``: so many of the test pictures, evenly spread. Raises ValueError where there are rows of other weights
    or settings beside it.
    """
    rows_file, replies_file = out.with_suffix(".jsonl"), out.with_suffix(".replies.jsonl")
    rows = read_all(model, rows_file, device, workers, on, images, language, explain=True)
    summary = Summary(rows.rows, rows.head["settings"]["temperature"])
    replies = [json.dumps(row["reply"], ensure_ascii=False, allow_nan=False) + "\n" for row in summary.misread]
    replies_file.write_text("".join(replies), encoding="utf-8")
    page = page_of(summary, rows.head["settings"], language, rows_file.name, replies_file.name)
    out.write_text(page, encoding="utf-8")
    return summary


def read_all(
    model: str | None, out: Path, device: str, workers: int, on: str, images: int, language: str, explain: bool
) -> Rows:
    """The rows of the test pictures; those that are in ``out`` already are not made again."""
    classifier = classifier_of(model, device)
    machine = f"{processor_name()}, {usable_cores()} cores"
    rows = Rows.begin(out, _settings(classifier, images, language, explain), machine)
    data = datasets.load("mnist", "test")
    chosen = np.linspace(0, len(data) - 1, min(images, len(data))).astype(int)[len(rows.rows) :]
    tasks = [(int(place), data.pictures[place], int(data.labels[place])) for place in chosen]
    make = partial(make_work, model, device, language, explain)
    return sweep(rows, tasks, make, workers, on, TOGETHER)


def _settings(classifier: Classifier, images: int, language: str, explain: bool) -> dict:
    """All that the rows depend on."""
    novelty = classifier.novelty
    return {
        "model": classifier.identity.id,
        "sha256": classifier.identity.sha256,
        "temperature": classifier.temperature,
        "novelty": None if novelty is None else [round(novelty.limit, 4), round(novelty.unusual, 4)],
        "images": images,
        "language": language,
        "explain": explain,
    }
