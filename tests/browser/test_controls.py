"""Single controls of the page in a real browser: figures shown large, the focus, names, contrast, small layouts."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from bot.words.interface import interface_words
from tests.app import pictures
from tests.browser.test_page import MAPS, READING, bubbles, visit

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed").expect
expect.set_options(timeout=20_000)

# Gradio leaves sockets and loops to the garbage collector.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")]

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
CONTRAST = """(one) => {
    const numbers = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
    let opacity = 1, ground = null;
    for (let at = one; at; at = at.parentElement) {
        const style = getComputedStyle(at), colour = numbers(style.backgroundColor);
        opacity *= Number(style.opacity);
        if (!ground && (colour.length === 3 || colour[3] > 0.9)) ground = colour;
    }
    const ink = numbers(getComputedStyle(one).color).slice(0, 3).map((v, i) => v * opacity + ground[i] * (1 - opacity));
    const part = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    const light = (c) => 0.2126 * part(c[0]) + 0.7152 * part(c[1]) + 0.0722 * part(c[2]) + 0.05;
    return Math.max(light(ink), light(ground)) / Math.min(light(ink), light(ground));
}"""


@pytest.fixture
def german(browser):
    """A new visitor who reads German and has a camera."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="de-DE", permissions=["camera"])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("press", ["button[aria-label='Show this figure large']", ".image-container > button"])
def test_a_figure_shown_large_fills_the_screen(page, address, press):
    visit(page, f"{address}?image=five&ask=why")
    component = page.locator("#chat .component").filter(has=page.locator(f"img[alt^='{MAPS[0]}']"))
    component.hover()
    component.locator(press).first.click()
    page.wait_for_function("document.fullscreenElement")
    size = page.evaluate("document.fullscreenElement.querySelector('img').getBoundingClientRect().width")
    assert size == pytest.approx(1280, abs=20)
    page.locator(":fullscreen .image-container > button").click()
    page.wait_for_function("!document.fullscreenElement")


def test_pictures_are_no_places_for_the_keyboard(page, address):
    visit(page, f"{address}?image=five&ask=why")
    page.locator(f"#chat img[alt^='{MAPS[0]}']").wait_for()
    expect(page.locator("#chat .image-container > button:not([tabindex='-1'][role=group])")).to_have_count(0)
    assert page.locator("#pad canvas").evaluate("one => one.tabIndex") == -1


def test_the_focus_stays_where_one_works(page, address):
    visit(page, f"{address}?image=five")
    page.locator("#editor [data-part]").first.click()
    page.locator("#editor .editor-undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#editor canvas")).to_be_focused()
    page.get_by_role("button", name="Forget this conversation").focus()
    page.keyboard.press("Enter")
    expect(bubbles(page, "user")).to_have_count(0)
    expect(page.locator("#question textarea")).to_be_focused()


@pytest.mark.parametrize("query", ["", "image=five", "image=five&lesson=predict"])
def test_on_a_phone_the_chat_comes_into_view_with_a_picture(phone, address, query):
    phone.goto(f"{address}?{query}")
    if not query:
        phone.locator("#pad canvas[data-ready]").click(trial=True)
        phone.locator("#example-five").tap()
    expect(phone.get_by_text(READING)).to_be_in_viewport()
    expect(phone.locator("#chat .option").first).to_be_in_viewport()


def test_gradios_own_english_is_said_in_the_language_of_the_page(german, address, tmp_path):
    visit(german, address)
    words = interface_words("de")
    german.get_by_role("tab", name=words["upload_tab"]).click()
    chosen = german.locator("#upload input[type=file]")
    (tmp_path / "notes.txt").write_text("no picture")
    chosen.set_input_files(tmp_path / "notes.txt")
    toast = german.locator(".toast-wrap")
    expect(toast).to_contain_text(words["uploads.not_a_picture"].format(kinds=words["uploads.kinds"]))
    (tmp_path / "large.png").write_bytes(pictures.encoded(pictures.digit()) + bytes(16_000_000))
    chosen.set_input_files(tmp_path / "large.png")
    expect(toast).to_contain_text(words["label_too_large"])
    expect(toast).to_contain_text(words["label_error"])
    german.get_by_role("tab", name=words["camera_tab"]).click()
    expect(german.locator("#camera")).to_contain_text(words["label_camera_start"])
    german.locator("#camera").get_by_role("button", name=words["label_camera_start"]).click()
    expect(german.get_by_role("button", name=words["label_photo"])).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_small_letters_can_be_read(page, address, scheme):
    page.emulate_media(color_scheme=scheme)
    visit(page, f"{address}?image=five&ask={quote('how come?')}")
    link = page.locator("#chat .answer-link a")
    link.hover()
    page.locator("#editor").evaluate("one => one.querySelector('.editor-reading').classList.add('no-digit')")
    for selector in ("#chat .understood", "#chat .answer-link a", "#editor .editor-share", "#editor .editor-bars b"):
        assert page.locator(selector).first.evaluate(CONTRAST) >= LEAST_CONTRAST, selector


def test_in_the_compact_layout_nothing_is_cut_off_or_too_small(browser, address):
    context = browser.new_context(viewport={"width": 700, "height": 600}, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{address}?embed=1&image=five")
    button = page.locator("#editor .editor-why")
    button.wait_for()
    right = "one => one.getBoundingClientRect().right"
    assert button.evaluate(right) <= page.locator("#editor").evaluate(right)
    more = page.locator("#ways").get_by_role("button", name=interface_words("fr")["label_more_tabs"])
    expect(more).to_be_visible()
    canvas = page.locator("#editor canvas")
    expect(canvas).to_be_visible()
    written = canvas.evaluate("one => parseFloat(one.getContext('2d').font.match(/[\\d.]+px/)[0])")
    assert written * canvas.evaluate("one => one.clientWidth / one.width") >= 9
    context.close()


def test_the_arrow_to_the_newest_lies_beside_the_bubbles(page, phone, address):
    for one in (page, phone):
        visit(one, f"{address}?image=five&ask=why")
        one.locator("#chat details summary").click()
        one.locator("#chat [role=log]").evaluate("one => one.scrollTo(0, 0)")
        one.wait_for_timeout(500)
        left, right = one.evaluate(
            """() => {
                const box = (selector) => document.querySelector(selector)?.getBoundingClientRect();
                const arrow = box("#chat .scroll-down-button-container button");
                return [arrow?.width ? arrow.left : Infinity, Math.max(...[...document.querySelectorAll(
                    "#chat .bot.message")].map((bubble) => bubble.getBoundingClientRect().right))];
            }"""
        )
        assert left >= right
