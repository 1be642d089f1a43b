"""The syllables of the English templates against a dictionary: ``python -m benchmarks.pronounced cmudict.dict``

The file is the CMU Pronouncing Dictionary (github.com/cmusphinx/cmudict), which is not part of this project. A vowel of
it bears a digit, so a word has as many syllables as digits; of several pronunciations any may agree.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmarks.syllables import syllables
from bot.words.naming import TEMPLATES

FILLED = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def dictionary(lines: Iterable[str]) -> dict[str, set[int]]:
    """How many syllables each word may have; ``lines`` as "wind(2) W AY1 N D # a comment"."""
    found: dict[str, set[int]] = defaultdict(set)
    for line in lines:
        word, *sounds = line.partition("#")[0].split()
        found[word.partition("(")[0]].add(sum(sound[-1].isdigit() for sound in sounds))
    return dict(found)


def template_words(folder: Path) -> set[str]:
    """Every word that stands in a template of ``folder``, in small letters."""
    texts = (FILLED.sub(" ", file.read_text(encoding="utf-8")) for file in folder.rglob("*.jinja"))
    return {word.lower().replace("’", "'") for text in texts for word in WORD.findall(text)}


def disagreements(said: Iterable[str], pronounced: Mapping[str, set[int]]) -> list[str]:
    """The words that the dictionary has, but with no such number of syllables."""
    return [word for word in sorted(said) if word in pronounced and syllables(word, "en") not in pronounced[word]]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pronounced", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    pronounced = dictionary(parser.parse_args().file.read_text(encoding="utf-8").splitlines())
    said = template_words(TEMPLATES / "en")
    wrong = disagreements(said, pronounced)
    print(f"{len(said & pronounced.keys())} words are in it, {len(wrong)} of them with other syllables")
    for word in wrong:
        print(f"  {word}: {syllables(word, 'en')} instead of {' or '.join(map(str, sorted(pronounced[word])))}")


if __name__ == "__main__":
    main()
