"""The editor in a real browser: brush, eraser, parts, undo, and on to "why?"; by mouse, keyboard and finger."""

from __future__ import annotations

import numpy as np
import pytest

from bot.words.interface import interface_words
from explainers.changes.edits import Edit, apply
from explainers.values import Part
from interface.chat.page import page_words
from interface.widgets.editor.widget import digit_editor, edit_of, editable
from tests.app import pictures
from tests.app.fake import FakeBot
from tests.browser.test_page import READING, bubbles, overflowing, visit

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed").expect
expect.set_options(timeout=20_000)

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")]

FIRST = "Now 5 (97 %)"
WITHOUT_BAR = "Now 6 (91 %)"  # what the fake says of hardly any ink
# The component without Gradio: what the server would send is handed in by ``answer`` and ``open``.
ALONE = """([html, script, words, picture]) => {
    const element = document.createElement("div");
    element.innerHTML = html;
    document.body.append(element);
    const props = { words, picture, answer: null, value: "" };
    const watched = {};
    const watch = (name, call) => (watched[name] = call);
    new Function("element", "trigger", "props", "watch", script)(element, () => {}, props, watch);
    window.answer = (value) => { props.answer = value; watched.answer(); };
    window.open_picture = (value) => { props.picture = value; watched.picture(); };
    window.value = () => props.value;
    window.sent = () => Number(props.value.split(" ")[0]);
    window.share = () => element.querySelectorAll(".editor-share")[5].textContent;
    window.press = () => element.querySelector("[data-part]").click();
}"""


def tool(page, name: str) -> None:
    page.locator(f"#editor input[value={name}]").check(force=True)


