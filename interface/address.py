"""What the address of the page asks for: ``/?image=five&ask=why+5&lang=de&level=simple``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.render import LEVELS


@dataclass(frozen=True)
class Address:
    """What stands after the question mark; anything may stand there, written by anybody."""

    image: str = ""  # one of the examples
    ask: str = ""  # a question, answered at once
    lang: str = ""  # a language's code
    level: str = "normal"  # one of ``LEVELS``

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Address:
        """The address with these parameters; what is unknown is ignored."""
        level = query.get("level", "").strip().lower()
        return cls(
            image=query.get("image", "").strip(),
            ask=query.get("ask", ""),
            lang=query.get("lang", ""),
            level=level if level in LEVELS else "normal",
        )
