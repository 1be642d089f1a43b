"""The evidence behind a reply as a table: every test, what was changed, and what the network said before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.render import Words, words
from bot.values import Claim
from explainers.values import Test


def evidence_table(claims: Sequence[Claim], names: Mapping[str, str], language: str) -> str:
    """Markdown, one row a test; empty where nothing was tested."""
    said = words(language)
    rows = []
    for claim in claims:
        if claim.test is None or claim.digit is None:
            continue
        for test in (claim.test, *claim.further_tests):
            cells = (
                _what_was_done(claim, test, said),
                claim.digit,
                said.numbers.percent(test.before.probabilities[claim.digit]),
                said.numbers.percent(test.after.probabilities[claim.digit]),
            )
            row = "| " + " | ".join(str(cell) for cell in (*cells, test.after.digit)) + " |"
            if row not in rows:
                rows.append(row)
    if not rows:
        return ""
    return "\n".join([said.say("evidence_head", {}), "|---|---|---|---|---|", *rows])


def _what_was_done(claim: Claim, test: Test, said: Words) -> str:
    """The claim's edits where it has them; else its parts, erased or filled, or what the operation tells."""
    edits = claim.slots.get("edits")
    if isinstance(edits, tuple):
        return said.done(edits)
    other = claim.slots.get("part")  # of a changed picture, whose parts are not those of the reply
    parts = claim.parts or ((other,) if other is not None else ())
    return said.say(f"did_{test.operation['kind']}", {**test.operation, **claim.slots, "parts": parts})
