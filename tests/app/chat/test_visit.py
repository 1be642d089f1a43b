"""The conversation's functions, called as what they are: generators."""

from __future__ import annotations

import base64
import logging
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bot.errors import PictureError
from bot.words.interface import interface_words
from bot.words.render import languages
from interface.chat.examples import EXAMPLES
from interface.chat.messages import Download, Message, Picture, plain, to_chat
from interface.chat.visit import Host, Steps, Visit
from interface.links.address import Address
from interface.widgets.pad.widget import drawing_to_png
from tests.app import pictures
from tests.app.fake import FIRST, SUGGESTIONS, FakeBot


def last(steps: Steps) -> Visit:
    *_, visit = steps
    return visit


def texts(visit: Visit) -> list[str]:
    return [item for message in visit.messages for item in message.content if isinstance(item, str)]


def unbroken(text: str) -> str:
    """In the chat no line ends between a number and its sign."""
    return text.replace(" %", "\u00a0%")


def drawing(side: int = 280) -> str:
    return "data:image/png;base64," + base64.b64encode(pictures.encoded(pictures.digit(side))).decode()


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot()


@pytest.fixture
def host(bot: FakeBot) -> Host:
    return Host(bot)


@pytest.fixture
def upload(tmp_path: Path) -> str:
    path = tmp_path / "five.png"
    path.write_bytes(pictures.encoded(pictures.digit()))
    return str(path)


def test_an_upload_is_read_at_once(host, upload):
    visit = last(host.open_upload(host.welcome(), upload))
    theirs, reading = visit.messages
    (sent,) = theirs.content
    assert (theirs.role, sent.alt) == ("user", "The picture you sent")
    assert sent.path != upload, "the stranger's own file is not given out"
    with Image.open(sent.path) as shown, Image.open(upload) as own:
        assert (shown.format, shown.size) == ("PNG", own.size)
    assert "I read this as a **5**" in reading.content[0]
    assert reading.options == SUGGESTIONS
    assert visit.session.reading is not None


def test_the_first_sentence_comes_before_any_heatmap(host, upload):
    opened = last(host.open_upload(host.welcome(), upload))
    steps = list(host.ask(opened, "why 5?"))
    assert [len(step.messages) for step in steps] == [2, 3, 4, 4]
    growing, whole = steps[2].messages[-1], steps[3].messages[-1]
    assert growing.content[0].startswith(unbroken(FIRST))
    assert len(growing.content) == 1
    assert [item.alt.split(":")[0] for item in whole.content if isinstance(item, Picture)] == [
        "LIME",
        "Integrated Gradients",
        "Before and after",
    ]
    assert any(str(item).startswith("<details") for item in whole.content)


def test_a_drawing_replaces_the_reading_of_the_one_before(host):
    once = last(host.open_drawing(host.welcome(), drawing()))
    twice = last(host.open_drawing(once, drawing(270)))
    assert len(once.messages) == len(twice.messages) == 2
    asked = last(host.ask(twice, "why?"))
    after = last(host.open_drawing(asked, drawing(260)))
    assert len(after.messages) == len(asked.messages) + 2  # what was asked about stays


def test_a_question_takes_the_drawing_along(host, bot):
    """The pad may have changed within the pause after which it is read."""
    visit = last(host.ask(host.welcome(), "why?", drawing()))
    assert len(bot.opened) == 1
    again = last(host.ask(visit, "why not 3?", drawing()))
    assert len(bot.opened) == 1  # the same drawing is not read twice
    assert len(again.messages) == len(visit.messages) + 2


def test_an_empty_pad_changes_nothing(host):
    visit = host.welcome()
    assert last(host.open_drawing(visit, "")) is visit


@pytest.mark.parametrize(
    "value", ["http://example.org/5.png", "data:image/png;base64,%%%", "data:text/html,x", "a" * 9]
)
def test_what_no_pad_makes_is_no_drawing(host, value):
    assert drawing_to_png(value) is None
    assert len(last(host.open_drawing(host.welcome(), value)).messages) == 1


def test_a_drawing_is_read_while_it_is_drawn(host, bot):
    visit = host.welcome()
    answer = host.try_drawing(visit, drawing())
    assert answer["said"] == "I read 5 (97 %)"
    assert answer["is_digit"]
    assert sum(answer["probabilities"]) == pytest.approx(1)
    assert bot.opened == [], "nothing of it is kept"


