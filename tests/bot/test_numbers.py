from __future__ import annotations

from dataclasses import replace

import pytest

from bot.render import load_numbers

ENGLISH = load_numbers("en")
percent, points, share = ENGLISH.percent, ENGLISH.points, ENGLISH.share


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


def test_of_a_counted_share_all_is_all_and_none_is_none() -> None:
    said = [ENGLISH.counted(value) for value in (0.0, 0.0001, 0.9946, 0.9999, 1.0)]
    assert said == ["0 %", "under 0.1 %", "99.5 %", "over 99.9 %", "100 %"]


def test_short_percent_says_the_same() -> None:
    assert [ENGLISH.short_percent(value) for value in (0.0, 0.42, 1.0)] == ["< 0.1 %", "42 %", "> 99.9 %"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.0, "more than 99 points"),
        (0.996, "more than 99 points"),
        (0.994, "99 points"),
        (0.0149, "one point"),
        (0.005, "one point"),
        (0.0049, "less than one point"),
    ],
)
def test_a_score_never_rounds_to_certainty(value: float, said: str) -> None:
    assert ENGLISH.score(value) == said


def test_the_right_side_of_a_formula() -> None:
    assert [ENGLISH.equals(value) for value in (0.0, 0.42, 1.0)] == ["< 0.1 %", "= 42 %", "> 99.9 %"]


def test_exact_points() -> None:
    assert ENGLISH.exact_points(-0.0123) == "1.2 points"


def test_decimals_groups_and_signs() -> None:
    assert ENGLISH.fixed(-1234.567) == "−1,234.57"
    assert [ENGLISH.fixed(value) for value in (-0.004, -0.006, -0.0)] == ["0.00", "−0.01", "0.00"]
    assert ENGLISH.whole(10000) == "10,000"
    assert [ENGLISH.signed(value) for value in (0.5, -0.5)] == ["+0.50", "−0.50"]


def test_a_language_writes_its_own_numbers() -> None:
    own = replace(ENGLISH, decimal=",", thousands=".", percent_sign="{number}\N{NARROW NO-BREAK SPACE}%")
    assert own.percent(0.9712) == "97\N{NARROW NO-BREAK SPACE}%"
    assert own.percent(0.993) == "99,3\N{NARROW NO-BREAK SPACE}%"
    assert own.fixed(1234.5) == "1.234,50"
