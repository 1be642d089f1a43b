"""A slider between two pictures, and which figures get one."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace

import gradio as gr
import numpy as np
import pytest
from PIL import Image

from bot.values import Figure
from bot.words.interface import interface_words
from bot.words.render import languages
from interface.chat.messages import Picture, Widget, reply_message, to_chat
from interface.widgets.slider.widget import slider
from tests.app.fake import FakeBot, figure
from tests.app.pictures import digit, encoded

BEFORE, AFTER = np.zeros((28, 28), np.float32), np.eye(28, dtype=np.float32)


def changed(name: str = "change_1") -> Figure:
    return replace(figure(name, 'Test: "the <b>top</b>" erased', (300, 300), "#9c9"), compared=(BEFORE, AFTER))


def test_both_pictures_are_in_it_in_their_order():
    made = slider(changed(), interface_words("en"))
    assert made is not None
    found = [base64.b64decode(one) for one in re.findall(r"data:image/png;base64,([^\"]+)", made)]
    small = [
        np.asarray(Image.open(io.BytesIO(png)).convert("L").resize((28, 28), Image.Resampling.NEAREST)) for png in found
    ]
    assert [np.array_equal(one, 255 * wanted) for one, wanted in zip(small, (BEFORE, AFTER), strict=True)] == [True] * 2


@pytest.mark.parametrize("language", languages())
def test_its_words_are_said_and_escaped(language):
    words = interface_words(language)
    made = slider(changed(), words)
    assert made is not None
    assert "<b>" not in made
    assert "&lt;b&gt;top&lt;/b&gt;&quot;" in made
    assert re.findall(r'alt="([^"]+)"', made) == [words["slider_before_alt"], words["slider_after_alt"]]
    assert f"<span>{words['slider_before']}</span><span>{words['slider_after']}</span>" in made
    assert not re.search(r"{\w*}", made)


def test_a_figure_that_compares_nothing_gets_none():
    assert slider(figure("parts", "Parts", (300, 300), "#9c9"), interface_words("en")) is None


def test_the_answer_shows_the_still_picture_and_then_the_slider():
    reply = FakeBot().ask(encoded(digit()), "why?")
    shown = reply_message(replace(reply, figures=(changed(), changed("test_1"))))
    kinds = [type(item) for item in shown.content if not isinstance(item, str)]
    assert kinds == [Picture, Widget, Picture], "a test among the evidence has its still picture only"
    (message,) = to_chat([shown])
    assert [type(item) for item in message["content"] if not isinstance(item, str)] == [gr.Image, gr.HTML, gr.Image]
