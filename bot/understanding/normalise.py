"""From what a person typed to plain words: spelling, numbers and the places where one question may end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.understanding.language import Language

LONGEST = 500  # characters; of a longer text the first and the last half of this are read
CORRECTIONS = 10  # words; a text with more unknown ones is about something else
NUMBER = r"\d{1,9}(?:[.,]\d{1,6})?"  # longer ones are cut: no amount is so large
TOKENS = re.compile(rf"\d+(?:st|nd|rd|th|er|e|º|ª)\b|(?<!\S)-{NUMBER}|{NUMBER}|[^\W\d_]+(?:'[^\W\d_]+)*|[?!.;:,…%°\n]")
LENGTHENED = re.compile(r"([^\W\d_])\1{2,}")
BREAKS = frozenset("?!.;:,…\n")
VOWELS = frozenset("aeiouyh")  # what a word begins with that another one is elided before


@dataclass(frozen=True)
class Piece:
    """Words that may be a question of their own, with what stands before them."""

    text: str  # normalised words with one space between, digits as "#5"
    joint: str = ""  # the conjunction before it
    stop: str = ""  # the punctuation before it
    asked: bool = False  # a question mark follows

    def after(self, former: Piece) -> Piece:
        """Both as one."""
        text = " ".join(filter(None, (former.text, self.joint, self.text)))
        return Piece(text, former.joint, former.stop, self.asked)


def pieces(text: str, language: Language) -> list[Piece]:
    """``text`` cut wherever a question may end: at punctuation and at conjunctions. None of the pieces is empty."""
    dropped = language.list_of("reading", "articles") | language.list_of("reading", "fillers")
    conjunctions = language.list_of("reading", "conjunctions")
    found: list[Piece] = []
    words: list[str] = []
    joint = stop = empty = ""

    def finish(asked: bool) -> None:
        nonlocal words, joint, stop, empty
        kept = [word for word in words if word not in dropped]
        if kept:
            found.append(Piece(" ".join(kept), joint, stop, asked))
            joint = stop = ""
        empty = empty or " ".join(words)
        words = []

    for token in _rewritten(_numbered(_words(text, language), language), language):
        if token in BREAKS:
            finish(asked=token == "?")
            stop = token if found else ""
        elif token in conjunctions:
            finish(asked=False)
            joint = f"{joint} {token}".strip()
        else:
            words.append(token)
    finish(asked=False)
    if not found and (empty or joint):  # nothing but small words
        return [Piece(empty or joint)]
    return found


def whole(text: str, language: Language) -> str:
    """All of ``text`` as one piece's words."""
    return joined(pieces(text, language)).text


def joined(parts: Sequence[Piece]) -> Piece:
    """Neighbouring pieces as one; the conjunction before the first stays outside."""
    first, *others = parts or [Piece("")]
    for piece in others:
        first = piece.after(first)
    return first


def plain_words(text: str, language: Language) -> Iterator[str]:
    """Words, numbers and punctuation in small letters without accents, elided words apart, as they are spelt."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub("[\u2019\u2018`´]", "'", text)
    text = re.sub(r"\s[-\u2013\u2014]+\s|\u2014", " , ", text)  # a dash between words is a pause
    text = folded(text, language)
    text = re.sub(r"(?<!\d)(\d)'?s\b", r"\1", text)  # 5s, 5's
    if elided := language.data["reading"]["elided"]:
        text = re.sub(rf"\b({'|'.join(elided.split())})'", r"\1 ", text)
    yield from TOKENS.findall(text)


def folded(text: str, language: Language) -> str:
    """``text`` with every letter as the language file spells it: "ä" as "ae" in German, "é" as "e" everywhere."""
    for letter, spelling in language.data["reading"]["letters"].items():
        text = text.replace(letter, spelling)
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def _words(text: str, language: Language) -> list[str]:
    """Words and breaks, spelt as the language file spells them."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}"
    known_words, corrections = language.data["words"], 0
    found: list[str] = []
    for token in plain_words(text, language):
        plain = _unstretched(token if token in known_words else token.replace("'", ""), language)
        if plain not in known_words and token.endswith("'s"):
            plain = token[:-2].replace("'", "")  # "the digit's top": the owner's mark says nothing here
        if plain in known_words:
            found += known_words[plain].split()
        elif plain[0].isalpha() and not language.knows(plain) and corrections < CORRECTIONS:
            corrections += 1
            apart = _apart(plain, language) or [language.corrected(plain)]
            found += [part for word in apart for part in known_words.get(word, word).split()]
        else:
            found.append(plain)
    return found


def _apart(word: str, language: Language) -> list[str]:
    """ "davant" as "d avant": an elided word whose apostrophe was left out, before one that is known."""
    for elided in language.data["reading"]["elided"].split():
        rest = word.removeprefix(elided)
        if rest != word and rest[:1] in VOWELS and language.knows(rest):
            return [elided, rest]
    return []


def _unstretched(word: str, language: Language) -> str:
    """ "whyyyy" as "why", "sooo" as "so": a letter three times is once, or twice where that gives a word."""
    if not LENGTHENED.search(word) or language.knows(word):
        return word
    twice = LENGTHENED.sub(r"\1\1", word)
    return twice if language.knows(twice) else LENGTHENED.sub(r"\1", word)


def _numbered(words: list[str], language: Language) -> list[str]:
    """Digits as "#5"; other numbers, and those that count or measure, as plain numbers; "part 2" as "part_2"."""
    numbers = language.data["numbers"]
    counted, qualities = language.list_of("reading", "counted"), language.list_of("reading", "qualities")
    unsure, unsure_after = language.list_of("reading", "unsure"), language.list_of("reading", "unsure_after")
    numbered, measured = language.list_of("reading", "numbered"), language.list_of("reading", "measured")
    ordinals = language.data["ordinals"]
    units = language.list_of("reading", "units")
    ends = BREAKS | {""}
    found: list[str] = []
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        after = words[place + 1] if place + 1 < len(words) else ""
        alone = before in ends and after in ends
        if word in unsure and not (before in unsure_after or after in units or alone):
            found.append(word)
            continue
        if word in ordinals and after in numbered:
            found.append(f"part_{ordinals[word]}")
            continue
        if word in numbered and before in ordinals:
            continue
        value = str(numbers.get(word, int(word) if word.isdecimal() else word))  # digits of any script become ours
        named = next((one for one in words[place + 1 :] if one not in qualities), "")  # "2 most important PARTS"
        if not value.isdecimal() or len(value) > 1 or {after, named} & (counted | units) or before in measured:
            found.append(value.replace(",", ".") if value[:1] in "-0123456789" else value)
        elif before in numbered and found and not found[-1].startswith("part_"):
            found[-1] = f"part_{value}"
        else:
            found.append(f"#{value}")
    return found


def _rewritten(words: list[str], language: Language) -> list[str]:
    text = " ".join(words)
    for pattern, replacement in language.rewrites:
        text = pattern.sub(replacement, text)
    return text.split(" ") if text else []
