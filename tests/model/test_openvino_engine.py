"""OpenVINO computes what torch computes: features, logits, log-odds and gradients, for any size of the picture."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch

from model import devices, openvino_engine
from model.devices import free_cores, usable_cores
from model.folding import fold
from model.network import DigitNet
from model.openvino_engine import OpenVinoEngine, StemPass
from model.torch_engine import TorchEngine
from tests.fakes import tiny_network

CPU = torch.device("cpu")


def pictures(count: int, seed: int = 0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return (generator.random((count, 28, 28)) * (generator.random((count, 28, 28)) > 0.6)).astype(np.float32)


def network(size: int) -> DigitNet:
    """A tiny network that has two dense layers in a row as well."""
    torch.manual_seed(size)
    made = DigitNet(image_size=size, growth_rate=4, block_config=(2, 1, 2, 1), num_init_features=8)
    with torch.no_grad():
        made.classifier.weight *= 5
        made.train()(torch.from_numpy(pictures(8)))
    return made.eval().requires_grad_(False)


@pytest.mark.parametrize("size", [56, 64, 100])  # odd maps before a pooling leave a row and a column out
def test_the_answers_are_torch_s(size: int) -> None:
    ours, theirs, some = OpenVinoEngine(made := network(size), "f32"), TorchEngine(made, CPU), pictures(3)
    for found, expected in zip(ours.read(some), theirs.read(some), strict=True):
        assert found.shape == expected.shape
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, expected, atol=1e-4)
    for target in (0, 9):
        odds, gradients = ours.log_odds_gradients(some, target)
        expected_odds, expected_gradients = theirs.log_odds_gradients(some, target)
        assert (gradients.shape, gradients.dtype, odds.dtype) == ((3, 28, 28), np.float32, np.float32)
        np.testing.assert_allclose(odds, expected_odds, atol=1e-4)
        assert np.abs(expected_gradients).max() > 0.01
        np.testing.assert_allclose(gradients, expected_gradients, atol=1e-4 * np.abs(expected_gradients).max())


def test_gradients_of_any_precision_have_little_noise() -> None:
    made, some = tiny_network(), pictures(4)
    odds, gradients = OpenVinoEngine(made).log_odds_gradients(some, 5)
    expected_odds, expected = TorchEngine(made, CPU).log_odds_gradients(some, 5)
    np.testing.assert_allclose(odds, expected_odds, atol=0.05 * np.abs(expected_odds).max())
    assert (gradients * expected).sum() >= 0.9 * np.linalg.norm(gradients) * np.linalg.norm(expected)


def test_folding_changes_neither_the_network_nor_its_first_layers() -> None:
    made = tiny_network(3)
    before = {name: tensor.clone() for name, tensor in made.state_dict().items()}
    folded = fold(made)
    assert all(tensor.equal(before[name]) for name, tensor in made.state_dict().items())
    picture = torch.from_numpy(pictures(1))
    with torch.inference_mode():
        expected = made.prepare(picture)
        for name in ("conv0", "norm0", "relu0", "pool0"):
            expected = made.features.get_submodule(name)(expected)
        np.testing.assert_allclose(StemPass(folded.stem, picture[0]).maps, expected, atol=1e-5)


@pytest.mark.parametrize("cores", [1, 2, 12])
def test_many_threads_and_many_cores_get_what_one_gets(cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openvino_engine, "usable_cores", lambda: cores)
    engine, some = OpenVinoEngine(tiny_network(), "f32"), pictures(16)
    alone = np.concatenate([engine.read(picture[None])[1] for picture in some])
    slopes = [engine.log_odds_gradients(some[:3], digit)[1] for digit in range(4)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda _: engine.read(some)[1], range(8)))
        many = list(pool.map(lambda digit: engine.log_odds_gradients(some[:3], digit)[1], range(4)))
    for found in together:
        np.testing.assert_allclose(found, alone, atol=1e-5)
    np.testing.assert_allclose(many, slopes, atol=1e-4)


def test_pictures_stay_as_they_are() -> None:
    engine, some = OpenVinoEngine(tiny_network()), pictures(2)
    before = some.copy()
    engine.read(some)
    engine.log_odds_gradients(some, 1)
    np.testing.assert_array_equal(some, before)


def test_an_answer_outlives_the_next_question() -> None:
    engine, some = OpenVinoEngine(tiny_network()), pictures(2)
    features, logits = engine.read(some[:1])
    kept = features.copy(), logits.copy()
    engine.read(some[1:])
    np.testing.assert_array_equal(features, kept[0])
    np.testing.assert_array_equal(logits, kept[1])


@pytest.mark.parametrize(
    ("text", "most"), [("150000 100000", 2), ("20000 100000", 1), ("max 100000", 10_000), ("", 10_000)]
)
def test_a_container_s_quota_limits_the_cores(text: str, most: int, tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text(text)
    everything = usable_cores(tmp_path / "nothing")
    assert usable_cores(tmp_path / "cpu.max") == min(most, everything)
    assert everything >= 1


@pytest.mark.parametrize(("load", "free"), [(0.2, 4), (0.6, 3), (3.2, 1), (9.0, 1)])
def test_torch_gets_the_cores_that_other_work_leaves(load: float, free: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "usable_cores", lambda: 4)
    monkeypatch.setattr(devices.os, "getloadavg", lambda: (load, 0, 0), raising=False)
    assert free_cores() == free
