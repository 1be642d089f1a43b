"""What would make it a 3? And how could it be written more clearly?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.claims.causes import effect_claim, nothing_against, reading_claim
from bot.claims.controls import rise_by_chance
from bot.claims.findings import NOTICEABLE
from bot.claims.looks import look_at, with_looks
from bot.figures.changes import draw_change
from bot.question import CLEARER
from bot.questions.base import Answer, Asked, Drawing
from bot.questions.correct_me import MOST_LOOKS
from bot.questions.why_not import is_read, obstacles, rival_reading
from bot.values import Claim, Evidence, Figure
from explainers.changes.becoming import Change, Search, smallest_change
from explainers.changes.edits import PIECES
from explainers.changes.pairs import part_edits
from explainers.examples import examples
from explainers.values import log_odds

HARDLY_ANY = 0.01  # of probability left to gain: it could not be much surer
MUCH = 0.5  # of the ink: whoever changes more draws half a new digit
FOUND = ("become_parts", "become_redraw", "become_much")  # claims about a change that does it


class HowToBecome(Answer):
    """The smallest change found after which the other digit is read, or how close the search came."""

    type = "how_to_become"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """Without a digit in the question the runner-up; for the one that is read, what would make it surer."""
        prediction = asked.reading.prediction
        other = _meant(asked)
        if other == prediction.digit:
            yield reading_claim(asked.case)
            if CLEARER not in asked.question.cues:
                yield is_read(prediction)
            yield from _clearer(asked)
            return
        yield rival_reading(prediction, other)
        search = smallest_change(asked.case, other, examples(other, asked.identity.alphabet))
        yield from becoming_claims(search, other)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """Where to add ink and where to erase it, and what comes of it."""
        if _meant(asked) == asked.read_digit:
            yield from drawing.tests(claims, asked.read_digit, CLEARER)
            return
        for claim in claims:
            if claim.kind.startswith("become_") and claim.test is not None and claim.digit is not None:
                done = drawing.said.done(claim.slots["edits"])  # type: ignore[arg-type]
                yield draw_change(claim.test, claim.digit, done, drawing.words, found=claim.kind in FOUND)
                return


def _meant(asked: Asked) -> int:
    """The digit that it is to become; "clearer" means the one that is read."""
    if CLEARER in asked.question.cues:
        return asked.read_digit
    return int(str(asked.question.slots.get("other", asked.reading.prediction.runner_up)))


def _clearer(asked: Asked) -> Iterator[Claim]:
    """The change of one part that helps the digit most, tried out, if the result looks like one; else what does not."""
    findings, prediction = asked.findings, asked.reading.prediction
    left = 1 - prediction.probability
    if left < NOTICEABLE:  # no part can be said to stand against it
        slots = {"digit": prediction.digit, "points": left, "least": NOTICEABLE}
        evidence = Evidence("probability", prediction.probability, "probability", "model", prediction.digit)
        kind = "clearer_sure" if left < HARDLY_ANY else "clearer_little"
        yield Claim(kind, slots, (evidence,), "writer", prediction.digit)
        return
    helping = sorted(obstacles(findings), key=lambda effect: -effect.after)[:MOST_LOOKS]
    for effect in helping:
        if findings.case.classifier.predict(effect.test.after.pixels).is_digit:
            claim = effect_claim("clearer", effect, topic="writer")
            yield replace(claim, kind="clearer_part", slots={**claim.slots, "edits": part_edits(effect.parts)})
            yield from rise_by_chance(findings, effect, topic="writer")
            return
    yield from nothing_against(findings)


def becoming_claims(search: Search, other: int) -> Iterator[Claim]:
    """The change found and its size; else the one that came closest."""
    tried = Evidence("changes tried", float(search.tried), "changes", "model", other)
    change = search.found or search.nearest
    looks = look_at(change.test.after.pixels, search.look) if change and search.look else ()
    if change is None:
        yield Claim("become_untried", {"other": other}, (tried,), "become", other)
    elif search.found is None:
        kind = _missed(change)
        missed = _claim(kind, change, search.tried, tried)
        yield with_looks(missed, looks) if kind == "become_unlike" else missed
    else:
        redrawn = any(edit.change in PIECES for edit in change.edits)
        kind = "become_parts" if not redrawn else "become_redraw" if change.share < MUCH else "become_much"
        yield _claim(kind, change, search.tried, tried)
        # How much ink that is follows from the two pictures above; it is no outcome of the test.
        size = _claim("become_size", change, search.tried, tried)
        yield with_looks(replace(size, slots={**size.slots, "checked": bool(looks)}, test=None), looks)


def _missed(change: Change) -> str:
    if change.reads_other:
        return "become_unlike" if change.whole else "become_broken"
    return "become_weak" if change.test.after.digit == change.other else "become_missed"


def _claim(kind: str, change: Change, tried: int, evidence: Evidence) -> Claim:
    test, other = change.test, change.other
    before = float(test.before.probabilities[other])
    slots = {
        "edits": change.edits,
        "digit": test.before.digit,
        "other": other,
        "before": before,
        "after": change.probability,
        "now": test.after.digit,
        "now_probability": float(test.after.probabilities[test.after.digit]),
        "log_odds": float(log_odds(test.after.logits, other)),
        "share": change.share,
        "tried": tried,
    }
    source = str(test.operation["kind"])
    numbers = (
        Evidence("probability before", before, "probability", source, other),
        Evidence("probability after", change.probability, "probability", source, other),
        Evidence("ink changed", change.share, "share", source, other),
        evidence,
    )
    parts = tuple(part for edit in change.edits for part in edit.parts)
    return Claim(kind, slots, numbers, "become", other, parts, test)
