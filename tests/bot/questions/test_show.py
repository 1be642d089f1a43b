"""One heatmap in words: by its traits, whatever the method."""

from __future__ import annotations

import numpy as np
import pytest

from bot.figures.words import load_words
from bot.question import Question
from bot.questions.base import Asked, heatmap
from bot.questions.show import Show
from bot.values import Claim, Reading, Session
from bot.words.render import languages, words
from explainers import all_explainers
from model.preprocess import as_it_is
from tests.explainers.pictures import boxes_case
from tests.fakes import tiny_classifier

METHODS = tuple(all_explainers())


@pytest.fixture(scope="module")
def reading() -> Reading:
    case = boxes_case(tiny_classifier(1, image_size=224), 5)
    return Reading(as_it_is(case.pixels), case, None)


def shown(reading: Reading, method: str) -> tuple[Asked, list[Claim]]:
    """A heatmap for 6, as asked and answered."""
    asked = Asked(Question("show", {"method": method, "digit": 6}), Session(reading=reading))
    return asked, list(Show().claims(asked))


@pytest.mark.parametrize("method", METHODS)
def test_the_evidence_has_the_unit_of_the_map(reading: Reading, method: str) -> None:
    asked, claims = shown(reading, method)
    assert claims[0].kind == "shown"
    (evidence,) = claims[0].evidence
    attribution = asked.attribution(method, 6)
    assert evidence.unit == attribution.unit
    assert evidence.value == pytest.approx(float(attribution.values.sum()))


@pytest.mark.parametrize("method", METHODS)
def test_only_a_map_that_tells_parts_apart_names_one(reading: Reading, method: str) -> None:
    asked, claims = shown(reading, method)
    kinds = {claim.kind for claim in claims}
    found = heatmap(asked, method, 6)
    coarse = all_explainers()[method].coarse
    assert ("support_coarse" in kinds) == (coarse and bool((found.attribution.values > 0).any()))
    assert ("support" in kinds) == (not coarse and found.statistics.part is not None)
    for claim in claims:
        if claim.kind == "support_coarse":
            assert not claim.parts
            assert (claim.slots["place"], claim.slots["share"]) == (
                found.statistics.region,
                found.statistics.region_share,
            )


def test_both_units_and_both_kinds_of_map_were_there(reading: Reading) -> None:
    assert shown(reading, "cam")[1][0].evidence[0].unit == "relative"
    assert shown(reading, "grad_cam")[1][0].evidence[0].unit == "logit"
    kinds = {method: [claim.kind for claim in shown(reading, method)[1]] for method in ("cam", "occlusion", "shapley")}
    assert kinds["cam"] == ["shown", "support_coarse"]
    assert kinds["occlusion"] == ["shown", "support"]
    assert kinds["shapley"] == ["shown", "support", "efficiency"]


def test_region_focus_is_said_only_of_a_map_that_tells_parts_apart(reading: Reading) -> None:
    said = {method: list(Show().extras(shown(reading, method)[0], [])) for method in ("cam", "occlusion")}
    assert [(claim.kind, len(claim.evidence)) for claim in said["cam"]] == [("statistics_coarse", 1)]
    assert [(claim.kind, len(claim.evidence)) for claim in said["occlusion"]] == [("statistics", 2)]


def test_a_name_at_the_beginning_of_a_sentence_begins_with_a_capital() -> None:
    slots = {"method": "occlusion", "digit": 5, "coverage": 0.5, "focus": 0.5}
    assert words("en").say("statistics", slots, "expert").startswith("Occlusion:")


def test_a_coarse_map_with_nothing_for_the_digit_names_no_place(reading: Reading) -> None:
    case = boxes_case(reading.case.classifier, 5)
    found = case.attribution(all_explainers()["cam"], 6)
    found.values[:] = -np.abs(found.values)
    _, claims = shown(Reading(reading.image, case, None), "cam")
    assert [claim.kind for claim in claims] == ["shown", "shown_nothing"]


@pytest.mark.parametrize("language", languages())
def test_every_method_has_a_name_in_sentences_and_in_figures(language: str) -> None:
    for method in METHODS:
        assert words(language).method_name(method)
        assert load_words(language).methods[method]
    assert len({words(language).method_name(method) for method in METHODS}) == len(METHODS)
