"""The words around the answers and in the figures, for every language."""

from __future__ import annotations

import json
import re

import pytest

from bot.figures.words import load_words
from bot.words.interface import interface_words
from bot.words.render import TEMPLATES, languages
from interface.chat.examples import EXAMPLES


def strings(language: str, file: str) -> dict[str, str]:
    """Every string of a file by its path in it."""
    found: dict[str, str] = {}
    path = TEMPLATES / language / file
    waiting = [("", json.loads(path.read_text(encoding="utf-8")))]
    while waiting:
        prefix, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{prefix}.{name}" if prefix else name, one) for name, one in value.items()]
        else:
            found[prefix] = value
    return found


@pytest.mark.parametrize("file", ["figures.json", "interface.json", "numbers.json"])
@pytest.mark.parametrize("language", languages())
def test_a_language_has_the_strings_of_english(language: str, file: str) -> None:
    own, english = strings(language, file), strings("en", file)
    assert not english.keys() - own.keys(), "missing"
    assert not own.keys() - english.keys(), "not in English"
    for name, text in own.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[name])), name


@pytest.mark.parametrize("language", languages())
def test_every_example_has_a_title(language: str) -> None:
    assert {f"examples.{one.id}" for one in EXAMPLES} <= interface_words(language).keys()


def test_figures_have_words_in_every_language() -> None:
    for language in languages():
        assert load_words(language).reading_title
