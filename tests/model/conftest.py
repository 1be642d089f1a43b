"""Weights directories with random weights, and a Hub of our own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from model.network import DigitNet
from model.weights import TrainingRecord, save_weights
from tests.model.hub_server import HubServer

Ask = Callable[..., dict]


def random_weights(folder: Path, seed: int) -> Path:
    """A weights directory of the real architecture that knows nothing."""
    torch.manual_seed(seed)
    record = TrainingRecord("none", "scratch", 0, 0.0, "cpu", "float32", {})
    save_weights(folder, DigitNet(), record)
    return folder


@pytest.fixture(scope="session")
def weights_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stands for the weights that were asked for; read only."""
    return random_weights(tmp_path_factory.mktemp("weights") / "asked", seed=1)


@pytest.fixture(scope="session")
def bundled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stands for the weights that come with the package; read only."""
    return random_weights(tmp_path_factory.mktemp("weights") / "bundled", seed=2)


@pytest.fixture(scope="session")
def hub() -> Iterator[HubServer]:
    server = HubServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def hub_environment(hub: HubServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a process whose Hub is ours, with an empty cache and no token."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "WHYDIGIT_MODEL"))}
    home = tmp_path_factory.mktemp("hub_home")
    return {**mine, "HF_ENDPOINT": hub.url, "HF_HOME": str(home), "HF_HUB_DISABLE_XET": "1", "NO_PROXY": "127.0.0.1"}


Tell = Callable[[dict], dict]


class Worker:
    """A process of its own that loads or publishes when told to (see hub_worker)."""

    def __init__(self, environment: dict[str, str], bundled: Path) -> None:
        command = [sys.executable, "-m", "tests.model.hub_worker", str(bundled)]
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=Path(__file__).parents[2],
        )  # fmt: skip

    def begin(self, order: dict) -> None:
        """Tell it, and wait for nothing."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def __call__(self, order: dict) -> dict:
        """What it answers."""
        self.begin(order)
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def end(self) -> None:
        """Kill it: threads of given-up downloads may still wait for the server."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe
            pipe.close()


@pytest.fixture(scope="session")
def tell(hub_environment: dict[str, str], bundled_folder: Path) -> Iterator[Tell]:
    """Has a process of its own, which lives for all tests, load or publish."""
    worker = Worker(hub_environment, bundled_folder)
    yield worker
    worker.end()


@pytest.fixture(scope="session")
def ask(tell: Tell) -> Ask:
    """``ask(name, strict=False)`` says what answers to the name, or the error."""
    return lambda name, strict=False: tell({"name": name, "strict": strict})
