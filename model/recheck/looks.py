"""What a reply says of whether pictures look like digits: the check for pictures that are no digits, weighed again."""

from __future__ import annotations

from collections.abc import Mapping

from model.recheck.findings import Findings
from model.recheck.pictures import pixels
from model.recheck.reference import Input, Reference

CLOSE = 5e-3  # of the limit
# The beginnings of the kinds of claims that say of all their pictures, or of the last, that they are no digits to it.
UNLIKE = (
    "tried_strange", "robust_strange", "robust_enough_unlike", "robust_unlike", "become_unlike", "advice_unlike",
    "fool_check_notices", "check_refuses_",
)  # fmt: skip
LAST = "fool_check_"  # claims that say it of the last picture: the first is the one that was changed


def check_unusual(reply: Mapping, reference: Reference, findings: Findings, where: str) -> None:
    """The strangeness of the picture itself, whether it is unusual, and that what is turned away was not accepted."""
    said = reply["prediction"].get("strangeness")
    found = reference.strangeness.get(Input(pixels(reply["image"]["pixels"])).key)
    if said is None or found is None or reference.check is None:
        return
    _compare(said, found, findings, where)
    if reply["image"]["accepted"] and found > 1 + CLOSE:
        findings.false.append(f"{where}: accepted, but its strangeness is {found:.3f}")
    inside = min(found - reference.check.unusual, 1 - found)
    if (inside if reply["prediction"]["unusual"] else -inside) < -CLOSE:
        findings.false.append(f"{where}: {'' if reply['prediction']['unusual'] else 'not '}unusual at {found:.3f}")


def check_looks(claim: Mapping, reply: Mapping, reference: Reference, findings: Findings, where: str) -> None:
    """The strangeness of each picture, what that comes to, and that the sentence says the same of them."""
    looks = claim.get("looks", ())
    findings.looks += len(looks)
    for look in looks:
        found = reference.strangeness[Input(pixels(look["pixels"])).key]
        _compare(look["strangeness"], found, findings, where)
        if (found - 1 if look["is_digit"] else 1 - found) > CLOSE:
            findings.false.append(f"{where}: {'a' if look['is_digit'] else 'no'} digit at {found:.3f}")
    of_picture = reply.get("prediction") and reply["prediction"].get("strangeness")
    told = [one["value"] for one in claim.get("evidence", ()) if one["name"].startswith("strangeness")]
    known = [look["strangeness"] for look in looks] or [of_picture] * len(told)
    if told and told != known:
        findings.false.append(f"{where}: the strangeness told is {told}, that of its pictures {known}")
    kind = claim.get("kind", "")
    alike = {look["is_digit"] for look in (looks[-1:] if kind.startswith(LAST) else looks)}
    unlike = kind.startswith(UNLIKE)
    if alike and alike != {not unlike}:
        findings.false.append(f"{where}: it says that a picture looks like {'no' if unlike else 'a'} digit")
    if unlike and told and not looks:
        findings.false.append(f"{where}: the picture that looks like no digit is not shown")


def _compare(said: float, found: float, findings: Findings, where: str) -> None:
    findings.strangest = max(findings.strangest, abs(said - found))
    if not abs(said - found) <= CLOSE:
        findings.false.append(f"{where}: a strangeness of {said:.3f}, but the check gives {found:.3f}")
