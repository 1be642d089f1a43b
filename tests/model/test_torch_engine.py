"""Torch where a GPU's memory is short: smaller batches, then the processor. A stand-in takes the GPU's place."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from model.torch_engine import BATCHES, GRADIENT_BYTES, READING_BYTES, SHARE, TorchEngine, batches
from tests.fakes import tiny_network

CPU = torch.device("cpu")


class SmallGpu(TorchEngine):
    """Computes on the processor, and has no room for more than ``room`` pictures until it has left the "GPU"."""

    def __init__(self, room: int) -> None:
        super().__init__(tiny_network(), CPU)
        self.room, self.tried = room, list[int]()
        self.batch, self.gradient_batch = 8, 4
        self.device = torch.device("cuda")

    def _tensor(self, values: np.ndarray) -> Tensor:
        if values.ndim == 3:  # pictures
            self.tried.append(len(values))
            if self.device.type == "cuda" and len(values) > self.room:
                raise torch.OutOfMemoryError("CUDA out of memory.")
        return torch.from_numpy(np.ascontiguousarray(values, np.float32))


def pictures(count: int) -> np.ndarray:
    return np.random.default_rng(0).random((count, 28, 28)).astype(np.float32)


@pytest.mark.parametrize(
    ("room", "tried", "batch"), [(8, [8], 8), (7, [8, 4, 4], 4), (2, [8, 4, 2, 2, 4, 2, 2], 2), (1, None, 1)]
)
def test_what_finds_no_room_is_read_in_halves(room: int, tried: list[int] | None, batch: int) -> None:
    engine, some = SmallGpu(room), pictures(8)
    features, logits = engine.read(some)
    expected = TorchEngine(tiny_network(), CPU).read(some)
    np.testing.assert_allclose(features, expected[0], atol=1e-5)
    np.testing.assert_allclose(logits, expected[1], atol=1e-5)
    assert tried is None or engine.tried == tried
    assert (engine.batch, engine.gradient_batch, engine.device.type) == (batch, 4, "cuda")


def test_a_gradient_without_room_makes_later_gradients_smaller_and_readings_not() -> None:
    engine, some = SmallGpu(3), pictures(4)
    odds, gradients = engine.log_odds_gradients(some, 7)
    expected = TorchEngine(tiny_network(), CPU).log_odds_gradients(some, 7)
    np.testing.assert_allclose(odds, expected[0], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(gradients, expected[1], rtol=1e-5, atol=1e-5)
    assert (engine.batch, engine.gradient_batch) == (8, 2)


def test_without_room_for_one_picture_the_processor_goes_on_and_that_is_said(caplog: pytest.LogCaptureFixture) -> None:
    engine, some = SmallGpu(0), pictures(3)
    expected = TorchEngine(tiny_network(), CPU).read(some)[1]
    np.testing.assert_allclose(engine.read(some)[1], expected, atol=1e-5)
    assert engine.device.type == "cpu"
    assert (engine.batch, engine.gradient_batch) == BATCHES["cpu"]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "the processor runs the network from now on" in caplog.text
    tried = len(engine.tried)
    engine.read(some)
    assert engine.tried[tried:] == [3]  # no further attempt on the GPU


def test_other_faults_are_not_taken_for_a_lack_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = SmallGpu(8)
    monkeypatch.setattr(engine.network, "maps", lambda prepared: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        engine.read(pictures(2))
    assert engine.tried == [2]


@pytest.mark.parametrize(
    ("free", "expected"),
    [
        (0, (1, 1)),
        (int(GRADIENT_BYTES / SHARE) * 2 - 1, (GRADIENT_BYTES * 2 // READING_BYTES - 1, 1)),
        (int(GRADIENT_BYTES / SHARE) * 2, (GRADIENT_BYTES * 2 // READING_BYTES, 2)),
        (10**12, BATCHES["cuda"]),
        (None, BATCHES["cuda"]),
    ],
)
def test_batches_are_sized_to_the_free_memory(free: int | None, expected: tuple[int, int]) -> None:
    assert batches("cuda", free) == expected


def test_a_gpu_is_asked_for_its_free_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (int(GRADIENT_BYTES / SHARE) * 3, 10**12))
    network = tiny_network()
    monkeypatch.setattr(network, "to", lambda *_, **__: network)
    assert TorchEngine(network, torch.device("cuda")).gradient_batch == 3
