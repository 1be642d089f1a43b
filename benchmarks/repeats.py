"""Sentences that come a third time in a row: in three answers one after the other, or in three claims of one answer.

Told from the words themselves, not from the templates: figures and the names of parts are taken out of each sentence,
and what is then the same is the same wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from benchmarks.formulas import NUMBER, sentences
from bot.values import Claim
from bot.words.render import CASES, words
from explainers.values import Part

IN_A_ROW = 3


def wording(sentence: str, names: Sequence[str]) -> str:
    """A sentence without its figures and without the ``names`` of parts."""
    for name in names:
        sentence = re.sub(re.escape(name), "…", sentence, flags=re.IGNORECASE)
    return NUMBER.sub("#", sentence)


def names_of(parts: Sequence[Part], language: str) -> list[str]:
    """Every form of every part's name, the longest first."""
    said = words(language)
    return sorted({said.part_name(part, case) for part in parts for case in (None, *CASES)}, key=len, reverse=True)


def wordings(claims: Sequence[Claim], names: Sequence[str]) -> list[set[str]]:
    """The wordings in each claim."""
    return [{wording(one, names) for one in sentences(claim.sentence)} for claim in claims]


def repeats(answers: Sequence[list[set[str]]]) -> Iterator[tuple[str, int]]:
    """Each wording that comes a third time in a row in a conversation, and the place of that answer."""
    whole = [set[str]().union(*answer) for answer in answers]
    for place, answer in enumerate(answers):
        thrice = set[str]()
        for groups in (whole[max(0, place - IN_A_ROW + 1) : place + 1], answer):
            for last in range(IN_A_ROW - 1, len(groups)):
                thrice |= set.intersection(*groups[last - IN_A_ROW + 1 : last + 1])
        yield from ((one, place) for one in sorted(thrice))
