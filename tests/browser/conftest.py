"""A served app and a browser to look at it with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

import app
from tests.app.fake import FakeBot

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)


# No longer than for this folder: where Playwright has begun, nothing else of its thread can use asyncio.
@pytest.fixture(scope="package")
def browser() -> Iterator:
    """Chromium without a window; the tests are skipped, saying so, where there is none."""
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    program = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if program is None and os.environ.get("WHYDIGIT_REQUIRE_BROWSER"):
        pytest.fail("WHYDIGIT_REQUIRE_BROWSER is set and no Chromium is installed")
    if program is None:
        pytest.skip("no Chromium is installed")
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(_ARGUMENTS))
        yield started
        started.close()


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    """The app with a bot that answers at once."""
    demo = app.build_app(FakeBot())  # type: ignore[arg-type]
    yield app.start(demo, prevent_thread_lock=True, server_name="127.0.0.1", quiet=True)
    demo.close(verbose=False)


@pytest.fixture
def page(browser) -> Iterator:
    """A new visitor at a desk."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser) -> Iterator:
    """A new visitor with a phone."""
    context = browser.new_context(
        viewport={"width": 393, "height": 727}, device_scale_factor=2, is_mobile=True, has_touch=True
    )
    yield context.new_page()
    context.close()
