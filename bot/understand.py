"""What a person asks: from a sentence to a ``Question``.

The words of a language are data (``bot/understanding/lexicon`` and ``phrases``); here stands only the order of steps:
cut the text into pieces, recognise each piece's type, read its slots, and let half sentences take the type of the
question before. A type comes from the classifier where it is sure, else from the first pattern that fits, else from
the classifier's best guess, and ``unknown`` is one of the types.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bot.errors import BotError
from bot.question import Context, Question
from bot.understanding.classifier import load_types
from bot.understanding.language import Language, load_language
from bot.understanding.normalise import Piece, pieces, whole
from bot.understanding.slots import TAKES, covered, find, read_slots, read_where

SURE = 0.8  # probability from which the classifier is believed against a pattern
NOTHING_KNOWN = Context()
NEAR = 0.02  # probability from which a type is near enough to be offered
SHORT = 8  # words: a longer half sentence is no follow-up


def understand(text: str, context: Context = NOTHING_KNOWN) -> Question:
    """What ``text`` asks. Never fails: what is not understood is of type ``unknown``, with the nearest questions."""
    language = load_language()
    if context.previous is not None and context.previous.also:
        context = replace(context, previous=context.previous.also[-1])  # a follow-up means the last one of a sentence
    found = _questions(pieces(text, language), context, language)
    if not found:
        return Question("unknown", nearest=_nearest(text, context, language))
    return replace(found[0], also=tuple(found[1:]))


def understand_lines(lines: Iterable[str]) -> Iterator[dict]:
    """The contract's ``--understand``: {"text", "context"} in, the question as a dictionary out, one for every line."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            text, context = row["text"], _context(row.get("context") or {})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BotError(f'Line {number} should be an object like {{"text": "why 5?", "context": {{}}}}.') from error
        if not isinstance(text, str):
            raise BotError(f"Line {number}: the text should be a string.")
        question = understand(text, context)
        nearest = [other.to_dict() for other in question.nearest]
        yield {**question.to_dict(), **({"nearest": nearest} if nearest else {})}


def _context(row: Mapping) -> Context:
    previous = row.get("previous")
    return Context(row.get("predicted"), _question(previous) if previous else None)


def _question(row: Mapping) -> Question:
    kind = row["type"]
    slots = {name: value for name, value in row.items() if name in TAKES[kind]}
    return Question(kind, slots, tuple(_question(other) for other in row.get("also", ())))


def _questions(parts: list[Piece], context: Context, language: Language) -> list[Question]:
    """Every question of the text in its order; one that was not understood at the end, where another one was."""
    found: list[tuple[Piece, Question]] = []
    strange: list[Question] = []
    waiting: Piece | None = None  # a piece that says nothing by itself, as the "no" of "no! 7"
    for piece in parts:
        if found and (joined := _continued(piece, found[-1], context, language)):
            found[-1] = joined
            continue
        previous = found[-1][1] if found else context.previous
        # The "3" of "repeat after me: 3" belongs to what was not understood; that of "no! 3" stands for itself.
        half = waiting is None or _is_noise(waiting, language)
        question = _follow_up(piece, previous, context, language) if half else None
        question = question or _direct(piece, context, language)
        if question is None and waiting is not None:
            question = _direct(piece.after(waiting), context, language)
        if question is None and half:
            question = _alone(piece, previous, context, language)
        if question is not None:
            _add(found, piece, question)
            waiting = None
        else:
            waiting = piece
            if piece.asked and not _is_noise(piece, language):
                strange.append(Question("unknown"))
    # A greeting beside a question is no question.
    asked = [question for _, question in found if question.type != "help"]
    return (asked or [question for _, question in found[:1]]) + (strange[:1] if found else [])


def _continued(
    piece: Piece, former: tuple[Piece, Question], context: Context, language: Language
) -> tuple[Piece, Question] | None:
    """The question before with this piece added, where it goes on with that sentence: "why 5, not 3"."""
    if piece.text.split()[0] not in language.list_of("grammar", "continued"):
        return None
    joined = piece.after(former[0])
    question = _direct(joined, context, language)
    return (joined, question) if question else None


def _add(found: list[tuple[Piece, Question]], piece: Piece, question: Question) -> None:
    """One more question, unless it says the same as the one before or only completes it."""
    if found:
        former_piece, former = found[-1]
        shared = former.slots.keys() & question.slots.keys()
        if former.type == question.type and all(former.slots[name] == question.slots[name] for name in shared):
            found[-1] = (piece.after(former_piece), Question(former.type, {**former.slots, **question.slots}))
            return
    found.append((piece, question))


