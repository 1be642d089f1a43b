"""A lesson in a real browser, on a tiny network: question, figure, guess, reveal, next picture."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import app
from bot import Bot
from tests.fakes import tiny_classifier

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed").expect

# Gradio leaves sockets and loops to the garbage collector.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")]

PATIENT = 30_000  # ms


@pytest.fixture(scope="module")
def tiny() -> Iterator[str]:
    """The app on a tiny network with random weights."""
    demo = app.build_app(Bot(tiny_classifier(3)))
    yield app.start(demo, prevent_thread_lock=True, server_name="127.0.0.1", quiet=True)
    demo.close(verbose=False)


def test_a_pupil_guesses_and_goes_on_with_the_next_picture(page, tiny):
    page.goto(f"{tiny}?lesson=predict&image=five&lang=en&level=simple")
    said, options = page.locator("#chat"), page.locator("#chat .option")
    expect(said).to_contain_text("which part do you think I need most?", timeout=PATIENT)
    expect(page.locator("#chat .bot img[alt*='1: ']")).to_be_visible(timeout=PATIENT)
    expect(options.filter(has_text="No single part")).to_be_visible()
    page.locator("#question textarea").fill("pizza")
    page.locator("#question textarea").press("Enter")
    expect(said).to_contain_text("I do not know which part you mean", timeout=PATIENT)
    options.filter(has_text="1: ").click()
    another = options.filter(has_text="Another picture")
    expect(another).to_be_visible(timeout=PATIENT)
    expect(page.locator("#chat .bot img[src*='/guess_1']")).to_be_visible()
    expect(said).to_contain_text("Now you explain")
    another.click()
    expect(said).to_contain_text("You first: which part do I need most here?", timeout=PATIENT)
    expect(options.filter(has_text="Just tell me")).to_be_visible()


def test_the_empty_page_says_what_will_happen(page, tiny):
    page.goto(f"{tiny}?lesson=predict&lang=fr")
    expect(page.locator("#chat")).to_contain_text("Quelle partie compte le plus", timeout=PATIENT)
    expect(page.locator("#question textarea")).to_have_attribute("placeholder", "Ton hypothèse, ou une question à toi")
