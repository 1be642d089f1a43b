"""What is told of how well two kinds of pictures are told apart."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.strangeness import compare, measures, report
from model.novelty import Novelty, Outputs
from tests.fakes import FakeClassifier

DIGITS = np.arange(1.0, 101.0)


@pytest.mark.parametrize(
    ("others", "area", "share"),
    [
        (DIGITS + 200, 1.0, 1.0),
        (DIGITS, 0.5, 0.01),
        (DIGITS - 200, 0.0, 0.0),
        (np.full(10, np.quantile(DIGITS, 0.99)), 0.99, 0.0),  # on the limit is not beyond it
    ],
)
def test_the_area_and_the_share_beyond_the_limit(others: np.ndarray, area: float, share: float) -> None:
    assert compare(DIGITS, others) == pytest.approx((area, share))


def test_each_measure_looks_at_its_own_outputs_and_both_at_both() -> None:
    fake = FakeClassifier.random()
    fake.novelty = Novelty(np.zeros((1, 2), np.float32), np.eye(2, dtype=np.float32), np.log(10), 2.0, 1.0, 1.0)
    usual, far, silent = [0.0, 0.0], [3.0, 4.0], np.full(10, -1.0)
    some = Outputs(np.array([usual, far, usual]), np.array([np.zeros(10), np.zeros(10), silent]))
    found = {name: measure(some).tolist() for name, measure in measures(fake).items()}
    assert found["distance"] == pytest.approx([0, 5, 0])
    assert found["lack of evidence"] == pytest.approx([0, 0, 1])
    assert found["both"] == pytest.approx([0, 5, 2])


def test_the_report_has_a_line_for_each_measure_and_kind() -> None:
    digits, others = (Outputs(np.zeros((5, 1)), np.full((5, 10), level)) for level in (0.0, 1.0))
    told = report(digits, {"letters": others}, {"height": lambda some: some.logits[:, 0]})
    assert told.splitlines()[1].split() == ["height", "letters", "1.000", "100.0%", "of", "5"]


def test_weights_without_a_novelty_file_say_what_to_do() -> None:
    with pytest.raises(SystemExit, match="python -m model.novelty"):
        measures(FakeClassifier.random())
