"""What a question takes for granted and the picture does not bear out: said before the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import ndimage

from bot.questions.base import Asked
from bot.questions.why_not import wrong_premise
from bot.values import Claim, Evidence
from explainers.changes.edits import region_ink
from explainers.values import PLACES, Part

# The types whose slot ``digit`` is what the picture is taken for; for others it only says which digit is meant.
TAKEN_FOR = ("why", "why_not", "confidence", "where", "what_if", "how_robust", "show", "check_claim")
# A form as a person names it → the forms of parts that it may be.
FORMS = {
    "loop": ("loop",),
    "gap": ("opening", "hole"),
    "bar": ("bar",),
    "stem": ("stem", "slant"),
    "slant": ("slant",),
    "curve": ("curve",),
    "tail": ("tail",),
    "dot": ("dot",),
}
BESIDE = 2  # pixels: ink as near to a hole is part of the loop around it
SIDES = {"upper": "top", "lower": "bottom"}  # which of two alike → its place


def premise_claims(asked: Asked) -> Iterator[Claim]:
    """That the digit or the part that the question supposes is not there; which gap is meant."""
    slots, read = asked.question.slots, asked.read_digit
    if asked.question.type in TAKEN_FOR and asked.digit != read and _is_premise(asked):
        yield wrong_premise(asked.reading.prediction, asked.digit)
    if "where" in slots and "add" not in asked.question.cues:  # new ink may be meant anywhere
        where, case = str(slots["where"]), asked.reading.after(asked.place_edits).case
        # Of a side, its ink is meant, also where no part is named after it; but ink cannot be filled.
        if slots.get("change") == "fill" or where not in PLACES or not region_ink(where, case.pixels).any():
            yield from _part_claims(where, case.parts)


def _is_premise(asked: Asked) -> bool:
    """Of "why not 3?" the digit is the other one; "why 5 and not 3?" supposes a 5."""
    slots = asked.question.slots
    return asked.question.type != "why_not" or slots.get("other") not in (None, asked.read_digit)


def _part_claims(where: str, parts: tuple[Part, ...]) -> Iterator[Claim]:
    found = named_parts(where, parts)
    *region, last = where.split()
    place = region[0] if region else last if last in PLACES else "whole"
    evidence = (Evidence("parts that are so", float(len(found)), "parts", "parts"),)
    if not found:
        number = re.fullmatch(r"part_(\d+)", last)
        slots: dict[str, object] = {"number": int(number[1])} if number else {"place": place}
        kind = "part" if number else last if last in FORMS else "region"
        yield Claim(f"missing_{kind}", slots, evidence, topic="premise")
        if parts:
            kind = "its_parts_and_openings" if any(part.kind == "gap" for part in parts) else "its_parts"
            yield Claim(kind, {"parts": parts}, evidence, topic="premise", parts=parts)
    elif last == "gap" and len(found) == 1:
        yield Claim("meant_one", {"part": found[0]}, evidence, topic="premise", parts=found)
    elif last == "gap":
        yield Claim("meant_several", {"parts": found}, evidence, topic="premise", parts=found)


def named_parts(where: str, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts that ``where`` may mean, in the form of docs/questions.md: "loop", "top bar", "top_left", "part_2"."""
    *region, last = where.split()
    if last.startswith("part_"):
        return tuple(part for part in parts if part.id == last)
    if last not in FORMS:
        return tuple(part for part in parts if _lies(part, last))
    alike = [part for part in parts if part.form in FORMS[last]]
    found = tuple(part for part in alike if not region or _lies(part, region[0]))
    if last != "loop" or found:
        return found
    return tuple(part for part in _rings(region, parts) if part not in alike)


def _rings(region: Sequence[str], parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The ink around the holes there, where a loop was cut into several parts, as one as large as the whole is."""
    inside = [part.mask for part in parts if part.form == "hole" and (not region or _lies(part, region[0]))]
    if not inside:
        return ()
    beside = ndimage.binary_dilation(np.any(inside, axis=0), iterations=BESIDE)
    return tuple(part for part in parts if part.kind == "ink" and (part.mask & beside).any())


def spoken_place(part: Part) -> str:
    """How a person would name a part, in the form of docs/questions.md: "top bar", "loop"."""
    form = next((name for name, forms in FORMS.items() if part.form in forms), None)
    if form is None:  # a place of a piece of clothing: its number means just that, a region would mean more
        return part.id
    return form if part.place == "whole" else f"{part.place} {form}"


def _lies(part: Part, region: str) -> bool:
    """Whether a part may be said to be there: one at the top left is at the top, and one at the top may be there."""
    named, place = set(region.split("_")), set(part.place.split("_"))
    side = {SIDES.get(part.side, part.side)} if part.kind == "ink" and part.side else set()
    return part.place == "whole" or named <= place | side or place <= named
