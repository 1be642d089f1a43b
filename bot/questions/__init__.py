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
    for entry in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{entry.name}")
        for thing in vars(module).values():
            written_here = isinstance(thing, type) and thing.__module__ == module.__name__
            if written_here and issubclass(thing, Answer) and thing is not Answer:
                found[thing.type] = thing()
    return found
