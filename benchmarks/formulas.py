"""How hard a text is to read, by the formula that each language has for it.

English: Flesch–Kincaid grade (Kincaid et al. 1975), a school year. German: first Wiener Sachtextformel (Bamberger and
Vanecek 1984), a school year. Spanish: legibility of Szigriszt-Pazos (1993), 0 to 100. French: Flesch's ease as Kandel
and Moles (1958) fitted it, 0 to 100. Of the last two, more is easier.

How the words are counted is Flesch's own rule (How to Write Plain English, 1979): a figure is one word of one
syllable, with its sign ("97 %"); a hyphenated word is one word. Stricter than he, only ``.``, ``!`` and ``?`` end a
sentence, no colon and no semicolon; so does the end of a line. Markdown is not read, and neither are tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.syllables import spoken_number, syllables

GAP = "\u00a0\u202f"  # no-break spaces, between a figure and its sign
NUMBER = re.compile(rf"(?:[−+±<>=][{GAP} ]?)?\d+(?:[.,{GAP}]\d+)*(?:[{GAP} ]?[%°])?")
WORD = re.compile(rf"{NUMBER.pattern}|\w[\w’'-]*")
END = re.compile(r"(?<=[.!?])[\"”’»)\]]*\s+(?=[\"“„«¿¡(\[]*[A-ZÀ-Þ0-9])")


@dataclass(frozen=True)
class Scale:
    """What the figures of a language's formula mean."""

    name: str
    bar: float  # as easy as the simple level shall be, or easier
    more_is_easier: bool = False

    def holds(self, value: float) -> bool:
        """Whether a text with this figure is easy enough."""
        return value >= self.bar if self.more_is_easier else value <= self.bar


# 70 and more: "easy" in the table of Szigriszt-Pazos' INFLESZ scale begins at 65, Flesch's "fairly easy" at 70.
SCALES: Mapping[str, Scale] = {
    "en": Scale("Flesch–Kincaid grade", 8),
    "de": Scale("Wiener Sachtextformel, school year", 8),
    "es": Scale("Szigriszt-Pazos", 65, more_is_easier=True),
    "fr": Scale("Kandel–Moles", 70, more_is_easier=True),
}


def plain(text: str) -> str:
    """``text`` without Markdown: no marks, no numbers before the items of a list, no tables."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("|")]
    bare = "\n".join(re.sub(r"^\s*(?:\d+\.|[-*>]|#+)\s+", "", line) for line in lines)
    bare = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", bare)
    return re.sub(r"[*`_]", "", bare)


def sentences(text: str) -> list[str]:
    """The sentences of a text in Markdown."""
    return [one for line in plain(text).splitlines() for one in END.split(line) if WORD.search(one)]


def words(sentence: str) -> list[str]:
    """The words of a sentence, figures among them."""
    return WORD.findall(sentence)


def readability(text: str, language: str, aloud: bool = False) -> float:
    """The figure of a text by its language's formula; ``aloud``: figures as they are said (English only).

    Raises ValueError for a text without words.
    """
    found = [words(sentence) for sentence in sentences(text)]
    every = [word for sentence in found for word in sentence]
    if not every:
        raise ValueError("There is nothing to read in this text.")
    spoken = [_spoken(word, language, aloud) for word in every]
    return _FORMULAS[language](len(every) / len(found), spoken, every)


def _spoken(word: str, language: str, aloud: bool) -> int:
    if not NUMBER.fullmatch(word):
        return syllables(word, language)
    return spoken_number(word) if aloud else 1


def _kincaid(length: float, spoken: list[int], every: list[str]) -> float:
    return 0.39 * length + 11.8 * sum(spoken) / len(every) - 15.59


def _wiener(length: float, spoken: list[int], every: list[str]) -> float:
    share = 100 / len(every)
    many = share * sum(count >= 3 for count in spoken)
    single = share * sum(count == 1 for count in spoken)
    long = share * sum(len(word) > 6 and not NUMBER.fullmatch(word) for word in every)
    return 0.1935 * many + 0.1672 * length + 0.1297 * long - 0.0327 * single - 0.875


def _szigriszt(length: float, spoken: list[int], every: list[str]) -> float:
    return 206.835 - 62.3 * sum(spoken) / len(every) - length


def _kandel_moles(length: float, spoken: list[int], every: list[str]) -> float:
    return 207 - 1.015 * length - 73.6 * sum(spoken) / len(every)


_FORMULAS = {"en": _kincaid, "de": _wiener, "es": _szigriszt, "fr": _kandel_moles}
