"""What do the early layers see? Grad-CAM after every block, and what changes from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.claims.causes import effect_evidence
from bot.claims.controls import control_evidence
from bot.claims.findings import NOTICEABLE, Effect, Findings, standard_error
from bot.claims.heatmaps import AGREE
from bot.figures.layers import draw_layers
from bot.questions.base import Answer, Asked, Drawing
from bot.values import Claim, Evidence, Figure
from explainers.blocks import BlockMap, erase_strongest, strongest_cell
from explainers.measures import ink_parts
from explainers.values import Test

FEW_PARTS = 5  # fewer parts are often in much the same order by chance: of three, every other order has a half
AGREE_FEW = 0.8  # Spearman's correlation that so few need, beside the same first part
DIFFERENT = 0.05  # share by which two maps must differ for a word about it
SOURCE = "grad_cam of every block"


class Layers(Answer):
    """The maps of all depths, told by what is measured on them; what the last one marks most is erased and tested."""

    type = "layers"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """What is shown, how the maps differ, what they do not say, and where the last one leads."""
        maps, digit = asked.reading.block_maps, asked.read_digit
        blocks = [one for one in maps if is_block(one)]
        evidence = (Evidence("maps", float(len(maps)), "maps", SOURCE, digit),)
        yield Claim("layers_shown", {"digit": digit, "blocks": len(blocks)}, evidence, "shown", digit)
        yield coarser(blocks, digit)
        yield from agreement_claims(maps, len(ink_parts(asked.case.parts)), digit)
        yield from ink_claims(blocks, float((asked.case.pixels > 0).mean()), digit)
        yield from spread_claims(blocks, digit)
        yield Claim("layers_meaning", {}, evidence, "meaning", digit)
        yield from place_claims(maps[-1], digit)
        test = erase_strongest(asked.case, maps[-1])
        if test is not None:
            yield from erased_claims(asked.findings, test)
        elif _misses_the_ink(asked, maps[-1]):
            yield Claim("layers_no_ink", {}, evidence, "place", digit)

    def extras(self, asked: Asked, told: Sequence[Claim]) -> Iterator[Claim]:
        """Every map in figures."""
        number = 0
        for one in asked.reading.block_maps:
            number += is_block(one)
            yield from row_claims(one, number, asked.read_digit)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The maps, the strongest cell of the last one outlined; then what was tested."""
        yield draw_layers(asked.case.pixels, asked.reading.block_maps, asked.read_digit, drawing.words)
        yield from drawing.tests(claims, asked.read_digit)


def is_block(found: BlockMap) -> bool:
    """Whether this is the map of a dense block, not of a transition between two."""
    return found.name.startswith("denseblock")


@dataclass(frozen=True)
class Course:
    """A measure of the first and the last block, and of the one between them that lies farthest from both, if any."""

    first: float
    last: float
    odd: int | None  # the block's number, from 1
    odd_value: float

    @property
    def trend(self) -> str:
        """ "more", "less" or "alike"."""
        if abs(self.last - self.first) < DIFFERENT:
            return "alike"
        return "more" if self.last > self.first else "less"


def course(values: Sequence[float | None]) -> Course | None:
    """The course of a measure over the blocks; None where one of them has no value."""
    known = [value for value in values if value is not None]
    if len(known) < max(len(values), 2):
        return None
    low, high = sorted((known[0], known[-1]))
    beyond = [max(low - value, value - high) for value in known]
    far = max(range(len(known)), key=beyond.__getitem__)
    return Course(known[0], known[-1], far + 1 if beyond[far] >= DIFFERENT else None, known[far])


def coarser(blocks: Sequence[BlockMap], digit: int) -> Claim:
    """How fine the cells are, from the first block to the last."""
    first, last = blocks[0], blocks[-1]
    slots = {"early": len(first.cells), "late": len(last.cells), "size": last.cell_size}
    evidence = tuple(Evidence(f"cell after {one.name}", one.cell_size, "pixels", SOURCE, digit) for one in blocks)
    return Claim("layers_coarser", slots, evidence, "shown", digit)


def agreement_claims(maps: Sequence[BlockMap], parts: int, digit: int) -> Iterator[Claim]:
    """From which block on the parts are ranked as the last map ranks them; nothing where there is no ranking."""
    values = [one.agreement for one in maps]
    if any(value is None for value in values):
        return
    evidence = tuple(
        Evidence(f"rank correlation of {one.name} with the last", value, "correlation", SOURCE, digit)
        for one, value in zip(maps, values, strict=True)
        if value is not None
    )
    agree = [_alike(one, parts) for one in maps]
    blocks = [place for place, one in enumerate(maps) if is_block(one)]
    number = next(number for number, place in enumerate(blocks, start=1) if all(agree[place:]))
    place = blocks[number - 1]
    slots = {"block": number}
    if number == 1:
        kind, slots = "layers_agree_all", {}
    elif number == len(blocks):
        kind, slots = "layers_agree_last", {"block": number - 1}
    else:
        kind = "layers_agree_mixed" if any(agree[:place]) else "layers_agree_from"
    yield Claim(kind, slots, evidence, "course", digit)


