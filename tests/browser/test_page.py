"""The page in a real browser, with a bot that answers at once."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import pytest

from benchmarks.visitor import Place
from tests.app import pictures
from tests.app.fake import FIRST, SUGGESTIONS

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed").expect
expect.set_options(timeout=20_000)  # a busy machine takes its time; a test that passes does not wait so long

# Gradio leaves sockets and loops to the garbage collector.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")]

FIVE = [(195, 60), (105, 60), (100, 130), (150, 120), (190, 160), (170, 215), (90, 220)]  # on the pad's 280 × 280
READING = "I read this as a 5 (97 %)."
MAPS = ("LIME", "Integrated Gradients")


@pytest.fixture
def upload(tmp_path) -> str:
    path = tmp_path / "five.png"
    path.write_bytes(pictures.encoded(pictures.digit()))
    return str(path)


def visit(page, address: str):
    """Open the page and wait until it can be used."""
    page.goto(address)
    page.locator("#pad canvas[data-ready]").click(trial=True)  # Gradio's curtain lies over the page for a moment more
    return page


def draw(page, points=FIVE) -> None:
    canvas = page.locator("#pad canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    places = [(box["x"] + x * box["width"] / 280, box["y"] + y * box["height"] / 280) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


def ask(page, text: str) -> None:
    box = page.locator("#question textarea")
    box.fill(text)
    # Gradio takes what was typed over within a frame or two, which nobody's finger is quicker than.
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    box.press("Enter")


def bubbles(page, who: str):
    return page.locator(f"#chat [data-testid={who}]")


def overflowing(page) -> list[str]:
    """What sticks out of the page to the right (a phone's window grows with its content, so not ``innerWidth``)."""
    return page.evaluate(
        """(width) => document.documentElement.scrollWidth <= width ? [] : [...document.querySelectorAll("body *")]
        .filter((one) => one.getBoundingClientRect().right > width + 1).map((one) => one.outerHTML.slice(0, 120))""",
        page.viewport_size["width"],
    )


def test_upload_reading_why(page, address, upload):
    visit(page, address)
    page.get_by_role("tab", name="Upload").click()
    page.locator("#upload input[type=file]").set_input_files(upload)
    expect(bubbles(page, "bot")).to_have_text([READING])
    expect(page.locator("#editor canvas")).to_be_visible()
    ask(page, "why 5?")
    for name in MAPS:
        expect(page.locator(f"#chat img[alt^='{name}']")).to_be_visible()
    expect(bubbles(page, "bot").nth(1)).to_contain_text(FIRST.replace("**", ""))
    table = page.locator("#chat details table")
    tested = page.locator("#chat img[alt^='Before and after']")
    expect(table).to_be_hidden()
    expect(tested).to_be_hidden()
    page.locator("#chat details summary").click()
    expect(table).to_be_visible()
    expect(tested).to_be_visible()
    tops = page.locator("#chat .bot img").evaluate_all("all => all.map((one) => one.getBoundingClientRect().top)")
    assert tops[0] == pytest.approx(tops[1], abs=2), "at a desk the two heatmaps stand side by side"
    assert not overflowing(page)


def test_draw_reading_undo_clear(page, address):
    visit(page, address)
    draw(page)
    expect(bubbles(page, "bot")).to_have_text([READING])
    expect(page.locator("#editor canvas")).to_be_visible()
    draw(page, [(60, 60), (80, 90)])
    page.get_by_role("button", name="Undo the last stroke").click()
    page.get_by_role("button", name="Clear the drawing").click()
    page.wait_for_timeout(500)
    expect(bubbles(page, "bot")).to_have_text([READING])  # one drawing, one reading
    page.get_by_role("button", name=SUGGESTIONS[0]).click()
    expect(page.locator(f"#chat img[alt^='{MAPS[1]}']")).to_be_visible()
    height = page.locator(f"#chat img[alt^='{MAPS[1]}']").first.evaluate("one => getComputedStyle(one).maxHeight")
    assert height == "none", "a tall figure is not cut down until nobody can read it"
    expect(bubbles(page, "user").nth(1)).to_have_text(SUGGESTIONS[0])


def test_a_cleared_pad_is_not_sent_and_so_stops_no_answer(page, address):
    event = Place.visit(address).event("pad", "submit")["id"]
    sent: list[int] = []

    def submits(request) -> bool:
        return "queue/join" in request.url and request.post_data_json["fn_index"] == event

    page.on("request", lambda request: sent.append(event) if submits(request) else None)
    visit(page, address)
    with page.expect_request(submits):
        draw(page)
    page.get_by_role("button", name="Clear the drawing").click()
    page.wait_for_timeout(2_000)  # the pen rests after 0.6 s
    assert sent == [event]
    with page.expect_request(submits):
        draw(page, [(60, 60), (80, 90)])


def tab_to(page, selector: str, most: int = 12) -> None:
    """Press Tab until something that matches has the focus; where it is must be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            assert style != "none", f"{selector} has the focus and does not show it"
            return
    pytest.fail(f"{selector} is not reached by {most} times Tab")


def test_the_whole_path_by_keyboard(page, address):
    visit(page, address)
    tab_to(page, "#example-four_or_nine")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="a 4 that is nearly a 9", exact=False).first).to_be_focused()
    expect(page.locator("#chat img[alt='Example picture: a 4 that is nearly a 9']")).to_be_visible()
    expect(page.get_by_text(READING)).to_be_visible()
    tab_to(page, "#chat .option")
    page.keyboard.press("Enter")
    expect(page.locator(f"#chat img[alt^='{MAPS[1]}']")).to_be_visible()
    expect(bubbles(page, "user").nth(1)).to_be_focused()  # and the answer comes next
    tab_to(page, "#chat details summary")
    page.keyboard.press("Enter")
    expect(page.locator("#chat details table")).to_be_visible()
    tab_to(page, "#chat .option")
    page.keyboard.press("Enter")
    expect(page.locator("#chat details")).to_have_count(2)
    tab_to(page, "#editor canvas", 20)
    tab_to(page, "#editor [value=part]")
    page.keyboard.press("ArrowRight")  # the brush
    page.keyboard.press("Shift+Tab")
    pixel = "document.querySelector('#editor canvas').getContext('2d').getImageData(290, 290, 1, 1).data[0]"
    before = page.evaluate(pixel)
    page.keyboard.press("Space")
    assert page.evaluate(pixel) > before, "there is ink in the middle now"
    tab_to(page, "#editor .editor-why", 20)
    page.keyboard.press("Enter")
    expect(page.locator("#chat details")).to_have_count(3)


def test_a_slider_between_before_and_after(page, address):
    visit(page, f"{address}?image=five&ask={quote('what if I erase the right?')}")
    slider = page.get_by_role("slider", name="Test: <the right> erased")
    expect(slider).to_have_value("50")
    expect(page.get_by_role("img", name="The picture after the change")).to_be_visible()
    shown = "getComputedStyle(document.querySelector('.slider-after')).clipPath"
    half = page.evaluate(shown)
    slider.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("60")
    assert "60" in page.evaluate(shown) != half
    expect(slider).to_have_attribute("aria-valuetext", "40 % after the change")
    slider.press("Home")
    assert page.evaluate(shown) in ("inset(0px)", "inset(0px 0px 0px 0%)"), "all of the picture after it"
    assert not overflowing(page)


def test_a_picture_in_the_question_box(page, address, upload):
    visit(page, address)
    page.locator("#question input[type=file]").set_input_files(upload)
    ask(page, "why?")
    expect(page.locator(f"#chat img[alt^='{MAPS[1]}']")).to_be_visible()
    expect(page.locator("#chat img[alt='The picture you sent']")).to_be_visible()


def test_the_camera(page, address):
    page.context.grant_permissions(["camera"])
    visit(page, address)
    page.get_by_role("tab", name="Camera").click()
    page.locator("#camera").get_by_role("button").first.click()
    video = page.locator("#camera video")
    video.wait_for()
    # A photograph taken before the camera's first picture is there would be of nothing.
    page.wait_for_function("video => video.videoWidth > 0 && video.currentTime > 0", arg=video.element_handle())
    page.locator("#camera button[aria-label='Take the photo']").click()
    expect(page.locator("#chat [data-testid=bot]").first).to_be_visible()


def test_a_deep_link(page, address):
    visit(page, f"{address}?image=five&ask={quote('why 5?')}")
    expect(page.locator(f"#chat img[alt^='{MAPS[1]}']")).to_be_visible()
    expect(bubbles(page, "user").nth(1)).to_have_text("why 5?")


@pytest.mark.parametrize("name", ["text.png", "truncated.jpg", "empty.png", "huge.png", "drawing.svg"])
def test_a_bad_picture_and_on_it_goes(page, address, tmp_path, name):
    visit(page, address)
    page.get_by_role("tab", name="Upload").click()
    page.locator("#upload input[type=file]").set_input_files(pictures.write(tmp_path, name))
    expect(bubbles(page, "bot")).to_have_count(1)
    assert "Traceback" not in page.content()
    page.locator("#example-five").click()
    expect(page.get_by_text(READING)).to_be_visible()


def test_what_a_visitor_writes_stays_text(page, address):
    hosts = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    visit(page, f"{address}?image=five")
    expect(page.get_by_text(READING)).to_be_visible()
    hostile = (
        "<img src=x onerror='window.__xss=1'> ![a](https://example.org/a.png) [b](javascript:window.__xss=1) "
        "<script>window.__xss=1</script> https://example.org/ $x^2$ **c**"
    )
    ask(page, hostile)
    expect(bubbles(page, "user").nth(1)).to_have_text(hostile)
    expect(page.locator(f"#chat img[alt^='{MAPS[1]}']")).to_be_visible()
    assert bubbles(page, "user").nth(1).locator("img, a, script, strong").count() == 0
    assert page.evaluate("window.__xss") is None
    assert {host for host in hosts if host} == {urlsplit(address).netloc}, "nothing is asked of other computers"


def test_two_visitors_do_not_see_each_other(browser, page, address, upload):
    other = browser.new_context().new_page()
    visit(page, address)
    visit(other, address)
    page.locator("#example-five").click()
    expect(bubbles(page, "bot")).to_have_count(1)
    ask(other, "why?")
    expect(bubbles(other, "bot")).to_have_text(["Please show me a picture first."])
    assert other.locator("#chat img").count() == 0
    expect(other.locator("#editor canvas")).to_be_hidden()
    expect(bubbles(page, "bot")).to_have_count(1)
    other.context.close()


def test_forgetting(page, address):
    visit(page, f"{address}?image=five")
    expect(page.get_by_text(READING)).to_be_visible()
    page.get_by_role("button", name="Forget this conversation").click()
    expect(page.locator("#editor canvas")).to_be_hidden()
    ask(page, "why?")
    expect(bubbles(page, "bot")).to_have_text(["Please show me a picture first."])


def test_on_a_phone(phone, address):
    visit(phone, address)
    assert not overflowing(phone)
    canvas = phone.locator("#pad canvas").bounding_box()
    assert canvas["y"] + canvas["height"] < 727, "the pad is on the first screen"
    touch = phone.context.new_cdp_session(phone)
    for step, (x, y) in enumerate(FIVE):
        point = {"x": canvas["x"] + x * canvas["width"] / 280, "y": canvas["y"] + y * canvas["height"] / 280}
        kind = "touchStart" if step == 0 else "touchMove"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    expect(phone.locator("#pad .pad-said")).to_have_text("I read 5 (97 %)")  # the finger still draws
    expect(bubbles(phone, "bot")).to_have_count(0)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(bubbles(phone, "bot")).to_have_text([READING])
    expect(phone.locator("#editor canvas")).to_be_visible()
    assert phone.locator("#pad canvas").bounding_box() == canvas, "nothing has moved under the finger"
    small = phone.locator("button:visible, input[type=range]:visible, summary:visible").evaluate_all(
        """all => all.map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
        .filter(([, box]) => box.height > 1 && (box.height < 24 || box.width < 24)).map(([text]) => text)"""
    )
    assert small == [], "a finger hits everything that can be pressed (WCAG 2.2, 2.5.8)"
    ask(phone, "why 5?")
    expect(phone.locator(f"#chat img[alt^='{MAPS[1]}']")).to_be_attached()
    expect(bubbles(phone, "user").nth(1)).to_be_in_viewport()  # the answer begins where the reader is
    phone.locator("#chat details summary").click()
    expect(phone.locator("#chat details table")).to_be_visible()
    assert not overflowing(phone)


def test_a_link_on_a_phone_opens_at_its_answer(phone, address):
    phone.goto(f"{address}?image=five&ask=why")  # not visit(), which scrolls to the pad, perhaps after the answer
    expect(phone.locator("#chat [role=log]")).to_be_in_viewport(ratio=0.9)
    expect(bubbles(phone, "user").last).to_be_in_viewport()
    # What stands above it may be laid out later than the answer is there.
    expect(phone.locator("#chat .option").first).to_be_visible()
    phone.wait_for_timeout(500)
    phone.evaluate(
        "() => { scrollTo(0, 0); document.body.insertAdjacentHTML('afterbegin', '<p style=height:2000px>'); }"
    )
    expect(phone.locator("#chat [role=log]")).to_be_in_viewport(ratio=0.9)


def test_every_picture_has_words(page, address):
    visit(page, f"{address}?image=five&ask=why")
    expect(page.locator(f"#chat img[alt^='{MAPS[1]}']")).to_be_visible()
    assert page.evaluate("[...document.querySelectorAll('#columns img')].filter((one) => !one.alt).length") == 0
    assert page.locator("#pad canvas").get_attribute("aria-label")


def test_the_map_of_all_digits_tells_what_is_pointed_at(page, phone, address):
    asked = f"{address}?image=five&ask={quote('where is it among all digits?')}"
    visit(page, asked)
    drawing = page.locator("#chat .digit-map svg")
    said = page.locator("#chat .digit-map [role=status]")
    expect(drawing).to_be_visible()
    expect(page.locator("#chat img[src*='/feature_map']")).to_be_hidden()  # the same picture, standing still
    side = drawing.bounding_box()["width"]
    drawing.hover(position={"x": 0.025 * side, "y": 0.975 * side})
    expect(said).to_have_text("Training digit, labelled 9")
    drawing.hover(position={"x": 0.25 * side, "y": 0.25 * side})
    expect(said).to_have_text("Training digit, labelled 9")  # nobody is there
    drawing.focus()
    for key, text in (
        ("ArrowUp", "Training digit, labelled 8"),
        ("ArrowRight", "Training digit, labelled 8"),
        ("ArrowUp", "Training digit, labelled 7"),
        ("ArrowUp", "Training digit, labelled 6"),
        ("ArrowUp", "Neighbour 1 of 10, labelled 5"),
        ("ArrowUp", "Your picture, read as 5"),
    ):
        page.keyboard.press(key)
        expect(said).to_have_text(text)
    page.get_by_role("button", name="Neighbour 10 of 10, labelled 3").focus()
    expect(said).to_have_text("Neighbour 10 of 10, labelled 3")
    expect(page.locator("#chat .digit-map-said img")).to_be_visible()
    assert not overflowing(page)
    visit(phone, asked)
    drawing = phone.locator("#chat .digit-map svg")
    drawing.scroll_into_view_if_needed()
    side = drawing.bounding_box()["width"]
    drawing.tap(position={"x": 0.975 * side, "y": 0.025 * side})
    expect(phone.locator("#chat .digit-map [role=status]")).to_have_text("Training digit, labelled 0")
    assert not overflowing(phone)
