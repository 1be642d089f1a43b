"""The words of one language, read from ``<name>.toml`` and compiled once."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

FOLDER = Path(__file__).with_name("lexicon")
VOCABULARIES = ("region", "form", "change", "direction", "method", "level", "length", "language")
LETTERS = re.compile(r"[^\W\d_](?:[^\W\d_]\??|\[[^\W\d_]+\]|\?)*(?:\(\?:(?:[^\W\d_]|\|)+\)\??)?")
HALF_LENGTH = 8  # words: a longer half sentence is none
NEIGHBOUR_LENGTH = 4  # shorter words have too many neighbours for a typing error to be told from another word


@dataclass(frozen=True, eq=False)
class Language:
    """What ``<name>.toml`` says, ready to be searched."""

    name: str  # a two-letter code
    data: Mapping[str, dict]
    seen: frozenset[str] = frozenset()  # words of the phrase file, as people spell them

    @cached_property
    def vocabularies(self) -> Mapping[str, re.Pattern]:
        """For each slot vocabulary one pattern, whose groups are named after the ids."""
        return {name: re.compile(whole_words(self._alternatives(name))) for name in VOCABULARIES}

    @cached_property
    def rewrites(self) -> tuple[tuple[re.Pattern, str], ...]:
        """What to look for in normalised text and what to put in its place, in this order."""
        return tuple(
            (re.compile(whole_words(rule["from"].replace("{place}", self._place))), rule["to"])
            for rule in self.data["rewrite"]
        )

    @cached_property
    def _place(self) -> str:
        """A pattern for the name of a place of the picture, or of two: "the loop at the top", "that bar and part_2"."""
        small = "|".join(self.list_of("reading", "articles") | self.list_of("reading", "beside_places"))
        named = "|".join(way for name in ("form", "region") for ways in self.data[name].values() for way in ways)
        named = rf"(?:{named}|part_\d+)(?!\S)"
        one = rf"(?:(?:{small}) )*{named}(?: (?:(?:{small})(?!\S)|{named}))*?"
        return rf"{one}(?: {self.data['reading']['conjunctions'].split()[0]} {one})?"

    @cached_property
    def tags(self) -> re.Pattern:
        """Pieces that ask nothing of their own beside a question: "…, same answer?"."""
        patterns = [*self.data["grammar"]["tags"], *self.data["grammar"]["asides"]]
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))

    @cached_property
    def asides(self) -> re.Pattern:
        """Pieces that ask nothing anywhere: "just imagine"."""
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.data["grammar"]["asides"]))

    @cached_property
    def stated(self) -> re.Pattern:
        """What is said of the picture and asks nothing: "it is a 6"."""
        return re.compile(self.data["follow_up"]["stated"])

    @cached_property
    def opposite(self) -> re.Pattern:
        """A half sentence that turns the question before round: "the other way"."""
        words = "|".join(self.data["follow_up"]["words"].split())
        return re.compile(rf"(?:(?:{words}) )*(?:{self.data['follow_up']['opposite']})(?: (?:{words}))*")

    @cached_property
    def _meanings(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Words with the name of their group in angle brackets; and beginnings of words."""
        entries = [(word, f"<{name}>") for name, words in self.data["meanings"].items() for word in words.split()]
        words = {word: name for word, name in reversed(entries) if not word.endswith("*")}
        return words, {word[:-1]: name for word, name in reversed(entries) if word.endswith("*")}

    def meaning(self, word: str) -> str | None:
        """The group of words that mean much the same to us as ``word``; None where there is none."""
        words, beginnings = self._meanings
        if word in words:
            return words[word]
        return next((beginnings[word[:end]] for end in range(len(word), 2, -1) if word[:end] in beginnings), None)

    @cached_property
    def known(self) -> frozenset[str]:
        """Every whole word that stands anywhere in the file."""
        reading = self.data["reading"]
        lists = [reading[key] for key in ("articles", "fillers", "neutral", "counted", "units", "light")]
        lists += [self.data["follow_up"]["words"], self.data["grammar"]["noise"], *self.data["words"].values()]
        words = set(" ".join(lists).split()) | set(self.data["numbers"]) | set(self.data["words"])
        words |= set(self._meanings[0])
        for name in VOCABULARIES:
            for ways in self.data[name].values():
                for way in ways:
                    words |= words_of(way)
        for name in ("term", "mirror"):
            for way in self.data[name].values():
                words |= words_of(way)
        return frozenset(words)

    def knows(self, word: str) -> bool:
        """Whether ``word`` needs no correction."""
        return word in self.known or word in self.seen or self.meaning(word) is not None

    def list_of(self, table: str, key: str) -> frozenset[str]:
        """A list of words that the file writes as one string."""
        if (table, key) not in self._lists:
            self._lists[table, key] = frozenset(self.data[table][key].split())
        return self._lists[table, key]

    @cached_property
    def _lists(self) -> dict[tuple[str, str], frozenset[str]]:
        return {}

    def covered(self, text: str) -> set[str]:
        """The words of normalised ``text`` that belong to a slot of some kind."""
        words = set(re.findall(r"#\d|part_\d+|-?\d+(?:\.\d+)?", text))
        for pattern in self.vocabularies.values():
            for match in pattern.finditer(text):
                words |= set(match[0].split())
        return words

    def is_half(self, text: str) -> bool:
        """Whether normalised ``text`` holds slots and nothing else but small words."""
        words = text.split()
        if len(words) > HALF_LENGTH:
            return False
        free = {word for word in words if word not in self.list_of("follow_up", "words")}
        return bool(free) and free <= self.covered(text)

    @cached_property
    def _deletions(self) -> Mapping[str, tuple[str, ...]]:
        """Each word that a typing error may hide, under every string that it gives with one letter left out."""
        index: dict[str, list[str]] = {}
        for word in sorted(self.known | self.seen):
            if len(word) >= NEIGHBOUR_LENGTH:
                for string in {word, *without_one_letter(word)}:
                    index.setdefault(string, []).append(word)
        return {string: tuple(words) for string, words in index.items()}

    def corrected(self, word: str) -> str:
        """The known word that ``word`` misses by one typing error, or ``word`` itself.

        Four letters may only be out of order, as "lime" and "time" are both words; the first is taken to be right.
        """
        if self.knows(word) or len(word) < NEIGHBOUR_LENGTH:
            return word
        near = {found for string in {word, *without_one_letter(word)} for found in self._deletions.get(string, ())}
        swapped = [found for found in near if sorted(found) == sorted(word)]
        close = [found for found in near if len(word) > NEIGHBOUR_LENGTH and one_error(word, found)]
        return min((found for found in swapped or close if found[0] == word[0]), default=word)

    def _alternatives(self, name: str) -> str:
        """All the ways to say anything of a vocabulary; longer ones first, so that "top left" is not read as "top"."""
        ways = [(way, identity) for identity, ways in self.data[name].items() for way in ways]
        ways.sort(key=lambda pair: -len(pair[0]))
        return "|".join(f"(?P<{identity}_{place}>{way})" for place, (way, identity) in enumerate(ways))


