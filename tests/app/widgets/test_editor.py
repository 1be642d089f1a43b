"""The editor's way through the server: an edit in, probabilities out, and on to "why?"."""

from __future__ import annotations

import base64
import logging
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.values import Reading
from bot.words.interface import interface_words
from explainers.values import Part
from interface.chat.messages import Picture
from interface.chat.shown import views
from interface.chat.visit import Host, Visit
from interface.widgets.editor.widget import answer_of, edit_of, editable, enlarged_png
from tests.app import pictures
from tests.app.chat.test_visit import assert_one_sentence, last
from tests.app.fake import FakeBot


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot()


@pytest.fixture
def host(bot: FakeBot) -> Host:
    return Host(bot)  # type: ignore[arg-type]


@pytest.fixture
def opened(host: Host, tmp_path: Path) -> Visit:
    path = tmp_path / "five.png"
    path.write_bytes(pictures.encoded(pictures.digit()))
    return last(host.open_upload(host.welcome(), str(path)))


def reading(visit: Visit) -> Reading:
    assert visit.session.reading is not None
    return visit.session.reading


def hexadecimal(pixels: np.ndarray) -> str:
    return np.round(pixels * 255).astype(np.uint8).tobytes().hex()


def test_an_edit_is_read(host, opened):
    pixels = reading(opened).pixels
    answer = host.try_edit(opened, f"7 {hexadecimal(pixels)}")
    assert answer["number"] == 7
    assert answer["digit"] == 5
    assert answer["is_digit"] is True
    assert sum(answer["probabilities"]) == pytest.approx(1)
    assert answer["shares"][5].endswith("%")
    assert "5" in answer["said"]
    less = host.try_edit(opened, f"8 {hexadecimal(np.where(np.arange(28) < 14, 0, pixels))}")
    assert (less["number"], less["digit"], less["said"]) == (8, 6, "Now 6 (91 %)")


@pytest.mark.parametrize("byte", [0, 1, 255])
def test_pixels_arrive_as_they_were_sent(byte):
    number, pixels = edit_of(f"1 {byte:02x}" + "00" * 783)
    assert number == 1
    assert pixels.dtype == np.float32
    assert pixels.shape == (28, 28)
    assert pixels[0, 0] == np.float32(byte) / np.float32(255)
    assert not pixels.ravel()[1:].any()


def test_the_picture_as_it_was_gives_its_own_bytes_back(opened):
    sent = base64.b64decode(editable(reading(opened), "en")["pixels"])
    _, pixels = edit_of(f"1 {sent.hex()}")
    assert np.array_equal(pixels, reading(opened).pixels)


def test_without_ink_it_is_no_digit(host, opened):
    answer = host.try_edit(opened, "3 " + "00" * 784)
    assert answer["is_digit"] is False
    assert answer["said"] == interface_words("en")["editor_not_a_digit"]


@pytest.mark.parametrize(
    "value",
    [
        "1 " + "00" * 783,  # one pixel short
        "1 " + "00" * 785,
        "1 " + "00" * 783 + "0g",
        "1 " + "00" * 783 + "0A",
        "1 " + "00" * 783 + "0\u0660",  # a digit of another script
        "0 " + "00" * 784,
        "-1 " + "00" * 784,
        "1234567890 " + "00" * 784,
        "1 " + "00" * 784 + "\n",
        "<script>",
        {"pixels": [0] * 784},
        [1, 2],
        7,
    ],
)
def test_what_no_editor_sends_is_refused_in_one_sentence(host, bot, opened, value):
    answer = host.try_edit(opened, value)
    assert answer == {"problem": interface_words("en")["not_an_edit"]}
    after = last(host.ask_why(opened, value))
    assert_one_sentence(after.messages[-1])
    assert after.session is opened.session  # nothing is lost
    assert after.messages[:-1] == opened.messages
    assert len(bot.opened) == 1


def test_no_edit_yet_is_no_answer(host, opened):
    assert host.try_edit(opened, "") is None
    assert host.try_edit(opened, None) is None
    assert "problem" in host.try_edit(opened, "00" * 784)  # the picture without its number


