"""What a person asks: from a sentence to a ``Question``.

The words of a language are data (``bot/understanding/lexicon`` and ``phrases``); here stands only the order of steps:
cut the text where a question may end, let the classifier say what each stretch of it asks, keep the division that is
likeliest as a whole, and read the slots of each. ``unknown`` is one of the types, and so is a half sentence, which
goes on with the question before.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.errors import BotError
from bot.question import Context, Question
from bot.understanding.classifier import MORE, SEVERAL, by_type, load_types
from bot.understanding.cues import chained, courtesy, crowd, forbidden, taken_back, with_cues
from bot.understanding.follow import contrasted, fits, follow_up, resumed
from bot.understanding.labels import in_digits
from bot.understanding.language import Language, load_language, whole_words
from bot.understanding.normalise import LONGEST, Piece, joined, pieces, whole
from bot.understanding.slots import NUMBER, TAKES, find, read_slots
from bot.understanding.spoken import language_of
from bot.understanding.steps import stepped
from model.alphabet import DIGITS

NOTHING_KNOWN = Context()
OFFERED = TAKES.keys() - {"unknown"}
NEAR = 0.1  # share among the types but unknown from which one is near enough to be offered
MOST_PIECES = 6  # pieces of a text that are weighed one by one; in a longer one the shortest are joined first
STRANGE = 0.9  # probability from which a question beside another one is said not to have been understood
ASIDE = 0.3  # what it costs to take the end of a sentence into what is not understood, as a factor
CROWDED = 0.02  # what each change or place beyond the one that a question takes costs, as a factor
UNSURE = 0.5  # probability below which other questions are offered beside the answer
MUCH = 100  # characters of normalised text, beyond which only half as many are
HALF = 0.9  # how likely bare slots are what they mostly are
TOPIC = 0.2  # the same where they begin a text that goes on: "LRP, how is that computed?" is about LRP
TAG = 0.97  # how likely "same answer?" beside a question asks nothing of its own
TAGGED = ("what_if", "check_claim", "why_not", "correct_me")  # types after which such a tag stands
NOISE = 0.4  # how likely small words say nothing by themselves
ARITHMETIC = re.compile(r"\d\s*[+*×÷^]\s*\d")  # a sum names no digit of a picture
GREETING = 4  # words from which "help" beside another question is a question, and no "hello there"
# What a cut costs, as a factor on the probability, by what stands there.
CUTS = {"question": 1.0, "sentence": 0.9, "comma": 0.7, "conjunction": 1.0}


@dataclass(frozen=True)
class Stretch:
    """A part of the text and what it asks."""

    piece: Piece
    type: str | None  # None: small words that ask nothing
    probability: float
    shares: Mapping[str, float] = field(default_factory=dict)  # the classifier's, by label


def understand(text: str, context: Context = NOTHING_KNOWN) -> Question:
    """What ``text`` asks. Never fails: what is not understood is of type ``unknown``, with the nearest questions."""
    if context.alphabet.kind == DIGITS:
        return _understand(text, context)
    digits = in_digits(text, context)
    return digits.back(_understand(digits.text, digits.context))


def _understand(text: str, context: Context) -> Question:
    spoken = language_of(text, context.language)
    language = load_language(spoken or context.language)
    if context.previous is not None and context.previous.also:
        context = replace(context, previous=context.previous.also[-1])  # a follow-up means the last one of a sentence
    if ARITHMETIC.search(text[:LONGEST]):
        return Question("unknown", nearest=_nearest(text, context, language), language=spoken)
    if polite := courtesy(text, language):
        return Question("unknown", cues=(polite,), language=spoken)
    if wish := taken_back(text, context, language):
        return replace(wish, language=spoken)
    if step := stepped(whole(text, language), context.previous, language):
        return replace(_in_shares(step, whole(text, language)), language=spoken)
    stretches = _divided(pieces(text, language), context, language)
    found = _questions(stretches, context, language)
    if found[:1] in ([], [Question("unknown")]):
        near = _nearest(text, context, language)
        return Question("unknown", nearest=near, cut=len(text) > LONGEST, language=spoken)
    unsure = min(stretch.probability for stretch in stretches) < UNSURE
    near = _nearest(text, context, language) if unsure else ()
    near = tuple(other for other in near if other.type not in {one.type for one in found})
    first = with_cues(found[0], text, context, language)
    return replace(first, also=chained(found), nearest=near, cut=len(text) > LONGEST, language=spoken)


def understand_lines(lines: Iterable[str]) -> Iterator[dict]:
    """The contract's ``--understand``: {"text", "context"} in, the question as a dictionary out, one for every line."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            text, context = row["text"], _context(row.get("context") or {})
            question = understand(text, context) if isinstance(text, str) else None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BotError(f'Line {number} should be an object like {{"text": "why 5?", "context": {{}}}}.') from error
        if question is None:
            raise BotError(f"Line {number}: the text should be a string.")
        nearest = [other.to_dict() for other in question.nearest]
        yield {**question.to_dict(), **({"nearest": nearest} if nearest else {})}


def _context(row: Mapping) -> Context:
    previous = row.get("previous")
    return Context(row.get("predicted"), _question(previous) if previous else None)


def _question(row: Mapping) -> Question:
    kind = row["type"]
    slots = {name: value for name, value in row.items() if name in TAKES[kind]}
    return Question(kind, slots, tuple(_question(other) for other in row.get("also", ())))


