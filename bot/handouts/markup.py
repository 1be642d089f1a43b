"""The little Markdown that answers are written in, as HTML in which everything else is escaped."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_MARKS = re.compile(r"`(?P<code>[^`]+)`|\*\*(?P<strong>[^*]+)\*\*|\*(?P<em>[^*\s][^*]*)\*")


def paragraphs_of(text: str) -> list[Markup]:
    """The content of each paragraph."""
    return [_inline(one) for one in text.split("\n\n") if one.strip()]


def unbroken(text: str) -> str:
    """``text`` in which no line breaks between a number and its percent sign."""
    return re.sub(r"(?<=\d) (?=%)", "\N{NO-BREAK SPACE}", text)


def _inline(text: str) -> Markup:
    """Escaped first: the marks stay as they are by that."""
    return Markup(_MARKS.sub(_marked, str(escape(unbroken(text)))))


def _marked(found: re.Match[str]) -> str:
    tag = found.lastgroup
    return f"<{tag}>{found[tag]}</{tag}>" if tag else found[0]