def _alike(one: BlockMap, parts: int) -> bool:
    """Whether a map ranks so many parts much as the last one does."""
    if one.agreement is None:
        return False
    return one.agreement >= AGREE if parts >= FEW_PARTS else one.agreement >= AGREE_FEW and one.same_first


def ink_claims(blocks: Sequence[BlockMap], covered: float, digit: int) -> Iterator[Claim]:
    """How much of what is marked lies on the ink, which covers that share of the picture."""
    found = course([one.on_ink for one in blocks])
    if found is None:
        return
    evidence = _evidence("relief on the ink", blocks, [one.on_ink for one in blocks], digit)
    slots = {"early": found.first, "late": found.last, "covered": covered}
    yield Claim(f"layers_ink_{found.trend}", slots, evidence, "course", digit)
    if found.odd is not None:
        kind = "layers_ink_dip" if found.odd_value < found.first else "layers_ink_peak"
        yield Claim(kind, {"block": found.odd, "share": found.odd_value}, evidence, "course", digit)


def spread_claims(blocks: Sequence[BlockMap], digit: int) -> Iterator[Claim]:
    """How concentrated what is marked is."""
    found = course([one.evenness for one in blocks])
    if found is None:
        return
    evidence = _evidence("evenness of the relief", blocks, [one.evenness for one in blocks], digit)
    slots = {"early": found.first, "late": found.last}
    yield Claim(f"layers_spread_{found.trend}", slots, evidence, "course", digit)


def _evidence(
    name: str, blocks: Sequence[BlockMap], values: Sequence[float | None], digit: int
) -> tuple[Evidence, ...]:
    pairs = zip(blocks, values, strict=True)
    return tuple(
        Evidence(f"{name} after {one.name}", value, "share", SOURCE, digit) for one, value in pairs if value is not None
    )


def place_claims(last: BlockMap, digit: int) -> Iterator[Claim]:
    """Where the last map's strongest cell lies, and how much of what speaks for the digit lies in that ninth."""
    if last.region is None or last.region_share is None:
        return
    evidence = (Evidence("share of the support", last.region_share, "share", SOURCE, digit),)
    slots = {"digit": digit, "place": last.region, "share": last.region_share}
    yield Claim("layers_place", slots, evidence, "place", digit)


def erased_claims(findings: Findings, test: Test) -> Iterator[Claim]:
    """What was seen when the ink in the strongest cell was erased, and where it matters what random ink does."""
    effect = Effect((), test, findings.digit)
    after = test.after
    slots = {
        "digit": effect.digit,
        "before": effect.before,
        "after": effect.after,
        "now": after.digit,
        "now_probability": float(after.probabilities[after.digit]),
        "log_odds_change": -effect.log_odds_drop,
    }
    if effect.flips:
        outcome = "flips"
    elif abs(effect.drop) < NOTICEABLE:
        outcome = "keeps"
    else:
        outcome = "weakens" if effect.drop > 0 else "strengthens"
    yield Claim(f"layers_erased_{outcome}", slots, effect_evidence(effect), "place", effect.digit, test=test)
    if outcome not in ("keeps", "strengthens"):  # what raises it is not measured against what other ink costs
        yield _control(findings, effect)


def _control(findings: Findings, effect: Effect) -> Claim:
    drops = findings.control(effect).drops
    kind = "layers_control_beaten" if findings.beats_control(effect) else "layers_control_alike"
    slots = {
        "digit": effect.digit,
        "places": len(drops),
        "after": findings.control(effect).left,
        "least": effect.before - float(drops.max()),
        "error": standard_error(drops),
        "seed": findings.case.seed,
    }
    evidence, controls = (control_evidence(findings, effect),), (findings.control(effect),)
    return Claim(kind, slots, evidence, "place", effect.digit, controls=controls)


def _misses_the_ink(asked: Asked, last: BlockMap) -> bool:
    place = strongest_cell(last)
    return place is not None and not asked.case.pixels[place].any()


def row_claims(found: BlockMap, number: int, digit: int) -> Iterator[Claim]:
    """One map in figures; nothing where it marks nothing, or there are too few parts to be ranked."""
    if found.on_ink is None or found.evenness is None or found.agreement is None:
        return
    slots = {
        "block": number,
        "cells": len(found.cells),
        "on_ink": found.on_ink,
        "evenness": found.evenness,
        "agreement": found.agreement,
    }
    evidence = (
        Evidence(f"relief on the ink after {found.name}", found.on_ink, "share", SOURCE, digit),
        Evidence(f"evenness of the relief after {found.name}", found.evenness, "share", SOURCE, digit),
        Evidence(f"rank correlation of {found.name} with the last", found.agreement, "correlation", SOURCE, digit),
    )
    yield Claim(f"layers_row_{'block' if is_block(found) else 'transition'}", slots, evidence, found.name, digit)
