"""A served app and a browser to look at it with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

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


# For each context a browser reads and compiles Gradio's scripts anew, half of the work of a page: one for each file.
@pytest.fixture(scope="module")
def desk(browser) -> Iterator:
    """A browser window at a desk."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture(scope="module")
def pocket(browser) -> Iterator:
    """The browser of a phone."""
    context = browser.new_context(
        viewport={"width": 393, "height": 727}, device_scale_factor=2, is_mobile=True, has_touch=True
    )
    yield context
    context.close()


@pytest.fixture
def page(desk) -> Iterator:
    """A new visitor at a desk."""
    yield desk.new_page()
    _forget(desk)


@pytest.fixture
def phone(pocket) -> Iterator:
    """A new visitor with a phone."""
    yield pocket.new_page()
    _forget(pocket)


@pytest.fixture
def newcomer(browser) -> Iterator:
    """A new visitor at a desk in whose browser there is nothing at all, not even Gradio's scripts."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def _forget(context) -> None:
    """Nothing of a visitor is left but the scripts that were loaded."""
    for page in context.pages:
        origins = {f"{place.scheme}://{place.netloc}" for frame in page.frames if (place := urlsplit(frame.url)).netloc}
        tools = context.new_cdp_session(page)
        for origin in origins:
            kinds = "cookies,file_systems,indexeddb,local_storage,service_workers,cache_storage"
            tools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": kinds})
        page.close()
    context.clear_cookies()
    context.clear_permissions()
