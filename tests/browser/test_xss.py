"""What a visitor writes is shown as text: known XSS strings in a real browser, wherever the page shows one.

tests/browser/xss.txt holds one string a line, each of a different way to run a script, or to have a browser load
something from outside: of script tags, events, links, Markdown, SVG and MathML, styles, templates, other spellings.
HIT() is what they would call, x.invalid the host they would ask.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from interface.chat.messages import plain
from tests.app.fake import SUGGESTIONS
from tests.app.http import post
from tests.app.pictures import digit, encoded
from tests.browser.test_page import ask, bubbles, visit

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed").expect
# Gradio leaves sockets and loops to the garbage collector.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")]

STRINGS = Path(__file__).with_name("xss.txt").read_text(encoding="utf-8").splitlines()
BATCH = 380  # characters of a question that the chat repeats


@pytest.fixture
def page(newcomer):
    """A context of its own: what listens to it would listen to the next test too."""
    return newcomer


class Watched:
    """A page that counts what must not happen."""

    def __init__(self, page, address: str) -> None:
        self.page, self.host = page, urlsplit(address).netloc
        self.happened: list[str] = []
        page.context.expose_function("HIT", lambda *_: self.happened.append("ran"))
        page.context.on("request", self._asked)
        page.on("dialog", lambda dialog: (self.happened.append("dialog"), dialog.dismiss()))
        page.on("popup", lambda popup: self.happened.append(f"popup {popup.url}"))
        page.on("framenavigated", lambda frame: self._went(frame.url))

    def _asked(self, request) -> None:
        place = urlsplit(request.url)
        if place.scheme in ("http", "https", "ws", "wss") and place.netloc != self.host:
            self.happened.append(f"asked {request.url}")

    def _went(self, url: str) -> None:
        if urlsplit(url).netloc not in (self.host, ""):
            self.happened.append(f"went {url}")

    def nothing(self) -> None:
        """Touch what was written, then see that nothing came of it."""
        self.page.evaluate(
            """() => document.querySelectorAll("#chat .message *").forEach((one) => {
                for (const name of ["mouseover", "pointerover", "focus", "focusin", "toggle", "beforeinput"])
                    one.dispatchEvent(new Event(name, { bubbles: true }));
            })"""
        )
        made = self.page.evaluate(
            """() => [...document.querySelectorAll("#chat [data-testid=user] .prose *")]
                .filter((one) => /^(script|iframe|object|embed|svg|math|form|style|link|meta|base|video|audio)$/i
                    .test(one.tagName) && !one.closest("button")
                    || [...one.attributes].some(({ name, value }) => name.startsWith("on")
                        || /^(href|src|action)$/.test(name) && /script:|x\\.invalid|data:text/i.test(value)))
                .map((one) => one.outerHTML.slice(0, 200))"""
        )
        assert made == []
        assert self.happened == []


def batches() -> list[str]:
    """The strings as few questions as can show each of them whole; each stands on a line of its own."""
    found, now = [], ""
    for one in STRINGS:
        if now and len(now) + len(one) + 2 > BATCH:
            found.append(now)
            now = ""
        now += ("\n\n" if now else "") + one
    return [*found, now]


def test_there_are_enough():
    assert len(set(STRINGS)) >= 100
    assert max(map(len, batches())) <= 400


def test_the_watch_sees_what_runs(page, address):
    """The same strings put into a page as markup do run, so the other tests could fail."""
    watched = Watched(page, address)
    page.goto(f"{address}gradio_api/openapi.json")
    page.evaluate("(text) => { document.body.innerHTML = text }", "<img src=x onerror=HIT()>")
    expect(page.locator("img")).to_have_count(1)
    page.wait_for_function("() => document.images[0].complete")
    page.wait_for_timeout(200)
    assert watched.happened == ["ran"]


def test_questions(page, address):
    watched = Watched(page, address)
    visit(page, address)  # without a picture, so that the answers are short
    for number, batch in enumerate(batches(), start=1):
        ask(page, batch)
        expect(bubbles(page, "user")).to_have_count(number)
        expect(bubbles(page, "bot")).to_have_count(number)
        shown = re.sub(r"\s+", "", bubbles(page, "user").last.inner_text())
        assert shown == re.sub(r"\s+", "", batch), "every character is shown"
    watched.nothing()


def test_deep_links(page, address):
    """Each batch opened as a link's question, and as everything else that a link may hold."""
    watched = Watched(page, address)
    some = [batch for batch in batches() if "onerror" in batch or "](" in batch][:3]
    for batch in some:
        one = quote(batch)
        visit(page, f"{address}?image=five&ask={one}&lang={one}&level={one}&lesson={one}&embed=1&__theme={one}#{one}")
        expect(bubbles(page, "user")).to_have_count(2)
        watched.nothing()
    for one in STRINGS[:2] + [text for text in STRINGS if text.startswith(("![", "[X](", "<img"))][:4]:
        visit(page, f"{address}?image={quote(one)}")
        expect(bubbles(page, "bot")).to_have_count(1)
        watched.nothing()


def send(page) -> None:
    """What the question box holds, once the file that was chosen is there."""
    expect(page.locator("#question .thumbnail-item")).to_have_count(1)
    page.locator("#question textarea").press("Enter")


def test_file_names(page, address, tmp_path):
    """A picture whose name is such a string, and files that are none and say so."""
    watched = Watched(page, address)
    visit(page, address)
    box = page.locator("#question input[type=file]")
    names = [one for one in STRINGS if "/" not in one and len(one) < 90][::4]
    for number, name in enumerate(names[:6], start=1):
        box.set_input_files({"name": f"{name}.png", "mimeType": "image/png", "buffer": encoded(digit())})
        send(page)
        expect(bubbles(page, "user")).to_have_count(number)
        expect(bubbles(page, "bot")).to_have_count(number)
        expect(page.locator("#chat .option")).to_have_count(len(SUGGESTIONS))
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="HIT()"><script>HIT()</script></svg>'
    box.set_input_files({"name": "x.svg", "mimeType": "image/svg+xml", "buffer": svg})
    send(page)
    expect(bubbles(page, "bot").last).to_contain_text("SVG or HTML")
    box.set_input_files({"name": "x.svg", "mimeType": "image/svg+xml", "buffer": encoded(digit())})  # a PNG
    send(page)
    expect(bubbles(page, "user")).to_have_count(len(names[:6]) + 1)
    watched.nothing()


def test_what_programs_get_is_shown_as_text(page, address):
    """Refusals repeat what was sent: they are JSON, and no browser takes them for a page."""
    watched = Watched(page, address)
    for one in STRINGS[::10]:
        for endpoint, body in ((quote(one, safe=""), "{}"), ("v2/predict", json.dumps({one: 1}))):
            status, answer = post(f"{address}gradio_api/call/{endpoint}", body.encode())
            assert status in (404, 405, 422)
            assert isinstance(answer["detail"], str)
        page.goto(f"{address}{quote(one, safe='')}")
    watched.nothing()


def test_plain_is_what_the_chat_shows():
    assert plain("<b>") == r"\<b\>"
