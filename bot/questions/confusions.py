"""Which digits do you mix up? The table of the test pictures, in words and as a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from bot.figures.record import draw_confusions
from bot.questions.accuracy import measured_on, unmeasured, untested
from bot.questions.base import Answer, Asked, Drawing
from bot.record.counts import Counts, Mistakes, counts_of, leading
from bot.record.measured import recorded
from bot.values import Claim, Evidence, Figure, Question

RARE = 0.02  # share of the pictures misread: up to here mistakes are called rare


class Confusions(Answer):
    """The pairs that are mixed up most, both ways; of one digit, what it is taken for and what is taken for it."""

    type = "confusions"
    needs_picture = False

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """With a picture of such a digit at hand, also the question that fits it."""
        counts = counts_of(asked.identity)
        if counts is None:
            yield unmeasured("table_unknown", asked.identity)
            return
        if asked.named is not None:
            yield from _of_one(counts, asked.named)
        elif counts.wrong:
            yield from _of_all(counts)
        else:
            evidence = (recorded("test pictures misread", 0),)
            yield Claim("confusions_none", {"pictures": counts.pictures}, evidence)
        yield from measured_on(asked.identity, "counted_on_mnist")
        yield from _here(asked, counts)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The whole table."""
        counts = counts_of(asked.identity)
        if counts is not None:
            yield draw_confusions(counts, drawing.words, asked.named)


def _of_all(counts: Counts) -> Iterator[Claim]:
    """The first pair, or those that are level with it; the next ones; how rare that is, and what never happened."""
    pairs = counts.pairs()
    first, *others = leading(pairs) or [[]]
    if len(first) == 1:
        (pair,) = first
        slots: dict[str, object] = {"digit": pair.digit, "other": pair.other, "there": pair.there, "back": pair.back}
        yield Claim("confusions_first", slots, _evidence(first))
    elif first:
        yield Claim("confusions_level", {"pairs": tuple(first)}, _evidence(first))
    else:
        alike = [pair for pair in pairs if pair.both == pairs[0].both]
        yield Claim("confusions_scattered", {"count": len(alike), "most": pairs[0].both}, _evidence(alike))
    further = tuple(chain(*others))
    if further:
        yield Claim("confusions_further", {"pairs": further}, _evidence(further))
    yield _how_often(counts)
    possible = len(counts.table) * (len(counts.table) - 1) // 2
    if len(pairs) < possible:
        evidence = (recorded("pairs of digits that were mixed up", len(pairs), "pairs"),)
        yield Claim("confusions_never", {"count": possible - len(pairs), "possible": possible}, evidence, "rare")


def _how_often(counts: Counts) -> Claim:
    error = counts.wrong / counts.pictures
    slots = {"wrong": counts.wrong, "pictures": counts.pictures, "error": error}
    evidence = (recorded("test pictures", counts.pictures), recorded("test pictures misread", counts.wrong))
    return Claim("confusions_rare" if error <= RARE else "confusions_frequent", slots, evidence, "rare")


def _of_one(counts: Counts, digit: int) -> Iterator[Claim]:
    """What pictures of ``digit`` were read as, and which others were read as ``digit``."""
    for back, kind in ((False, "confusions_of"), (True, "confusions_for")):
        taken = counts.mistakes(digit, back)
        wrong = sum(pictures for _, pictures in taken)
        slots = {"digit": digit, "pictures": counts.of(digit), "wrong": wrong, "taken": tuple(taken)}
        evidence = tuple(recorded(f"{'read' if back else 'shown'} as the digit", n, digit=other) for other, n in taken)
        none = (recorded("test pictures misread", 0, digit=digit),)
        if counts.of(digit) or back:
            yield Claim(kind if taken else f"{kind}_none", slots, evidence or none, digit=digit)
        else:
            yield untested(digit)


def _here(asked: Asked, counts: Counts) -> Iterator[Claim]:
    """What to ask about the picture at hand, where the digit read in it was mixed up with another."""
    reading = asked.session.reading
    if reading is None or not reading.accepted:
        return
    rival = counts.rival(asked.read_digit, asked.named)
    if rival is not None:
        both = int(counts.table[asked.read_digit, rival] + counts.table[rival, asked.read_digit])
        slots = {"digit": asked.read_digit, "other": rival, "instead": Question("why_not", {"other": rival})}
        yield Claim("confusions_here", slots, (recorded("test pictures mixed up", both, digit=rival),), "here", rival)


def _evidence(pairs: Sequence[Mistakes]) -> tuple[Evidence, ...]:
    return tuple(
        recorded(f"test pictures of the digit read as {other}", pictures, digit=digit)
        for pair in pairs
        for digit, other, pictures in ((pair.digit, pair.other, pair.there), (pair.other, pair.digit, pair.back))
    )
