"""A reply in a notebook: one ``div`` with words and figures, tests folded away, nothing that runs or loads."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from bot.values import Figure
from bot.words.interface import interface_words
from bot.words.render import languages
from tests.app import fake
from tests.bot import made

DETAILS = "| Change | Before |\n|---|---|\n| the bar erased | 97 % |\n"
TAGS = {"div", "p", "strong", "img", "details", "summary", "table", "thead", "tbody", "tr", "th", "td"}
VOID = {"img", "br", "hr"}


class Outline(HTMLParser):
    """The tags, and for each figure the tags around it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict]] = []
        self.figures: dict[str, list[str]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "img":
            self.figures[dict(attrs)["alt"]] = list(self.open)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def figure(name: str) -> Figure:
    return replace(fake.figure(name, name, (720, 300), "#cde"), alt=f'{name}: "<b>" & more')


def html(**further: object) -> str:
    figures = (figure("parts"), figure("test_1"))
    values: dict = {"details": DETAILS, "text": "It is a **5**.\n\nNot <script>x</script> a 3.", **further}
    return replace(made.reply(figures=figures), **values)._repr_html_()


def test_words_figures_and_folded_tests():
    page = html()
    outline = Outline(page)
    assert outline.open == []
    assert page.startswith('<div lang="en"')
    assert "Understood as: Why 5? How sure are you?" in page
    assert "<strong>5</strong>" in page
    assert "details" not in outline.figures['parts: "<b>" & more']
    assert "details" in outline.figures['test_1: "<b>" & more']
    assert page.index("<details") < page.index("<table>")
    widths = {dict(attributes).get("width") for tag, attributes in outline.tags if tag == "img"}
    assert widths == {"360"}  # half of what it was drawn at: sharp


def test_figures_are_in_it():
    (source, _) = re.findall(r'src="data:image/png;base64,([^"]+)"', html())
    assert base64.b64decode(source) == figure("parts").png


def test_nothing_runs_loads_or_has_a_colour_of_its_own():
    page = html()
    outline = Outline(page)
    assert {tag for tag, _ in outline.tags} <= TAGS
    assert "&lt;script&gt;" in page
    for tag, attributes in outline.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert attributes.get("src", "data:").startswith("data:")
        assert "color" not in attributes.get("style", ""), tag
    assert "http" not in page


def test_nothing_is_folded_where_nothing_was_tested():
    page = html(details="", figures=(), understood="")
    assert "<details" not in page
    assert "Understood" not in page


@pytest.mark.parametrize("language", languages())
def test_it_speaks_the_language_of_the_reply(language):
    assert interface_words(language)["evidence_summary"] in html(language=language)
    assert f'<div lang="{language}"' in html(language=language)


def test_what_a_terminal_shows_is_short():
    reply = made.reply()
    assert repr(reply) == "<Reply to 'Why 5? How sure are you?': 'It is a 5.'>"
    assert repr(replace(reply, understood="")) == "<Reply to 'why': 'It is a 5.'>"
    assert repr(reply.reading) == "<Reading: 5 (0.9), then 3>"
    assert repr(replace(reply.reading, reason="blank")) == "<Reading: 5 (0.9), then 3, not accepted: blank>"
