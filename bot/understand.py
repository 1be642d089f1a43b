"""What a person asks: from a sentence to a ``Question``.

The words of a language are data (``bot/understanding/lexicon`` and ``phrases``); here stands only the order of steps:
divide the text into stretches of one question each, and read the slots of each. ``unknown`` is one of the types, and so
is a half sentence, which goes on with the question before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bot.errors import BotError
from bot.question import Context, Question
from bot.understanding.alternatives import EITHER, alternatives, without_choice
from bot.understanding.classifier import MORE, by_type, load_types
from bot.understanding.cues import courtesy, made_clearer, taken_back, with_cues
from bot.understanding.division import Stretch, divided, recognised
from bot.understanding.follow import contrasted, follow_up, resumed
from bot.understanding.labels import in_digits
from bot.understanding.language import Language, load_language
from bot.understanding.normalise import LONGEST, joined, pieces, whole
from bot.understanding.several import chained, forbidden, measured_anew, spared
from bot.understanding.slots import NUMBER, TAKES, read_slots
from bot.understanding.spoken import language_of
from bot.understanding.steps import stepped
from model.alphabet import DIGITS

NOTHING_KNOWN = Context()
OFFERED = TAKES.keys() - {"unknown"}
NEAR = 0.1  # share among the types but unknown from which one is near enough to be offered
STRANGE = 0.9  # probability from which a question beside another one is said not to have been understood
UNSURE = 0.5  # probability below which other questions are offered beside the answer
ARITHMETIC = re.compile(r"\d\s*[+*×÷^]\s*\d")  # a sum names no digit of a picture
GREETING = 4  # words from which "help" beside another question is a question, and no "hello there"


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
    stretches = divided(pieces(text, language), context, language)
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


def _questions(stretches: Sequence[Stretch], context: Context, language: Language) -> list[Question]:
    """Every question of the text in its order. A greeting or an aside beside a question is no question.

    What was asked beside a question and clearly not understood stands at the end, once.
    """
    found: list[Question] = []
    meant: list[Question] = []  # of type "help", and more than a greeting
    refused: Question | None = None  # a change that is not to be made: "do not erase the top, fill it"
    for stretch in stretches:
        text = stretch.piece.text
        if stretch.type is None or (found and _says_what_not(stretch, found[-1], language)):
            continue
        if found and (one := contrasted(found[-1], text, language)):
            found[-1:] = alternatives(one, text, language)
            continue
        previous = refused or (found[-1] if found else context.previous)
        question = _read(stretch, previous, context, language, beside=len(stretches) > 1)
        if question.type == "what_if" and not found and forbidden(text, language):
            refused = question
            continue
        refused = None
        if question.type == "help" and len(text.split()) >= GREETING:
            meant.append(question)
        for one in alternatives(question, text, language, context.parts):
            _add(found, _in_shares(one, text))
    found = without_choice(found) if found or refused is None else [refused]
    if not found and stretches:  # nothing but asides
        everything = joined([stretch.piece for stretch in stretches])
        alone = recognised(everything, context.previous.type if context.previous else None, language, beside=False)
        return [Question(alone.type or "unknown")]
    real = [question for question in found if question.type != "unknown"]
    asked = [question for question in real if question.type != "help" or question in meant]
    strange = any(
        stretch.type == "unknown"
        and stretch.piece.asked
        and stretch.probability >= STRANGE
        and " " in stretch.piece.text
        for stretch in stretches
    )
    return [*(asked or real), *([Question("unknown")] if strange else [])] if real else found[:1]


def _says_what_not(stretch: Stretch, former: Question, language: Language) -> bool:
    """Whether a stretch beside a question says only what not to change: "erase the loop, not the bar"."""
    text = stretch.piece.text
    return (stretch.type == MORE and forbidden(text, language)) or (former.type == "what_if" and spared(text, language))


def _read(stretch: Stretch, previous: Question | None, context: Context, language: Language, beside: bool) -> Question:
    """What a stretch asks after ``previous``; ``beside``: there is more text."""
    piece = stretch.piece
    if stretch.type == MORE:
        question = follow_up(piece, previous, context, language, beside=beside)
        if beside and measured_anew(question, previous, piece, language):
            question = replace(question, cues=(EITHER,))
    else:
        slots = read_slots(str(stretch.type), piece.text, language, context.parts, stretch.shares)
        question = resumed(Question(str(stretch.type), slots), piece, previous, language)
        question = made_clearer(question, piece.text, language)
    return question


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
