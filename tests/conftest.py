"""For all tests: nothing is noted in the home of who runs them."""

from __future__ import annotations

import pytest

from model import engines


@pytest.fixture(scope="session", autouse=True)
def _engine_note_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    engines.NOTE = tmp_path_factory.mktemp("cache") / "engine.json"
