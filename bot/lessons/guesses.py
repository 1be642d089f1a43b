"""What a pupil answers to "which part matters most?": a part, none, "just tell me", or a question of their own.

The words of the four languages that are not about parts stand in ``lexicon.toml``; places and forms are understood as
in any other question.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.claims.premises import named_parts, spoken_place
from bot.question import Context, Question
from bot.understand import understand
from bot.understanding.language import Language, load_language
from bot.understanding.normalise import LONGEST, pieces, plain_words, whole
from bot.understanding.slots import find, read_where
from bot.understanding.spoken import language_of
from bot.values import Reading, Session
from bot.words.render import Words, words
from explainers.values import PLACES, Part
from model.alphabet import MNIST, Alphabet

PART, NONE, TELL, NEXT, UNCLEAR = "part", "none", "tell", "next", "unclear"


@dataclass(frozen=True, eq=False)
class Guess:
    """An answer to the lesson's question."""

    kind: str  # PART, NONE, TELL, NEXT (another picture is wanted), or UNCLEAR
    parts: tuple[Part, ...] = ()  # of PART one; of UNCLEAR those that may be meant
    where: str | None = None  # the place that was named, in the form of docs/questions.md
    language: str | None = None  # the language it was said in, where that can be told

    @property
    def question(self) -> Question:
        """The question of docs/questions.md that comes nearest."""
        if self.kind == TELL:
            return Question("where", language=self.language)
        if self.kind == NEXT:
            return Question("help", language=self.language)
        if self.kind == UNCLEAR and self.where is None:
            return Question("unknown", language=self.language)
        slots = {} if self.where is None else {"where": self.where}
        return Question("check_claim", slots, language=self.language)

    def said(self, spoken: Words, reading: Reading | None) -> str:
        """The answer as it was understood, in the words of its button; empty where it is not clear."""
        if self.kind == PART:
            (part,) = self.parts
            return choice(part, reading, spoken) if reading is not None else ""
        return "" if self.kind == UNCLEAR else spoken.say(f"lesson_{self.kind}", {})


def ink_parts(reading: Reading) -> tuple[Part, ...]:
    """What there is to choose between, in the order of its numbers."""
    return tuple(part for part in reading.case.parts if part.kind == "ink")


def choice(part: Part, reading: Reading, spoken: Words) -> str:
    """A part as its button has it: its number in the figure and its name. An empty place has no number there."""
    ink = ink_parts(reading)
    if part not in ink:
        name = spoken.part_name(part)
        return name[:1].upper() + name[1:]
    return spoken.say("lesson_choice", {"number": ink.index(part) + 1, "part": part})


def buttons(reading: Reading, spoken: Words) -> tuple[str, ...]:
    """Every answer that is offered."""
    parts = [choice(part, reading, spoken) for part in ink_parts(reading)]
    return (*parts, spoken.say("lesson_none", {}), spoken.say("lesson_tell", {}))


def wants_next(text: str, home: str, alphabet: Alphabet = MNIST) -> bool:
    """Whether ``text`` asks for the next picture, in the language ``home`` of the conversation or its own."""
    if _bare(text) == _bare(words(home, alphabet).say("lesson_next", {})):
        return True
    return any(_is_one_of(text, NEXT, language) for language in _languages(text, home))


def guess_of(text: str, session: Session, reading: Reading) -> Guess | None:
    """The guess that ``text`` makes about the picture; None where it is a question of its own."""
    home = session.language
    if pressed := _pressed(text, reading, words(home, session.alphabet)):
        return pressed
    spoken = language_of(text, home)
    for language in _languages(text, home):
        if _is_unsure(text, language) or _is_one_of(text, TELL, language):
            return Guess(TELL, language=spoken)
        if _is_one_of(text, NONE, language):
            return Guess(NONE, language=spoken)
        if (numbers := _numbers(text, language, len(ink_parts(reading)))) is not None:
            return _numbered(numbers, reading, spoken)
    return _placed(text, session, reading, spoken)


def _pressed(text: str, reading: Reading, spoken: Words) -> Guess | None:
    """The button whose words these are, or the part of just this name."""
    said = _bare(text)
    for part in reading.case.parts:
        if said in (_bare(choice(part, reading, spoken)), _bare(spoken.part_name(part))):
            return _of_part(part)
    return next((Guess(kind) for kind in (NONE, TELL) if said == _bare(spoken.say(f"lesson_{kind}", {}))), None)


def _numbered(numbers: Sequence[int], reading: Reading, spoken: str | None) -> Guess:
    ink = ink_parts(reading)
    named = tuple(ink[number - 1] for number in numbers if 0 < number <= len(ink))
    if len(named) == len(numbers) == 1:
        return _of_part(named[0], spoken)
    return Guess(UNCLEAR, named, None if len(numbers) > 1 else f"part_{numbers[0]}", spoken)


