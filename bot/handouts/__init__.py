"""Handouts: the conversation so far as one page to print, and as the replies' JSON to run every test again.

Both are made from what the conversation remembers (bot/memory.py) and from nothing else: the same conversation gives
the same bytes.
"""

from __future__ import annotations

import zlib

from bot.handouts.page import handout_page
from bot.memory import Memory
from bot.values import Attachment
from model.alphabet import Alphabet
from model.values import ModelIdentity


def handout(memory: Memory, identity: ModelIdentity, language: str, level: str) -> tuple[Attachment, ...]:
    """The page, in that language and at that level, and the JSON lines that ``python -m model.recheck`` takes."""
    page = handout_page(memory, identity, language, level).encode()
    lines = b"".join(zlib.decompress(told.line) + b"\n" for told in memory.answers)
    return (
        Attachment(_file_name(memory, identity.alphabet), "text/html", page),
        Attachment("replies.jsonl", "application/jsonl", lines),
    )


def _file_name(memory: Memory, alphabet: Alphabet) -> str:
    """``whydigit-5-3.html`` after pictures that were read as 5 and as 3."""
    labels = [alphabet.labels[seen.prediction.digit] for seen in memory.pictures if seen.reason is None]
    plain = dict.fromkeys("".join(sign for sign in label if sign.isalnum()) for label in labels)
    return "-".join(["whydigit", *plain]) + ".html"
