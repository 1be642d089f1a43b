"""The questions that the bot itself offers, word for word: they mean the same whatever was asked before.

A half sentence goes on with the question before it, and so short a question as "Why 5?" can look like one. From a
button, or from a link, it is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from bot.phrasing import NAMING, phrase
from bot.question import Question
from bot.render import words
from bot.understanding.language import load_language
from bot.understanding.slots import TAKES


def own_question(text: str, language: str) -> Question | None:
    """What ``text`` asks where it is one of these sentences, up to case and punctuation; None for any other."""
    return _sentences(language).get(_bare(text))


@cache
def _sentences(language: str) -> Mapping[str, Question]:
    said, methods = words(language), tuple(load_language(language).data["method"])
    return MappingProxyType({_bare(phrase(one, said)): one for one in _questions(said.blocks, methods)})


def _questions(sentences: Collection[str], methods: Sequence[str]) -> Iterator[Question]:
    """Each type by itself, and with each value of one slot, where there is a sentence for it."""
    values: dict[str, Sequence[object]] = {"digit": range(10), "other": range(10), "method": methods}
    for kind in TAKES:
        if f"ask_{kind}" in sentences:
            yield Question(kind)
        for slot in NAMING.get(kind, ()):
            if f"ask_{kind}_{slot}" in sentences:
                yield from (Question(kind, {slot: value}) for value in values.get(slot, ()))


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
