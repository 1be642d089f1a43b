"""What each process of the sweep over the pictures makes for itself: a network, the fresh ones, and the study."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial

import numpy as np

from benchmarks.faithfulness.fresh import fresh_classifiers
from benchmarks.faithfulness.study import Study
from explainers import all_explainers
from model.classifier import Classifier
from model.load import load_classifier

SEED = 0
Task = tuple[int, np.ndarray, bool]  # what ``Study.measure`` takes

classifier_of = cache(load_classifier)  # the command and its only worker share one


def make_work(methods: Sequence[str], model: str | None, device: str) -> Callable[[Sequence[Task]], Iterator[dict]]:
    """The function that measures pictures by the ``methods`` with these ids."""
    study = _make_study(classifier_of(model, device), methods)
    return lambda tasks: (study.measure(*task) for task in tasks)


def _make_study(classifier: Classifier, methods: Sequence[str]) -> Study:
    fresh = cache(partial(fresh_classifiers, classifier))
    return Study(classifier, fresh, tuple(all_explainers()[method] for method in methods), SEED)
