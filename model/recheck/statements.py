"""What a reply says of its picture and of its tests."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from model.recheck.findings import TOLERANCE, Findings
from model.recheck.pictures import inputs_of, pixels
from model.recheck.reference import Input, Reference

POINTS = 1.0  # percentage points by which a rounded number in a sentence may be off

_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)[\s\u00a0\u202f]*%")


def check_prediction(reply: Mapping, reference: Reference, findings: Findings, where: str) -> None:
    """The digit, its probability, the runner-up and the margin are what the picture gives."""
    said = reply["prediction"]
    found = reference.probabilities(Input(pixels(reply["image"]["pixels"])))
    findings.compare(said["probabilities"], found, f"{where}, prediction")
    digit, runner_up = said["digit"], said["runner_up"]
    others = np.delete(found, digit)
    if found[digit] < found.max() - TOLERANCE or found[runner_up] < others.max() - TOLERANCE or digit == runner_up:
        findings.false.append(
            f"{where}, prediction: {digit} before {runner_up}, but the network gives {found.round(3)}"
        )
    numbers = (said["probability"] - found[digit], said["margin"] - (found[digit] - found[runner_up]))
    if not max(map(abs, numbers)) <= 2 * TOLERANCE:
        findings.false.append(f"{where}, prediction: probability or margin are off by {max(map(abs, numbers)):.4f}")


def check_test(test: Mapping, image: np.ndarray, reference: Reference, findings: Findings, where: str) -> dict:
    """What was changed, and both outcomes, which are given back by their names."""
    found, inputs = {}, inputs_of(test)
    for name, picture in inputs.items():
        found[name] = reference.probabilities(picture)
        findings.compare(test[name]["probabilities"], found[name], f"{where}, {name}")
    kind, change = test["operation"].get("kind"), inputs["after"].pixels - inputs["before"].pixels
    sign = {"erase": -1, "keep": -1, "fill": 1}.get(kind)
    if sign and ((change * sign < 0).any() or not change.any()):
        findings.false.append(f"{where}: {kind} did not only {'add' if sign > 0 else 'take'} ink")
    if kind == "enlarge" and change.any():
        findings.false.append(f"{where}: the picture itself was changed, not only how it is enlarged")
    from_image = sign or kind in ("enlarge", "prepare_without")
    if from_image and not np.allclose(inputs["before"].pixels, image, atol=TOLERANCE):
        findings.false.append(f"{where}: the test began with another picture than the one that was read")
    return found


def check_summary(claim: Mapping, after: list[np.ndarray], findings: Findings, where: str) -> None:
    """What a claim says of all its tests, the one that its sentence quotes first in ``after``."""
    digit = claim["digit"]
    sign = {"least": 1, "most": -1}.get(claim["quoted"], 0)
    for place, found in enumerate(after):
        here = f"{where}, further test {place}" if place else where
        # A reader sees whole percents; which of two is the least is told from tenths.
        if sign * (found[digit] - after[0][digit]) < -2 * TOLERANCE:
            findings.false.append(f"{here}: the test that is quoted does not leave {digit} the {claim['quoted']}")
        lead = found[digit] - np.delete(found, digit).max()
        if claim["read_in_all"] is not None and (lead if claim["read_in_all"] else -lead) < -TOLERANCE:
            findings.false.append(f"{here}: {digit} is {'not ' if claim['read_in_all'] else ''}read")


def check_claim(claim: Mapping, image: np.ndarray, reference: Reference, findings: Findings, where: str) -> None:
    """The claim's tests, each percentage in its sentence, and what it says of several tests together."""
    found = check_test(claim["test"], image, reference, findings, where)
    if further := claim.get("further_tests"):
        after = [found["after"]]
        for place, test in enumerate(further, start=1):
            after.append(check_test(test, image, reference, findings, f"{where}, further test {place}")["after"])
        check_summary(claim, after, findings, where)
    true = np.concatenate([found["before"], found["after"], np.abs(found["before"] - found["after"])]) * 100
    for text in _PERCENT.findall(claim["sentence"]):
        number = float(text.replace(",", "."))
        if np.abs(true - number).min() > POINTS:
            findings.false.append(f"{where}: {number:g} % is no outcome of the test: {claim['sentence']!r}")
