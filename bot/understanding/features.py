"""What the classifier sees of a sentence: n-grams of words, of letters and of what the words stand for.

Every feature is a number, the CRC-32 of its name, so that no list of names has to be kept. The features of one group
(words, meanings, pairs of meanings, letters, shape) together have length one, so that a long sentence's many letters
do not drown its few words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from zlib import crc32

from bot.understanding.language import Language

GROUPS = ("word", "meaning", "pair", "letters", "shape", "context")
LETTERS = (3, 4, 5)  # lengths of the letter n-grams
FARTHEST = 5  # words between the two of a pair
LONGEST = 40  # words; what a sentence asks stands in its beginning or in its end
FOREIGN = ("elsewhere", "self")  # groups of words that questions about a reading hardly need
LONGEST_WORD = 24  # letters; longer ones are no words
SLOTS = ("region", "form", "method", "change", "direction", "level", "length", "language")


def features(text: str, language: Language, previous: str | None = None) -> dict[str, Counter[int]]:
    """The features of a piece of normalised ``text``, by group; ``previous`` is the type of the question before."""
    words = text.split()
    if len(words) > LONGEST:
        words = words[: LONGEST // 2] + words[-LONGEST // 2 :]
    meanings = _meanings(words, language)
    return {
        "word": _numbered("w", _grams([_digitless(word) for word in words], 3)),
        "meaning": _numbered("m", _grams(meanings, 3)),
        "pair": _numbered("p", _pairs(meanings, language)),
        "letters": _numbered("l", _letters([_digitless(word) for word in words])),
        "shape": _numbered("s", _shape(words, meanings, language)),
        "context": _numbered("c", _context(words, meanings, language, previous) if previous else iter(())),
    }


def _numbered(group: str, names: Iterator[str]) -> Counter[int]:
    return Counter(crc32(f"{group}:{name}".encode()) for name in names)


def _digitless(word: str) -> str:
    return "#" if word.startswith("#") else "0" if word[:1].isdecimal() or word[:1] == "-" else word


def _grams(words: Sequence[str], longest: int) -> Iterator[str]:
    framed = ["^", *words, "$"]
    for length in range(1, longest + 1):
        for start in range(len(framed) - length + 1):
            yield " ".join(framed[start : start + length])


def _pairs(meanings: Sequence[str], language: Language) -> Iterator[str]:
    """Two words in their order with others between."""
    light = language.list_of("reading", "light")
    heavy = [(place, word) for place, word in enumerate(meanings) if word not in light]
    for (first, one), (second, other) in combinations(heavy, 2):
        if second - first <= FARTHEST:
            yield f"{one} {other}"


def _letters(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        framed = f" {word[:LONGEST_WORD]} "
        for length in LETTERS:
            for start in range(len(framed) - length + 1):
                yield framed[start : start + length]


def _meanings(words: Sequence[str], language: Language) -> list[str]:
    """The words with what they stand for in the place of those that fill a slot or share a meaning."""
    text = " ".join(words)
    for name in SLOTS:
        text = language.vocabularies[name].sub(f"<{name}>", text)
    text = re.sub(r"part_\d+", "<form>", text)
    return [word if word[0] == "<" else language.meaning(word) or _digitless(word) for word in text.split()]


def _shape(words: Sequence[str], meanings: Sequence[str], language: Language) -> Iterator[str]:
    yield f"length {min(len(words), 12) // 2}"
    yield f"digits {min(sum(word.startswith('#') for word in words), 3)}"
    strange = sum(word.isalpha() and not language.knows(word) for word in words)
    yield f"strange {min(strange, 3)}"
    yield f"strange share {round(3 * strange / max(len(words), 1))}"
    for name in SLOTS:
        if f"<{name}>" in meanings:
            yield f"has {name}"
    for name in FOREIGN:
        if count := meanings.count(f"<{name}>"):
            yield f"{name} {min(count, 2)}"
    yield f"half {language.is_half(' '.join(words))}"


def _context(words: Sequence[str], meanings: Sequence[str], language: Language, previous: str) -> Iterator[str]:
    """What a half sentence is told by: how little it says, and that it fits the question before."""
    named = [name for name in SLOTS if f"<{name}>" in meanings]
    named += ["digit"] if any(word.startswith("#") for word in words) else []
    traits = [f"has {name}" for name in named or ["nothing"]]
    traits += [f"half {language.is_half(' '.join(words))}", f"length {min(len(words), 12) // 2}"]
    traits += [f"first {word}" for word in meanings[:1]] + [f"last {word}" for word in meanings[-1:]]
    for trait in traits:
        yield trait
        yield f"{previous} {trait}"