@pytest.mark.parametrize("value", ["", None, "data:image/png;base64,%%%", "data:image/png;base64,AAAA", "a" * 500_000])
def test_what_cannot_be_read_yet_is_told_when_the_pen_rests(host, value):
    assert host.try_drawing(host.welcome(), value) is None


def test_a_fault_while_drawing_stays_in_the_log(host, bot, monkeypatch, caplog):
    monkeypatch.setattr(bot, "read", lambda source: 1 / 0)
    assert host.try_drawing(host.welcome(), drawing()) is None
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
def test_every_example_can_be_opened(host, example):
    visit = last(host.open_example(host.welcome(), example.id))
    assert "I read this as" in texts(visit)[-1]


def test_a_deep_link_opens_its_example_and_asks(host):
    visit = last(host.follow_link(host.welcome(), Address("four_or_nine", "why 5?")))
    assert [message.role for message in visit.messages] == ["user", "assistant", "user", "assistant"]
    assert list(host.follow_link(host.welcome(), Address())) == []
    assert "five" in texts(last(host.follow_link(host.welcome(), Address("../../etc/passwd"))))[-1]


def test_two_visitors_share_nothing(host, upload):
    first, second = host.welcome(), host.welcome()
    first = last(host.open_upload(first, upload))
    assert second.messages == ()
    assert second.session.reading is None
    assert "show me a picture" in texts(last(host.ask(second, "why?")))[-1]
    assert len(first.messages) == 2


def test_a_fault_is_logged_without_what_the_visitor_sent(host, bot, upload, caplog):
    opened = last(host.open_upload(host.welcome(), upload))
    bot.fault = ValueError("my secret question")
    with caplog.at_level(logging.ERROR):
        visit = last(host.ask(opened, "my secret question"))
    assert "ValueError" in caplog.text
    assert "fake.py" in caplog.text  # where it happened
    assert "secret" not in caplog.text
    assert "Traceback" not in texts(visit)[-1]
    assert "went wrong on my side" in texts(visit)[-1]
    bot.fault = None
    assert "This is a **5**" in last(host.ask(visit, "why?")).messages[-1].content[0]


@pytest.mark.parametrize("name", pictures.BAD)
def test_a_bad_picture_gets_one_sentence_and_the_conversation_goes_on(host, upload, tmp_path, name, caplog):
    visit = last(host.send(host.welcome(), "", [pictures.write(tmp_path, name)]))
    assert len(visit.messages) == 1
    assert_one_sentence(visit.messages[-1])
    assert not caplog.records
    goes_on = last(host.send(visit, "why 5?", [upload]))
    assert len(goes_on.messages) == 5


@pytest.mark.parametrize("name", pictures.GOOD)
def test_an_unusual_picture_is_read(host, tmp_path, name):
    visit = last(host.send(host.welcome(), "", [pictures.write(tmp_path, name)]))
    assert "I read this as a **5**" in texts(visit)[-1]


@pytest.mark.parametrize("question", ["", "   \n", "why? " * 2000])
def test_a_bad_question_gets_one_sentence_and_the_conversation_goes_on(host, upload, question):
    opened = last(host.open_upload(host.welcome(), upload))
    visit = last(host.send(opened, question, []))
    assert_one_sentence(visit.messages[-1])
    assert all(len(text) < 1000 for text in texts(visit))
    assert "This is a **5**" in last(host.ask(visit, "why?")).messages[-1].content[0]


def test_a_bad_picture_with_a_question_does_not_answer_about_the_one_before(host, upload, tmp_path):
    opened = last(host.open_upload(host.welcome(), upload))
    visit = last(host.send(opened, "why?", [pictures.write(tmp_path, "text.png")]))
    assert len(visit.messages) == 3


def test_the_question_as_understood_is_told_where_it_is_not_what_was_typed(host, upload):
    opened = last(host.open_upload(host.welcome(), upload))
    assert all("understood" not in text for text in texts(opened))
    for typed in ("why 5?", "  WHY 5", "Why, 5!"):
        assert last(host.ask(opened, typed)).messages[-1].content[0].startswith(unbroken(FIRST))
    told = last(host.ask(opened, "how come?")).messages[-1].content[0]
    assert told.startswith('<span class="understood">Understood as: Why 5\\?</span>')
    assert unbroken(FIRST) in told


@pytest.mark.parametrize("name", pictures.BAD)
def test_every_bad_picture_can_be_told_in_every_language(bot, tmp_path, name):
    with pytest.raises(PictureError) as caught:
        bot.read(pictures.write(tmp_path, name))
    for language in languages():
        words = interface_words(language)
        assert words[f"uploads.{caught.value.key}"].format(kinds=words["uploads.kinds"], **caught.value.slots)


