"""The handout itself: one HTML file that loads nothing, from ``templates/handout.html.jinja``.

The frame around the answers is in the language and at the level of the conversation as it is now; each answer stays in
the language in which it was given, and is marked so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count, groupby

from bot.claims.doubt import CLOSE_MARGIN, SURE
from bot.details import evidence_head
from bot.figures.reading import draw_reading
from bot.figures.words import load_words
from bot.memory import Memory, Seen, Told
from bot.values import Figure
from bot.words.markup import page_template
from bot.words.render import Words, words
from model.alphabet import Alphabet
from model.load import BUNDLED_ID
from model.values import ModelIdentity

LIMITS = ("model", "tests", "parts", "maps", "fooled")  # what such explanations cannot show, one sentence each
RECHECK = "python -m model.recheck replies.jsonl"


@dataclass(frozen=True)
class Entry:
    """One answer on the page."""

    number: int
    told: Told
    figures: tuple[Figure, ...]  # those that were not shown before: paper is dear
    again: tuple[str, ...]  # what to say of the others, one sentence for each answer that shows some
    alphabet: Alphabet

    @property
    def doubts(self) -> list[str]:
        """A sentence for each warning, in the language of the answer."""
        limits = {"close": CLOSE_MARGIN, "sure": SURE}
        speak = words(self.told.language, self.alphabet).say
        return [speak(f"doubt_{warning}", limits) for warning in self.told.warnings]


@dataclass(frozen=True)
class Chapter:
    """Answers that follow each other and are about the same picture, or about none."""

    heading: str
    picture: Figure | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Frame:
    """The words around the answers."""

    said: Words
    level: str

    def say(self, name: str, slots: Mapping[str, object] | None = None) -> str:
        """A sentence of ``templates/<language>/handout.jinja``."""
        return self.said.say(f"handout_{name}", slots or {}, self.level)


def handout_page(memory: Memory, identity: ModelIdentity, language: str, level: str) -> str:
    """The whole page; the same for the same conversation."""
    frame = Frame(words(language, identity.alphabet), level)
    return page_template("handout.html.jinja").render(
        language=frame.said.language,
        say=frame.say,
        head=partial(evidence_head, alphabet=identity.alphabet),
        title=_title(memory, frame),
        memory=memory,
        chapters=_chapters(memory, frame),
        limits=[frame.say(f"limit_{name}") for name in LIMITS],
        model=identity,
        recheck=RECHECK if identity.id == BUNDLED_ID else f"{RECHECK} --weights {frame.say('folder')}",
    )


def _title(memory: Memory, frame: Frame) -> str:
    digits = tuple(dict.fromkeys(seen.prediction.digit for seen in memory.pictures if seen.reason is None))
    return frame.say("title", {"digits": digits}) if digits else frame.say("title_itself")


def _chapters(memory: Memory, frame: Frame) -> list[Chapter]:
    """One for each time that the picture changes; a picture that comes again keeps its number."""
    pictures = {seen.key: number for number, seen in enumerate(memory.pictures, start=1)}
    chapters: list[Chapter] = []
    shown: dict[bytes, int] = {}  # PNG → the number of the answer that shows it, 0 above all answers
    numbers = count(1)
    for _, some in groupby(memory.answers, lambda told: told.seen.key if told.seen else None):
        answers = tuple(some)
        seen = answers[0].seen
        picture = (
            draw_reading(seen.image, seen.prediction, load_words(frame.said.language, frame.said.alphabet))
            if seen
            else None
        )
        if picture:
            shown.setdefault(picture.png, 0)
        entries = tuple(_entry(next(numbers), told, shown, frame) for told in answers)
        chapters.append(Chapter(_heading(seen, pictures[seen.key] if seen else 0, frame), picture, entries))
    return chapters


def _entry(number: int, told: Told, shown: dict[bytes, int], frame: Frame) -> Entry:
    """The answer with the figures that are not ``shown`` yet, which are added to it."""
    new = [figure for figure in told.figures if shown.setdefault(figure.png, number) == number]
    again: dict[int, list[str]] = {}
    for figure in told.figures:
        if 0 < (where := shown[figure.png]) < number:
            again.setdefault(where, []).append(figure.title)
    said = [frame.say("again", {"number": where, "titles": "; ".join(titles)}) for where, titles in again.items()]
    return Entry(number, told, tuple(new), tuple(said), frame.said.alphabet)


def _heading(seen: Seen | None, number: int, frame: Frame) -> str:
    if seen is None:
        return frame.say("itself")
    if seen.reason is not None:
        return frame.say("refused", {"number": number})
    return frame.say("picture", {"number": number, "digit": seen.prediction.digit})
