"""Markdown to HTML: the words of a reply, for pages that are made here rather than by a browser."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markdown_it import MarkdownIt
from markupsafe import Markup

from bot.words.render import TEMPLATES

_BEFORE_SIGN = re.compile(r"(?<=\d) (?=%)")


def to_html(markdown: str) -> Markup:
    """Paragraphs, emphasis, lists and tables of ``markdown`` as HTML.

    HTML within it comes out as the characters it is written with, and so do links and pictures: nothing in the result
    leads or loads from anywhere. No line ends between a number and its percent sign.
    """
    return Markup(unbroken(_parser().render(markdown)))


def unbroken(text: str) -> str:
    """``text`` in which no line ends between a number and its percent sign."""
    return _BEFORE_SIGN.sub("\N{NO-BREAK SPACE}", text)


@cache
def page_template(name: str) -> Template:
    """``templates/<name>``, in which everything is escaped but what ``html`` makes of Markdown."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(html=to_html, unbroken=unbroken)
    return environment.get_template(name)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return parser.disable(["link", "image", "autolink", "reference", "html_block", "html_inline"])
