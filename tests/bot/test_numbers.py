from __future__ import annotations

import pytest

from bot.numbers import percent, points, share, short_percent


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.0, "over 99.9 %"),
        (0.9996, "over 99.9 %"),
        (0.9994, "99.9 %"),
        (0.985, "98.5 %"),
        (0.98, "98 %"),
        (0.5, "50 %"),
        (0.015, "2 %"),
        (0.0149, "1.5 %"),
        (0.0004, "under 0.1 %"),
        (0.0, "under 0.1 %"),
    ],
)
def test_percent_never_rounds_to_certainty(value: float, said: str) -> None:
    assert percent(value) == said


def test_points_are_a_size_without_a_sign() -> None:
    assert points(-0.42) == points(0.42) == "42 points"
    assert points(0.012) == "one point"
    assert points(0.004) == "less than one point"
    assert points(0.9999) == "over 99 points"


def test_share() -> None:
    assert share(0.62) == "62 %"


def test_short_percent_says_the_same() -> None:
    assert [short_percent(value) for value in (0.0, 0.42, 1.0)] == ["< 0.1 %", "42 %", "> 99.9 %"]
