"""The main path in a real browser with the real network: upload, reading, "why 5?", words and two heatmaps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import app
from bot import Bot
from interface.chat.examples import example_named

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed").expect

# Gradio leaves sockets and loops to the garbage collector.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.weights,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
]

SLOW = 120_000  # ms: an answer takes some hundred runs of the network


@pytest.fixture(scope="module")
def real() -> Iterator[str]:
    """The app on the bundled weights."""
    demo = app.build_app(Bot.load(device="cpu"))
    yield app.start(demo, prevent_thread_lock=True, server_name="127.0.0.1", quiet=True)
    demo.close(verbose=False)


def test_upload_reading_why_5(page, real):
    page.goto(real)
    page.get_by_role("tab", name="Upload").click()
    page.locator("#upload input[type=file]").set_input_files(str(example_named("five").path))
    said = page.locator("#chat [data-testid=bot]")
    expect(said.first).to_contain_text("5", timeout=SLOW)
    expect(page.locator("#editor canvas")).to_be_visible()
    page.locator("#question textarea").fill("why 5?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#chat .bot img[alt*='Integrated Gradients']").first).to_be_visible(timeout=SLOW)
    expect(page.locator("#chat .bot img[alt*='LIME']").first).to_be_visible()
    expect(page.locator("#chat .option").first).to_be_visible()
    assert "5" in said.nth(1).inner_text()
