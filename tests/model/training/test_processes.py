"""Two processes, as torchrun starts them, train what one would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.errors import ModelError
from model.training.batches import smallest_batch
from model.training.checkpoints import CHECKPOINT
from model.training.processes import Processes, join
from model.training.settings import Stage
from tests.model.training import worker
from tests.model.training.conftest import SETTINGS, MakeTrainer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What two processes left, who met on this machine."""
    out = tmp_path_factory.mktemp("together")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2",
               "-m", "tests.model.training.worker", str(out)]  # fmt: skip
    done = subprocess.run(
        command, cwd=Path(__file__).parents[3], capture_output=True, text=True, timeout=240,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def found(folder: Path) -> list[dict]:
    return [json.loads((folder / f"{rank}.json").read_text()) for rank in (0, 1)]


def test_two_processes_train_what_one_does(folder: Path, found: list[dict], tmp_path: Path) -> None:
    assert found[0]["frozen"] == found[1]["frozen"]
    with worker.tiny():
        alone = worker.whole(worker.FROZEN, tmp_path / "alone", Processes())
    state = torch.load(folder / "frozen" / CHECKPOINT, weights_only=True)
    assert (state["done"], state["steps"]) == (alone.done, alone.steps)
    before = worker.Trainer  # the weights must have moved, or equality would say nothing
    with worker.tiny():
        fresh = before(worker.FROZEN, tmp_path, worker.CPU).network.classifier.weight
    ours, theirs = alone.network.state_dict(), state["network"]
    assert (ours["classifier.weight"] - fresh).abs().max() > 1e-3
    for name in ours:
        torch.testing.assert_close(theirs[name], ours[name], rtol=1e-4, atol=1e-6, msg=name)


def test_a_killed_run_goes_on_in_both(found: list[dict]) -> None:
    assert found[0]["killed"] == found[1]["killed"] == found[0]["frozen"]


def test_with_batch_norms_that_learn_both_still_hold_the_same_weights(found: list[dict]) -> None:
    assert found[0]["trained"] == found[1]["trained"] != found[0]["frozen"]


def test_only_the_first_prints_and_writes(folder: Path, found: list[dict]) -> None:
    assert "stage 32 px" in found[0]["printed"]
    assert "wrote" in found[0]["printed"]
    assert found[1]["printed"] == ""
    assert {path.name for path in (folder / "frozen").iterdir()} == {CHECKPOINT, "config.json", "model.safetensors"}


def test_processes_that_stand_apart_do_not_train(found: list[dict]) -> None:
    for one in found:
        assert "[0, 1]" in one["apart"]


def test_alone_nobody_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    assert join(torch.device("cpu")) == Processes(0, 1, 0)


def test_each_process_takes_its_own_gpu() -> None:
    cuda = torch.device("cuda")
    assert Processes(5, 8, 1).device(cuda) == torch.device("cuda", 1)
    assert Processes().device(cuda) == cuda
    assert Processes(5, 8, 1).device(torch.device("cpu")) == torch.device("cpu")


def test_a_batch_must_do_for_all_processes(make: MakeTrainer) -> None:
    assert [smallest_batch(Stage(32, 24, *counts)) for counts in ((30, 8), (32, 8), (33, 8), (4, 8))] == [6, 8, 8, 4]
    make(SETTINGS, processes=Processes(0, 2))
    with pytest.raises(ModelError, match="4 pictures is too small for 3"):
        make(SETTINGS, processes=Processes(0, 3))
    make(replace(SETTINGS, stages=(Stage(32, 24, 36, 12),)), processes=Processes(0, 3))
