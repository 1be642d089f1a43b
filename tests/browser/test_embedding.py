"""The app in pages of other sites: the lesson of docs/lesson, the compact layout, and who may not embed."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import app
from interface.embedding.embedders import Embedders
from tests.app.fake import FIRST, FakeBot

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed").expect
expect.set_options(timeout=30_000)  # a busy machine takes its time; a test that passes does not wait so long

# Gradio leaves sockets and loops to the garbage collector.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")]

LESSON = Path(__file__).parents[2] / "docs" / "lesson"
ASKED = ("why 5?", "why not 4?", "how do you know?")
ANSWER = FIRST.replace("**", "")


class Quiet(SimpleHTTPRequestHandler):
    """``python -m http.server`` without its log."""

    def log_message(self, format: str, *parts: object) -> None:
        """Say nothing."""


class Site:
    """A folder served as ``python -m http.server`` does it, under a port of its own: another site."""

    def __init__(self, folder: Path) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def school(folder) -> Iterator[Site]:
    site = Site(folder)
    yield site
    site.close()


@pytest.fixture(scope="module")
def stranger(folder) -> Iterator[Site]:
    site = Site(folder)
    yield site
    site.close()


@pytest.fixture(scope="module")
def embedded(school, folder) -> Iterator[str]:
    """The app that only ``school`` may embed; in the folder of both sites the lesson, told once where it runs."""
    demo = app.build_app(FakeBot())  # type: ignore[arg-type]
    listed = Embedders.listed([school.origin])
    address = app.start(demo, listed, prevent_thread_lock=True, server_name="127.0.0.1", quiet=True)
    shutil.copytree(LESSON, folder / "lesson")
    page = folder / "lesson" / "index.html"
    text = page.read_text(encoding="utf-8")
    assert text.count("http://127.0.0.1:7860/") == 1
    page.write_text(text.replace("http://127.0.0.1:7860/", address), encoding="utf-8")
    yield address
    demo.close(verbose=False)


def widgets(page) -> list:
    """The three experiments: what stands in the page itself, and the documents of its frames."""
    return [page, *(page.frame_locator(".widget iframe").nth(one) for one in range(2))]


def test_the_lesson_is_alive(page, school, embedded):
    hosts = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto(f"{school.origin}/lesson/")
    for figure, asked, widget in zip(page.locator(".widget").all(), ASKED, widgets(page), strict=True):
        figure.scroll_into_view_if_needed()  # they load as one comes to them
        expect(widget.locator("#chat [data-testid=user]").nth(1)).to_have_text(asked)
        expect(widget.locator("#chat [data-testid=bot]").nth(1)).to_contain_text(ANSWER)
        expect(widget.locator("#chat .option").first).to_be_visible()
        expect(widget.locator("#title")).to_be_hidden()
    expect(page.locator("gradio-app #whole-page a")).to_have_attribute("href", f"{embedded}?image=five&ask=why+5%3F")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert {host for host in hosts if host} == {urlsplit(school.origin).netloc, urlsplit(embedded).netloc}


def test_a_site_that_is_not_listed_cannot_embed(page, stranger, embedded):
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"{stranger.origin}/lesson/")
    expect(page.locator(".widget .fallback").first).to_contain_text("does not let this page use its web component")
    expect(page.locator("gradio-app")).to_have_count(0)
    for figure, frame in zip(page.locator(".widget").all()[1:], widgets(page)[1:], strict=True):
        figure.scroll_into_view_if_needed()
        expect(frame.locator("body")).to_be_attached()
        expect(frame.locator("gradio-app")).to_have_count(0)
    assert any("frame-ancestors" in text for text in refused)


def test_without_the_app_the_lesson_says_so(page, folder, school, embedded):
    shutil.copytree(LESSON, folder / "alone", dirs_exist_ok=True)
    text = (LESSON / "index.html").read_text(encoding="utf-8")
    (folder / "alone" / "index.html").write_text(text.replace(":7860/", ":1/"), encoding="utf-8")
    page.goto(f"{school.origin}/alone/")
    expect(page.locator(".widget .fallback")).to_have_text([re.compile("does not answer at http://127.0.0.1:1/")] * 3)
    assert page.locator(".widget figcaption a").nth(1).get_attribute("href").startswith("http://127.0.0.1:1/?image=")


@pytest.mark.parametrize(("width", "height"), [(700, 600), (360, 600)])
def test_the_compact_layout_fits_its_frame(browser, address, width, height):
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.add_init_script(
        """const look = () => {
          const title = document.querySelector("#title");
          if (title && title.getBoundingClientRect().height) window.__flash = true;
          requestAnimationFrame(look);
        };
        look();"""
    )
    page.goto(f"{address}?embed=1&image=five&ask=why+5&lang=de&__theme=dark")
    expect(page.locator("#chat [data-testid=bot]").nth(1)).to_contain_text(ANSWER)
    for part in ("#pad canvas", "#chat", "#question textarea", "#editor canvas", "#whole-page a"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    expect(page.locator("#whole-page a")).to_have_text("Ganze Seite öffnen ↗")
    expect(page.locator("#whole-page a")).to_have_attribute(
        "href", f"{address}?image=five&ask=why+5&lang=de&__theme=dark"
    )
    page.locator("#question textarea").fill("why not 3?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#chat [data-testid=user]").nth(2)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollHeight") <= height
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.body.classList.contains('dark')")
    assert page.evaluate("window.__flash") is None
    context.close()


def test_two_components_in_one_page(page, folder, school, embedded):
    widget = '<gradio-app src="{}?embed=1&image=five&lang={}"></gradio-app>'
    (folder / "two.html").write_text(
        f'<!doctype html><html lang="fr"><script type="module" src="{embedded}embed.js"></script>'
        + "".join(widget.format(embedded, lang) for lang in ("es", "de")),
        encoding="utf-8",
    )
    page.goto(f"{school.origin}/two.html?lang=en&ask=nonsense")
    first, second = (page.locator("gradio-app").nth(one) for one in range(2))
    for one, undo in ((first, "↶ Deshacer"), (second, "↶ Zurück")):
        one.scroll_into_view_if_needed()
        expect(one.locator(".pad-undo")).to_have_text(undo)
        expect(one.locator("#chat [data-testid=user]")).to_have_count(1)  # the example; nothing of the page's query
        one.locator("#editor canvas").click()
        expect(one.locator("#editor .editor-undo")).to_be_attached()
        expect(one.locator("#editor input[type=radio]:checked")).to_have_count(1)
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert [one.get_attribute("lang") for one in (first, second)] == ["es", "de"]
