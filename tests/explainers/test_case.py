"""A picture before a classifier: what several methods need is computed once."""

from __future__ import annotations

import threading
from typing import ClassVar

import numpy as np
import pytest

from explainers.base import Case, Explainer
from explainers.checks import each_alone
from explainers.errors import ExplainerError
from explainers.once import once
from explainers.values import Attribution
from tests.explainers.pictures import boxes_case
from tests.fakes import FakeClassifier, aside

PATIENCE = 60  # seconds until a test is given up that would otherwise hang


class Slow(Explainer):
    """Waits until it is let go, and notes in which threads it was asked."""

    id: ClassVar[str] = "slow"
    resolution: ClassVar[str] = "pixel"

    def __init__(self, fails: bool = False) -> None:
        self.threads: list[str] = []
        self.go = threading.Event()
        self.fails = fails

    def explain(self, case: Case, target: int) -> Attribution:
        """A flat map."""
        self.threads.append(threading.current_thread().name)
        assert self.go.wait(PATIENCE)
        if self.fails:
            raise ExplainerError("It cannot be done.")
        return Attribution(self.id, target, np.zeros((28, 28), np.float32), "logit", None, {})


class SlowParts(Slow):
    """The same, made of runs with parts erased."""

    resolution: ClassVar[str] = "part"


@pytest.mark.parametrize("first", ["prediction", "features"])
def test_a_picture_is_run_once_for_its_reading_and_its_features(first: str) -> None:
    fake = FakeClassifier.random()
    pixels = np.random.default_rng(0).random((28, 28)).astype(np.float32)
    case = Case(fake, pixels)
    getattr(case, first)
    np.testing.assert_array_equal(case.features, fake.features(pixels[None])[0])
    assert case.prediction.digit == int(case.outcome.logits.argmax())
    assert fake.runs == 1


def test_a_map_that_was_begun_is_fetched_and_computed_once() -> None:
    case, slow = boxes_case(aside(FakeClassifier.random())), Slow()
    case.begin(slow, 3)
    case.begin(slow, 3)
    slow.go.set()
    found = case.attribution(slow, 3)
    case.begin(slow, 3)
    assert case.attribution(slow, 3) is found
    assert len(slow.threads) == 1
    assert slow.threads != [threading.current_thread().name]
    assert case.attribution(slow, 4) is not found
    assert slow.threads[1:] == [threading.current_thread().name]


@pytest.mark.parametrize(("elsewhere", "explainer"), [(False, Slow()), (True, SlowParts())])
def test_nothing_is_begun_on_a_processor_nor_with_the_runs_of_the_tests(elsewhere: bool, explainer: Slow) -> None:
    classifier = FakeClassifier.random()
    case = boxes_case(aside(classifier) if elsewhere else classifier)
    case.begin(explainer, 3)
    explainer.go.set()
    case.attribution(explainer, 3)
    assert explainer.threads == [threading.current_thread().name]


def test_what_was_begun_and_failed_says_so_and_can_be_tried_again() -> None:
    case, slow = boxes_case(aside(FakeClassifier.random())), Slow(fails=True)
    case.begin(slow, 3)
    slow.go.set()
    with pytest.raises(ExplainerError):
        case.attribution(slow, 3)
    slow.fails = False
    assert case.attribution(slow, 3).target == 3


@pytest.mark.parametrize("elsewhere", [True, False])
def test_the_table_of_runs_is_begun_beside_where_the_network_runs_aside(elsewhere: bool) -> None:
    threads = []

    class Noted(FakeClassifier):
        def logits(self, pixels: np.ndarray) -> np.ndarray:
            threads.append(threading.current_thread().name)
            return super().logits(pixels)

    fake = FakeClassifier.random()
    noted = Noted(fake.weights, fake.biases)
    case, alike = boxes_case(aside(noted) if elsewhere else noted), boxes_case(fake)
    for one in (case, alike):
        each_alone(one, one.parts)
    del threads[:]
    case.begin_runs()
    case.begin_runs()
    assert (case.finished_runs is None) != elsewhere, "what was begun is waited for, so that the same runs are told"
    np.testing.assert_array_equal(case.runs.logits, alike.runs.logits)
    assert set(threads) == {"beside" if elsewhere else threading.current_thread().name}
    ran = len(threads)
    case.begin_runs()
    assert case.finished_runs is case.runs
    assert len(threads) == ran


def test_two_threads_that_ask_at_the_same_moment_get_the_same_thing() -> None:
    both = threading.Barrier(2)

    class Thing:
        @once
        def found(self) -> object:
            both.wait(PATIENCE)
            return object()

    thing, seen = Thing(), list[object]()
    threads = [threading.Thread(target=lambda: seen.append(thing.found)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(seen) == 2
    assert seen[0] is seen[1] is thing.found
