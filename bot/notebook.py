"""A reply as HTML for a notebook: its words and figures, and the tests unfolding below them.

No script and no style sheet, which notebooks drop from what they do not trust; no colour of its own but that of the
figures' paper, so that it suits a light page and a dark one.
"""

from __future__ import annotations

import struct

from bot.values import Figure, Reply
from bot.words.interface import interface_words
from bot.words.markup import page_template

SHARP = 2  # figures are drawn at twice the size at which they are shown


def reply_html(reply: Reply) -> str:
    """The whole reply in one ``div``, complete in itself."""
    words = interface_words(reply.language, reply.model.alphabet)
    return page_template("reply.html.jinja").render(
        language=reply.language,
        understood=words["understood"].format(questions=reply.understood) if reply.understood else "",
        text=reply.text,
        figures=[_shown(figure) for figure in reply.figures if not figure.is_test],
        summary=words["evidence_summary"],
        details=reply.details,
        tests=[_shown(figure) for figure in reply.figures if figure.is_test],
    )


def _shown(figure: Figure) -> dict[str, object]:
    (width,) = struct.unpack(">I", figure.png[16:20])  # of the PNG's header
    return {"title": figure.title, "alt": figure.alt, "source": figure.address, "width": width // SHARP}
