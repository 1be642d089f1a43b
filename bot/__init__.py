"""The chat bot: questions about how a network reads a digit, answered with tested claims.

``Bot``, ``BotError`` and the rest load when first used, so that what needs no network stays quick to import.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.api import Bot, Chat
    from bot.errors import BotError

__all__ = ["Bot", "BotError", "Chat"]

_HOMES = {"Bot": "bot.api", "Chat": "bot.api", "BotError": "bot.errors"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'bot' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
