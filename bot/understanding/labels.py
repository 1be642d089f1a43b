"""Questions about letters, clothes and other classes, put as questions about digits, which are understood.

What the parser has learnt speaks of digits. So before a question is understood, each label that it names is written as
a digit that stands for it ("why not a coat?" as "why not a 7?"), "letter" or "garment" as "digit", and the place of a
garment by its part's number; afterwards the digits are read back. The words are those of ``labels/<language>.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from bot.question import Context, Question
from bot.understanding.language import load_language
from bot.understanding.normalise import LONGEST, folded
from bot.understanding.slots import find
from bot.understanding.spoken import language_of, spoken_languages
from model.alphabet import CLOTHES, Alphabet

FOLDER = Path(__file__).with_name("labels")
SLOTS = ("digit", "other")  # those that hold a class
CODES = (7, 8, 6, 4, 3, 9, 2, 0, 5, 1)  # digits that stand for labels; the last have further uses in some rules
PART = {"en": "part", "de": "Teil", "es": "parte", "fr": "partie"}
WORDS = re.compile(r"[^\W_]+|(?:\W|_)+")
QUOTES = frozenset("\"'“”„«»‘’‹›")
STOP = re.compile(r"[?!.,;:…\n()]")
PLURAL = re.compile(r"[B-HJ-Z]s")  # "Bs and Ds", but not "As" and "Is"
JOINTS = re.compile(r"[\s\-/'’]{1,3}")  # between the words of one name
REACH = 2  # words beside a place of a garment that may tell which of several


@dataclass
class _Word:
    """A word of the text, and what stands before it."""

    gap: str
    text: str
    plain: str  # as normalise.py folds it
    label: int | None = None  # the class that it names


@dataclass(frozen=True)
class Digits:
    """A question put in digits."""

    text: str
    context: Context
    classes: Mapping[int, int]  # digit → class

    def back(self, question: Question) -> Question:
        """What was understood, with classes for digits; a digit that stands for none is left out."""
        slots = {
            name: self.classes[int(str(value))] if name in SLOTS else value
            for name, value in question.slots.items()
            if name not in SLOTS or int(str(value)) in self.classes
        }
        also, nearest = (tuple(map(self.back, one)) for one in (question.also, question.nearest))
        return replace(question, slots=slots, also=also, nearest=nearest)


def in_digits(text: str, context: Context) -> Digits:
    """``text`` and its context in digits. At most ten classes can be meant; those named last stay words."""
    if len(text) > 2 * LONGEST:
        text = f"{text[:LONGEST]} {text[-LONGEST:]}"
    name = _language(text, context)
    words = _split(text, name)
    _find_labels(words, context.alphabet, name)
    if context.alphabet.kind == CLOTHES:
        _find_places(words, context, name)
    _speak_of_digits(words, name)
    classes = _codes(words, context, name)
    codes = {label: digit for digit, label in classes.items()}
    spoken = "".join(
        word.gap + (word.text if word.label is None else str(codes.get(word.label, word.text))) for word in words
    )
    previous = context.previous and _coded(context.previous, codes)
    return Digits(spoken, replace(context, previous=previous), classes)


def _language(text: str, context: Context) -> str:
    """The language of the words about the labels: "ki" and "y" are words of some language themselves."""
    labels = {label.casefold() for label in context.alphabet.labels} if context.alphabet.kind != CLOTHES else set()
    about = "".join(" " if piece.casefold() in labels else piece for piece in WORDS.findall(text))
    return language_of(about, context.language) or context.language


def _split(text: str, language: str) -> list[_Word]:
    """The words of ``text``; what stands after the last one is before an empty one."""
    words, gap = [], ""
    for piece in WORDS.findall(text):
        if piece[0].isalnum():
            words.append(_Word(gap, piece, folded(piece.lower(), load_language(language))))
            gap = ""
        else:
            gap += piece
    return [*words, _Word(gap, "", "")]


def _find_labels(words: list[_Word], alphabet: Alphabet, language: str) -> None:
    """Mark what names a class, the first word of a name for all of it."""
    names = _names(alphabet, language)
    longest = max(map(len, names), default=1)
    place = 0
    while place < len(words):
        for length in range(min(longest, len(words) - place), 0, -1):
            some = words[place : place + length]
            if not all(JOINTS.fullmatch(word.gap) for word in some[1:]):
                continue
            label = names.get(tuple(word.plain for word in some))
            if label is None and PLURAL.fullmatch(some[0].text) and some[0].text[0] in alphabet.labels:
                label, words[place].text = alphabet.labels.index(some[0].text[0]), some[0].text[0]
            elif alphabet.kind != CLOTHES and label is not None:
                exact = alphabet.labels.index(some[0].text) if some[0].text in alphabet.labels else label
                label = exact if _is_meant(words, place, language) else None
            if label is not None:
                words[place].label = label
                del words[place + 1 : place + length]
                break
        place += 1


@cache
def _names(alphabet: Alphabet, language: str) -> dict[tuple[str, ...], int]:
    """The names of every class, by their words; those of ``language`` before those of others."""
    found: dict[tuple[str, ...], int] = {}

    def add(name: str, label: int, tongue: str) -> None:
        words = tuple(word.plain for word in _split(name, tongue)[:-1])
        # "top" is a garment in German, and a place in English.
        if words and (tongue == language or len(words) > 1 or not load_language(language).knows(words[0])):
            found.setdefault(words, label)

    for tongue in (language, *spoken_languages()):
        for label, names in _lexicon(tongue).get(alphabet.kind, {}).items():
            for name in names if label in alphabet.labels else ():
                add(name, alphabet.labels.index(label), tongue)
    for place, label in enumerate(alphabet.labels):
        if not (alphabet.has_digits and label.isdecimal()):  # digits stand for themselves
            add(label, place, language)
    return found


def _is_meant(words: Sequence[_Word], place: int, language: str) -> bool:
    """Whether a letter, or a syllable, is meant as such: "a" is an article too, "u" is written for "you"."""
    word, after, following = words[place], words[place + 1].gap, words[place + 1].plain
    before = words[place - 1] if place else None
    if QUOTES & set(word.gap.strip()[-1:]) and QUOTES & set(after.strip()[:1]):
        return True
    if word.gap[-1:] in ("'", "’") and before is not None:  # "it's", but "l'A"
        return word.text.isupper() and len(before.text) == 1
    if after in ("'", "’") and following != "s":  # "l'image"
        return False
    lexicon = _lexicon(language)
    if len(word.text) == 1 and word.plain not in lexicon["words"].split():
        return True
    first = before is None or bool(STOP.search(word.gap))
    shouted = all(one.text.isupper() for one in words if one.text.isalpha()) and len(words) > 2
    pronoun = language == "en" and word.text == "I"
    if len(word.text) == 1 and word.text.isupper() and not (first or shouted or pronoun):
        return True
    if before is None:
        return not following and word.plain not in ("y", "n")
    if before.plain in ("an", *_letters(language)):
        return True
    ended = not following or bool(STOP.search(after)) or following in lexicon["after"].split()
    return ended and before.plain in lexicon["before"].split()


def _letters(language: str) -> tuple[str, ...]:
    """The words after which a letter stands: "the letter a"."""
    return tuple(_lexicon(language)["signs"])


def _find_places(words: list[_Word], context: Context, language: str) -> None:
    """Write a place of a garment as its part's number, or as a region where several have that form."""
    places = _lexicon(language)["places"]
    for place, word in _matches(words, places):
        form, region = places[word]
        near = " ".join(one.plain for one in words[max(0, place - REACH) : place + REACH + 1])
        side = find("region", near, load_language(language))
        some = [number for number, (known, at) in enumerate(context.parts, 1) if known == form and _fits(side, at)]
        words[place].text = f"{PART[language]} {some[0]}" if len(some) == 1 else region
        words[place].plain = words[place].text.lower()


