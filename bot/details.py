"""The evidence behind a reply as a table: every test, what was changed, and what the network said before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.claims.controls import known_control
from bot.values import Claim, Further, Reading
from bot.words.render import Words, words
from explainers.values import Part
from model.alphabet import MNIST, Alphabet


@dataclass(frozen=True)
class Row:
    """One test."""

    done: str  # what was changed, in words
    digit: int
    before: float  # probability of the digit
    after: float
    read: int  # the digit that is read afterwards
    control: float | None  # probability of the digit after as much ink at random places, on average; None: not run

    def cells(self, said: Words) -> tuple[str, ...]:
        """As a language writes it, without the control."""
        percent = said.numbers.percent
        digit, read = (said.naming.short[one] for one in (self.digit, self.read))
        return self.done, digit, percent(self.before), percent(self.after), read


def evidence_rows(
    claims: Sequence[Claim], language: str, reading: Reading | None = None, alphabet: Alphabet = MNIST
) -> list[Row]:
    """One row a test, each once; with the controls that were run of the picture, if it is given."""
    said = words(language, alphabet)
    rows: dict[tuple, Row] = {}
    for claim in claims:
        if claim.test is None or claim.digit is None:
            continue
        other = claim.slots.get("part")  # of a changed picture, whose parts are not those of the reply
        parts, edits = claim.parts or ((other,) if isinstance(other, Part) else ()), claim.slots.get("edits")
        quoted = Further(claim.test, parts, edits if isinstance(edits, tuple) else ())
        for one in (quoted, *claim.further_tests):
            test = one.test
            before, after = (float(outcome.probabilities[claim.digit]) for outcome in (test.before, test.after))
            control = claim.controls[0] if one is quoted and claim.controls else None
            if control is None and reading is not None:
                control = known_control(reading, test, claim.digit)
            left = control.left if control else None
            row = Row(_what_was_done(claim, one, said), claim.digit, before, after, test.after.digit, left)
            rows.setdefault(row.cells(said), row)
    return list(rows.values())


def evidence_head(language: str, alphabet: Alphabet = MNIST) -> tuple[str, ...]:
    """The names of the columns, without that of the control."""
    return tuple(cell.strip() for cell in words(language, alphabet).say("evidence_head", {}).strip("| ").split("|"))


def evidence_table(claims: Sequence[Claim], language: str, alphabet: Alphabet = MNIST) -> str:
    """Markdown, one row a test; empty where nothing was tested."""
    said = words(language, alphabet)
    rows = ["| " + " | ".join(row.cells(said)) + " |" for row in evidence_rows(claims, language, None, alphabet)]
    return "\n".join([said.say("evidence_head", {}), "|---|---|---|---|---|", *rows]) if rows else ""


def _what_was_done(claim: Claim, one: Further, said: Words) -> str:
    """The edits where there are some; else the parts, erased or filled, or what the operation tells."""
    if one.edits:
        return said.done(one.edits)
    operation = one.test.operation
    return said.say(f"did_{operation['kind']}", {**operation, **claim.slots, "parts": one.parts})
