"""A link from one visitor to another, in a real browser; a small network answers, by the code of the real one."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

import app
from bot import Bot
from interface.links.linked_picture import PREFIX
from tests.browser.test_page import ask, bubbles, draw, expect, visit
from tests.fakes import tiny_classifier

# Gradio leaves sockets and loops to the garbage collector.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")]

SLOW = 60_000  # ms: some hundred runs of the network
BLOCKED = "() => navigator.clipboard.writeText = () => Promise.reject(new Error('no permission'))"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The app on a network of our own."""
    demo = app.build_app(Bot(tiny_classifier(3)))
    yield app.start(demo, prevent_thread_lock=True, server_name="127.0.0.1", quiet=True)
    demo.close(verbose=False)


def bubble_of(page, number: int):
    """A message of the bot's, with its figures, its evidence and its link."""
    return page.locator("#chat .bot.message").nth(number)


def answer(page, number: int) -> list[str]:
    """Every paragraph of an answer, without how the question was understood."""
    bubble = bubble_of(page, number)
    expect(bubble.locator(".answer-link a")).to_be_visible(timeout=SLOW)
    return [text for text in bubble.locator("p:not(:has(.understood, .answer-link))").all_inner_texts() if text]


def test_a_link_from_one_visitor_to_another(browser, page, address):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit(page, address)
    draw(page)
    expect(page.locator("#editor canvas")).to_be_visible(timeout=SLOW)
    ask(page, "warum nicht 3?")
    answer(page, 1)
    ask(page, "und 8?")
    told = answer(page, 2)
    link = bubble_of(page, 2).locator(".answer-link a")
    expect(link).to_have_text("Link zu dieser Antwort kopieren")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Link kopiert.")).to_be_attached()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == link.evaluate("one => one.href"), "without a script it leads to the same page"
    query = parse_qs(urlsplit(copied).query)
    assert copied.startswith(f"{address}?image={PREFIX}")
    assert query["ask"] == ["Warum keine 8?"]
    assert query["lang"] == ["de"]

    other = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    visit(other, copied)
    assert answer(other, 1) == told
    assert len(told) > 1
    expect(other.locator("#chat img[alt='Das Bild aus dem Link']")).to_be_visible()
    other.context.close()

    page.evaluate(BLOCKED)
    page.evaluate("() => document.execCommand = () => false")
    link.click()
    field = page.locator("#chat .answer-link input")
    expect(field).to_be_focused()
    assert field.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)") == copied
    expect(page.get_by_role("status").filter(has_text="markiert")).to_be_attached()


def test_a_hostile_link_gets_a_sentence_and_the_page_lives(page, address):
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    visit(page, f"{address}?image={PREFIX}{'A' * 900}&ask=%3Cimg+src=x+onerror=alert(1)%3E&lang=fr&level=%00")
    expect(bubbles(page, "bot")).to_have_count(1)
    expect(bubbles(page, "bot")).to_contain_text("L’image de ce lien est incomplète ou abîmée")
    page.locator("#example-five").click()
    expect(page.locator("#editor canvas")).to_be_visible(timeout=SLOW)
    assert not faults
