"""Why not another digit: what carries the one read, what stands against the other, what it lacks, and two changes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from scipy.special import softmax

from bot.claims.findings import Effect, Findings
from bot.question import Question
from bot.questions import why_not
from bot.questions.base import Asked
from bot.questions.why_not import WhyNot, rival_claims
from bot.values import Claim, Reading, Session
from bot.words.render import LEVELS
from explainers.base import Case
from explainers.values import Outcome, Test
from model.values import DigitImage
from tests.bot.spoken import put_into_words
from tests.bot.summing import sums_up
from tests.explainers.pictures import boxes, boxes_case
from tests.fakes import FakeClassifier

READ, OTHER = 5, 3


def case_of(read: Mapping[int, float], other: Mapping[int, float], biases: tuple[float, float]) -> Case:
    """The logits of 5 and of 3: their ``biases``, and what each box, by its place, adds; -1 is the gap."""
    blank = boxes_case(FakeClassifier(np.zeros((10, 28, 28))), 6)
    weights = np.zeros((10, 28, 28))
    for digit, worth in ((READ, read), (OTHER, other)):
        for place, logits in worth.items():
            part = blank.parts[place]
            ink = blank.pixels[part.mask].sum() if part.kind == "ink" else part.mask.sum()
            weights[digit][part.mask] = logits / ink
    every = np.full(10, -6.0)
    every[READ], every[OTHER] = biases
    return boxes_case(FakeClassifier(weights, every), 6)


def asked(case: Case) -> Asked:
    reading = Reading(DigitImage(case.pixels), case, None)
    assert reading.prediction.digit == READ
    return Asked(Question("why_not", {"other": OTHER}), Session(reading=reading))


def told(case: Case) -> list[Claim]:
    return list(rival_claims(asked(case), OTHER))


def kinds(case: Case) -> list[str]:
    return [claim.kind for claim in told(case)]


def test_what_carries_the_reading_the_ink_against_the_other_and_what_it_lacks_are_told_apart() -> None:
    case = case_of({0: 9.0}, {1: -6.0, -1: 6.0}, (-2.0, 6.0))
    case.classifier.biases[7] = 4.0  # type: ignore[attr-defined]  # takes over where the 5 loses what carries it
    said = told(case)
    assert [claim.kind for claim in said] == [
        "instead_flips", "first_obstacle_erase_rises", "first_obstacle_fill_rises", "pair_wins",
    ]  # fmt: skip
    assert said[0].parts[0].id == "part_1"
    ids = {claim.kind.split("_")[2]: claim.parts[0].id for claim in said if claim.kind.startswith("first_obstacle")}
    assert ids == {"erase": "part_2", "fill": "gap_1"}


def test_one_change_that_takes_and_gives_is_told_once() -> None:
    said = told(case_of({2: 5.0}, {2: -5.0}, (0.0, 3.0)))
    assert [claim.kind for claim in said] == ["both_erase_wins"]
    (sentence,) = put_into_words(said, "en")
    assert sentence.test is not None
    assert said[0].slots["lost_to"] == pytest.approx(float(sentence.test.after.probabilities[READ]))


def test_an_absence_that_takes_and_gives() -> None:
    assert kinds(case_of({-1: -5.0}, {-1: 5.0}, (3.0, 0.0))) == ["both_fill_wins"]


def test_two_changes_where_no_single_one_does() -> None:
    said = told(case_of({}, {1: -4.0, -1: 4.0}, (7.0, 4.0)))
    pair = said[-1]
    assert pair.kind == "pair_wins"
    assert pair.test is not None
    assert pair.test.after.digit == OTHER
    assert [edit.change for edit in pair.slots["edits"]] == ["erase", "fill"]  # type: ignore[attr-defined]
    assert not [claim for claim in said if claim.kind.endswith("obstacle_erase_wins")]


def test_two_changes_that_do_not_do_either() -> None:
    said = told(case_of({}, {1: -1.0}, (9.0, 1.0)))
    assert [claim.kind for claim in said] == ["no_single_obstacle", "pair_fails"]
    assert (said[0].quoted, said[0].read_in_all) == ("most", False)
    assert sums_up(said[0], said[0].slots["count"])  # type: ignore[arg-type]
    assert said[1].slots["count"] == 21


@pytest.mark.parametrize(("gaps", "kind"), [(1, "no_gap_obstacle"), (0, "nothing_to_test")])
def test_where_the_ink_is_one_part_no_erasing_is_said_to_have_been_tried(gaps: int, kind: str) -> None:
    case = case_of({}, {1: -1.0, -1: 0.5}, (9.0, 1.0))
    case.parts = (case.parts[0], *case.parts[-1:])[: 1 + gaps]
    claim, *_ = told(case)
    assert claim.kind == kind
    for level in LEVELS:
        said = put_into_words([claim], "en", level)[0].sentence
        assert "rub out each" not in said
        assert "part" in said


@pytest.mark.parametrize(("weight", "kind"), [(0.3, "obstacles_lower"), (-0.3, "no_single_obstacle")])
def test_what_only_takes_from_the_other_digit_is_not_said_to_bring_it_anywhere(weight: float, kind: str) -> None:
    claim, *_ = told(case_of({}, dict.fromkeys(range(5), weight), (9.0, 1.0)))
    assert claim.kind == kind
    for level in LEVELS:
        said = put_into_words([claim], "en", level)[0].sentence
        assert not (kind == "obstacles_lower" and "brings" in said)


def test_where_one_change_does_no_two_are_tried() -> None:
    case = case_of({}, {1: -6.0}, (3.0, 5.0))
    one = asked(case)
    assert [claim.kind for claim in rival_claims(one, OTHER)] == ["both_erase_wins"]
    assert "pairs" not in one.reading.about(OTHER).__dict__


def test_of_ink_that_counts_everywhere_a_win_is_told_but_not_called_the_reason() -> None:
    even = dict.fromkeys(range(6), 0.5)
    said = kinds(case_of(even, {}, (-0.7, 1.8)))
    assert said == ["unclear_obstacle"]


def test_a_win_by_a_small_change_is_told_as_that() -> None:
    assert kinds(case_of({}, {1: -0.2}, (1.1, 1.2))) == ["little_obstacle"]


def test_short_enough_to_be_read_aloud() -> None:
    case = case_of({0: 2.0, 4: 1.0}, {1: -3.0, 2: -3.0, 3: -2.5, -1: 3.0}, (7.0, 7.0))
    claims = list(WhyNot().claims(asked(case)))
    assert len(claims) <= 7
    words = sum(len(claim.sentence.split()) for claim in put_into_words(claims, "en"))
    assert words <= 200


@pytest.mark.parametrize(
    ("told", "others", "said"),
    [
        ("fill wins", ["erase wins"], ["further_obstacle_erase_wins"]),
        ("fill rises", ["erase wins", "erase wins"], ["first_obstacle_erase_wins", "further_obstacle_erase_wins"]),
        ("fill wins", ["erase rises"], ["further_obstacle_erase_rises"]),
        ("", ["erase rises", "erase wins"], ["first_obstacle_erase_rises", "first_obstacle_erase_wins"]),
        ("", ["erase wins", "fill wins"], ["first_obstacle_erase_wins", "further_obstacle_fill_wins"]),
        ("", ["erase wins", "fill rises"], ["first_obstacle_erase_wins", "further_obstacle_fill_rises"]),
        ("", ["erase rises", "fill rises"], ["first_obstacle_erase_rises", "first_obstacle_fill_rises"]),
    ],
)
def test_it_would_also_do_is_said_after_one_that_does(
    told: str, others: list[str], said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def made_up(what: str) -> Effect:
        pixels = np.zeros((28, 28), np.float32) if what.startswith("fill") else np.ones((28, 28), np.float32)
        logits = [np.zeros(10, np.float32), np.zeros(10, np.float32)]
        logits[0][READ] = logits[1][OTHER if what.endswith("wins") else READ] = 3
        before, after = (
            Outcome(picture, one, softmax(one)) for picture, one in zip((pixels, 1 - pixels), logits, strict=True)
        )
        return Effect((boxes(1)[1][0],), Test({"kind": what.split()[0]}, before, after), OTHER)

    first = [made_up(told)] if told else []
    effects = [*first, *map(made_up, others)]
    monkeypatch.setattr(why_not, "obstacles", lambda findings: effects)
    findings = Findings(case_of({}, {}, (1.0, 0.0)), OTHER)
    assert [claim.kind for claim in why_not.obstacle_claims(findings, told=first)] == said
