"""Conversations with links in them, and what a link leads to."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl

from interface.chat.messages import Message
from interface.chat.visit import Host, Steps, Visit
from interface.links.address import Address
from interface.serving.language import page_language


def last(steps: Steps) -> Visit:
    """A visit once everything is said."""
    *_, visit = steps
    return visit


def texts(message: Message) -> list[str]:
    """What is said in a message."""
    return [item for item in message.content if isinstance(item, str)]


def said(message: Message) -> list[str]:
    """The answer and its evidence, without how the question was understood and without the link."""
    answer, *further = texts(message)
    answer = re.sub(r'^<span class="understood">.*?</span>\s*', "", answer)
    return [answer, *(text for text in further if "answer-link" not in text)]


def link_in(message: Message) -> str:
    """The address of its link; "" where it has none."""
    found = [re.search(r'href="([^"]*)"', text) for text in texts(message) if "answer-link" in text]
    return html.unescape(found[0][1]) if found and found[0] else ""


def opened(host: Host, link: str) -> Visit:
    """A new visitor's page after the link, as app.py opens it."""
    address = Address.from_query(dict(parse_qsl(link.removeprefix("?"), keep_blank_values=True)))
    return last(host.follow_link(host.welcome(page_language(address.lang, ""), address.level), address))


def conversation(host: Host, visit: Visit, questions: Sequence[str]) -> Iterator[Message]:
    """The answer to each question."""
    for question in questions:
        visit = last(host.ask(visit, question))
        yield visit.messages[-1]
