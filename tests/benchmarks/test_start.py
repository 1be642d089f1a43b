"""The start against the real app, and the table of several."""

from __future__ import annotations

import pytest

from benchmarks.start import Start, start_once, table


@pytest.mark.weights
def test_the_page_comes_before_its_answer() -> None:
    found = start_once()
    assert 0 < found.page < found.first <= found.whole


def test_every_round_and_the_median_stand_in_the_table() -> None:
    assert table([Start(1.0, 2.0, 3.0), Start(5.0, 6.0, 17.04), Start(2.0, 2.5, 4.0)]) == [
        "page: 1.0, 5.0, 2.0 s, median 2.0 s",
        "first: 2.0, 6.0, 2.5 s, median 2.5 s",
        "whole: 3.0, 17.0, 4.0 s, median 4.0 s",
    ]
