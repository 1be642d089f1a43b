"""The page of a network that reads no digits: its words, its bars, and no examples of digits."""

from __future__ import annotations

import gradio as gr
import numpy as np
import pytest

import app
from bot.words.render import languages
from interface.chat.examples import OFFERED, offered
from interface.chat.page import bar_names, page_words, script_words
from interface.chat.visit import Host
from interface.links.address import Address
from interface.widgets.editor.widget import answer_of, editable
from model.alphabet import MNIST, Alphabet
from tests.alphabets import BALANCED, CLOTHES, LETTERS, coat
from tests.app.fake import FakeBot
from tests.bot.words.test_naming import DIGIT


@pytest.mark.parametrize("alphabet", [CLOTHES, LETTERS, BALANCED], ids=lambda one: one.kind)
@pytest.mark.parametrize("language", languages())
def test_what_the_page_says(alphabet: Alphabet, language: str) -> None:
    said = page_words(language, "predict", alphabet) | page_words(language, "", alphabet)
    said = {name: text for name, text in said.items() if not name.startswith("example-")}
    script = {name: text for name, text in script_words(language, alphabet).items() if not name.startswith("examples.")}
    assert not DIGIT.search(str([value for words in said.values() for value in words.values()]).replace("{digit}", ""))
    assert not DIGIT.search(" ".join(script.values()).replace("{digit}", ""))
    assert len(bar_names(language, alphabet)) == len(alphabet.labels)


def test_examples_of_digits_are_for_those_who_read_digits() -> None:
    assert offered(MNIST) == OFFERED
    assert offered(Alphabet(dataset="emnist-digits")) == OFFERED
    assert offered(CLOTHES) == offered(LETTERS) == offered(BALANCED) == ()


@pytest.mark.parametrize(("alphabet", "title"), [(MNIST, "Why 5?"), (LETTERS, "Why B?"), (CLOTHES, "Why “coat”?")])
def test_the_page_is_built_for_its_alphabet(alphabet: Alphabet, title: str) -> None:
    demo = app.build_app(FakeBot(alphabet=alphabet))  # type: ignore[arg-type]
    assert demo.title == title
    there = {block.elem_id: block for block in demo.blocks.values() if getattr(block, "elem_id", None)}
    assert ("example-five" in there) == (alphabet is MNIST)
    assert isinstance(there["pad"], gr.HTML)
    assert there["pad"].props["names"] == list(bar_names("en", alphabet))
    assert there["examples-title"].visible == (alphabet is MNIST)


def test_a_link_to_an_example_digit_gets_one_sentence() -> None:
    host = Host(FakeBot(alphabet=LETTERS))  # type: ignore[arg-type]
    *_, visit = host.follow_link(host.welcome(), Address(image="five"))
    assert "no example pictures" in visit.messages[-1].content[0]


def test_the_bars_of_many_classes_are_those_of_the_likeliest() -> None:
    reading = FakeBot(alphabet=LETTERS).try_pixels(np.full((28, 28), 0.1, np.float32))
    answer = answer_of(1, reading, "de")
    assert answer["said"] == "Jetzt Klasse F (97\N{NO-BREAK SPACE}%)"
    assert answer["shown"][0] == 5
    assert len(answer["shown"]) == 10
    assert len(answer["names"]) == len(answer["shares"]) == 26


def test_those_of_ten_stay_in_their_order() -> None:
    reading = FakeBot(alphabet=CLOTHES).read((coat() * 255).astype(np.uint8))
    picture = editable(reading, "fr")
    assert picture["answer"]["shown"] == list(range(10))
    assert picture["answer"]["names"][4] == "manteau"
