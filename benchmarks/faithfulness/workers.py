"""Pictures measured one after the other, or by several processes, each with a network of its own.

One picture at a time keeps a GPU waiting for the processor most of the time; several processes fill it.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial

import numpy as np
import torch

from benchmarks.faithfulness.fresh import fresh_classifiers
from benchmarks.faithfulness.study import Study
from explainers import all_explainers
from model.classifier import Classifier
from model.load import load_classifier

SEED = 0
Task = tuple[int, np.ndarray, bool]  # what ``Study.measure`` takes

_study: Study | None = None  # of a worker process


def measured(
    classifier: Classifier, tasks: Sequence[Task], methods: Sequence[str], workers: int, model: str | None, device: str
) -> Iterator[dict]:
    """The rows, in order, of the ``methods`` with these ids; several ``workers`` load ``model`` on ``device`` each."""
    if workers == 1:
        study = _make_study(classifier, methods)
        yield from (study.measure(*task) for task in tasks)
        return
    os.environ.update({f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")})  # the workers' numpy
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, spawn, _start, (methods, model, device)) as pool:
        yield from pool.map(_one, tasks)


def _make_study(classifier: Classifier, methods: Sequence[str]) -> Study:
    fresh = cache(partial(fresh_classifiers, classifier))
    return Study(classifier, fresh, tuple(all_explainers()[method] for method in methods), SEED)


def _start(methods: Sequence[str], model: str | None, device: str) -> None:
    global _study
    torch.set_num_threads(1)
    _study = _make_study(load_classifier(model, device), methods)


def _one(task: Task) -> dict:
    assert _study is not None
    return _study.measure(*task)
