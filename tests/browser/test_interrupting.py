"""What is done while an answer runs, in a real browser: the newest goes first, and nothing of it is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

import app
from bot.values import Reply, Session
from bot.words.interface import interface_words
from tests.app.fake import FIRST, SUGGESTIONS, FakeBot
from tests.browser.test_page import FIVE, READING, ask, bubbles, draw, visit

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed").expect
expect.set_options(timeout=20_000)

# Gradio leaves sockets and loops to the garbage collector.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")]

STOPPED = interface_words("en")["stopped"].strip("*")
TESTING = interface_words("en")["still_testing"].strip("*")
LONGEST = 60  # seconds that an answer is held


class Held(FakeBot):
    """Its answers to questions with "hold" stop after the first sentence, those with "silent" before it."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()

    def stream(self, session: Session, text: str) -> Iterator[tuple[Session, Reply]]:
        job = session.desk.begin()
        for number, step in enumerate(super().stream(session, text)):
            if ("hold" in text and number) or "silent" in text:
                self._wait(job)
            if not job.stopped:
                yield step

    def _wait(self, job) -> None:
        until = time.monotonic() + LONGEST
        while not (job.stopped or self.let.wait(0.05)) and time.monotonic() < until:
            pass


@pytest.fixture(scope="module")
def bot() -> Held:
    return Held()


@pytest.fixture(scope="module")
def held(bot: Held) -> Iterator[str]:
    demo = app.build_app(bot)  # type: ignore[arg-type]
    yield app.start(demo, prevent_thread_lock=True, server_name="127.0.0.1", quiet=True)
    demo.close(verbose=False)


@pytest.fixture
def answering(page, held):
    """A page on which an answer has begun."""
    visit(page, f"{held}?image=five")
    expect(page.get_by_text(READING)).to_be_visible()
    ask(page, "why? hold")
    expect(bubbles(page, "bot").nth(1)).to_contain_text(TESTING)
    return page


def assert_opened(page) -> None:
    """The answer stopped, and a picture and its reading came after it."""
    expect(bubbles(page, "bot")).to_have_count(3)
    expect(bubbles(page, "bot").nth(1)).to_contain_text(FIRST.replace("**", ""))
    expect(bubbles(page, "bot").nth(1)).to_contain_text(STOPPED)
    expect(bubbles(page, "bot").nth(2)).to_have_text(READING)
    page.wait_for_timeout(1_000)  # what the interrupted answer might still send
    expect(bubbles(page, "bot").nth(2)).to_have_text(READING)
    expect(page.locator("#chat .option").first).to_be_visible()
    assert page.locator("#chat .error, .toast-body").count() == 0
    assert page.get_by_text(TESTING).count() == 0


def test_a_picture_chosen_while_an_answer_runs(answering):
    answering.locator("#example-four_or_nine").click()
    assert_opened(answering)
    expect(bubbles(answering, "user")).to_have_count(3)


def test_a_drawing_made_while_an_answer_runs(answering):
    draw(answering, FIVE)
    assert_opened(answering)


def test_a_changed_picture_asked_about_while_an_answer_runs(answering):
    answering.locator("#editor [data-part]").first.click()
    answering.locator("#editor .editor-why").click()
    expect(bubbles(answering, "bot").nth(1)).to_contain_text(STOPPED)
    expect(bubbles(answering, "bot").filter(has_text="This is a 5").last).to_be_visible()
    expect(answering.locator("#chat .option").first).to_be_visible()


def test_a_question_typed_while_an_answer_to_another_runs(answering):
    ask(answering, "why not 3?")
    expect(answering.locator("#question textarea")).to_have_value("")
    expect(bubbles(answering, "user").last).to_have_text("why not 3?")
    expect(bubbles(answering, "bot").nth(1)).to_contain_text(STOPPED)
    expect(answering.locator("#chat details")).to_have_count(1)
    expect(answering.get_by_role("button", name="How sure are you?")).to_be_visible()


# Steps may overtake the answer to the request for them. Gradio then hands on several at once, the earlier ones already
# changed into the later.
OVERTAKEN = """const fetched = window.fetch; window.fetch = async (...request) => {
  const response = await fetched(...request);
  if (response.url.includes("/queue/join")) await new Promise((done) => setTimeout(done, window.late ?? 0));
  return response;
}"""


