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
GAP = r"(?:\\S+ ){0,3}?"  # " .. " in a pattern: up to three words, whichever
LETTERS = re.compile(r"[^\W\d_](?:[^\W\d_]\??|\[[^\W\d_]+\]|\?)*(?:\(\?:(?:[^\W\d_]|\|)+\)\??)?")
NEIGHBOUR_LENGTH = 4  # shorter words have too many neighbours for a typing error to be told from another word


@dataclass(frozen=True)
class Language:
    """What ``<name>.toml`` says, ready to be searched."""

    name: str  # a two-letter code
    data: Mapping[str, dict]

    @cached_property
    def vocabularies(self) -> Mapping[str, re.Pattern]:
        """For each slot vocabulary one pattern, whose groups are named after the ids."""
        return {name: re.compile(whole_words(self._alternatives(name, named=True))) for name in VOCABULARIES}

    @cached_property
    def questions(self) -> tuple[tuple[str, re.Pattern], ...]:
        """Question types with the pattern that recognises them, in the order in which to try."""
        table = self.data["question"]
        return tuple((row["type"], re.compile("|".join(map(self._compiled, row["patterns"])))) for row in table)

    def rule(self, text: str) -> str | None:
        """The type of the first pattern that fits normalised text: what to go by where the classifier is unsure."""
        return next((kind for kind, pattern in self.questions if pattern.search(text)), None)

    @cached_property
    def meanings(self) -> Mapping[str, str]:
        """Words that mean much the same to us, each with the name of its group in angle brackets."""
        return {word: f"<{name}>" for name, words in self.data["meanings"].items() for word in words.split()}

    @cached_property
    def known(self) -> frozenset[str]:
        """Every word that stands anywhere in the file."""
        reading = self.data["reading"]
        lists = [
            reading[key] for key in ("articles", "fillers", "starters", "neutral", "counted", "units", "one_after")
        ]
        lists += [self.data["follow_up"]["words"], self.data["grammar"]["noise"], *self.data["words"].values()]
        lists += self.data["meanings"].values()
        words = set(" ".join(lists).split()) | set(self.data["numbers"])
        patterns = [pattern for row in self.data["question"] for pattern in row["patterns"]]
        patterns += [text for name in VOCABULARIES for texts in self.data[name].values() for text in texts]
        for pattern in (*patterns, *self.data["macros"].values()):
            words |= words_of(pattern)
        return frozenset(words)

    def list_of(self, table: str, key: str) -> frozenset[str]:
        """A list of words that the file writes as one string."""
        return frozenset(self.data[table][key].split())

    @cached_property
    def _deletions(self) -> Mapping[str, tuple[str, ...]]:
        """Each known word under every string that it gives with one letter left out."""
        index: dict[str, list[str]] = {}
        for word in sorted(self.known):
            if len(word) >= NEIGHBOUR_LENGTH:
                for string in {word, *without_one_letter(word)}:
                    index.setdefault(string, []).append(word)
        return {string: tuple(words) for string, words in index.items()}

    def corrected(self, word: str) -> str:
        """The known word that ``word`` misses by one typing error, or ``word`` itself.

        Four letters may only be out of order, as "lime" and "time" are both words; the first is taken to be right.
        """
        if word in self.known or len(word) < NEIGHBOUR_LENGTH:
            return word
        near = {found for string in {word, *without_one_letter(word)} for found in self._deletions.get(string, ())}
        swapped = [found for found in near if sorted(found) == sorted(word)]
        close = [found for found in near if len(word) > NEIGHBOUR_LENGTH and one_error(word, found)]
        return min((found for found in swapped or close if found[0] == word[0]), default=word)

    def _alternatives(self, name: str, named: bool = False) -> str:
        """All the ways to say anything of a vocabulary; longer ones first, so that "top left" is not read as "top"."""
        ways = [(way, identity) for identity, ways in self.data[name].items() for way in ways]
        ways.sort(key=lambda pair: -len(pair[0]))
        return "|".join(
            f"(?P<{identity}_{place}>{way})" if named else way for place, (way, identity) in enumerate(ways)
        )

    def _compiled(self, pattern: str) -> str:
        for name in re.findall(r"\{([a-z]+)\}", pattern):
            pattern = pattern.replace(f"{{{name}}}", self._macro(name))
        return whole_words(re.sub(r"\.\. \??", GAP, pattern))

    def _macro(self, name: str) -> str:
        if name == "part":
            return rf"(?:{self._alternatives('region')}|{self._alternatives('form')}|part_\d+)"
        if name in VOCABULARIES:
            return f"(?:{self._alternatives(name)})"
        text = self.data["macros"][name]
        for inner in re.findall(r"\{([a-z]+)\}", text):
            text = text.replace(f"{{{inner}}}", self._macro(inner))
        return text


@lru_cache
def load_language(name: str = "en") -> Language:
    """The language of ``<name>.toml`` in this folder."""
    return Language(name, tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")))


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