def place(page, column: float, row: float) -> tuple[float, float]:
    canvas = page.locator("#editor canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    return box["x"] + column / 28 * box["width"], box["y"] + row / 28 * box["height"]


def stroke(page, *points: tuple[float, float]) -> None:
    page.mouse.move(*place(page, *points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*place(page, *point), steps=5)
    page.mouse.up()


def said(page):
    return page.locator("#editor .editor-said")


def shares(page) -> list[str]:
    return page.locator("#editor .editor-share").all_inner_texts()


def component() -> tuple[str, str]:
    """The editor's template and its script."""
    made = digit_editor({}, elem_id="alone")
    return made.html_template, made.js_on_load


def german(name: str) -> str:
    return interface_words("de")[name]


def test_brush_undo_and_eraser(page, address):
    visit(page, f"{address}?image=five")
    expect(said(page)).to_have_text(FIRST)
    first = shares(page)
    tool(page, "brush")
    page.locator("#editor input[type=range]").fill("4")
    stroke(page, (3, 3), (3, 25))
    expect(said(page)).not_to_have_text(FIRST)
    assert shares(page) != first
    width = page.locator("#editor .editor-bars .read i").evaluate("bar => parseFloat(bar.style.width)")
    assert width < 97
    page.get_by_role("button", name="Undo the last change").click()
    expect(said(page)).to_have_text(FIRST)
    assert shares(page) == first
    expect(page.get_by_role("button", name="Undo the last change")).to_be_disabled()
    tool(page, "eraser")
    for row in range(1, 28, 2):
        stroke(page, (0, row), (28, row))
    expect(said(page)).to_have_text("This hardly looks like a digit: the bars mean little.")
    page.get_by_role("button", name="Back to the original").click()
    expect(said(page)).to_have_text(FIRST)
    assert shares(page) == first


def test_the_bars_move_while_one_draws(page, address):
    visit(page, f"{address}?image=five")
    expect(said(page)).to_have_text(FIRST)
    tool(page, "brush")
    page.locator("#editor input[type=range]").fill("5")
    page.mouse.move(*place(page, 4, 2))
    page.mouse.down()
    page.mouse.move(*place(page, 4, 26), steps=5)
    expect(page.locator("#editor .editor-share").nth(5)).not_to_have_text("97 %")  # the pen is still down
    expect(said(page)).to_have_text(FIRST)  # nothing is read aloud before it is done
    page.mouse.up()
    expect(said(page)).not_to_have_text(FIRST)


def test_a_part_by_mouse_and_by_keyboard(page, address):
    visit(page, f"{address}?image=five")
    expect(said(page)).to_have_text(FIRST)
    first = shares(page)
    button = page.get_by_role("button", name="the flat bar at the top")
    expect(button).to_have_attribute("aria-pressed", "true")
    number = page.evaluate("""() => {
        const pen = document.querySelector("#editor canvas").getContext("2d");
        for (let i = 0; i < 784; i++)
            if (pen.getImageData((i % 28) * 20 + 10, Math.floor(i / 28) * 20 + 10, 1, 1).data[0] > 250)
                return [(i % 28) + 0.5, Math.floor(i / 28) + 0.5];
    }""")
    page.mouse.click(*place(page, *number))  # on the picture itself
    expect(said(page)).to_have_text(WITHOUT_BAR)
    expect(button).to_have_attribute("aria-pressed", "false")
    button.focus()
    page.keyboard.press("Enter")  # in the list
    expect(said(page)).to_have_text(FIRST)
    expect(button).to_have_attribute("aria-pressed", "true")
    assert shares(page) == first


def test_the_brush_by_keyboard(page, address):
    visit(page, f"{address}?image=five")
    expect(said(page)).to_have_text(FIRST)
    tool(page, "brush")
    page.locator("#editor input[type=range]").fill("5")
    page.locator("#editor canvas").focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(said(page)).not_to_have_text(FIRST)


def test_on_to_why(page, address):
    visit(page, f"{address}?image=five")
    expect(said(page)).to_have_text(FIRST)
    page.get_by_role("button", name="the flat bar at the top").click()
    page.get_by_role("button", name="Ask why about this picture").click()
    expect(page.locator("#chat [role=log]")).to_be_in_viewport(ratio=0.9)  # it was clicked below the chat
    expect(page.locator("#chat img[alt='The picture as I changed it']")).to_be_visible()
    expect(bubbles(page, "user").last).to_have_text("Why?")
    expect(page.locator("#chat img[alt^='LIME']")).to_be_visible()
    expect(page.get_by_role("button", name="Undo the last change")).to_be_disabled()  # it is the original now


def test_a_new_picture_takes_the_place_of_the_edited_one(page, address):
    visit(page, f"{address}?image=five")
    expect(said(page)).to_have_text(FIRST)
    page.get_by_role("button", name="the flat bar at the top").click()
    expect(said(page)).to_have_text(WITHOUT_BAR)
    page.locator("#example-five").click()
    expect(bubbles(page, "bot")).to_have_text([READING, READING])
    expect(said(page)).to_have_text(FIRST)
    expect(page.get_by_role("button", name="the flat bar at the top")).to_have_attribute("aria-pressed", "true")


def test_an_old_answer_never_replaces_a_newer_one(page):
    made = FakeBot().read(pictures.digit())
    picture = editable(made, "en")
    page.evaluate(ALONE, [*component(), page_words("en")["editor"]["words"], picture])

    def answer(number: int, share: str) -> dict:
        return {**picture["answer"], "number": number, "shares": [share] * 10}

    def share_after(number: int, share: str) -> str:
        page.evaluate("value => window.answer(value)", answer(number, share))
        return page.evaluate("window.share()")

    assert page.evaluate("window.share()") == "97 %"
    assert share_after(2, "two") == "two"
    assert share_after(1, "one") == "two"
    assert share_after(3, "three") == "three"
    page.evaluate("value => window.answer(value)", {"problem": "Sorry."})
    assert page.locator(".editor-said").inner_text() == "Sorry."
    assert page.evaluate("window.share()") == "three"  # and nothing is lost
    assert share_after(4, "four") == "four"


def test_a_switched_part_is_the_picture_that_the_bot_tests(page):
    """Erased ink and a filled gap, pixel for pixel what ``explainers.changes.edits`` makes of them."""
    made = FakeBot().read(pictures.digit())
    gap = np.zeros((28, 28), bool)
    gap[8:14, 16:20] = True
    made.case.parts = (*made.case.parts, Part("gap_1", "gap", "opening", "right", gap, "right"))
    page.evaluate(ALONE, [*component(), page_words("en")["editor"]["words"], editable(made, "en")])
    pixels = made.pixels
    for number, edit in enumerate((Edit("erase", made.case.parts[0].mask), Edit("fill", gap)), start=1):
        page.locator(f"[data-part='{number}']").click()
        page.wait_for_function("number => window.sent() === number", arg=2 * number - 1)
        _, sent = edit_of(page.evaluate("window.value()"))
        assert np.array_equal(sent, apply(edit, pixels))
        page.get_by_role("button", name="Undo the last change").click()
        page.wait_for_function("number => window.sent() === number", arg=2 * number)
        assert np.array_equal(edit_of(page.evaluate("window.value()"))[1], pixels)


def test_changes_are_gathered_and_those_of_an_earlier_picture_ignored(page):
    made = FakeBot().read(pictures.digit())
    picture = editable(made, "en")
    page.evaluate(ALONE, [*component(), page_words("en")["editor"]["words"], picture])
    page.evaluate("for (let i = 0; i < 21; i++) window.press()")
    page.wait_for_function("window.sent() > 0")
    assert page.evaluate("window.sent()") == 1
    page.evaluate("value => window.open_picture(value)", editable(made, "en"))
    late = {**picture["answer"], "number": 1, "shares": ["late"] * 10}
    page.evaluate("value => window.answer(value)", late)
    assert page.evaluate("window.share()") == "97 %"


def test_by_finger_on_a_small_phone(browser, address):
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, device_scale_factor=2, is_mobile=True, has_touch=True
    )
    page = visit(context.new_page(), f"{address}?image=five")
    expect(said(page)).to_have_text(FIRST)
    assert not overflowing(page)
    tool(page, "brush")
    page.locator("#editor input[type=range]").fill("5")
    touch = context.new_cdp_session(page)
    for kind, column in (("touchStart", 4), ("touchMove", 14), ("touchMove", 24)):
        x, y = place(page, column, 3)
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(said(page)).not_to_have_text(FIRST)
    context.close()


def test_a_page_in_german(page, address):
    visit(page, f"{address}?lang=de&image=five")
    expect(page.get_by_role("heading", name="Warum eine 5?")).to_be_visible()
    expect(page.get_by_role("tab", name="Zeichnen")).to_be_visible()
    expect(page.get_by_role("tab", name="Hochladen")).to_be_visible()
    expect(page.locator("#pad .pad-undo")).to_have_text("↶ Zurück")
    expect(page.locator("#pad .pad-clear")).to_have_attribute("aria-label", "Die Zeichnung löschen")
    expect(page.locator("#pad canvas")).to_have_attribute("aria-label", german("pad_canvas"))
    expect(page.locator("#example-three_or_five")).to_contain_text("3 oder 5")
    expect(page.get_by_placeholder(german("question_placeholder"))).to_be_visible()
    expect(said(page)).to_have_text("Jetzt 5 (97\u00a0%)")
    expect(page.get_by_role("button", name="der waagerechte Strich oben")).to_be_visible()
    expect(page.locator("#editor .editor-why")).to_have_text(german("editor_why"))
    expect(page.get_by_role("log", name=german("conversation_label"))).to_be_visible()
    expect(page.get_by_role("button", name=german("label_send"))).to_be_visible()
    expect(page.locator("#pad .pad-empty")).to_have_text(german("pad_empty"))
    assert page.evaluate("document.documentElement.lang") == "de"
