"""The classifier that the tests share answers as one of their own would."""

from __future__ import annotations

import numpy as np

from tests.fakes import tiny_classifier
from tests.remembering import Remembering, remembering

PICTURES = np.random.default_rng(0).random((3, 28, 28), np.float32)


def test_it_answers_as_the_engine_does_and_runs_each_picture_once() -> None:
    plain, runs = tiny_classifier(), 0
    engine = plain.engine
    shared = remembering(plain)
    for _ in range(2):
        for some in (PICTURES[:2], PICTURES[[2, 0, 2]]):
            for one in (plain, plain.fresh(1)):
                other = shared if one is plain else shared.fresh(1)
                np.testing.assert_allclose(other.logits(some), one.logits(some), atol=1e-4)
                for target in (3, 7):
                    for mine, its in zip(
                        other.log_odds_gradients(some, target), one.log_odds_gradients(some, target), strict=True
                    ):
                        np.testing.assert_allclose(mine, its, atol=1e-4)

    class Counting:
        def read(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            nonlocal runs
            runs += len(pictures)
            return engine.read(pictures)

    counted = Remembering(Counting())  # type: ignore[arg-type]
    first = counted.read(PICTURES[[0, 1, 0]])
    first[1][...] = 0  # what a caller does to its answer is its own affair
    assert runs == 2
    assert counted.read(PICTURES[:2])[1].any(axis=1).all()
    assert runs == 2
