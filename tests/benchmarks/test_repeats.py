"""What counts as the same wording for the third time in a row."""

from __future__ import annotations

import numpy as np

from benchmarks.repeats import names_of, repeats, wording, wordings
from bot.values import Claim, Evidence
from explainers.values import Part

BAR = Part("part_1", "ink", "bar", "top", np.zeros((28, 28), bool))
EVIDENCE = (Evidence("x", 1.0, "share", "model"),)


def claim(sentence: str) -> Claim:
    return Claim("x", {}, EVIDENCE, sentence=sentence)


def test_figures_and_parts_are_taken_out() -> None:
    names = names_of([BAR], "en")
    first = wording("Without the flat bar at the top, 5 keeps 97 %.", names)
    assert first == wording("Without the flat bar at the top, 3 keeps 0.5 %.", names) == "Without …, # keeps #."
    assert first != wording("With the flat bar at the top, 5 keeps 97 %.", names)
    german = names_of([BAR], "de")
    assert wording("Ohne den waagerechten Strich oben.", german) == "Ohne …."


def test_a_third_answer_in_a_row_is_found_and_a_second_is_not() -> None:
    one, other = [{"I see #.", "So."}], [{"I think."}]
    assert list(repeats([one, one, other, one, one])) == []
    assert list(repeats([other, one, one, one])) == [("I see #.", 3), ("So.", 3)]
    assert [place for _, place in repeats([other, other, other, other])] == [2, 3]


def test_a_third_claim_in_a_row_within_an_answer_is_found() -> None:
    same = [claim(f"Without it, {digit} falls. So {digit}.") for digit in range(3)]
    assert {one for one, _ in repeats([wordings(same, [])])} == {"Without it, # falls.", "So #."}
    assert list(repeats([wordings([same[0], same[1], claim("No."), same[2]], [])])) == []
