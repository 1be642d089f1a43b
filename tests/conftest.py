"""For all tests: nothing is noted in the home of who runs them, and processes beside each other share the cores."""

from __future__ import annotations

import os

import pytest

# Where torch has more threads than there are cores free, they wait for each other: seconds become minutes.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # Gradio looks for a free port and then takes it: two processes that look in the same place get in each other's way.
    worker = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
    os.environ.setdefault("GRADIO_SERVER_PORT", str(7860 + 100 * worker))

# isort: split
from model import engines


@pytest.fixture(scope="session", autouse=True)
def _engine_note_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    engines.NOTE = tmp_path_factory.mktemp("cache") / "engine.json"
