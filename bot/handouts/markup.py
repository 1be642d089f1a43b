"""The little Markdown that answers are written in, as HTML in which everything else is escaped."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

# In the order in which they are looked for; the text is escaped before, and "*" and "`" stay as they are by that.
_MARKS = ((r"`([^`]+)`", "code"), (r"\*\*([^*]+)\*\*", "strong"), (r"\*([^*\s][^*]*)\*", "em"))


def paragraphs_of(text: str) -> list[Markup]:
    """The content of each paragraph."""
    return [_inline(one) for one in text.split("\n\n") if one.strip()]


def unbroken(text: str) -> str:
    """``text`` in which no line breaks between a number and its percent sign."""
    return re.sub(r"(?<=\d) (?=%)", "\N{NO-BREAK SPACE}", text)


def _inline(text: str) -> Markup:
    said = str(escape(unbroken(text)))
    for pattern, tag in _MARKS:
        said = re.sub(pattern, rf"<{tag}>\1</{tag}>", said)
    return Markup(said)  # escaped above