def test_a_fault_is_told_and_logged_without_the_picture(host, bot, opened, caplog):
    bot.fault = ValueError("ff" * 784)
    with caplog.at_level(logging.ERROR):
        answer = host.try_edit(opened, "2 " + "ff" * 784)
    assert answer == {"problem": interface_words("en")["sorry"]}
    assert "ffff" not in caplog.text


def test_answers_are_in_the_language_of_the_conversation(host):
    answer = host.try_edit(host.welcome("de"), "2 " + "01" * 784)
    assert answer["said"] == "Jetzt 6 (91\u00a0%)"
    bar = editable(FakeBot().read(pictures.digit()), "de")["parts"][0]
    assert (bar["number"], bar["kind"], bar["name"]) == (1, "ink", "der waagerechte Strich oben")


def test_why_takes_the_edited_picture(host, bot, opened):
    pixels = reading(opened).pixels.copy()
    pixels[:10] = 0
    steps = list(host.ask_why(opened, hexadecimal(pixels)))
    after = steps[-1]
    assert np.array_equal(reading(after).pixels, pixels)
    assert [step.name for step in reading(after).image.steps] == ["edited"]
    _, _, shown, read, asked, answer = after.messages
    (picture,) = shown.content
    assert isinstance(picture, Picture)
    assert picture.alt == interface_words("en")["edited_sent"]
    enlarged = np.asarray(Image.open(picture.path), np.float32) / 255
    assert np.array_equal(enlarged[5::10, 5::10], pixels)
    assert asked.content == (r"Why\?",)
    assert "This is a **5**" in answer.content[0]
    assert len(bot.opened) == 2


def test_why_about_the_picture_as_it_was_only_asks(host, bot, opened):
    after = last(host.ask_why(opened, hexadecimal(reading(opened).pixels)))
    assert len(bot.opened) == 1
    assert after.session.reading is opened.session.reading
    assert len(after.messages) == len(opened.messages) + 2


def test_why_about_nothing_asks_nothing(host, opened):
    after = last(host.ask_why(opened, "00" * 784))
    assert reading(after).reason == "blank"
    assert [message.role for message in after.messages[len(opened.messages) :]] == ["user", "assistant"]


def test_the_editor_gets_a_new_picture_and_nothing_else_until_the_run_ends(host, opened):
    """The same to the last bit, as the editor begins anew with any other."""
    updates = [picture for _, _, picture in views(iter([opened, opened]), host.welcome())]
    assert updates[0]["picture"]["answer"]["digit"] == 5
    assert updates[1] == updates[0]
    (again,) = [picture for _, _, picture in views(iter([opened]), opened)]
    assert "picture" not in again


def test_the_same_picture_opened_again_begins_anew(opened):
    first, second = (editable(reading(opened), "en") for _ in range(2))
    assert first != second
    assert {**first, "id": second["id"]} == second


def test_numbers_do_not_stand_on_each_other():
    """A ring and its hole have the same middle."""
    rows, columns = np.indices((28, 28))
    away = np.hypot(rows - 14, columns - 14)
    ring, hole = (away < 7) & (away >= 3), away < 3
    made = FakeBot().read(pictures.digit())
    made.case.parts = (Part("part_1", "ink", "loop", "whole", ring), Part("gap_1", "gap", "hole", "middle", hole))
    ink, gap = editable(made, "en")["parts"]
    assert np.hypot(*np.subtract(ink["middle"], gap["middle"])) >= 2.5
    for part, mask in ((ink, ring), (gap, hole)):
        column, row = part["middle"]
        assert mask[row, column]
        assert part["pixels"] == np.flatnonzero(mask).tolist()


def test_an_unaccepted_picture_has_no_parts(host, opened):
    after = last(host.ask_why(opened, "00" * 784))
    made = editable(reading(after), "en")
    assert made["parts"] == []
    assert made["answer"]["is_digit"] is False


def test_the_answer_counts_from_the_bots_own_values(opened):
    answer = answer_of(4, reading(opened), "en")
    assert answer["probabilities"] == [float(value) for value in reading(opened).prediction.probabilities]
    assert enlarged_png(np.zeros((28, 28), np.float32)).startswith(b"\x89PNG")
