"""Recorded functions give what the plain ones give, whatever the batch. A stand-in takes the place of CUDA's graphs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from torch import Tensor

from model.recorded import Recorded, Recording, Run
from model.torch_engine import TorchEngine
from tests.fakes import tiny_network

on_a_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")


def doubled(batch: Tensor, added: Tensor) -> tuple[Tensor, ...]:
    return 2 * batch.sum(dim=1) + added, batch


class Recorder:
    """Replays by calling the function anew on the recording's inputs; ``sizes`` that were recorded."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.sizes: list[int] = []
        self.problem = problem

    def __call__(self, run: Run, inputs: Sequence[Tensor]) -> Recording:
        self.sizes.append(len(inputs[0]))
        if self.problem:
            raise self.problem
        outputs = [output.clone() for output in run(*inputs)]

        def replay() -> None:
            for held, new in zip(outputs, run(*inputs), strict=True):
                held.copy_(new)

        return Recording(inputs, outputs, replay)


def test_each_batch_gets_its_own_answer_and_sizes_are_shared() -> None:
    recorder = Recorder()
    recorded = Recorded(doubled, recorder)
    generator = torch.Generator().manual_seed(0)
    for count, added in ((3, 1.0), (4, 2.0), (1, 3.0), (2, 4.0), (3, 5.0)):
        batch = torch.rand(count, 5, generator=generator)
        found = recorded(batch, torch.tensor(added))
        for one, other in zip(found, doubled(batch, torch.tensor(added)), strict=True):
            assert torch.equal(one, other)
    assert recorder.sizes == [4, 1, 2]


def test_what_fills_a_batch_up_is_black() -> None:
    recorded = Recorded(doubled, Recorder())
    recorded(torch.ones(4, 2), torch.tensor(0.0))
    recorded(torch.ones(3, 2), torch.tensor(0.0))
    (recording,) = recorded._recordings.values()
    assert recording.inputs[0].tolist() == [[1, 1], [1, 1], [1, 1], [0, 0]]


def test_what_cannot_be_recorded_goes_on_step_by_step_and_that_is_said(caplog: pytest.LogCaptureFixture) -> None:
    recorder = Recorder(RuntimeError("operation not permitted when stream is capturing"))
    recorded = Recorded(doubled, recorder)
    for _ in range(2):
        found, _ = recorded(torch.ones(3, 2), torch.tensor(1.0))
        assert found.tolist() == [5, 5, 5]
    assert recorder.sizes == [4], "not tried again"
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "step by step" in caplog.text


def test_a_lack_of_memory_is_left_to_the_caller_who_asks_for_less() -> None:
    recorder = Recorder(torch.OutOfMemoryError("CUDA out of memory."))
    recorded = Recorded(doubled, recorder)
    with pytest.raises(torch.OutOfMemoryError):
        recorded(torch.ones(3, 2), torch.tensor(1.0))
    recorder.problem = None
    assert recorded(torch.ones(1, 2), torch.tensor(1.0))[0].tolist() == [5]


def test_forgotten_recordings_are_made_anew() -> None:
    recorder = Recorder()
    recorded = Recorded(doubled, recorder)
    for _ in range(2):
        recorded(torch.ones(2, 2), torch.tensor(0.0))
        recorded.forget()
    assert recorder.sizes == [2, 2]


@on_a_gpu
def test_on_a_gpu_recordings_give_what_the_processor_gives() -> None:
    on_gpu = TorchEngine(tiny_network(), torch.device("cuda"))
    plain = TorchEngine(tiny_network(), torch.device("cpu"))
    pictures = np.random.default_rng(0).random((11, 28, 28)).astype(np.float32)
    for count in (1, 3, 11, 2):
        for one, other in zip(on_gpu.read(pictures[:count]), plain.read(pictures[:count]), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)
        for target in (0, 7):
            found, wanted = (
                engine.log_odds_gradients(pictures[:count], target)[1].astype(np.float64) for engine in (on_gpu, plain)
            )
            assert np.linalg.norm(found - wanted) < 0.2 * np.linalg.norm(wanted)
    assert isinstance(on_gpu._reading, Recorded)
    assert on_gpu._reading._works
    assert isinstance(on_gpu._slopes, Recorded)
    assert on_gpu._slopes._works
