"""Is it because of the loop? Just that is tested."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from bot.claims.extras import minor_claims
from bot.claims.findings import Effect
from bot.claims.premises import named_parts
from bot.claims.verdicts import Named, all_ink, several_claims, strongest_claims, verdict_claims
from bot.questions.base import Answer, Asked, Drawing
from bot.questions.why_not import obstacle_claims
from bot.values import Claim, Evidence, Figure
from explainers.changes.edits import Edit, apply, region_ink
from explainers.changes.pairs import part_edits
from explainers.checks import try_pictures
from explainers.values import PLACES, Part


class CheckClaim(Answer):
    """What a person takes for the reason: its ink is erased, or its gap filled, and the network run again."""

    type = "check_claim"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """The verdict; where nothing depends on it, what does instead. What is not there ``premises`` says."""
        where = asked.question.slots.get("where")
        if where is None:
            yield _which(asked)
            return
        parts = named_parts(str(where), asked.case.parts)
        findings = asked.reading.about(asked.digit)
        named = _tests(asked, str(where), parts)
        if not named and not parts:
            return
        if not named:
            yield all_ink(asked.digit, *part_edits(_ink(parts)))
            return
        verdicts = verdict_claims(findings, named[0]) if len(named) == 1 else several_claims(findings, named)
        said: list[Claim] = []
        for claim in verdicts:
            said.append(claim)
            yield claim
        if not any(claim.kind.startswith(("claim_right", "claim_partly")) for claim in said):
            instead = strongest_claims if asked.digit == asked.read_digit else obstacle_claims
            told = {claim.parts for claim in said}
            yield from (claim for claim in islice(instead(findings), 1) if claim.parts not in told)

    def extras(self, asked: Asked, told: Sequence[Claim]) -> Iterator[Claim]:
        """Every other part, erased or filled."""
        yield from minor_claims(asked.reading.about(asked.digit), told)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The named parts, and each test before and after."""
        yield drawing.parts(asked.case)
        yield from drawing.tests(claims, asked.digit)


def _which(asked: Asked) -> Claim:
    parts = asked.case.parts
    evidence = (Evidence("parts", float(len(parts)), "parts", "parts"),)
    return Claim("which_part", {"parts": parts, "digit": asked.digit}, evidence, parts=parts)


def _tests(asked: Asked, where: str, parts: Sequence[Part]) -> list[Named]:
    """What is tried: a region's ink; the ink parts of one name together where enough stays; else each part alone.

    None where the ink named is all the ink there is.
    """
    findings, ink = asked.reading.about(asked.digit), _ink(parts)
    if where in PLACES and (region := _region(asked, where)) is not None:
        return [region]
    if len(ink) > 1 and findings.leaves_half(ink):
        return [(findings.erased(ink), part_edits(ink)[0])]
    alone = {effect.parts[0].id: effect for effect in (*findings.erasures, *findings.fillings)}
    return [(alone[part.id], part_edits([part])[0]) for part in parts if part.id in alone]


def _region(asked: Asked, region: str) -> Named | None:
    """All the ink of a region erased; None where it has none."""
    mask = region_ink(region, asked.case.pixels)
    if not mask.any():
        return None
    edit = Edit("erase", mask, region=region)
    (test,) = try_pictures(asked.case, [(edit.to_operation(), apply(edit, asked.case.pixels))])
    return Effect((), test, asked.digit), edit


def _ink(parts: Sequence[Part]) -> tuple[Part, ...]:
    return tuple(part for part in parts if part.kind == "ink")
