"""Claims in the first wording of their sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.values import Claim
from bot.words.render import words


def put_into_words(claims: Iterable[Claim], language: str, level: str = "normal") -> tuple[Claim, ...]:
    """The same claims, each with its sentence."""
    said = words(language)
    return tuple(replace(claim, sentence=said.say(claim.kind, said.spoken(claim.slots), level)) for claim in claims)
