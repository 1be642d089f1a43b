"""A handout from the question to the printed page, in a real browser."""

from __future__ import annotations

import re

import pytest

from tests.browser.test_page import ask, bubbles, visit

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed").expect
# Gradio leaves sockets and loops to the garbage collector.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")]

PAPERS = {"A4": (595, 842), "Letter": (612, 792)}  # points
SHEETS = range(2, 6)  # for one answer with three figures, the limits and how to repeat it


def download(page, name: str, folder):
    """The file behind a link in the chat."""
    with page.expect_download() as waiting:
        page.locator("#chat a", has_text=name).click()
    assert waiting.value.suggested_filename == name
    path = folder / name
    waiting.value.save_as(path)
    return path


def test_asked_for_downloaded_opened_offline_and_printed(browser, page, address, tmp_path):
    visit(page, f"{address}?image=five&ask=why")
    expect(page.locator("#chat details summary")).to_be_visible()
    ask(page, "make a handout")
    expect(bubbles(page, "bot").filter(has_text="Your handout is ready.")).to_be_visible()
    path = download(page, "whydigit-5.html", tmp_path)
    assert len(download(page, "replies.jsonl", tmp_path).read_text(encoding="utf-8").splitlines()) == 1

    reader = browser.new_context(viewport={"width": 360, "height": 700}, color_scheme="dark", offline=True)
    paper = reader.new_page()
    asked, complaints = [], []
    paper.on("request", lambda request: asked.append(request.url.split(":")[0]))
    paper.on("console", lambda message: complaints.append(message.text))
    paper.goto(path.as_uri())
    assert set(asked) <= {"file", "data"}
    assert complaints == []
    assert paper.evaluate("[...document.images].every((one) => one.complete && one.naturalWidth > 0)")
    assert paper.evaluate("document.documentElement.scrollWidth") <= 360, "it fits a phone"
    expect(paper.get_by_role("cell", name="12 %")).to_be_visible()

    ground = "getComputedStyle(document.body).backgroundColor"
    assert paper.evaluate(ground) != "rgb(255, 255, 255)", "dark on a screen"
    paper.emulate_media(media="print")
    assert paper.evaluate(ground) == "rgb(255, 255, 255)", "light on paper"
    tallest = "Math.max(...[...document.querySelectorAll('figure')].map((one) => one.offsetHeight))"
    assert paper.evaluate(tallest) < 900, "no figure is higher than a sheet"
    for name, (width, height) in PAPERS.items():
        pdf = paper.pdf(format=name)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) in SHEETS
        assert re.search(rb"/MediaBox\s*\[0 0 %d[.\d]* %d[.\d]*\]" % (width, height), pdf)
    reader.close()