@pytest.fixture
def overtaken(page, request):
    """A page on which an answer has begun, and where steps come before what says that they will."""
    page.add_init_script(OVERTAKEN)
    answering = request.getfixturevalue("answering")
    answering.evaluate("window.late = 1000")
    return answering


def test_the_box_is_empty_though_steps_come_at_once(overtaken):
    ask(overtaken, "why not 3?")
    expect(overtaken.locator("#question textarea")).to_have_value("")
    expect(bubbles(overtaken, "user").last).to_have_text("why not 3?")
    expect(overtaken.locator("#chat details")).to_have_count(1)
    expect(overtaken.locator("#question textarea")).to_have_value("")


def test_the_editor_has_the_new_picture_though_steps_come_at_once(overtaken):
    drawn = "document.querySelector('#editor canvas').toDataURL()"
    before = overtaken.evaluate(drawn)
    overtaken.locator("#example-four_or_nine").click()
    assert_opened(overtaken)
    assert overtaken.evaluate(drawn) != before


def test_a_picture_changed_while_an_answer_to_it_runs_stays_changed(page, held, bot):
    visit(page, f"{held}?image=five&ask=why%3F%20hold")
    expect(page.get_by_text(TESTING)).to_be_visible()
    page.locator("#editor [data-part]").first.click()
    try:
        bot.let.set()
        expect(page.locator("#chat details")).to_have_count(1)
    finally:
        bot.let.clear()
    page.wait_for_timeout(1_000)  # all steps are told once more at the end
    expect(page.locator("#editor .editor-undo")).to_be_enabled()


def test_a_question_that_the_server_does_not_take_can_be_sent_again(page, held):
    visit(page, f"{held}?image=five")
    expect(page.locator("#chat .option")).to_have_count(len(SUGGESTIONS))
    page.route("**/queue/join*", lambda route: route.fulfill(status=429, json={"detail": "Too many."}))
    ask(page, "why not 3?")
    expect(page.get_by_text("Too many.")).to_be_visible()
    expect(page.locator("#question textarea")).to_have_value("why not 3?")
    page.unroute("**/queue/join*")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#chat details")).to_have_count(1)
    expect(page.locator("#question textarea")).to_have_value("")
    expect(bubbles(page, "user").last).to_have_text("why not 3?")


def test_enter_pressed_twice_asks_once(answering):
    box = answering.locator("#question textarea")
    box.press("Enter")  # empty by now
    ask(answering, "why? hold")  # the same
    answering.wait_for_timeout(1_000)
    expect(bubbles(answering, "user")).to_have_count(2)
    expect(bubbles(answering, "bot").nth(1)).to_contain_text(TESTING)


def test_forgetting_while_an_answer_runs(answering):
    answering.get_by_role("button", name="Forget this conversation").click()
    expect(bubbles(answering, "user")).to_have_count(0)
    answering.locator("#example-five").click()
    expect(bubbles(answering, "bot")).to_have_text([READING])


def test_that_it_is_tested_is_said_before_there_is_a_sentence(page, held):
    visit(page, f"{held}?image=five")
    expect(page.get_by_text(READING)).to_be_visible()
    ask(page, "silent?")
    expect(bubbles(page, "bot").nth(1)).to_have_text(TESTING)
    ask(page, "why 5?")
    expect(bubbles(page, "bot").nth(1)).to_have_text(STOPPED)
    expect(page.locator("#chat details")).to_have_count(1)


def test_a_refusal_is_a_bubble_of_its_own_and_leaves_the_questions(page, held):
    visit(page, f"{held}?image=five")
    expect(page.get_by_text(READING)).to_be_visible()
    expect(page.locator("#chat .option")).to_have_count(len(SUGGESTIONS))
    offered = page.locator("#chat .option").all_inner_texts()
    page.locator("#question textarea").press("Enter")
    expect(bubbles(page, "bot")).to_have_text([READING, interface_words("en")["nothing_asked"]])
    expect(page.locator("#chat .option")).to_have_text(offered)
    first, second = (bubbles(page, "bot").nth(place).bounding_box() for place in (0, 1))
    assert second["y"] - first["y"] - first["height"] > 10, "they do not look like one answer"