def _divided(parts: Sequence[Piece], context: Context, language: Language) -> list[Stretch]:
    """The likeliest division of the text into questions: a product of probabilities, so that each cut must pay."""
    parts = _shortened(parts)
    before = context.previous.type if context.previous and context.previous.type != "unknown" else None
    best: list[tuple[float, list[Stretch]]] = [(0.0, [])]
    for end in range(1, len(parts) + 1):
        ways = []
        for start in range(end):
            types = (one.type for one in reversed(best[start][1]))  # nothing goes on with what was not understood
            previous = next((one for one in types if one not in (None, MORE, "unknown")), before)
            stretch = _recognised(joined(parts[start:end]), previous, language, 0 < end - start < len(parts))
            cut = math.log(_cost(parts, start, stretch, best[start][1])) if start else 0.0
            if stretch.type == "unknown":  # a sentence about something else makes none of the next one
                ends = sum(_cut_at(parts, place) in ("question", "sentence") for place in range(start + 1, end))
                cut += ends * math.log(ASIDE)
            if stretch.type in ("what_if", MORE):
                cut += crowd([part.text for part in parts[start:end]], language) * math.log(CROWDED)
            ways.append((best[start][0] + cut + math.log(stretch.probability), [*best[start][1], stretch]))
        best.append(max(ways, key=lambda way: way[0]))
    return best[-1][1]


def _cost(parts: Sequence[Piece], place: int, stretch: Stretch, before: Sequence[Stretch]) -> float:
    """What a cut before ``stretch`` costs, as a factor: next to a wish for style, "briefly, why?", a comma is one."""
    beside = {stretch.type, *(one.type for one in before[-1:])}
    return 1.0 if "style" in beside else CUTS[_cut_at(parts, place)]


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


def _recognised(piece: Piece, previous: str | None, language: Language, beside: bool) -> Stretch:
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


def _questions(stretches: Sequence[Stretch], context: Context, language: Language) -> list[Question]:
    """Every question of the text in its order. A greeting or an aside beside a question is no question.

    What was asked beside a question and clearly not understood stands at the end, once.
    """
    found: list[Question] = []
    meant: list[Question] = []  # of type "help", and more than a greeting
    for stretch in stretches:
        if stretch.type is None:
            continue
        previous = found[-1] if found else context.previous
        if found and (one := contrasted(found[-1], stretch.piece.text, language)):
            found[-1] = one
            continue
        if found and stretch.type == MORE and forbidden(stretch.piece.text, language):
            continue
        if stretch.type == MORE:
            question = follow_up(stretch.piece, previous, context, language, beside=len(stretches) > 1)
        else:
            text = stretch.piece.text
            slots = read_slots(stretch.type, text, language, context.parts, stretch.shares)
            question = Question(stretch.type, slots)
            question = resumed(question, stretch.piece, previous, language)
        question = _in_shares(question, stretch.piece.text)
        if question.type == "help" and len(stretch.piece.text.split()) >= GREETING:
            meant.append(question)
        _add(found, question)
    if not found and stretches:  # nothing but asides
        everything = joined([stretch.piece for stretch in stretches])
        alone = _recognised(everything, context.previous.type if context.previous else None, language, beside=False)
        return [Question(alone.type or "unknown")]
    real = [question for question in found if question.type != "unknown"]
    asked = [question for question in real if question.type != "help" or question in meant]
    strange = any(
        stretch.type == "unknown" and stretch.piece.asked and stretch.probability >= STRANGE for stretch in stretches
    )
    return [*(asked or real), *([Question("unknown")] if strange else [])] if real else found[:1]


def _in_shares(question: Question, text: str) -> Question:
    """``question`` with noise as a share of full contrast: "1 %" is not 1, nor can "noise of 20" be anything else."""
    amount = question.slots.get("amount")
    if question.slots.get("change") != "noise" or not isinstance(amount, int | float):
        return question
    percent = any(match[2] == "%" and float(match[1]) == amount for match in NUMBER.finditer(text))
    share = round(amount / 100, 6) if percent or amount > 1 else amount
    return replace(question, slots={**question.slots, "amount": share})


def _add(found: list[Question], question: Question) -> None:
    """One more question, unless it says the same as the one before or only completes it."""
    if found and found[-1].type == question.type:
        former = found[-1]
        shared = former.slots.keys() & question.slots.keys()
        if all(_holds(question.slots[name], former.slots[name]) for name in shared):
            found[-1] = Question(former.type, {**former.slots, **question.slots})
            return
    found.append(question)


def _holds(value: object, former: object) -> bool:
    """Whether a slot's value says all that the one before said: the same, or a list that goes on with it."""
    return value == former or (isinstance(value, list) and isinstance(former, list) and set(former) <= set(value))


def _nearest(text: str, context: Context, language: Language, count: int = 3) -> tuple[Question, ...]:
    """Whole questions to offer: those that the text is most like, then the usual ones."""
    likely = by_type(load_types(language.name).shares(whole(text, language), language))
    real = {kind: likely[kind] for kind in OFFERED}
    enough = NEAR * sum(real.values())
    near = [kind for kind in sorted(real, key=lambda kind: -real[kind]) if real[kind] >= enough]
    offer = language.data["offer"]
    usual = offer["usual"] if context.predicted is not None else offer["before_reading"]
    return tuple(Question(kind) for kind in list(dict.fromkeys([*near, *usual]))[:count])
