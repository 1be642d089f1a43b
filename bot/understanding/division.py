"""Where one question of a text ends and the next begins, and what each asks.

The text is cut into stretches; the classifier says of each what it asks, and the division that is likeliest as a whole
is kept: a product of probabilities, in which each cut has its price.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.question import Context
from bot.understanding.classifier import MORE, SEVERAL, by_type, load_types
from bot.understanding.follow import fits
from bot.understanding.language import Language, whole_words
from bot.understanding.normalise import Piece, joined
from bot.understanding.several import change_said_first, change_said_last, crowd
from bot.understanding.slots import find, find_all

MOST_PIECES = 6  # pieces of a text that are weighed one by one; in a longer one the shortest are joined first
ASIDE = 0.3  # what it costs to take the end of a sentence into what is not understood, or to part a pair, as a factor
TORN = 0.02  # what it costs to part two things that something lies between
CROWDED = 0.02  # what each change, place or digit beyond the one that a question takes costs, as a factor
MUCH = 100  # characters of normalised text, beyond which only half as many are
HALF = 0.9  # how likely bare slots are what they mostly are
TOPIC = 0.2  # the same where they begin a text that goes on: "LRP, how is that computed?" is about LRP
TAG = 0.97  # how likely "same answer?" beside a question asks nothing of its own
TAGGED = ("what_if", "check_claim", "why_not", "correct_me")  # types after which such a tag stands
NOISE = 0.4  # how likely small words say nothing by themselves
# What a cut costs, as a factor on the probability, by what stands there.
CUTS = {"question": 1.0, "sentence": 0.9, "comma": 0.7, "conjunction": 1.0}


@dataclass(frozen=True)
class Stretch:
    """A part of the text and what it asks."""

    piece: Piece
    type: str | None  # None: small words that ask nothing
    probability: float
    shares: Mapping[str, float] = field(default_factory=dict)  # the classifier's, by label


def divided(parts: Sequence[Piece], context: Context, language: Language) -> list[Stretch]:
    """The likeliest division of the text into questions: a product of probabilities, so that each cut must pay."""
    parts = _shortened(parts)
    before = context.previous.type if context.previous and context.previous.type != "unknown" else None
    best: list[tuple[float, list[Stretch]]] = [(0.0, [])]
    for end in range(1, len(parts) + 1):
        ways = []
        for start in range(end):
            types = (one.type for one in reversed(best[start][1]))  # nothing goes on with what was not understood
            previous = next((one for one in types if one not in (None, MORE, "unknown")), before)
            stretch = recognised(joined(parts[start:end]), previous, language, 0 < end - start < len(parts))
            cut = math.log(_cost(parts, start, stretch, best[start][1], language)) if start else 0.0
            if stretch.type == "unknown":  # a sentence about something else makes none of the next one
                ends = sum(_cut_at(parts, place) in ("question", "sentence") for place in range(start + 1, end))
                cut += ends * math.log(ASIDE)
            if end - start > 1:
                cut += crowd(str(stretch.type), [part.text for part in parts[start:end]], language) * math.log(CROWDED)
            ways.append((best[start][0] + cut + math.log(stretch.probability), [*best[start][1], stretch]))
        best.append(max(ways, key=lambda way: way[0]))
    return _with_its_change(best[-1][1], language)


def _with_its_change(stretches: Sequence[Stretch], language: Language) -> list[Stretch]:
    """The stretches, a place whose change is said of its neighbour with that change."""
    found = list(stretches)
    for place in range(len(found) - 2, -1, -1):
        stretch, later = found[place], found[place + 1]
        if not _goes_on(later.piece):
            continue
        if stretch.type in (MORE, "what_if", "check_claim"):
            found[place] = _changing(stretch, change_said_last(stretch.piece.text, later.piece.text, language))
        found[place + 1] = _changing(later, change_said_first(later.piece.text, stretch.piece.text, language))
    return found


def _changing(stretch: Stretch, text: str | None) -> Stretch:
    return replace(stretch, piece=replace(stretch.piece, text=text), type="what_if") if text else stretch


def _goes_on(piece: Piece) -> bool:
    """Whether nothing but a conjunction stands before ``piece``."""
    return bool(piece.joint) and not piece.stop


def _cost(parts: Sequence[Piece], place: int, stretch: Stretch, before: Sequence[Stretch], language: Language) -> float:
    """What a cut before ``stretch`` costs, as a factor: next to a wish for style, "briefly, why?", a comma is one."""
    beside = {stretch.type, *(one.type for one in before[-1:])}
    if _goes_on(parts[place]) and _between(parts[place - 1], language):
        return TORN
    if _goes_on(parts[place]) and _one_of_two_methods(stretch, parts[place - 1], language):
        return ASIDE
    return 1.0 if "style" in beside else CUTS[_cut_at(parts, place)]


def _between(piece: Piece, language: Language) -> bool:
    """Whether ``piece`` ends where the other of two things is still to be named: "the gap between the bar"."""
    return re.search(rf"(?<!\S)(?:{language.data['grammar']['between']})(?: \S+){{1,3}}$", piece.text) is not None


def _one_of_two_methods(stretch: Stretch, former: Piece, language: Language) -> bool:
    """Whether ``stretch`` compares a single method where ``former`` has named another: "do LIME | and CAM agree"."""
    return stretch.type == "compare_methods" and all(
        len({*find_all("method", text, language)}) == 1 for text in (stretch.piece.text, former.text)
    )


def _shortened(parts: Sequence[Piece]) -> list[Piece]:
    """The pieces, the shortest neighbours joined until there are few enough."""
    kept = list(parts)
    most = MOST_PIECES if sum(len(part.text) for part in parts) <= MUCH else MOST_PIECES // 2
    while len(kept) > most:
        place = min(range(len(kept) - 1), key=lambda place: len(kept[place].text) + len(kept[place + 1].text))
        kept[place : place + 2] = [joined(kept[place : place + 2])]
    return kept


def _cut_at(parts: Sequence[Piece], place: int) -> str:
    if parts[place - 1].asked:
        return "question"
    if parts[place].stop:
        return "comma" if parts[place].stop in ",;:" else "sentence"
    return "conjunction"


def recognised(piece: Piece, previous: str | None, language: Language, beside: bool) -> Stretch:
    """What the piece asks most likely, after a question of type ``previous``; ``beside``: there is more text."""
    if beside and set(piece.text.split()) <= language.list_of("grammar", "noise"):
        return Stretch(piece, None, NOISE)
    if beside and (language.asides if previous not in TAGGED else language.tags).fullmatch(piece.text):
        return Stretch(piece, None, TAG)
    if previous is not None and not piece.asked and language.stated.fullmatch(piece.text):
        return Stretch(piece, "correct_me", HALF)
    half = language.is_half(piece.text)
    if half and previous is not None and fits(previous, piece.text, language) and not _of_its_own(piece.text, language):
        return Stretch(piece, MORE, HALF)
    if previous in ("what_if", "check_claim") and language.opposite.fullmatch(piece.text):
        return Stretch(piece, MORE, HALF)
    shares = load_types(language.name).shares(piece.text, language, previous)
    likely = by_type(shares)
    if previous is None:
        goes_on = likely.pop(MORE, 0.0)
        likely = {kind: share / (1 - goes_on + 1e-9) for kind, share in likely.items()}
    single = 1 - likely.pop(SEVERAL, 0.0)
    best = max(likely, key=likely.__getitem__)
    if half and previous is None and (beside or best == "unknown" or likely[best] * single < HALF):
        return Stretch(piece, MORE, TOPIC if beside else HALF)
    # Of nothing but small words and words of slots, these say all that there is to read.
    return Stretch(piece, best, max(likely[best] * single, 1e-9), {} if half else shares)


def _of_its_own(text: str, language: Language) -> bool:
    """Whether a half sentence says itself what it asks of a method: "what is LIME", "show LIME"."""
    return re.match(whole_words(language.data["follow_up"]["whole"]), text) is not None and bool(
        find("method", text, language)
    )
