from __future__ import annotations

from dataclasses import replace

import pytest

from bot.words.render import languages, load_numbers, words

ENGLISH = load_numbers("en")
percent, points, share = ENGLISH.percent, ENGLISH.points, ENGLISH.share


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.0, "over 99.9 %"),
        (0.9996, "over 99.9 %"),
        (0.9995, "over 99.9 %"),
        (0.99949, "99.9 %"),
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
    assert points(0.9999) == points(0.995) == "over 99 points"


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (0.6246, 0.3754, "24 points"),  # 62 % and 38 %, although the lead is 24.92
        (0.98, 0.0151, "96 points"),  # 98 % and 2 %
        (0.9865, 0.0101, "97 points"),  # 98.7 % and 1.0 %: not 98
        (0.504, 0.496, "less than one point"),  # both 50 %
        (0.506, 0.494, "2 points"),
        (0.5, 0.49, "one point"),
        (0.99999, 0.000001, "over 99 points"),
    ],
)
def test_a_lead_agrees_with_the_two_numbers_beside_it(first: float, second: float, said: str) -> None:
    assert ENGLISH.lead(first, second) == said


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [(0.6246, 0.3754, "24 points"), (0.994, 0.006, "98 points"), (0.996, 0.003, "more than 99 points")],
)
def test_a_lead_in_scores_agrees_too(first: float, second: float, said: str) -> None:
    assert ENGLISH.score_lead(first, second) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.62, "62 %"),
        (1.0, "100 %"),
        (1 - 1e-7, "100 %"),  # a sum of float32
        (0.996, "99 %"),
        (0.994, "99 %"),
        (0.006, "1 %"),
        (0.005, "under 1 %"),
        (0.004, "under 1 %"),
        (1e-7, "0 %"),
        (0.0, "0 %"),
        (1.3, "130 %"),  # of a limit
    ],
)
def test_a_share_is_all_or_none_only_where_it_is(value: float, said: str) -> None:
    assert share(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.0, "100.00 %"),
        (0.99996, "99.99 %"),
        (0.99994, "99.99 %"),
        (0.9964, "99.64 %"),
        (0.00006, "0.01 %"),
        (0.00005, "under 0.01 %"),
        (0.0, "0.00 %"),
    ],
)
def test_an_exact_share_too(value: float, said: str) -> None:
    assert ENGLISH.exact_share(value) == said


@pytest.mark.parametrize("language", languages())
def test_in_every_language_and_with_its_article(language: str) -> None:
    numbers = load_numbers(language)
    assert numbers.share(0.004) == numbers.under.format(number=numbers.share(0.01))
    over_the_edge = words(language).say("tried_over_the_edge", {"share": 0.004})
    assert numbers.share(0.004) in over_the_edge
    assert "el menos" not in over_the_edge


def test_of_a_counted_share_all_is_all_and_none_is_none() -> None:
    said = [ENGLISH.counted(value) for value in (0.0, 0.0001, 0.9946, 0.9995, 0.9999, 1.0)]
    assert said == ["0 %", "under 0.1 %", "99.5 %", "over 99.9 %", "over 99.9 %", "100 %"]


def test_short_percent_says_the_same() -> None:
    assert [ENGLISH.short_percent(value) for value in (0.0, 0.42, 1.0)] == ["< 0.1 %", "42 %", "> 99.9 %"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.0, "more than 99 points"),
        (0.996, "more than 99 points"),
        (0.995, "more than 99 points"),
        (0.994, "99 points"),
        (0.0149, "one point"),
        (0.005, "one point"),
        (0.0049, "less than one point"),
    ],
)
def test_a_score_never_rounds_to_certainty(value: float, said: str) -> None:
    assert ENGLISH.score(value) == said


def test_the_right_side_of_a_formula() -> None:
    said = [ENGLISH.equals(value) for value in (0.0, 0.42, 0.9995, 1.0)]
    assert said == ["< 0.1 %", "= 42 %", "> 99.9 %", "> 99.9 %"]


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
