"""A whole visit as on a Space: the browser asks our own server and nobody else, and whatever it asks for is there."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

import app
from interface.chat.examples import example_named
from tests.app.fake import FakeBot
from tests.browser.test_editor import FIRST, said, stroke, tool
from tests.browser.test_page import MAPS, READING, ask, bubbles, draw, expect, visit

# Gradio leaves sockets and loops to the garbage collector.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")]


@pytest.fixture
def page(newcomer):
    """Everything is asked for, as nothing is there yet."""
    return newcomer


@pytest.fixture
def space() -> Iterator[str]:
    """The app as Gradio serves it on a Space: under the Space's name, and as one that can be installed."""
    demo = app.build_app(FakeBot())  # type: ignore[arg-type]
    demo.space_id = "someone/whydigit"
    yield app.start(demo, prevent_thread_lock=True, server_name="127.0.0.1", quiet=True, pwa=True)
    demo.close(verbose=False)


def test_nothing_comes_from_elsewhere(page, space):
    asked, missing, sockets = set[str](), list[str](), list[str]()
    page.context.on("request", lambda request: asked.add(request.url))
    page.context.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
    page.on("websocket", lambda socket: sockets.append(socket.url))
    visit(page, space)
    draw(page)
    expect(bubbles(page, "bot")).to_have_text([READING])
    ask(page, "why 5?")
    expect(page.locator(f"#chat img[alt^='{MAPS[1]}']")).to_be_visible()
    page.locator("#chat details summary").click()
    expect(said(page)).to_have_text(FIRST)
    tool(page, "brush")
    stroke(page, (3, 3), (3, 25))
    expect(said(page)).not_to_have_text(FIRST)
    page.locator("#editor .editor-why").click()
    expect(page.locator("#chat img[alt='The picture as I changed it']")).to_be_visible()
    expect(page.locator(f"#chat img[alt^='{MAPS[1]}']")).to_have_count(2)
    page.get_by_role("tab", name="Upload").click()
    page.locator("#upload input[type=file]").set_input_files(str(example_named("five").path))
    expect(page.locator("#chat img[alt='The picture you sent']")).to_be_visible()
    page.get_by_role("tab", name="Camera").click()
    for language in ("de", "es", "fr"):
        visit(page, f"{space}?lang={language}&image=four_or_nine&ask=5&level=simple")
        expect(page.locator(f"#chat img[alt^='{MAPS[1]}']")).to_be_visible()
    places = {urlsplit(url) for url in asked if not url.startswith(("data:", "blob:"))}
    kinds = {place.path.rpartition(".")[2] for place in places}
    assert {"js", "css", "png"} <= kinds, "the visit was seen"
    assert {place.netloc for place in places} == {urlsplit(space).netloc}
    assert not missing
    assert not sockets
