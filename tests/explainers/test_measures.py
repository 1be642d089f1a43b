"""The statistics of a heatmap, against maps whose figures can be counted by hand."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest
from scipy.stats import spearmanr

from explainers.measures import Statistics, part_totals, rank_agreement, statistics, top_part
from explainers.values import Attribution, Part
from model.values import Prediction
from tests.explainers.pictures import boxes

PREDICTION = Prediction(
    np.zeros(10, np.float32), np.array([0.6, 0.25, 0.15, 0, 0, 0, 0, 0, 0, 0], np.float32), 0, 1, None
)


def attribution(values: np.ndarray, part_values: dict[str, float] | None = None) -> Attribution:
    return Attribution("lime", 0, values.astype(np.float32), "logit", None, {}, part_values or {})


def measured(values: np.ndarray, count: int = 4) -> Statistics:
    pixels, parts = boxes(count)
    return statistics(attribution(values), pixels, parts, PREDICTION)


def on_parts(amounts: list[float]) -> np.ndarray:
    """Each part's amount, spread evenly over its 16 pixels."""
    values = np.zeros((28, 28))
    for amount, part in zip(amounts, boxes(len(amounts))[1], strict=False):
        values[part.mask] = amount / 16
    return values


def test_coverage_is_the_share_on_ink() -> None:
    values = on_parts([1, 1, 1, 0])
    values[0, 0] = 1
    values[0, 1] = -50  # negative values play no part
    assert measured(values).stroke_coverage == pytest.approx(0.75)
    assert measured(on_parts([1, 1, 1, 0])).stroke_coverage == 1
    values = np.zeros((28, 28))
    values[0, 0] = 1
    assert measured(values).stroke_coverage == 0
    assert measured(values).ink_used is None


def test_the_ink_used_holds_ninety_percent() -> None:
    assert measured(on_parts([1, 0, 0, 0])).ink_used == pytest.approx(15 / 64)  # 14.4 of 16 equal pixels
    assert measured(on_parts([1, 1, 1, 1])).ink_used == pytest.approx(58 / 64)
    values = np.zeros((28, 28))
    for strongest, pixels in ((9.01, 1), (8.99, 2)):  # the border: just above and just below 90 %
        values[boxes(4)[1][0].mask] = [strongest] + [1 / 15] * 15
        assert measured(values).ink_used == pytest.approx(pixels / 64)


def test_focus_goes_from_even_to_all_in_one_part() -> None:
    assert measured(on_parts([1, 1, 1, 1])).region_focus == pytest.approx(0, abs=1e-6)
    assert measured(on_parts([1, 0, 0, 0])).region_focus == pytest.approx(1)
    assert measured(on_parts([1, 1, 0, -3])).region_focus == pytest.approx(0.5)
    assert measured(on_parts([1]), count=1).region_focus is None


def test_the_strongest_part_and_region_are_named() -> None:
    found = measured(on_parts([1, 3, -9, 0]))
    assert (found.part, found.part_share) == ("part_2", pytest.approx(0.75))
    values = on_parts([0, 3, 1, 0])
    values[boxes(4)[1][1].mask.nonzero()[0][0], boxes(4)[1][1].mask.nonzero()[1][0]] -= 2
    found = measured(values)  # what speaks against it within the part takes nothing from what speaks for it
    assert (found.part, found.part_share) == ("part_2", pytest.approx(3 * 15 / (3 * 15 + 16)))
    values = np.zeros((28, 28))
    values[20, 14], values[12, 5] = 3, 1
    found = measured(values)
    assert (found.region, found.region_share) == ("bottom", pytest.approx(0.75))
    assert measured(np.flipud(values)).region == "top"
    assert measured(values.T).region == "right"


def test_the_margin_is_the_prediction_s() -> None:
    assert measured(on_parts([1, 0, 0, 0])).confidence_margin == pytest.approx(0.35)


@pytest.mark.parametrize("values", [np.zeros((28, 28)), -np.ones((28, 28))], ids=["zero", "negative"])
def test_a_map_without_support_has_no_figures_and_no_nan(values: np.ndarray) -> None:
    found = asdict(measured(values))
    assert found.pop("confidence_margin") == pytest.approx(0.35)
    assert set(found.values()) == {None}
    json.dumps(found, allow_nan=False)
    pixels, parts = boxes(4)
    assert top_part(attribution(values), parts) is None
    black = statistics(attribution(values), np.zeros((28, 28), np.float32), (), PREDICTION)
    assert black.stroke_coverage is None
    assert black.region_focus is None


def test_every_figure_is_plain_for_json() -> None:
    found = measured(on_parts([1, 3, -9, 2]))
    assert json.loads(json.dumps(asdict(found), allow_nan=False)) == asdict(found)


def test_totals_come_from_the_method_where_it_gives_them() -> None:
    parts = boxes(3)[1]
    assert np.allclose(part_totals(attribution(on_parts([1, -2, 3])), parts), [1, -2, 3])
    given = attribution(on_parts([1, -2, 3]), {"part_1": 5.0, "part_2": 6.0, "part_3": 7.0})
    assert np.allclose(part_totals(given, parts), [5, 6, 7])
    strongest = top_part(given, parts)
    assert strongest is not None
    assert strongest.id == "part_3"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([1, 2, 3, 4], [2, 4, 6, 9]),
        ([1, 2, 3, 4], [4, 3, 2, 1]),
        ([1, 2, 2, 4], [3, 1, 4, 1]),
        ([0, -1, 5, 2], [1, 1, 1, 7]),
    ],
)
def test_agreement_is_spearman_s(first: list[float], second: list[float]) -> None:
    found = rank_agreement(*(attribution(on_parts(amounts)) for amounts in (first, second)), boxes(4)[1])
    assert found == pytest.approx(spearmanr(first, second).statistic)


def test_agreement_is_undefined_for_two_parts_or_a_flat_map() -> None:
    def agreement(first: list[float], second: list[float], parts: tuple[Part, ...]) -> float | None:
        return rank_agreement(attribution(on_parts(first)), attribution(on_parts(second)), parts)

    assert agreement([1, 2], [1, 2], boxes(2)[1]) is None
    assert agreement([1, 2, 3], [0, 0, 0], boxes(3)[1]) is None
    assert agreement([1, 2, 3], [1, 2, 3], boxes(3)[1]) == pytest.approx(1)
    assert agreement([], [], ()) is None
