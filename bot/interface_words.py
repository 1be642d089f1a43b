"""What a person reads around the answers: buttons, hints and errors, from ``templates/<language>/interface.json``."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from functools import cache

from bot.render import REFERENCE, TEMPLATES

log = logging.getLogger(__name__)


@cache
def interface_words(language: str) -> Mapping[str, str]:
    """The strings of one language by name, those of groups as "examples.five"; a missing one in English, and logged."""
    english = _read(REFERENCE)
    own = english if language == REFERENCE else _read(language)
    for name in english.keys() - own.keys():
        log.warning("templates/%s/interface.json has no %s: it is said in English.", language, name)
    return {**english, **own}


def _read(language: str) -> dict[str, str]:
    file = TEMPLATES / language / "interface.json"
    return _flat(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def _flat(tree: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in tree.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = str(value)
    return found
