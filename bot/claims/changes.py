"""From a question such as "what if I erase the top bar?" to the change that is made: which ink, how much, which way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.claims.premises import named_parts
from bot.values import Claim, Evidence, Question
from explainers.base import Case
from explainers.changes.edits import LIMITS, STROKE_STEP, USUAL, Edit, region_ink, region_mask
from explainers.values import PLACES, Part

LOCAL = ("erase", "fill", "keep")  # changes that need a place
OF_STROKES = ("thicken", "thin")  # changes of what a pen has written
MOST_EDITS = 12  # one upon the other; by then nobody knows any more what the picture was
SIZES = {"larger": 1.4, "smaller": 0.7}  # factors, where only that was said
_ASKED = (Evidence("changes", 0.0, "changes", "text"),)


def edit_of(question: Question, case: Case) -> Edit | Claim:
    """What ``question`` (of type "what_if") changes in the picture of ``case``, or the claim that says why it cannot.

    Of a place that the picture does not have ``bot/claims/premises.py`` has told; then nothing was tried, and that is
    said.
    """
    change = question.slots.get("change")
    where = question.slots.get("where")
    if change is None:
        return _problem("draw_yourself" if "add" in question.cues else "change_which")
    if change in OF_STROKES and not case.classifier.identity.alphabet.written:
        return _problem("no_strokes")
    if where is None and change in LOCAL:
        return _problem("place_which", parts=case.parts) if case.parts else _problem("nothing_tried")
    amount = _amount(question)
    if amount is not None and not LIMITS[str(change)][0] <= amount <= LIMITS[str(change)][1]:
        least, most = LIMITS[str(change)]
        return _problem(f"limits_{change}", least=least, most=most)
    place = Edit(str(change)) if where is None else _placed(str(change), str(where), case)
    if isinstance(place, Claim):
        return place
    return Edit(place.change, place.mask, amount, _direction(question), case.seed, place.parts, place.region)


def changed_at(where: str, edits: Sequence[Edit], case: Case) -> int | None:
    """Which of ``edits`` changed most of the place that ``where`` names, the later of two; None: none did."""
    named = [part.mask for part in named_parts(where, case.parts)]
    place = (
        region_mask(where, case.pixels)
        if where in PLACES
        else np.any([np.zeros(case.pixels.shape, bool), *named], axis=0)
    )
    changed = [
        0 if edit.mask is None else int((place & (~edit.mask if edit.change == "keep" else edit.mask)).sum())
        for edit in edits
    ]
    most = max(changed, default=0)
    return len(changed) - 1 - changed[::-1].index(most) if most else None


def _amount(question: Question) -> float | None:
    change, said = str(question.slots["change"]), question.slots.get("amount")
    if change not in LIMITS:
        return None
    if said is None:
        return next((SIZES[cue] for cue in question.cues if cue in SIZES), USUAL[change])
    amount = float(str(said))
    if change not in OF_STROKES or not amount > 0:
        return amount
    # So is it done, and so it is told; who asks for less than the smallest step gets that.
    return max(round(amount / STROKE_STEP), 1) * STROKE_STEP


def _direction(question: Question) -> str | None:
    usual = {"rotate": "left", "mirror": "right", "shift": "right"}.get(str(question.slots["change"]))
    return str(question.slots.get("direction", usual)) if usual else None


def _placed(change: str, where: str, case: Case) -> Edit | Claim:
    """The change with its place alone: the parts that ``where`` names, of the kind that the change is for."""
    found = named_parts(where, case.parts)
    if where in PLACES and change != "fill":
        if not region_ink(where, case.pixels).any():
            return _problem("nothing_to_erase")
        return Edit(change, region_mask(where, case.pixels), region=where)
    if not found:
        return _problem("nothing_tried")
    if change == "fill":
        gaps = _of_kind(found, "gap") or (_holes_of(found, case.parts) if where.endswith("loop") else ())
        return _on(change, gaps) if gaps else _problem("nothing_to_fill")
    strokes = _of_kind(found, "ink")
    return _on(change, strokes) if strokes else _problem("nothing_to_erase")


def _holes_of(loops: tuple[Part, ...], parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The holes inside the named loops, or inside the one that consists of parts: "fill the loop" is about those."""
    rings = [loop.mask for loop in loops if loop.form == "loop"] or [np.any([part.mask for part in loops], axis=0)]
    return tuple(part for part in parts if part.form == "hole" and any(_inside(part, ring) for ring in rings))


def _inside(hole: Part, ring: np.ndarray) -> bool:
    rows, columns = np.nonzero(ring)
    row, column = np.argwhere(hole.mask).mean(axis=0)
    return bool(rows.min() <= row <= rows.max() and columns.min() <= column <= columns.max())


def _of_kind(parts: tuple[Part, ...], kind: str) -> tuple[Part, ...]:
    return tuple(part for part in parts if part.kind == kind)


def _on(change: str, parts: tuple[Part, ...]) -> Edit:
    return Edit(change, np.any([part.mask for part in parts], axis=0), parts=parts)


def _problem(kind: str, **slots: object) -> Claim:
    return Claim(kind, slots, _ASKED, topic="change")
