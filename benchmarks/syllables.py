"""How many syllables a word has: vowels that stand together are one, but for the rules and exceptions of a language."""

from __future__ import annotations

import re

# What the rules of English get wrong among the words that the bot says: see benchmarks/pronounced.py.
EXCEPTIONS = {
    "baseline": 2, "beforehand": 3, "careful": 2, "carefully": 3, "centre": 2, "centred": 2, "completeness": 3,
    "densely": 2, "elsewhere": 2, "evening": 2, "everything": 3, "everywhere": 3, "somebody": 3, "something": 2,
    "sometimes": 2, "somewhere": 2, "gradient": 3, "gradients": 3, "italian": 3, "likely": 2, "linear": 3,
    "people": 2, "rarely": 2, "reacts": 2, "region": 2, "regions": 2, "sideways": 2, "surely": 2, "whoever": 3,
    "widely": 2, "cpu": 3, "gpu": 3, "mnist": 2, "imagenet": 3, "employees": 3, "lecun": 2, "colourful": 3,
    "cosine": 2, "resized": 2, "cortes": 2, "outlier": 3, "densenet": 2, "area": 3, "areas": 3, "idea": 3, "ideas": 3,
    "averaged": 2, "averages": 3, "earlier": 3, "enlargement": 3, "eye": 1, "geometrically": 5, "likelihood": 3,
    "logarithm": 4, "measurement": 3, "ninety": 2, "purely": 2, "react": 2, "statement": 2, "statements": 2,
    "strangely": 2, "therefore": 2,
}  # fmt: skip

_DIGITS = (2, 1, 1, 1, 1, 1, 1, 2, 1, 1)  # syllables of "zero", "one", …
_TEENS = (1, 3, 1, 2, 2, 2, 2, 3, 2, 2)  # of "ten", "eleven", …
_TENS = (0, 0, 2, 2, 2, 2, 2, 3, 2, 2)  # of "twenty", "thirty", …

# An ending whose e is mute, and vowels that stand together but are said apart.
_MUTE_ENGLISH = re.compile(
    "[^aeiouyl]e$|[aeiouy]le$|[^aeiouytdlr]ed$|[aeiouylr][lr]ed$|[^aeiouyshxzcgl]es$|[aeiouy]les$|th?es$"
)
_APART_ENGLISH = re.compile("(?<![tcs])i[ao]|eo|iu|[eio]ing|ying|[aeo]y[aeo]|(?<!g)ua")
_GERMAN = re.compile("äu|[ae]i|[ae]y|[ae]u|ie|aa|ee|oo|[aeiouyäöü]")
_SPANISH = re.compile("[aeiouáéíóúü]+|y(?![aeiouáéíóúü])")
_STRONG_SPANISH = re.compile("[aeoáéíóú]")  # each of them is a syllable, also where several stand together
_FRENCH = re.compile("[aeiouyàâæéèêëîïôœùûü]+")
_APART_FRENCH = re.compile("[éè](?=[aoiuâ])|[aeoé](?=[ïëü])")
_MUTE_FRENCH = re.compile("[^aeiouyàâæéèêëîïôœùûü]es?$")


def syllables(word: str, language: str) -> int:
    """At least one; a hyphenated word has those of its parts, figures within a word count as one."""
    joined = word.lower()
    if language == "en":  # "isn't" has two, "can't" and "part's" have one
        joined = re.sub(r"[’']s?$|(?<=n)[’']t$", "", re.sub(r"(?<=[sd])n[’']t$", "nit", joined))
    parts = [part for part in re.split(r"[-’']|(?<=[^\W\d])(?=\d)", joined) if part]
    return max(1, sum(_COUNTERS[language](part) for part in parts))


def _english(word: str) -> int:
    if word in EXCEPTIONS:
        return EXCEPTIONS[word]
    if not re.search("[aeiouy]", word):
        return len(word) if word.isalpha() else 1  # said letter by letter: "LRP"
    word = word.replace("qu", "q")
    count = len(re.findall("[aeiouy]+", word))
    if re.search(
        r"[^aeiouyl]e$|[aeiouy]le$|[^aeiouytdlr]ed$|[aeiouylr][lr]ed$|[^aeiouyshxzcgl]es$|[aeiouy]les$|th?es$", word
    ):
        count -= 1
    return count + len(re.findall(r"(?<![tcs])i[ao]|eo|iu|[eio]ing|ying|[aeo]y[aeo]|(?<!g)ua", word))


def _german(word: str) -> int:
    return len(_GERMAN.findall(word.replace("qu", "q")))


def _spanish(word: str) -> int:
    word = re.sub("qu|gu(?=[eiéí])", "g", word)
    return sum(max(1, len(_STRONG_SPANISH.findall(group))) for group in _SPANISH.findall(word))


def _french(word: str) -> int:
    word = re.sub("qu|gu(?=[eiéèêî])", "g", word)
    count = len(_FRENCH.findall(word)) + len(_APART_FRENCH.findall(word))
    return count - bool(count > 1 and _MUTE_FRENCH.search(word))


_COUNTERS = {"en": _english, "de": _german, "es": _spanish, "fr": _french}


def spoken_number(figure: str) -> int:
    """The syllables of a figure as it is said in English, with its sign: "97 %" is "ninety-seven percent"."""
    whole, _, decimals = re.sub(r"[^\d.]", "", figure).partition(".")
    count = _whole(int(whole or "0"))
    if decimals:
        count += 1 + sum(_DIGITS[int(digit)] for digit in decimals)
    return count + (2 if "%" in figure or "°" in figure else 0) + (2 if figure[0] in "−+±" else 0)


def _whole(number: int) -> int:
    for size, name in ((1_000_000, 2), (1_000, 2), (100, 2)):
        if number >= size:
            return _whole(number // size) + name + (_whole(number % size) if number % size else 0)
    if number < 10:
        return _DIGITS[number]
    return _TEENS[number - 10] if number < 20 else _TENS[number // 10] + (_DIGITS[number % 10] if number % 10 else 0)
