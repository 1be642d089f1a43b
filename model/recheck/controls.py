"""What a reply says of as much ink at random places, and whether its tests beat that."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.recheck.findings import TOLERANCE, Findings
from model.recheck.pictures import inputs_at, inputs_of
from model.recheck.reference import Reference

CLEAR_LEAD, ERRORS = 0.10, 2  # by how much a test beats its control: in probability, and in standard errors
LEAST_ALIKE, SHARE_ALIKE = 2, 0.5  # places elsewhere that do about as much: so many, and of them all, beat a test
ELSEWHERE = 0.5  # of a place's change: where less than that is a part of the test's, it is elsewhere
PIXEL = 1.0  # ink by which a place of a control may differ from what it is as much as


def check_control(control: Mapping, reference: Reference, findings: Findings, where: str) -> None:
    """All its pictures give what they are said to give, and each place only takes ink, or only adds some."""
    before, *inputs = inputs_at(control)
    findings.compare(control["before"]["probabilities"], reference.probabilities(before), f"{where}, before")
    for number, (place, after) in enumerate(zip(control["places"], inputs, strict=True), start=1):
        findings.compare(place["probabilities"], reference.probabilities(after), f"{where}, place {number}")
        change = after.pixels - before.pixels
        sign = {"erase_patch": -1, "fill_patch": 1}.get(place["operation"].get("kind"))
        if sign and ((change * sign < 0).any() or not change.any()):
            findings.false.append(f"{where}: a place did not only {'add' if sign > 0 else 'take'} ink")


def check_held(claim: Mapping, controls: list[Mapping], reference: Reference, findings: Findings, where: str) -> None:
    """What a claim says of its controls: as much at each place as its test did, whether that is beaten, the means."""
    test = claim.get("test")
    if test:
        as_much(test, controls[0], findings, where)
        loosely, strictly = (beaten(test, controls[0], reference, slack) for slack in (-TOLERANCE, TOLERANCE))
        if claim["beats_control"] and not loosely or not claim["beats_control"] and strictly:
            findings.false.append(f"{where}: the control is {'not ' if claim['beats_control'] else ''}beaten")
    drops = [dropped(control, reference) for control in controls]
    means = np.array([drop.mean() for drop in drops])
    before = np.array([control["before"]["probabilities"][control["digit"]] for control in controls])
    # A move towards the other picture is a rise or a fall of the digit: of that the size alone is compared.
    for name, found in (("mean drop at", means), ("mean left after", before - means), ("mean move", np.abs(means))):
        told = [one["value"] for one in claim["evidence"] if one["name"].startswith(name)]
        if told and not np.allclose(np.abs(told) if name == "mean move" else told, found, atol=TOLERANCE):
            findings.false.append(f"{where}: the random places have other means: {found}")


def dropped(control: Mapping, reference: Reference) -> np.ndarray:
    """(K,) by how much the digit's probability fell at each place."""
    before, *after = (reference.probabilities(one) for one in inputs_at(control))
    return before[control["digit"]] - np.array([one[control["digit"]] for one in after])


def beaten(test: Mapping, control: Mapping, reference: Reference, slack: float) -> bool:
    """Whether the test moves the control's digit clearly more (docs/contract.md), and by ``slack`` more still."""
    before, after = (picture.key for picture in inputs_of(test).values())
    start, *places = (one.key for one in inputs_at(control))
    digit, moves = control["digit"], []
    for said in (reference.answers, reference.log_odds):
        drop = said[before][digit] - said[after][digit]
        drops = said[start][digit] - np.array([said[one][digit] for one in places])
        sign = 1 if drop >= 0 else -1
        moves.append((sign * drop, sign * drops))
    for (moved, others), lead in zip(moves, (CLEAR_LEAD, -np.inf), strict=True):
        error = float(np.std(others)) / len(others) ** 0.5
        if moved - float(np.mean(others)) - max(lead, ERRORS * error) <= slack:
            return False
    moved, others = moves[0]
    apart = elsewhere(test, control)
    alike = (others > moved - CLEAR_LEAD - slack) & apart
    return int(alike.sum()) < max(LEAST_ALIKE, SHARE_ALIKE * int(apart.sum()))


def elsewhere(test: Mapping, control: Mapping) -> np.ndarray:
    """(K,) bool: at which places less than half of what changes is a part of what the test changes."""
    before, after = (picture.pixels for picture in inputs_of(test).values())
    start, *places = (one.pixels for one in inputs_at(control))
    tested, changed = after - before, np.array([place - start for place in places])
    common = np.where(changed * tested > 0, np.minimum(np.abs(changed), np.abs(tested)), 0.0)
    return common.sum(axis=(1, 2)) < ELSEWHERE * np.maximum(np.abs(changed).sum(axis=(1, 2)), 1e-9)


def as_much(test: Mapping, control: Mapping, findings: Findings, where: str) -> None:
    """Each place begins where the test does, and changes as much ink, or as many empty pixels; the rest never more."""
    before, after = (picture.pixels for picture in inputs_of(test).values())
    start, *inputs = (one.pixels for one in inputs_at(control))
    if not np.allclose(start, before, atol=TOLERANCE):
        findings.false.append(f"{where}: the control began with another picture than the test")
    for place, picture in zip(control["places"], inputs, strict=True):
        kind, change = place["operation"].get("kind"), picture - start
        if kind == "fill_patch":
            more = float((change != 0).sum() - (after != before).sum())
        else:
            more = float(np.abs(change).sum() - np.abs(after - before).sum())
        off = 0.0 if kind == "exchange_rest" else -more
        if max(more, off) > PIXEL:
            findings.false.append(f"{where}: a place of the control changed another amount: by {more:.2f}")
