"""A page of HTML as tests look at it: read with ``html.parser``."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"meta", "img", "br", "link", "input"}
LOADS = ("src", "href", "srcset", "poster", "data", "action", "background", "xlink:href")


class Page(HTMLParser):
    """Its elements, headings, pictures and words."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.text = ""
        self.headings: list[tuple[int, str]] = []
        self.feed(source)
        assert not self.open, "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.text += data
        if self.open and re.fullmatch("h[1-6]", self.open[-1]):
            level, words = self.headings[-1]
            self.headings[-1] = level, words + data

    def every(self, tag: str) -> list[dict[str, str]]:
        """The attributes of all elements of that name."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def loads(self) -> list[str]:
        """Every address that a browser would ask for."""
        return [attributes[name] for _, attributes in self.tags for name in LOADS if name in attributes]


def bare(text: str) -> str:
    """Text without Markdown's marks, and with every space alike."""
    return re.sub(r"\s+", " ", re.sub("[*`]", "", text)).strip()
