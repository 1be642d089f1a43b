"""One served app for all tests that call it, with a bot that answers at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import app
from tests.app import pictures
from tests.app.fake import FakeBot

NOTICE = "The model <b>x/y</b> could not be had, so the bundled one answers."


@pytest.fixture(scope="session")
def bot() -> FakeBot:
    """The bot behind ``address``."""
    return FakeBot(NOTICE)


@pytest.fixture(scope="session")
def address(bot) -> Iterator[str]:
    """Where the app is served, with a slash at its end."""
    demo = app.build_app(bot)  # type: ignore[arg-type]
    yield app.start(demo, prevent_thread_lock=True, server_name="127.0.0.1", quiet=True, mcp_server=True)
    demo.close(verbose=False)


@pytest.fixture
def upload(tmp_path) -> str:
    """The path of a picture of a 5 on this computer."""
    path = tmp_path / "five.png"
    path.write_bytes(pictures.encoded(pictures.digit()))
    return str(path)
