"""The examples of a page, each with what it says they print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """One block of code."""

    language: str
    code: str
    printed: str | None  # the block "text" that follows it


def examples(page: Path) -> list[Example]:
    """All blocks of ``page``, in order."""
    blocks = _BLOCK.findall(page.read_text(encoding="utf-8"))
    following = [*blocks[1:], ("", "")]
    return [
        Example(language, code, after if kind == "text" else None)
        for (language, code), (kind, after) in zip(blocks, following, strict=True)
        if language != "text"
    ]
