"""The words of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.words.interface import interface_words
from bot.words.naming import MNIST, Alphabet, naming_of
from interface.chat.examples import OFFERED

_BY_SCRIPT = ("pad_", "label_", "conversation_label", "question_label", "examples.")


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
    """What widgets/pad/words.js puts on the drawing pad, and widgets/labels.js on what Gradio made."""
    words = interface_words(language, alphabet)
    refused = words["uploads.not_a_picture"].format(kinds=words["uploads.kinds"])
    by_script = {name: text for name, text in words.items() if name.startswith(_BY_SCRIPT)}
    return {"lang": language, "label_not_a_picture": refused, **by_script}


def bar_names(language: str, alphabet: Alphabet) -> tuple[str, ...]:
    """What the classes are called beside their bars."""
    return naming_of(language, alphabet).short