def _fits(side: str | None, place: str) -> bool:
    return side is None or set(side.split("_")) <= set(place.split("_"))


def _speak_of_digits(words: list[_Word], language: str) -> None:
    """Write "letter" as "digit", and what stands before it or before a label as it stands before a digit."""
    lexicon = _lexicon(language)
    for place, word in _matches(words, lexicon["signs"]):
        if place + 1 < len(words) and words[place + 1].label is not None:
            continue  # "the letter B"
        words[place].text = words[place].plain = lexicon["signs"][word]
    speak = set(lexicon["signs"].values())
    about = [place for place, word in enumerate(words) if word.label is not None or word.plain in speak]
    for place in about:
        before = place - 1
        while (
            before >= 0
            and words[before].plain in lexicon["before_label"]
            and not words[before + 1].gap.strip(' “"„«\xa0')
        ):
            words[before].text = lexicon["before_label"][words[before].plain]
            before -= 1


def _matches(words: list[_Word], phrases: Mapping[str, object]) -> Iterator[tuple[int, str]]:
    """(place, phrase) wherever one of ``phrases`` stands, the longest first; its words become the one at that place."""
    known = {tuple(phrase.split()): phrase for phrase in phrases}
    longest = max(map(len, known), default=1)
    for place in range(len(words)):
        for length in range(min(longest, len(words) - place), 0, -1):
            some = words[place : place + length]
            phrase = known.get(tuple(word.plain for word in some))
            if phrase is not None and all(word.label is None for word in some):
                del words[place + 1 : place + length]
                yield place, phrase
                break


def _codes(words: Sequence[_Word], context: Context, language: str) -> dict[int, int]:
    """A digit for every class that is named here or was before; digits that the text has otherwise stand for nothing,
    or where digits are classes too, for themselves."""
    numbers = load_language(language).data["numbers"]
    said = {str(numbers.get(word.plain, word.plain)) for word in words if word.label is None}
    taken = {int(word) for word in " ".join(said).split() if word.isdecimal() and len(word) == 1}
    classes = {digit: digit for digit in taken} if context.alphabet.has_digits else {}
    before = [value for question in _all(context.previous) for name, value in question.slots.items() if name in SLOTS]
    wanted = [*map(int, map(str, before)), *(word.label for word in words if word.label is not None)]
    free = iter([code for code in CODES if code not in taken])
    for label in dict.fromkeys(one for one in wanted if one not in classes.values()):
        code = next(free, None)
        if code is None:
            break
        classes[code] = label
    return classes


def _all(question: Question | None) -> tuple[Question, ...]:
    return () if question is None else (question, *question.also)


def _coded(question: Question, codes: Mapping[int, int]) -> Question:
    slots = {
        name: codes.get(int(str(value)), value) if name in SLOTS else value for name, value in question.slots.items()
    }
    return replace(question, slots=slots, also=tuple(_coded(one, codes) for one in question.also))


@cache
def _lexicon(language: str) -> Mapping[str, Any]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
