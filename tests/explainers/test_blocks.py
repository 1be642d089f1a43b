"""The maps of all depths: against captum, and the numbers about them against closed forms."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import nn

from explainers.base import Case
from explainers.blocks import BlockMap, _block_map, block_cells, block_maps, evenness, part_means
from explainers.cells import to_picture
from explainers.measures import strongest_region
from model.torch_engine import log_odds
from tests.explainers.pictures import boxes, boxes_case
from tests.explainers.test_contract import footprint
from tests.fakes import FakeClassifier, tiny_classifier

NAMES = ["denseblock1", "transition1", "denseblock2", "transition2", "denseblock3", "transition3", "denseblock4"]


@pytest.fixture(scope="module")
def case() -> Case:
    return boxes_case(tiny_classifier(2, image_size=224))


def test_captum_agrees_on_each(case: Case) -> None:
    captum = pytest.importorskip("captum.attr")
    network = copy.deepcopy(case.classifier.network)
    ours = block_cells(case.classifier.network, case.pixels, 6)
    assert list(ours) == NAMES
    for name, cells in ours.items():
        layer = network.features.get_submodule(name)
        method = captum.LayerGradCam(lambda pictures: log_odds(network(pictures), 6), layer)
        theirs = method.attribute(torch.from_numpy(case.pixels[None]).requires_grad_(True))[0, 0].detach().numpy()
        assert np.allclose(cells, theirs, atol=1e-4 * np.abs(theirs).max()), name
        assert np.abs(theirs).max() > 1e-3


def test_names_sizes_and_sums(case: Case) -> None:
    maps = block_maps(case, 6)
    assert [one.name for one in maps] == NAMES
    assert [one.cells.shape[0] for one in maps] == [56, 28, 28, 14, 14, 7, 7]
    assert [one.cell_size for one in maps] == [0.5, 1, 1, 2, 2, 4, 4]
    for one in maps:
        assert one.cells.dtype == one.values.dtype == np.float32
        assert np.array_equal(one.values, to_picture(one.cells))
        assert one.on_ink is not None
        assert 0 < one.on_ink < 1
        assert one.evenness is not None
        assert 0 < one.evenness < 1
    assert maps[-1].agreement == pytest.approx(1)


def test_the_sign_turns_with_the_target(case: Case) -> None:
    network = copy.deepcopy(case.classifier.network)
    network.classifier.weight[2:] = 0
    network.classifier.bias[2:] = -1e4
    first, second = (block_cells(network, case.pixels, target) for target in (0, 1))
    for name in NAMES:
        assert np.allclose(first[name], -second[name], atol=1e-4 * np.abs(first[name]).max()), name


def test_one_forward_and_one_backward_pass(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    forward = nn.MaxPool2d.forward
    monkeypatch.setattr(nn.MaxPool2d, "forward", lambda self, maps: runs.append(1) or forward(self, maps))
    grad = torch.autograd.grad
    backwards = []
    monkeypatch.setattr(torch.autograd, "grad", lambda *given: backwards.append(1) or grad(*given))
    block_maps(case, 6)
    assert (len(runs), len(backwards)) == (1, 1)


def test_nothing_is_left_behind_even_by_a_crash(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    network = case.classifier.network
    before, pixels = footprint(network), case.pixels.copy()
    block_maps(case, 6)
    with monkeypatch.context() as patch:
        patch.setattr(network.features.transition2, "forward", lambda maps: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            block_maps(case, 6)
    assert footprint(network) == before
    assert np.array_equal(case.pixels, pixels)


def described(values: np.ndarray, last: np.ndarray | None = None, count: int = 5) -> BlockMap:
    """What is said of a map made by hand, on ``boxes``."""
    case = boxes_case(FakeClassifier.random(), count)
    means = part_means(values if last is None else last, case.parts)
    return _block_map(case, "denseblock1", values, values.astype(np.float32), means)


def test_a_level_on_all_paper_changes_no_number_but_itself() -> None:
    values = np.zeros((28, 28))
    values[5:9, 8:12], values[5:9, 14:18] = 1.0, -3.0
    plain, shifted = described(values), described(values - 5)
    assert plain.level == 0
    assert shifted.level == -5
    assert plain.on_ink == shifted.on_ink == 1
    assert plain.evenness == shifted.evenness == evenness(np.abs(values))
    assert plain.part == shifted.part == "part_2"
    assert plain.region == shifted.region


def test_the_part_is_the_densest_and_not_the_largest_sum() -> None:
    pixels, parts = boxes(3)
    case = boxes_case(FakeClassifier.random(), 3)
    wide = parts[0].mask | parts[1].mask
    object.__setattr__(parts[0], "mask", wide)
    case.parts = (parts[0], parts[2])
    values = np.where(wide, 1.0, 0.0)
    values[parts[2].mask] = 1.5
    assert values[wide].sum() > values[parts[2].mask].sum()
    found = _block_map(case, "", values, values.astype(np.float32), part_means(values, case.parts))
    assert found.part == "part_3"
    assert pixels[parts[2].mask].all()


def test_the_region_is_that_of_the_strongest_cell_and_not_the_largest_sum() -> None:
    values = np.zeros((28, 28))
    values[:10, :10] = 1.0
    values[13, 13] = 9.0
    found = described(values)
    assert (found.region, found.region_share) == ("middle", pytest.approx(9 / 109))
    assert strongest_region(values)[0] == "top_left"


def test_where_nothing_speaks_for_the_target_no_part_is_named() -> None:
    pixels, _ = boxes(5)
    assert described(np.where(pixels > 0, -1.0, 0.0)).part is None
    flat = described(np.full((28, 28), 2.0))
    assert (flat.on_ink, flat.evenness, flat.region, flat.part, flat.agreement) == (None, None, None, None, None)


def test_the_order_of_the_parts_turns_with_the_sign_of_the_last_map() -> None:
    values = np.zeros((28, 28))
    for place, part in enumerate(boxes(4)[1][:4]):
        values[part.mask] = place + 1.0
    assert described(values, values, 4).agreement == pytest.approx(1)
    assert described(values, values, 4).same_first
    assert described(values, -values, 4).agreement == pytest.approx(-1)
    assert not described(values, -values, 4).same_first
    assert described(values, values, 2).agreement is None


@pytest.mark.parametrize("alike", [1, 4, 49])
def test_evenness_is_the_share_of_pixels_that_are_alike(alike: int) -> None:
    cells = np.zeros(49)
    cells[:alike] = 2.0
    assert evenness(cells.reshape(7, 7)) == pytest.approx(alike / 49)