def test_an_error_is_told_in_the_language_of_the_conversation(host, tmp_path, monkeypatch):
    path = pictures.write(tmp_path, "empty.png")
    made_up = {**interface_words("en"), "uploads.empty": "Xo {kinds}.", "uploads.kinds": "yz", "nothing_asked": "Qu."}
    monkeypatch.setattr("interface.chat.visit.interface_words", lambda language, _: {"xx": made_up}[language])
    visit = host.welcome("xx")
    assert texts(last(host.open_upload(visit, path))) == ["Xo yz\\."]
    assert texts(last(host.ask(visit, " "))) == ["Qu\\."]


def test_the_chat_does_not_grow_for_ever_and_says_that_it_is_cut(host, upload):
    visit = last(host.open_upload(host.welcome("de"), upload))
    assert visit.earlier == ""
    visit = replace(visit, messages=visit.messages * 40)
    visit = last(host.ask(visit, "why?"))
    assert len(visit.messages) <= 60
    first, *_, newest = to_chat(visit.messages, visit.earlier)
    assert first["content"] == [interface_words("de")["earlier_not_shown"]]
    assert newest["options"]
    assert last(host.ask(visit, "why?")).earlier, "nor is it forgotten that it was cut"


def test_an_answer_cut_short_says_so_in_the_language_of_the_conversation(host, upload):
    opened = last(host.open_upload(host.welcome("de"), upload))
    growing = [step for step in host.ask(opened, "why?") if step.messages[-1].pending][-1]
    assert to_chat(growing.messages)[-1]["content"][0].endswith(interface_words("en")["still_testing"])  # the reply's
    for goes_on in (host.open_example(growing, "three"), host.ask(growing, "why not 3?"), host.ask(growing, " ")):
        visit = last(goes_on)
        cut = to_chat(visit.messages)[3]["content"][0]
        assert unbroken(FIRST) in cut
        assert cut.endswith(interface_words("de")["stopped"])
        assert not any(message.pending for message in visit.messages[4:])


def test_what_was_offered_can_still_be_asked_after_something_went_wrong(host, bot, upload, tmp_path, caplog):
    opened = last(host.open_upload(host.welcome(), upload))
    assert opened.offered == SUGGESTIONS
    bad = pictures.write(tmp_path, "drawing.svg")
    for steps in (host.open_upload(opened, bad), host.send(opened, "", []), host.open_example(opened, "none")):
        assert to_chat(last(steps).messages)[-1]["options"] == to_chat(opened.messages)[-1]["options"]
    bot.fault = ValueError()
    assert last(host.ask(opened, "why?")).messages[-1].options == SUGGESTIONS
    assert last(host.ask(host.welcome(), " ")).messages[-1].options == ()


def test_a_handout_is_two_files_of_this_visitor_alone(host, upload):
    first, second = (last(host.open_upload(host.welcome(), upload)) for _ in range(2))
    first = last(host.ask(first, "why 5?"))
    visit = last(host.ask(first, "make a handout"))
    page, lines = (item for item in visit.messages[-1].content if isinstance(item, Download))
    assert [Path(one.path).name for one in (page, lines)] == ["whydigit-5.html", "replies.jsonl"]
    assert "the flat bar at the top" in Path(page.path).read_text(encoding="utf-8")
    assert to_chat(visit.messages)[-1]["content"][1:3] == [{"path": page.path}, {"path": lines.path}]
    assert second.session.memory.answers == ()
    assert len(visit.session.memory.answers) == 1


def test_buttons_stand_under_the_last_message_only():
    shown = to_chat([Message("assistant", ("a",), ("Why?",)), Message("assistant", ("b",), ("How?",))])
    assert [message["options"] for message in shown] == [[], [{"value": "How?", "label": "How?"}]]


def test_what_a_visitor_writes_is_no_markup():
    assert plain("<b>*x*</b>") == r"\<b\>\*x\*\<\/b\>"
    assert plain("    why\n# 5?") == "why\n\\# 5\\?"
    assert len(plain("x" * 10_000)) < 500


def assert_one_sentence(message: Message) -> None:
    (text,) = message.content
    words = text.replace("\\", "")
    assert message.role == "assistant"
    assert 10 < len(words) < 300
    assert words[-1] in ".!?"
    assert "Traceback" not in words
    assert "Error" not in words
