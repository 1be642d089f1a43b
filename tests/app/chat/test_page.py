"""What the page says."""

from __future__ import annotations

import json
import re

import app
from bot.words.interface import interface_words
from interface.chat.page import page_words, script_words
from tests.app.fake import FakeBot


def test_the_pad_gets_all_its_words() -> None:
    template = (app._INTERFACE / "widgets/pad/template.html").read_text(encoding="utf-8")
    script = (app._INTERFACE / "widgets/pad/words.js").read_text(encoding="utf-8")
    wanted = set(re.findall(r"{(pad_\w+)}", template))
    in_answers = {"pad_now", "pad_not_a_digit"}
    sent = {name for name in script_words("en") if name.startswith("pad_")}
    assert wanted == set(re.findall(r"pad_\w+", script)) == sent - in_answers


def test_every_control_of_gradios_gets_its_name() -> None:
    script = (app._INTERFACE / "widgets/labels.js").read_text(encoding="utf-8")
    wanted = set(re.findall(r"words\.(\w+)", script))
    assert wanted == {name for name in script_words("en") if "label" in name and not name.startswith("pad_")}


def test_the_editor_gets_all_its_words() -> None:
    template = (app._INTERFACE / "widgets/editor/template.html").read_text(encoding="utf-8")
    on_it = set(re.findall(r'data-(?:text|label)="(\w+)"', template))
    in_answers = {"editor_now", "editor_not_a_digit"}
    assert on_it | in_answers == page_words("en")["editor"]["words"].keys()


def test_every_component_that_says_something_is_on_the_page() -> None:
    demo = app.build_app(FakeBot())  # type: ignore[arg-type]
    there = {block.elem_id for block in demo.blocks.values()}
    assert page_words("en").keys() <= there


def test_the_served_page_says_it_in_english() -> None:
    demo = app.build_app(FakeBot())  # type: ignore[arg-type]
    shown = json.dumps(demo.get_config_file(), default=str, ensure_ascii=False)
    for name in ("upload_label", "examples_title", "question_placeholder", "pad_canvas"):
        assert interface_words("en")[name] in shown
