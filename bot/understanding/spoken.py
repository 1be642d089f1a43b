"""Which language a text is in: the one that knows most of its words."""

from __future__ import annotations

from functools import lru_cache

from bot.understanding.language import FOLDER, load_language
from bot.understanding.normalise import LONGEST, plain_words

HOME = 0.1  # words' worth that the conversation's language is ahead: "3?" and "lime" change none


@lru_cache
def spoken_languages() -> tuple[str, ...]:
    """The languages that can be understood, as two-letter codes."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def language_of(text: str, home: str) -> str | None:
    """The language of ``text``; None where nothing in it tells. ``home`` is the conversation's, which wins a tie."""
    scores = dict.fromkeys(spoken_languages(), 0.0)
    for name in scores:
        language = load_language(name)
        words = [word.replace("'", "") for word in plain_words(text[:LONGEST], language) if word[0].isalpha()]
        scores[name] = sum(_worth(word) for word in words if word in _words_of(name))
    best = max(scores, key=lambda name: (scores[name] + HOME * (name == home), name == home))
    return best if scores[best] > 0 else None


@lru_cache
def _words_of(name: str) -> frozenset[str]:
    language = load_language(name)
    return language.known | language.seen


@lru_cache(maxsize=4096)
def _worth(word: str) -> float:
    """A word that several languages know tells little."""
    return 1 / max(sum(word in _words_of(name) for name in spoken_languages()), 1) ** 2
