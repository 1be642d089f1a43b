"""Every method on the trained network, once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explainers import all_explainers
from explainers.base import Case
from explainers.blocks import block_maps
from explainers.reliability import erasing_agreement, fresh_agreement, over_seeds
from model.preprocess import to_digit
from tests.trained import trained_classifier

FIVE = Path(__file__).resolve().parents[2] / "interface" / "examples" / "five.png"


@pytest.fixture(scope="module")
def case() -> Case:
    """One for all that is asked of the five: its maps are made once."""
    return Case(trained_classifier(), to_digit(str(FIVE)).pixels)


@pytest.mark.weights
def test_every_method_runs_and_cam_is_grad_cam(case: Case) -> None:
    assert case.prediction.digit == 5
    maps = {name: case.attribution(method, 5) for name, method in all_explainers().items()}
    for name, found in maps.items():
        assert np.isfinite(found.values).all(), name
        assert found.values.max() > 0, name
        if all_explainers()[name].resolution != "7x7":
            assert not found.values[case.pixels == 0].any(), name
    assert np.abs(maps["cam"].values / 49 - maps["grad_cam"].values).max() < 1e-6
    assert maps["cam"].settings["cells"] == [7, 7]
    blocks = block_maps(case, 5)
    assert [one.cells.shape for one in blocks] == [(side, side) for side in (56, 28, 28, 14, 14, 7, 7)]
    assert maps["shapley"].values.sum() == pytest.approx(maps["integrated_gradients"].values.sum(), rel=0.05)


@pytest.mark.weights
def test_what_the_network_has_not_learnt_leaves_nothing_of_the_maps(case: Case) -> None:
    for name in ("lime", "shapley", "integrated_gradients", "gradient_x_input", "grad_cam", "lrp"):
        left = fresh_agreement(case, all_explainers()[name], 5)
        assert left is not None
        assert abs(left) <= 0.2, name
    draws = over_seeds(case, all_explainers()["lime"], 5)
    assert draws is not None
    assert draws.complete
    assert draws.stable


@pytest.mark.weights
def test_lime_ranks_the_parts_much_as_erasing_does() -> None:
    # Over all clear examples: of one digit, whose parts may cost nearly the same, the order says little.
    classifier, lime, found = trained_classifier(), all_explainers()["lime"], []
    for name in ("two", "three", "four", "five", "seven", "eight"):
        case = Case(classifier, to_digit(str(FIVE.with_name(f"{name}.png"))).pixels)
        found.append(erasing_agreement(case, case.attribution(lime, case.prediction.digit)))
    agreements = [one for one in found if one is not None]
    assert len(agreements) == 6
    assert np.mean(agreements) >= 0.5
