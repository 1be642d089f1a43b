"""What the address of the page asks for: ``/?image=five&ask=why+5&lang=de&level=simple``. See docs/links.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from bot.lessons.state import LESSONS
from bot.words.render import LEVELS, languages

_USUAL_LEVEL = "normal"


@dataclass(frozen=True)
class Address:
    """What stands after the question mark; anything may stand there, written by anybody."""

    image: str = ""  # one of the examples, or a picture of one's own as interface/links/linked_picture.py writes it
    ask: str = ""  # a question, answered at once
    lang: str = ""  # one of ``languages()``
    level: str = _USUAL_LEVEL  # one of ``LEVELS``
    lesson: str = ""  # one of ``LESSONS``, or none

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Address:
        """The address with these parameters; what is unknown is ignored."""
        lang = query.get("lang", "").strip().lower().split("-")[0]
        level = query.get("level", "").strip().lower()
        lesson = query.get("lesson", "").strip().lower()
        return cls(
            image=query.get("image", "").strip(),
            ask=query.get("ask", ""),
            lang=lang if lang in languages() else "",
            level=level if level in LEVELS else _USUAL_LEVEL,
            lesson=lesson if lesson in LESSONS else "",
        )

    def query(self) -> str:
        """The question mark and what follows it; it ends with a letter, as messengers cut signs off an address."""
        level = "" if self.level == _USUAL_LEVEL else self.level
        named = {"image": self.image, "ask": self.ask, "lang": self.lang, "level": level}
        return "?" + urlencode({name: value for name, value in named.items() if value})
