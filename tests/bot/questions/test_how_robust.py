"""How much can be changed: the sentences about parts and borders, and their figure."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from bot.api import Bot
from bot.claims.findings import Findings
from bot.figures.borders import draw_borders
from bot.figures.words import load_words
from bot.questions import answers
from bot.questions.base import Asked
from bot.questions.how_robust import border_claims, set_claims
from bot.values import Claim, Look, Question, Reading, Session
from bot.words.render import languages, words
from explainers.changes.edits import Edit
from explainers.changes.robustness import borders
from explainers.subsets.part_sets import PartSets
from model.classifier import Classifier
from model.values import Prediction
from tests.bot import made
from tests.bot.digits import drawn
from tests.bot.spoken import put_into_words
from tests.bot.summing import sums_up
from tests.explainers.changes.test_becoming import hanging_on
from tests.explainers.pictures import boxes, boxes_case
from tests.fakes import FakeClassifier


def answered(classifier: Classifier, count: int = 5) -> list[Claim]:
    reading = Reading(made.image(), boxes_case(classifier, count), None)
    return list(answers()["how_robust"].claims(Asked(Question("how_robust"), Session(reading=reading))))


def test_what_may_go_and_what_must_stay_are_said_with_their_tests() -> None:
    claims = {claim.kind: claim for claim in answered(hanging_on(2))}
    free, must = claims["robust_free_many"], claims["robust_must_first"]
    assert [part.id for part in must.parts] == ["part_3"]
    assert len(free.parts) == 4
    assert free.test is not None
    assert must.test is not None
    assert free.slots["after"] == pytest.approx(float(free.test.after.probabilities[5]))
    assert must.slots["now"] == must.test.after.digit == 3
    assert "robust_enough" not in claims, "it would say the same as what may go"


class Strange(FakeClassifier):
    """Takes nothing for a digit that lacks one of ``needed`` boxes."""

    needed: tuple[int, ...] = ()

    def predict(self, pixels: np.ndarray) -> Prediction:
        """Read one picture, and hold it against the boxes."""
        _, parts = boxes(5)
        whole = all(pixels[parts[place].mask].any() for place in self.needed)
        return replace(super().predict(pixels), strangeness=0.5 if whole else 1.5)


def strange(fake: FakeClassifier, *needed: int) -> Strange:
    found = Strange(fake.weights, fake.biases)
    found.needed = needed
    return found


def test_what_leaves_no_digit_is_not_told_to_be_harmless() -> None:
    fake = hanging_on(2)
    (free,) = [claim for claim in answered(strange(fake, 0, 1)) if claim.kind.startswith("robust_free")]
    assert [part.id for part in free.parts] == ["part_4", "part_5"]
    assert (free.kind, {claim.kind for claim in answered(fake)} & {"robust_free_two"}) == ("robust_free_two", set())
    kinds = [claim.kind for claim in answered(strange(fake, 0, 1, 2, 3, 4))]
    assert not [kind for kind in kinds if kind.startswith("robust_free")]
    assert "robust_enough_unlike" in kinds
    assert not {"robust_enough", "robust_enough_yet"} & {*kinds}


def test_beside_what_must_stay_it_is_told_what_as_much_ink_does_elsewhere() -> None:
    claims = answered(hanging_on(2))
    place = [claim.kind for claim in claims].index("robust_must_first")
    control = claims[place + 1]
    assert control.kind.startswith("control")
    assert control.parts == claims[place].parts
    assert len(control.controls[0].tests) == 8


def test_of_several_it_is_told_together_and_which_need_not_be_just_there(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = Reading(made.image(), case := boxes_case(hanging_on(0)), None)
    sets = PartSets((), case.parts[:2], case.parts)
    asked = Asked(Question("how_robust"), Session(reading=reading))
    monkeypatch.setattr("bot.claims.controls.hardly_matters", lambda _: True)
    for beats, told in ((True, []), (False, [case.parts[:1]])):
        monkeypatch.setattr(Findings, "beats_control", lambda *_, beats=beats: beats)
        claims = list(set_claims(asked, sets))
        (control,) = [claim for claim in claims if claim.kind.startswith("controls_together")]
        assert len(control.controls) == 1, "of the second part the digit loses too little"
        assert (control.kind == "controls_together_small") is beats, "what is not beaten does not hardly matter"
        assert [claim.parts for claim in claims if claim.kind == "robust_by_chance"] == told


@pytest.mark.parametrize("needed", [(2,), ()])
def test_of_what_must_stay_it_is_told_where_no_digit_is_left(needed: tuple[int, ...]) -> None:
    claims = answered(strange(hanging_on(2), *needed))
    doubts = [claim for claim in claims if claim.kind.startswith("robust_strange")]
    assert len(doubts) == len(needed)
    for claim in doubts:
        assert claim.kind == "robust_strange_then", "which speaks of the sentence before"
        of = claims[claims.index(claim) - 1]
        assert of.parts == claim.parts
        assert of.test is not None
        assert [look.pixels.tolist() for look in claim.looks] == [of.test.after.pixels.tolist()]
        assert not claim.looks[0].is_digit


def test_of_several_that_must_stay_it_is_told_in_one_sentence() -> None:
    fake = strange(hanging_on(0), 1, 3)
    reading = Reading(made.image(), case := boxes_case(fake), None)
    sets = PartSets((), case.parts[1:4], case.parts)
    claims = list(set_claims(Asked(Question("how_robust"), Session(reading=reading)), sets))
    kinds = [claim.kind for claim in claims]
    assert kinds[:4] == ["robust_must_first", "robust_must_further", "robust_must_further", "robust_strange_each"]
    assert claims[3].parts == (case.parts[1], case.parts[3])
    tests = [claim.test for claim in (claims[0], claims[2])]
    assert [look.pixels.tolist() for look in claims[3].looks] == [test.after.pixels.tolist() for test in tests if test]
    assert [one.value for one in claims[3].evidence] == [look.strangeness for look in claims[3].looks] == [1.5, 1.5]
    fake.needed = (3,)
    alone = list(set_claims(Asked(Question("how_robust"), Session(reading=reading)), sets))[3]
    assert (alone.kind, alone.parts) == ("robust_strange", case.parts[3:4]), "which part it is has to be said"
    one, two = (words("en").part_name(part) for part in claims[3].parts)
    said = put_into_words([claims[0], claims[3]], "en")[1].sentence
    assert f"Without {one} or without {two}" in said, "not as if both were gone"


def limited(rightmost: int) -> FakeClassifier:
    """Reads 5 whatever comes, and takes nothing for a digit that has ink to the right of a column."""
    biases = np.zeros(10)
    biases[5] = 0.5
    found = Limited(np.zeros((10, 28, 28)), biases)
    found.rightmost = rightmost
    return found


class Limited(FakeClassifier):
    rightmost = 27

    def predict(self, pixels: np.ndarray) -> Prediction:
        """Read one picture, and look to its right."""
        beyond = pixels[:, self.rightmost + 1 :].any()
        return replace(super().predict(pixels), strangeness=1.5 if beyond else 0.5)


@pytest.mark.parametrize("rightmost", [24, 27])
def test_of_a_border_it_is_told_where_no_digit_is_left(rightmost: int) -> None:
    claims = answered(limited(rightmost))
    unlike = [claim for claim in claims if claim.kind == "robust_unlike"]
    assert len(unlike) == (1 if rightmost < 27 else 0)
    for claim in unlike:
        assert isinstance(ways := claim.slots["ways"], tuple)
        assert any(edit.change == "shift" and edit.direction == "right" for edit in ways)
        assert not any(edit.direction == "left" for edit in ways if edit.change == "shift")
        assert len(claim.evidence) == len(claim.looks) == len(ways)
        assert all(look.pixels[:, rightmost + 1 :].any() and not look.is_digit for look in claim.looks)
        assert len({edit.change for edit in ways}) > 1
        assert " and " not in put_into_words([claims[0], claim], "en")[1].sentence, "not as if all were done at once"


def test_the_same_is_told_where_fewer_parts_would_do() -> None:
    for needed, kind in (((), "robust_enough_yet"), ((0,), "robust_enough_unlike")):
        reading = Reading(made.image(), case := boxes_case(strange(hanging_on(0), *needed)), None)
        sets = PartSets((), case.parts[:1], case.parts[1:2])
        *_, claim = set_claims(Asked(Question("how_robust"), Session(reading=reading)), sets)
        assert claim.kind == kind
        assert claim.test is not None
        assert [look.pixels.tolist() for look in claim.looks] == [claim.test.after.pixels.tolist()] * len(needed)
        for language in languages():
            for level in ("normal", "simple", "expert"):
                assert put_into_words([claim], language, level)[0].sentence


def test_where_all_parts_are_needed_that_is_said() -> None:
    fake = hanging_on(0, 1, 2, 3, 4)
    fake.biases[3] = 54.0  # more than the 48 that four of the five boxes give
    kinds = [claim.kind for claim in answered(fake)]
    assert "robust_all_needed" in kinds
    assert not [kind for kind in kinds if kind.startswith("robust_free")]


@pytest.mark.parametrize(("enough", "kind"), [((0, 1), "robust_enough"), ((1, 3), "robust_enough_yet")])
def test_where_less_is_enough_without_what_must_stay_that_is_not_left_unexplained(
    enough: tuple[int, ...], kind: str
) -> None:
    reading = Reading(made.image(), case := boxes_case(hanging_on(0)), None)
    sets = PartSets((), case.parts[:1], tuple(case.parts[place] for place in enough))
    *_, said = put_into_words(set_claims(Asked(Question("how_robust"), Session(reading=reading)), sets), "en")
    assert said.kind == kind
    assert ("do not simply add up" in said.sentence) is (kind == "robust_enough_yet")
    assert said.slots["must"] == (() if kind == "robust_enough" else case.parts[:1])


@pytest.mark.parametrize("complete", [True, False])
def test_a_set_is_called_minimal_only_where_every_smaller_one_was_run(complete: bool) -> None:
    reading = Reading(made.image(), case := boxes_case(hanging_on(0, 4)), None)
    case.runs = replace(case.runs, complete=complete)  # type: ignore[misc]
    sets = PartSets((), (), case.parts[:2])
    asked = Asked(Question("how_robust"), Session(reading=reading))
    for language in languages():
        claims = put_into_words(set_claims(asked, sets), language, "expert")
        assert [claim.kind for claim in claims] == ["robust_together_flips", "robust_enough"]
        for claim in claims:
            assert bool(re.search("[Mm]inimal|mínimo", claim.sentence)) is complete


def test_of_a_single_part_nothing_is_said() -> None:
    kinds = [claim.kind for claim in answered(hanging_on(0, strength=2.0), 1)]
    assert not [
        kind for kind in kinds if kind.startswith(("robust_free", "robust_must", "robust_all", "robust_enough"))
    ]


def test_every_number_of_a_border_is_one_of_its_test() -> None:
    for claim in put_into_words(answered(FakeClassifier.random(scale=0.05)), "en"):
        if not claim.kind.startswith("robust_"):
            continue
        if claim.kind != "robust_all_needed":
            assert claim.test is not None
        if claim.kind == "robust_border":
            assert claim.test is not None
            assert claim.slots["before"] == pytest.approx(float(claim.test.before.probabilities[claim.digit or 0]))
            assert claim.test.before.digit == claim.digit != claim.test.after.digit


def test_what_holds_carries_the_tests_of_all_ways() -> None:
    nothing = np.zeros((10, 28, 28))
    biases = np.zeros(10)
    biases[5] = 0.5
    (said,) = border_claims(borders(boxes_case(FakeClassifier(nothing, biases))), 5)
    assert (said.kind, said.quoted, said.read_in_all) == ("robust_holds_many", "least", True)
    ways, quoted = said.slots["ways"], said.slots["edits"]
    assert isinstance(ways, tuple)
    assert isinstance(quoted, tuple)
    assert sums_up(said, len(ways))
    assert {one.edits[0] for one in said.further_tests} == {*ways} - {*quoted}


def test_a_reply_with_its_table_its_figure_and_json() -> None:
    bot = Bot(FakeClassifier.random(scale=0.05))
    reply = bot.ask(drawn("five"), "how much can I change before you stop saying it?")
    assert reply.question.type == "how_robust"
    assert json.dumps(reply.to_dict(), allow_nan=False)
    assert "then" in reply.details
    borders = [figure for figure in reply.figures if figure.id == "borders"]
    assert len(borders) == 1
    assert str(reply.claims[0].digit) in borders[0].alt


def test_the_figure_says_what_is_no_digit_to_the_check() -> None:
    reply = Bot(FakeClassifier.random(scale=0.05)).ask(drawn("five"), "how robust is it?")
    first, *others = [claim for claim in reply.claims if claim.kind.startswith("robust_border")]
    assert others
    assert first.test is not None
    drawn_with = {
        strangeness: draw_borders(
            [first, *others], [Look(first.test.after.pixels, strangeness)], words("en"), load_words()
        )
        for strangeness in (1.0, 1.01)
    }
    assert [figure.alt.count("not a digit to my check") for figure in drawn_with.values()] == [0, 1]
    assert drawn_with[1.0].png != drawn_with[1.01].png


def test_another_digit_is_a_wrong_premise() -> None:
    bot = Bot(FakeClassifier.random(scale=0.05))
    read = bot.read(drawn("five")).prediction.digit
    reply = bot.ask(drawn("five"), f"how much can I change before you stop saying {(read + 1) % 10}?")
    assert reply.claims[0].kind == "wrong_premise"
    assert [claim.digit for claim in reply.claims if claim.kind.startswith("robust_border")][:1] in ([], [read])


def test_alike_changes_are_told_together() -> None:
    moved = [Edit("shift", amount=3.0, direction=way) for way in ("left", "up")]
    said = words("en").by([*moved, Edit("thin", amount=0.5)])
    assert said == "moved by 3 pixels to the left or by 3 pixels up and with strokes 0.5 pixels thinner"
