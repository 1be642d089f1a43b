"""For all tests: nothing is noted in the home of who runs them, and processes beside each other share the cores."""

from __future__ import annotations

import os

import pytest

# Where torch has more threads than there are cores free, they wait for each other: seconds become minutes.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# isort: split
from model import engines


@pytest.fixture(scope="session", autouse=True)
def _engine_note_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    engines.NOTE = tmp_path_factory.mktemp("cache") / "engine.json"