def _placed(text: str, session: Session, reading: Reading, spoken: str | None) -> Guess | None:
    """The guess at a part that is named by its form or place; unclear where nothing of the text was understood."""
    known = tuple((part.form, part.place) for part in reading.case.parts)
    question = understand(text, Context(reading.prediction.digit, None, known, session.language, session.alphabet))
    language = load_language(spoken or session.language)
    another = question.slots.get("digit", reading.prediction.digit) != reading.prediction.digit
    if question.type not in ("check_claim", "unknown") or another:
        return None
    where = question.slots.get("where") or read_where(whole(text, language), language, known)
    if where is None:
        return Guess(UNCLEAR, language=spoken)
    if _denies(text, language):
        return None  # "the tail does not matter" claims something, but is no guess at what matters most
    found = _meant(str(where), reading)
    if not found and where in PLACES:
        return Guess(UNCLEAR, language=spoken)
    if (others := _beside(text, language, reading)) and len(found) == 1:
        return Guess(UNCLEAR, tuple(dict.fromkeys((*found, *others))), str(where), spoken)
    return _of_part(found[0], spoken) if len(found) == 1 else Guess(UNCLEAR, found, str(where), spoken)


def _meant(where: str, reading: Reading) -> tuple[Part, ...]:
    """The parts that a place may mean: ink before what is empty, and what lies just there before what lies near."""
    named = named_parts(where, reading.case.parts)
    parts = tuple(part for part in named if part.kind == "ink") or named
    exact = tuple(part for part in parts if part.place == where.split()[0])
    return exact if len(exact) == 1 else parts


def _beside(text: str, language: Language, reading: Reading) -> tuple[Part, ...]:
    """The parts that are named in the same breath: those after an "and"."""
    known = tuple((part.form, part.place) for part in reading.case.parts)
    joined = [piece.text for piece in pieces(text, language) if piece.joint]
    named = [read_where(one, language, known) for one in joined if find("form", one, language)]
    return tuple(part for where in named if where for part in _meant(where, reading)[:1])


def _of_part(part: Part, spoken: str | None = None) -> Guess:
    return Guess(PART, (part,), part.id if part.kind == "ink" else spoken_place(part), spoken)


def _numbers(text: str, language: Language, count: int) -> tuple[int, ...] | None:
    """The numbers of a text that says nothing else, ``count`` for "the last"; None where it says more, or none."""
    told = _tokens(text, language)
    cardinals = language.data["numbers"]
    ordinals = {**language.data["ordinals"], **dict.fromkeys(_list("last", language), count)}
    for known in (None, ordinals, cardinals):  # of "the second one", the one is no number
        values = {word: int(word) if known is None else int(known[word]) for word in told if _is_number(word, known)}
        if values:
            joints = language.list_of("reading", "conjunctions")
            free = set(told) <= values.keys() | joints | _list("around", language)
            return tuple(dict.fromkeys(values[word] for word in told if word in values)) if free else None
    return None


def _is_number(word: str, known: Mapping[str, int] | None) -> bool:
    return word.isdecimal() and len(word) < 4 if known is None else word in known


def _is_one_of(text: str, kind: str, language: Language) -> bool:
    """Whether all words of ``text`` are such as say ``kind``, one of them at its core."""
    told = set(_tokens(text, language))
    own = _lexicon()[language.name][kind]
    core, more = set(own["core"].split()), set(own["more"].split())
    return bool(told & core) and told <= core | more | _list("around", language)


def _is_unsure(text: str, language: Language) -> bool:
    """Whether ``text`` says that the pupil does not know, and no more."""
    sure = _without_hedges(text, language)
    return sure != set(_tokens(text, language)) and sure <= _list("around", language)


def _denies(text: str, language: Language) -> bool:
    """Whether the guess itself is denied, not just its certainty: "I'm not sure, the loop"."""
    return bool(_without_hedges(text, language) & _list("denied", language))


def _without_hedges(text: str, language: Language) -> set[str]:
    said = " ".join(_tokens(text, language))
    return set(re.sub(rf"\b(?:{_lexicon()[language.name]['hedges']})\b", " ", said).split())


def _tokens(text: str, language: Language) -> list[str]:
    """The words in small letters without accents, apostrophes and marks."""
    plain = (word.replace("'", "") for word in plain_words(text[:LONGEST], language))
    return [word for word in plain if word[:1].isalnum()]


def _languages(text: str, home: str) -> list[Language]:
    """The language of the text, then that of the conversation."""
    return [load_language(name) for name in dict.fromkeys((language_of(text, home) or home, home))]


def _list(key: str, language: Language) -> frozenset[str]:
    return frozenset(_lexicon()[language.name][key].split())


@cache
def _lexicon() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text(encoding="utf-8"))


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
