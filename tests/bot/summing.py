"""What a claim about several tests says of them, held against the tests that it carries."""

from __future__ import annotations

from bot.values import Claim


def sums_up(claim: Claim, count: int) -> bool:
    """Whether it carries so many different tests, and what it says of all of them is so."""
    assert claim.test is not None
    assert claim.digit is not None
    tests = [claim.test, *(one.test for one in claim.further_tests)]
    left = [float(test.after.probabilities[claim.digit]) for test in tests]
    read = {test.after.digit == claim.digit for test in tests}
    bound = {"least": min(left), "most": max(left), None: left[0]}[claim.quoted]
    return (
        len({test.after.pixels.tobytes() for test in tests}) == len(tests) == count
        and left[0] == bound
        and (claim.read_in_all is None or read == {claim.read_in_all})
    )
