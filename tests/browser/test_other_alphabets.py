"""The page of a network that reads clothes, and of one with more classes than bars."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

import app
from model.alphabet import Alphabet
from tests.alphabets import CLOTHES, LETTERS
from tests.app.fake import FakeBot
from tests.browser.test_page import draw, visit

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed").expect
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")]

Serve = Callable[[Alphabet], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    demos = []

    def start(alphabet: Alphabet) -> str:
        demos.append(app.build_app(FakeBot(alphabet=alphabet)))  # type: ignore[arg-type]
        return app.start(demos[-1], prevent_thread_lock=True, server_name="127.0.0.1", quiet=True)

    yield start
    for demo in demos:
        demo.close(verbose=False)


def test_clothes_are_uploaded_and_their_bars_have_names(page, serve: Serve, tmp_path) -> None:
    page.goto(serve(CLOTHES) + "?lang=de")
    expect(page.get_by_role("heading", name="Warum „Mantel“?")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("tab", name="Hochladen")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#examples-title")).to_have_count(0)
    page.get_by_role("tab", name="Zeichnen").click()
    names = page.locator(".pad-bars b")
    expect(names).to_have_text(
        ["T-Shirt", "Hose", "Pullover", "Kleid", "Mantel", "Sandale", "Hemd", "Sneaker", "Tasche", "Stiefelette"]
    )
    draw(page)
    expect(page.locator(".pad-said")).to_have_text("Ich lese Klasse „Sandale“ (97\N{NO-BREAK SPACE}%)", timeout=30_000)
    shown = page.locator(".editor-bars .read")
    expect(shown).to_contain_text("Sandale", timeout=30_000)
    assert shown.locator("i").evaluate("one => one.getBoundingClientRect().width") > 20, "the name leaves no room"


def test_of_26_letters_the_ten_likeliest_have_a_bar(page, serve: Serve) -> None:
    visit(page, serve(LETTERS))
    expect(page.locator(".pad-bars b")).to_have_text([""] * 10)
    draw(page)
    expect(page.locator(".pad-bars b").first).to_have_text("F", timeout=30_000)
    expect(page.locator(".pad-bars li")).to_have_count(10)
    expect(page.locator(".pad-bars .read b")).to_have_text("F")
