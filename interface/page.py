"""The words of the page, and in which language a visitor gets it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.words.interface import interface_words
from bot.words.naming import MNIST, Alphabet, naming_of
from bot.words.render import REFERENCE, languages
from interface.examples import OFFERED

_BY_SCRIPT = ("pad_", "label_", "conversation_label", "question_label", "examples.")


def page_language(asked: str, accepted: str) -> str:
    """The language of the page: the one ``asked`` for in its address, else the browser's first one that we have.

    ``accepted`` is the header Accept-Language, as "de-AT,de;q=0.9,en;q=0.8" (RFC 9110, section 12.5.4).
    """
    wanted = [(2.0, asked)]
    for entry in accepted.split(","):
        name, *parameters = entry.split(";")
        wanted.append((_weight(parameters), name))
    for weight, name in sorted(wanted, key=lambda one: -one[0]):
        code = name.strip().lower().split("-")[0]
        if weight > 0 and code in languages():
            return code
    return REFERENCE


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def page_words(language: str, lesson: str = "", alphabet: Alphabet = MNIST) -> dict[str, dict[str, Any]]:
    """What each component of the page says, as its properties, by the component's name; some say it for a lesson."""
    words = interface_words(language, alphabet)
    own = f"lesson_{lesson}." if lesson else ""
    return {
        "title": {"value": words["title"]},
        "way-draw": {"label": words["draw_tab"]},
        "way-upload": {"label": words["upload_tab"]},
        "way-camera": {"label": words["camera_tab"]},
        "upload": {"label": words["upload_label"]},
        "examples-title": {"value": words["examples_title"]},
        **{f"example-{one.id}": {"value": one.label(words)} for one in OFFERED},
        "whole-page": {"value": words["whole_page"]},
        "chat": {"label": words["conversation_label"], "placeholder": words[f"{own}empty_chat"]},
        "editor": {"words": {name: text for name, text in words.items() if name.startswith("editor_")}},
        "question": {"label": words["question_label"], "placeholder": words[f"{own}question_placeholder"]},
    }


def script_words(language: str, alphabet: Alphabet = MNIST) -> Mapping[str, str]:
    """What interface/pad_words.js puts on the drawing pad, and interface/labels.js on what Gradio made."""
    words = interface_words(language, alphabet)
    refused = words["uploads.not_a_picture"].format(kinds=words["uploads.kinds"])
    by_script = {name: text for name, text in words.items() if name.startswith(_BY_SCRIPT)}
    return {"lang": language, "label_not_a_picture": refused, **by_script}


def bar_names(language: str, alphabet: Alphabet) -> tuple[str, ...]:
    """What the classes are called beside their bars."""
    return naming_of(language, alphabet).short
