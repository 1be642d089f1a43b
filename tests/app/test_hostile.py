"""Anything at all as a question, a link, a drawing, an edit, a call: one sentence, and no exception."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.words.render import LEVELS, languages
from interface.chat.messages import plain
from interface.chat.visit import Host, Visit
from interface.links.address import Address
from interface.links.linked_picture import LONGEST, PREFIX, picture_of
from interface.programs.calls import CallError, checked
from interface.serving.uploads import uploaded_file
from interface.widgets.editor.widget import edit_of, pixels_of
from interface.widgets.pad.widget import drawing_to_png
from tests.app.fake import FakeBot

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")

TEXTS = st.text(st.characters(), max_size=2_000)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
few = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def opened() -> tuple[Host, Visit]:
    host = Host(FakeBot())  # type: ignore[arg-type]
    *_, visit = host.open_example(host.welcome(), "five")
    return host, visit


def last_of(steps) -> Visit:
    *_, visit = steps
    return visit


@few
@given(TEXTS)
@example("\0")
@example("\ud800")
@example("a" * 100_000)
def test_questions(opened, text):
    host, visit = opened
    said = last_of(host.ask(visit, text)).messages[-1]
    assert said.role == "assistant"
    assert said.content[0] != visit.words["sorry"], "a fault of ours"


@few
@given(st.dictionaries(st.sampled_from(["image", "ask", "lang", "level", "lesson", "x"]), TEXTS))
@example({"image": PREFIX + "A" * 5_000})
@example({"image": "\0", "ask": "\ud800", "lang": "\0"})
def test_links(opened, query):
    host, visit = opened
    address = Address.from_query(query)
    assert address.lang in ("", *languages())
    assert address.level in LEVELS
    *_, followed = [visit, *host.follow_link(visit, address)]
    assert visit.words["sorry"] not in followed.messages[-1].content


@few
@given(st.binary(max_size=LONGEST))
def test_linked_pictures(data):
    pixels = picture_of(PREFIX + base64.urlsafe_b64encode(data).decode().rstrip("="))
    assert pixels is None or (pixels.shape == (28, 28) and 0 <= pixels.min() <= pixels.max() <= 1)


@few
@given(
    st.one_of(
        JSON, TEXTS, st.binary(max_size=300).map(lambda one: "data:image/png;base64," + base64.b64encode(one).decode())
    )
)
@example("data:image/png;base64,\u00e9")
@example("data:image/png;base64," + "A" * 500_000)
def test_drawings(opened, value):
    host, visit = opened
    png = drawing_to_png(value)
    assert png is None or isinstance(png, bytes)
    assert host.try_drawing(visit, value) is None or png
    if isinstance(value, str):
        assert visit.words["sorry"] not in last_of(host.open_drawing(visit, value)).messages[-1].content


@few
@given(st.one_of(JSON, st.text("0123456789abcdef ", max_size=1_580), st.just("1 " + "0f" * 784)))
def test_edits(opened, value):
    host, visit = opened
    edit, pixels = edit_of(value), pixels_of(value)
    assert edit is None or edit[1].shape == (28, 28)
    assert pixels is None or pixels.shape == (28, 28)
    answer = host.try_edit(visit, value)
    assert answer is None or "problem" not in answer or answer["problem"] == visit.words["not_an_edit"]
    assert visit.words["sorry"] not in last_of(host.ask_why(visit, value)).messages[-1].content


@few
@given(
    st.sampled_from(["ask", "predict", "x"]),
    st.booleans(),
    st.one_of(JSON.map(lambda one: json.dumps(one).encode()), st.binary(max_size=200)),
)
@example("predict", True, b'{"image": {"path": "\\ud800"}}')
@example("ask", True, b'{"image": {"path": "a"}, "question": 1e999}')
@example("ask", True, b'{"\\n": 1}')
@example("a\nb", True, b"{}")
def test_calls(endpoint, named, body):
    with pytest.raises(CallError) as caught:  # there is no upload that it could name
        checked(endpoint, named, body)
    assert caught.value.status in (404, 422)
    assert "\n" not in str(caught.value)


@few
@given(TEXTS)
def test_no_text_names_a_file(text):
    assert uploaded_file(text) is None


@few
@given(TEXTS)
def test_no_markup_is_left_in_what_the_chat_repeats(text):
    shown = plain(text)
    bare = "".join(part[1:] if number else part for number, part in enumerate(shown.split("\\")))
    assert not set("<>[]()!`&$|") & set(bare) or "\\\\" in shown
