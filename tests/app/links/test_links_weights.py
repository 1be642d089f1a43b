"""With the real network a link gives the answer of the conversation byte for byte."""

from __future__ import annotations

import pytest

from interface.chat.messages import Picture
from interface.chat.visit import Host
from tests.app import pictures
from tests.app.links.following import conversation, last, link_in, opened, said
from tests.trained import trained_bot

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def host() -> Host:
    return Host(trained_bot("cpu"))


@pytest.mark.parametrize(
    ("example", "language", "level", "questions"),
    [
        ("four_or_nine", "en", "normal", ["why not 4?", "and 7?", "what if I erase the top?"]),
        ("", "de", "simple", ["warum 5?", "und warum nicht 3?"]),  # an upload
    ],
)
def test_a_link_gives_the_same_bytes(host, tmp_path, example, language, level, questions) -> None:
    visit = host.welcome(language, level)
    if example:
        visit = last(host.open_example(visit, example))
    else:
        path = tmp_path / "five.png"
        path.write_bytes(pictures.encoded(pictures.digit()))
        visit = last(host.open_upload(visit, str(path)))
    for answer in conversation(host, visit, questions):
        again = opened(host, link_in(answer)).messages[-1]
        assert said(again) == said(answer)
        assert link_in(again) == link_in(answer)
        assert [item.alt for item in again.content if isinstance(item, Picture)] == [
            item.alt for item in answer.content if isinstance(item, Picture)
        ]
