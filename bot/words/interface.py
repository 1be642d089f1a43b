"""What a person reads around the answers: buttons, hints and errors, from ``templates/<language>/interface.json``."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from functools import cache

from bot.words.naming import TEMPLATES, folders_of, naming_of
from bot.words.render import REFERENCE
from model.alphabet import MNIST, Alphabet

log = logging.getLogger(__name__)


@cache
def interface_words(language: str, alphabet: Alphabet = MNIST) -> Mapping[str, str]:
    """The strings of one language by name, those of groups as "examples.five"; a missing one in English, and logged.

    ``alphabet`` is what the network reads; what is said otherwise of it stands in folders of its own.
    """
    english = _read(REFERENCE)
    own = english if language == REFERENCE else _read(language)
    for name in english.keys() - own.keys():
        log.warning("templates/%s/interface.json has no %s: it is said in English.", language, name)
    if alphabet == MNIST:
        return {**english, **own}
    adapted = {name: naming_of(language, alphabet).adapted(text) for name, text in {**english, **own}.items()}
    for folder in folders_of(alphabet):
        adapted |= _read(f"{language}/{folder}")
    return adapted


def _read(folder: str) -> dict[str, str]:
    file = TEMPLATES / folder / "interface.json"
    return _flat(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def _flat(tree: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in tree.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = str(value)
    return found