@lru_cache
def load_language(name: str = "en") -> Language:
    """The language of ``<name>.toml`` in this folder."""
    seen = FOLDER / f"{name}.words"
    words = frozenset(seen.read_text(encoding="utf-8").split()) if seen.exists() else frozenset()
    return Language(name, tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")), words)


def whole_words(pattern: str) -> str:
    """``pattern``, found only from the beginning of a word to the end of one."""
    start, pattern = ("^", pattern[1:]) if pattern.startswith("^") else (r"(?<!\S)", pattern)
    end, pattern = ("$", pattern[:-1]) if pattern.endswith("$") else (r"(?!\S)", pattern)
    return f"{start}(?:{pattern}){end}"


def words_of(pattern: str) -> set[str]:
    """The words that a pattern names: ``colou?rs?`` gives four, ``eras(?:e|ed)`` two."""
    found: set[str] = set()
    for run in LETTERS.findall(re.sub(r"\\.|\{[a-z]+\}|\(\?[!=<]+", " ", pattern)):
        stem, _, suffixes = run.partition("(?:")
        ends = suffixes.rstrip(")?").split("|") if suffixes else [""]
        if suffixes.endswith("?"):
            ends.append("")
        atoms = re.findall(r"\[([^\]]+)\]|(\w\?)|(\w)", stem)
        choices = [
            tuple(group) if group else (optional[0], "") if optional else (letter,) for group, optional, letter in atoms
        ]
        found |= {"".join(letters) + end for letters in itertools.product(*choices) for end in ends}
    return found


def without_one_letter(word: str) -> set[str]:
    """All strings that ``word`` gives with one letter left out."""
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def one_error(word: str, other: str) -> bool:
    """Whether one letter is missing, added or wrong, or two neighbours are swapped."""
    if len(word) == len(other):
        wrong = [place for place in range(len(word)) if word[place] != other[place]]
        return len(wrong) == 1 or (len(wrong) == 2 and wrong[1] == wrong[0] + 1 and sorted(word) == sorted(other))
    longer, shorter = (word, other) if len(word) > len(other) else (other, word)
    return shorter in without_one_letter(longer)
