"""The question types: one file each. A failing import is an error; nothing is skipped."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from bot.questions.base import Answer


@cache
def answers() -> dict[str, Answer]:
    """Every question type that can be answered, by its name in docs/questions.md."""
    found: dict[str, Answer] = {}
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    for kind in _subclasses(Answer):
        if kind.__module__.startswith(__name__):
            found[kind.type] = kind()
    return found


def _subclasses(kind: type[Answer]) -> list[type[Answer]]:
    direct = kind.__subclasses__()
    return [one for one in direct if hasattr(one, "type")] + [below for one in direct for below in _subclasses(one)]
