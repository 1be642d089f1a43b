"""Whole replies, statement by statement."""

from __future__ import annotations

from model.recheck.controls import check_control, check_held
from model.recheck.findings import Findings
from model.recheck.looks import check_looks, check_unusual
from model.recheck.pictures import pictures_in, pixels, tests_of
from model.recheck.reference import Reference
from model.recheck.statements import check_claim, check_prediction

# The beginnings of the kinds of claims that name a cause: their test must beat its control.
CAUSES = (
    "first_part_", "first_gap_", "first_beyond_chance_", "further_part_", "further_gap_", "together_", "instead_",
    "replayed_", "claim_right_", "claim_partly_erase_", "claim_partly_fill_", "decides_now",
)  # fmt: skip


def recheck(replies: list[dict], reference: Reference) -> Findings:
    """Check every reply."""
    reference.run([picture for reply in replies for picture in pictures_in(reply)])
    findings = Findings(replies=len(replies))
    for line, reply in enumerate(replies, start=1):
        if reply.get("prediction"):
            check_prediction(reply, reference, findings, f"line {line}")
            check_unusual(reply, reference, findings, f"line {line}, prediction")
        controls = {control["id"]: control for control in reply.get("controls", ())}
        findings.controls += len(controls)
        for name, control in controls.items():
            check_control(control, reference, findings, f"line {line}, {name}")
        for place, claim in enumerate(reply["claims"], start=1):
            findings.claims += 1
            if "controls" in reply and claim["kind"].startswith(CAUSES) and not claim.get("beats_control"):
                findings.false.append(f"line {line}, claim {place}: a cause is named that beats no control")
            if names := claim.get("controls"):
                held = [controls[name] for name in names]
                check_held(claim, held, reference, findings, f"line {line}, claim {place}")
            check_looks(claim, reply, reference, findings, f"line {line}, claim {place}")
            if claim.get("test"):
                findings.tests += len(tests_of(claim))
                image = pixels(reply["image"]["pixels"])
                check_claim(claim, image, reference, findings, f"line {line}, claim {place}")
    return findings