def _direct(piece: Piece, context: Context, language: Language) -> Question | None:
    """The question that the piece asks by itself; None where it speaks of something else."""
    # Of bare slots and small words ("no", "the loop", "3") only a pattern can tell what they ask.
    small = language.list_of("grammar", "noise") | covered(piece.text, language)
    bare = set(piece.text.split()) <= small or _is_half(piece, language)
    kind = language.rule(piece.text) if bare else recognise(piece.text, language)
    if kind in (None, "unknown"):
        return None
    return Question(kind, read_slots(kind, piece.text, language, context.parts))


def recognise(text: str, language: Language) -> str:
    """The type of a piece of normalised text."""
    likely = load_types(language.name).probabilities(text, language)
    best = max(likely, key=likely.__getitem__)
    if likely[best] >= SURE:
        return best
    return language.rule(text) or best


def _follow_up(piece: Piece, previous: Question | None, context: Context, language: Language) -> Question | None:
    """A half sentence that only changes a slot of the question before: "and 3?", "what about the bottom?"."""
    if previous is None or previous.type == "unknown":
        return None
    if re.search(language.data["follow_up"]["repeat"], piece.text):
        return Question(previous.type, previous.slots)
    if not _is_half(piece, language) or find("change", piece.text, language):
        return None
    if find("method", piece.text, language) and not {"method", "methods"} & set(TAKES[previous.type]):
        return _alone(piece, previous, context, language)
    slots = _slots_for(previous, piece.text, context, language)
    return Question(previous.type, {**previous.slots, **slots}) if slots else None


def _is_half(piece: Piece, language: Language) -> bool:
    """Whether the piece holds slots and nothing else but small words."""
    words = piece.text.split()
    free = {word for word in words if word not in language.list_of("follow_up", "words")}
    return bool(free) and len(words) <= SHORT and free <= covered(piece.text, language)


def _slots_for(previous: Question, text: str, context: Context, language: Language) -> dict[str, object]:
    """What the half sentence changes in the question before; empty where it fits none of its slots."""
    slots = read_slots(previous.type, text, language, context.parts)
    number = re.search(r"#?(-?\d+(?:\.\d+)?)", text)
    if "amount" in previous.slots and number:
        slots.pop("digit", None)
        slots["amount"] = float(number[1]) if "." in number[1] else int(number[1])
    if "direction" in previous.slots and (direction := find("direction", text, language)):
        slots.pop("where", None)
        slots["direction"] = direction
    if previous.type == "why_not" and "digit" in slots and "other" not in slots:
        slots["other"] = slots.pop("digit")
    if previous.type == "compare_methods" and "methods" in slots:
        former = previous.slots.get("methods", ())
        named = [*former, *slots["methods"]] if isinstance(former, (list, tuple)) else slots["methods"]  # type: ignore[misc]
        slots["methods"] = list(dict.fromkeys(named))  # type: ignore[call-overload]
    return slots


def _alone(piece: Piece, previous: Question | None, context: Context, language: Language) -> Question | None:
    """A half sentence without a question that it could follow: what such slots are mostly asked about."""
    if not _is_half(piece, language):
        return None
    text = piece.text
    held = {"digit": previous.slots["digit"]} if previous is not None and "digit" in previous.slots else {}
    if find("method", text, language):
        return Question("show", {**held, **read_slots("show", text, language)})
    if find("change", text, language):
        return Question("what_if", read_slots("what_if", text, language, context.parts))
    if re.search(r"#\d", text):
        return Question("why", read_slots("why", text, language))
    if read_where(text, language, context.parts):
        return Question("check_claim", {**read_slots("check_claim", text, language, context.parts), **held})
    return None


def _is_noise(piece: Piece, language: Language) -> bool:
    return set(piece.text.split()) <= language.list_of("grammar", "noise")


def _nearest(text: str, context: Context, language: Language, count: int = 3) -> tuple[Question, ...]:
    """Whole questions to offer: those that the text is most like, then the usual ones."""
    likely = load_types(language.name).probabilities(whole(text, language), language)
    near = [
        kind for kind in sorted(likely, key=lambda kind: -likely[kind]) if kind != "unknown" and likely[kind] >= NEAR
    ]
    offer = language.data["offer"]
    usual = offer["usual"] if context.predicted is not None else offer["before_reading"]
    return tuple(Question(kind) for kind in list(dict.fromkeys([*near, *usual]))[:count])
