"""A reply of the bot as messages of the chat: words, pictures, what was tested in a foldable section, and files."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache
from gradio.utils import get_upload_folder

from bot.values import Attachment, Figure, Reply
from bot.words.interface import interface_words
from bot.words.markup import unbroken
from bot.words.naming import Naming, naming_of
from interface.widgets.digit_map.widget import digit_map
from interface.widgets.slider.widget import slider

SLOWER = ("gpu_memory_low", "gpu_memory_full")  # warnings that explain why one waits; the others are in the answer
_LONGEST_ECHO = 400  # characters of a question that the chat repeats


@dataclass(frozen=True)
class Picture:
    """A picture in the chat."""

    path: str
    alt: str


@dataclass(frozen=True)
class Widget:
    """Something to be used in the chat: HTML of our own, with nothing in it that a visitor wrote."""

    html: str


@dataclass(frozen=True)
class Download:
    """A file to take away."""

    path: str


@dataclass(frozen=True)
class Message:
    """One bubble. Strings are Markdown: what a visitor wrote must have been through ``plain``."""

    role: str  # "user" or "assistant"
    content: tuple[str | Picture | Widget | Download, ...]
    options: tuple[str, ...] = ()  # questions offered as buttons below it
    pending: str = ""  # while it grows: the line below it that says what it waits for
    apart: bool = False  # no part of the bot's message before, which Gradio would put it in one bubble with


def plain(text: str) -> str:
    """``text`` as Markdown that shows exactly these characters: no markup, no links, no HTML."""
    shown = text if len(text) <= _LONGEST_ECHO else text[:_LONGEST_ECHO].rstrip() + "…"
    escaped = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", shown)
    return "\n".join(line.strip() for line in escaped.splitlines())


def save_figure(figure: Figure) -> Picture:
    """The figure as a file that the server may hand out; its name in the address cannot be guessed."""
    return Picture(save_picture(figure.id, figure.png), figure.alt)


def save_picture(name: str, png: bytes) -> str:
    """The path of a PNG that the server may hand out."""
    return _save(f"{name}.png", png)


def _save(name: str, data: bytes) -> str:
    return save_bytes_to_cache(data, name, get_upload_folder())


def _save_file(file: Attachment) -> Download:
    """A file that only who got this answer can fetch: its address cannot be guessed. It is deleted as pictures are."""
    return Download(_save(file.name, file.data))


def reply_message(reply: Reply, asked: str = "", link: str = "", waiting: str = "") -> Message:
    """The bubble for a reply to what was ``asked``, or for as much of it as there is; ``link`` leads to it.

    ``waiting`` says why it does not grow just now; else what is still missing is said to be tested.
    """
    words = interface_words(reply.language, reply.model.alphabet)
    text = _understood(reply, asked) + unbroken(reply.text)
    if not reply.complete:
        return Message("assistant", (text,), pending=waiting or words["still_testing"])
    shown: list[Picture | Widget] = []
    for figure in reply.figures:
        if not figure.is_test:
            shown += [save_figure(figure), *_widgets(figure, words, naming_of(reply.language, reply.model.alphabet))]
    tests = [save_figure(figure) for figure in reply.figures if figure.is_test]
    files = [_save_file(file) for file in reply.files]
    slower = tuple(f"*{words[warning]}*" for warning in reply.warnings if warning in SLOWER)
    return Message(
        "assistant", (text, *slower, *shown, *_evidence(reply), *tests, *files, *_link(link, words)), reply.suggestions
    )


def _widgets(figure: Figure, words: Mapping[str, str], naming: Naming) -> tuple[Widget, ...]:
    """What can be used of a figure: the slider between a picture before and after a change, the map of all digits."""
    made = (slider(figure, words), digit_map(figure, words, naming.short))
    return tuple(Widget(one) for one in made if one is not None)


def _understood(reply: Reply, asked: str) -> str:
    """The question as it was understood, in small letters above the answer, where it is not just what was typed."""
    if not reply.says_understood(asked):
        return ""
    line = interface_words(reply.language, reply.model.alphabet)["understood"].format(questions=plain(reply.understood))
    return f'<span class="understood">{line}</span>\n\n'


def _evidence(reply: Reply) -> tuple[str, ...]:
    """The foldable list of what was changed and what the network then said; nothing where nothing was tested."""
    if not reply.details:
        return ()
    summary = f"<summary>{interface_words(reply.language, reply.model.alphabet)['evidence_summary']}</summary>"
    return (f'<details class="evidence">{summary}\n\n{reply.details}\n\n</details>',)


def _link(address: str, words: Mapping[str, str]) -> tuple[str, ...]:
    """The link to the answer, with what interface/links/copy_link.js says once it is copied, or cannot be."""
    if not address:
        return ()
    anchor = f'<a href="{html.escape(address)}" target="_blank" rel="noopener">{words["link_copy"]}</a>'
    said = "".join(f'<span class="{name}">{words[name]}</span>' for name in ("link_copied", "link_not_copied"))
    return (f'<span class="answer-link">{anchor}{said}</span>',)


def to_chat(messages: Iterable[Message], earlier: str = "") -> list[dict[str, Any]]:
    """The messages as ``gr.Chatbot`` takes them; buttons stay under the last one only.

    ``earlier``: what is said in the place of messages that are no longer shown.
    """
    if earlier:
        messages = (Message("assistant", (earlier,)), *messages)
    shown = [{"role": message.role, "content": _content(message), "options": _options(message)} for message in messages]
    for before in shown[:-1]:
        before["options"] = []
    return shown


def _content(message: Message) -> list[str | gr.Image | gr.HTML | dict[str, str]]:
    """Its items; what is pending stands below the words."""
    items = [_item(item) for item in message.content]
    if message.apart:
        return [f'<span class="apart">{item}</span>' for item in items]
    if not message.pending:
        return items
    if items and isinstance(items[-1], str):
        return [*items[:-1], f"{items[-1]}\n\n{message.pending}"]
    return [*items, message.pending]


def _options(message: Message) -> list[dict[str, str]]:
    return [{"value": question, "label": question} for question in message.options]


def _item(item: str | Picture | Widget | Download) -> str | gr.Image | gr.HTML | dict[str, str]:
    if isinstance(item, str):
        return item
    if isinstance(item, Widget):
        return gr.HTML(item.html, container=False, padding=False, apply_default_css=False, render=False)
    if isinstance(item, Download):
        return {"path": item.path}  # which the chat shows as a link with its name
    return gr.Image(
        item.path, alt_text=item.alt, buttons=["fullscreen"], show_label=False, container=False, render=False
    )
