"""Where a picture lies among the training digits: each rule with a true case, its border and what must not be said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import fisher_exact

from bot import Bot
from bot.claims import neighbours
from bot.claims.neighbour_claims import AS_ALIKE, chance_of_as_many, likeness_claim
from bot.claims.neighbours import (
    APART_FROM,
    EDGE_FROM,
    FEWEST_HELD_OUT,
    INSIDE_FROM,
    LEANING_FROM,
    MOST_POINTS,
    TORN_FROM,
    Neighbourhood,
)
from bot.figures.neighbours import draw_map, middles
from bot.figures.words import load_words
from bot.questions import answers
from bot.questions.base import Asked
from bot.questions.feature_map import FeatureMap
from bot.suggestions import suggest
from bot.values import Claim, Question, Reading, Session
from bot.words.render import languages, words
from explainers.base import Case
from model.atlas import Atlas
from model.datasets import LabelledPictures
from model.values import DigitImage
from tests.atlases import atlas, of_pictures
from tests.bot.digits import drawn
from tests.bot.schemas import check_reply
from tests.bot.spoken import put_into_words
from tests.fakes import FakeClassifier, tiny_classifier

NEW = 100  # new digits of the label 5


def reading(one: Atlas | None, point: np.ndarray, digit: int = 5) -> Reading:
    """A picture with these features, read as ``digit``."""
    biases = np.zeros(10)
    biases[digit] = 3
    classifier = FakeClassifier(np.zeros((10, 28, 28)), biases)
    classifier.atlas = one
    case = Case(classifier, np.ones((28, 28), np.float32))
    case.features = point.astype(np.float32)  # type: ignore[misc]  # a cached property, set beforehand
    return Reading(DigitImage(case.pixels), case, None)


def corner(angle: float) -> np.ndarray:
    """A direction between those of 5 and 3, which are at 0 and at 90 degrees; all other labels are far away."""
    return np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle)), 0.0])


def among(fives: int, threes: int = 0, eights: int = 0, leanings: float = 0.0, distance: float = 1.0) -> Reading:
    """A picture with so many neighbours of each label; of 100 new fives all lean and lie as said."""
    near = corner(10)
    spread = [near + 1e-3 * np.random.default_rng(row).normal(size=3) for row in range(fives + threes + eights)]
    far = np.array([0.0, 0.0, 1.0])
    rows = {label: far + 1e-3 * np.eye(3) * (label + 1) for label in range(10)}
    rows[5] = np.array([*spread[:fives], *[corner(0)] * 60])
    rows[3] = np.array([*spread[fives : fives + threes], *[corner(90)] * 60])
    rows[8] = np.array([*spread[fives + threes :], *[far] * 3])
    held_out = {5: (np.full(NEW, distance), np.full(NEW, leanings))}
    return reading(atlas(rows, held_out), near)


def told(kind: str, one: Reading, **slots: object) -> list[Claim]:
    asked = Asked(Question(kind, slots), Session(reading=one))
    return list(put_into_words(answers()[kind].claims(asked), "en"))


def kinds(claims: Sequence[Claim]) -> list[str]:
    return [claim.kind for claim in claims]


def text(claims: Sequence[Claim]) -> str:
    return " ".join(claim.sentence for claim in claims)


@pytest.mark.parametrize(
    ("fives", "threes", "eights", "kind"),
    [
        (10, 0, 0, "map_inside"),
        (INSIDE_FROM, 10 - INSIDE_FROM, 0, "map_inside"),
        (INSIDE_FROM - 1, 11 - INSIDE_FROM, 0, "map_edge"),
        (EDGE_FROM, 10 - EDGE_FROM, 0, "map_edge"),
        (EDGE_FROM - 1, 11 - EDGE_FROM, 0, "map_between"),
        (4, 4, 2, "map_between"),
        (4, 6, 0, "map_astray"),
        (0, 10, 0, "map_astray"),
    ],
)
def test_where_it_lies_follows_from_whose_neighbours_it_has(fives: int, threes: int, eights: int, kind: str) -> None:
    one = among(fives, threes, eights, leanings=9.0)
    claims = told("feature_map", one)
    assert claims[0].kind == kind
    assert claims[0].evidence[0].value == fives
    near = one.neighbourhood
    assert near is not None
    assert dict(near.counts).get(3, 0) == threes
    if kind != "map_inside":
        assert claims[0].slots["other"] == 3
        assert "threes" in claims[0].sentence
    assert ("mixed" in claims[2].slots) == (fives < 10), "other neighbours are a sign of doubt, and only those"


def test_a_picture_that_leans_more_than_new_digits_do_is_at_the_edge_though_all_neighbours_are_its_own() -> None:
    first = told("feature_map", among(10, leanings=-1.0))[0]
    assert (first.kind, first.slots["other"], first.slots["share"]) == ("map_leaning", 3, 1.0)
    for below, kind in ((LEANING_FROM, "map_leaning"), (LEANING_FROM - 0.01, "map_inside")):
        one = among(10)
        count = round(below * NEW)
        one.case.classifier.atlas.held_out_leanings[:] = np.where(np.arange(NEW) < count, -1, 9)  # type: ignore[union-attr]
        assert told("feature_map", one)[0].kind == kind


@pytest.mark.parametrize(("nearer", "kind"), [(APART_FROM, "map_apart"), (APART_FROM - 0.01, "map_usual")])
def test_it_stands_apart_where_nearly_all_new_digits_are_nearer_to_theirs(nearer: float, kind: str) -> None:
    one = among(10, leanings=9.0)
    count = round(nearer * NEW)
    one.case.classifier.atlas.held_out_distances[:] = np.where(np.arange(NEW) < count, 0, 2)  # type: ignore[union-attr]
    claims = told("feature_map", one)
    (found,) = (claim for claim in claims if claim.kind in ("map_apart", "map_usual"))
    assert found.kind == kind
    assert claims[0].kind == ("map_nearest" if kind == "map_apart" else "map_inside"), (
        "not among those that are far off"
    )
    assert found.evidence[0].value == pytest.approx(nearer)
    assert ("outlier" in found.sentence) == (kind == "map_usual")


@pytest.mark.parametrize(("known", "said"), [(FEWEST_HELD_OUT, True), (FEWEST_HELD_OUT - 1, False)])
def test_of_too_few_new_digits_nothing_is_told(known: int, said: bool) -> None:
    one = among(10, leanings=-1.0)
    one.case.classifier.atlas.held_out_labels[known:] = 3  # type: ignore[union-attr]
    claims = kinds(told("feature_map", one))
    assert ("map_usual" in claims) == ("map_leaning" in claims) == said


@pytest.mark.parametrize(("far", "kind"), [(TORN_FROM * 1.01, "map_torn"), (TORN_FROM * 0.99, "map_placed")])
def test_a_place_between_scattered_neighbours_is_said_to_tell_little(far: float, kind: str) -> None:
    one = among(10)
    near = one.neighbourhood
    assert near is not None
    vars(near)["scatter"] = far
    assert kind in kinds(told("feature_map", one))


def test_scatter_is_the_mean_distance_of_the_neighbours_places() -> None:
    near = among(7, 3).neighbourhood
    assert near is not None
    near.atlas.coordinates[:] = 0.5
    assert near.scatter == pytest.approx(0)
    torn = among(7, 3).neighbourhood
    assert torn is not None
    torn.atlas.coordinates[torn.atlas.labels == 3] = 0
    torn.atlas.coordinates[torn.atlas.labels == 5] = 1
    assert torn.scatter > TORN_FROM


def test_doubt_quotes_how_often_such_digits_were_misread_where_that_was_oftener() -> None:
    one = among(7, 3)
    (claim,) = (claim for claim in told("similar", one) if claim.kind.startswith("near_doubt"))
    assert claim.kind == "near_doubt"
    assert [evidence.value for evidence in claim.evidence] == [90, 1, 10, 4]
    assert "of 10 new digits with such neighbours I misread 4, of 90 without them 1" in claim.sentence
    # Too few of them to tell, and no oftener, which is no doubt.
    # Oftener, but a single one, or by no more than chance may do; then the figures alone are told.
    for counts, kind in (
        ([[90, 1], [9, 9]], ["near_doubt_unknown"]),
        ([[90, 9], [10, 1]], []),
        ([[978, 1], [22, 1]], ["near_doubt_few"]),
        ([[978, 0], [22, 2]], ["near_doubt_few"]),
        ([[978, 0], [22, 3]], ["near_doubt"]),
        ([[90, 5], [10, 3]], ["near_doubt_few"]),
    ):
        one.case.classifier.atlas.doubt[:] = counts  # type: ignore[union-attr]
        assert [found for found in kinds(told("similar", one)) if found.startswith("near_doubt")] == kind
    assert not any(kind.startswith("near_doubt") for kind in kinds(told("similar", among(10))))


def test_the_chance_of_as_many_misread_is_fishers() -> None:
    table = {"agreeing": 90, "agreeing_wrong": 5, "mixed": 10, "mixed_wrong": 3}
    expected = fisher_exact([[3, 7], [5, 85]], alternative="greater").pvalue
    assert chance_of_as_many(**table) == pytest.approx(expected)
    assert chance_of_as_many(**{**table, "mixed_wrong": 0}) == 1


def test_no_sentence_names_a_cause() -> None:
    for one in (among(10), among(7, 3), among(2, 8), among(10, leanings=-1.0)):
        for kind in ("similar", "feature_map"):
            claims = told(kind, one)
            assert all(claim.test is None and claim.evidence for claim in claims)
            assert "because" not in text(claims)


def test_of_a_digit_that_is_asked_for_those_are_told_and_how_many_others_are_nearer() -> None:
    one = among(7, 3)
    claims = told("similar", one, digit=5)
    # The doubt speaks of the nearest, so these are told first; where all are as read, nothing is told of them.
    assert kinds(claims)[:4] == ["similar_of", "similar_nearer", "near_some", "near_doubt"]
    assert claims[2].slots["labels"] == ((5, 7), (3, 3))
    alone = kinds(told("similar", among(10), digit=5))
    assert alone[:2] == ["similar_of", "similar_nearest"]
    assert not any(kind.startswith("near_") for kind in alone)
    near = one.neighbourhood
    assert near is not None
    found = near.of(8)
    assert {neighbour.label for neighbour in found} == {8}
    slow = sum(
        float(np.linalg.norm(row - near.point)) < found[0].distance
        for row, label in zip(near.atlas.features, near.atlas.labels, strict=True)
        if label != 8
    )
    assert told("similar", one, digit=8)[1].slots == {"nearer": slow}
    assert slow >= 130
    assert told("similar", among(10), digit=5)[1].kind == "similar_nearest"


def test_likeness_is_the_cosine_and_compared_with_the_pairs_of_the_label() -> None:
    one = among(10)
    near = one.neighbourhood
    assert near is not None
    first = near.nearest[0]
    row = near.atlas.features[first.index]
    assert first.likeness == pytest.approx(float(row @ near.point), abs=1e-5)
    pairs = near.atlas.pair_distances(5)
    claim = next(claim for claim in told("similar", one) if claim.kind.startswith("similar_likeness"))
    assert claim.slots["share"] == pytest.approx(float((pairs > first.distance).mean()))


@pytest.mark.parametrize(
    ("share", "said"),
    [(AS_ALIKE, "more alike than 50 % of the pairs of fives"), (AS_ALIKE - 0.02, "less alike than 52 % of the pairs")],
)
def test_what_is_less_alike_than_most_pairs_is_told_so(share: float, said: str) -> None:
    near = among(10).neighbourhood
    assert near is not None
    shown = replace(near.nearest[0], distance=0.7)
    count = len(near.atlas.pair_distances(5))
    distances = np.where(np.arange(count) < round(share * count), 0.8, 0.6)
    given = replace(near.atlas)
    vars(given)["pair_distances"] = lambda label: distances
    (claim,) = put_into_words([likeness_claim(Neighbourhood(given, near.case), shown)], "en")
    assert said in claim.sentence.replace("\xa0", " ")


@pytest.mark.parametrize("kind", ["similar", "feature_map"])
def test_without_an_atlas_one_sentence_says_what_makes_it(kind: str) -> None:
    one = reading(None, corner(0))
    (claim,) = told(kind, one)
    assert claim.kind == "atlas_missing"
    assert "`python -m model.atlas --weights FOLDER`" in claim.sentence
    chat = Bot(one.case.classifier).start()
    chat.show(drawn("five"))
    assert kind not in offered_by(chat)


def offered_by(chat) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    """What is offered after "what else could it be?", as types."""
    said = words("en")
    offered = chat.ask("what else could it be?").suggestions
    known = {said.say("ask_similar", {}): "similar", said.say("ask_feature_map", {}): "feature_map"}
    return tuple(known.get(one, one) for one in offered)


def test_with_an_atlas_similar_digits_are_offered() -> None:
    one = among(10)
    offered = suggest(Session(reading=one), Question("alternatives"))
    assert offered[0] == words("en").say("ask_similar", {})
    one.case.classifier.atlas = None
    assert words("en").say("ask_similar", {}) not in suggest(Session(reading=one), Question("alternatives"))


def test_pictures_are_those_of_the_data_set_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    near = among(10).neighbourhood
    assert near is not None
    count = len(near.atlas.labels)
    pictures = np.random.default_rng(0).integers(0, 255, (count, 28, 28), dtype=np.uint8)
    at_hand = LabelledPictures(pictures, near.atlas.labels.astype(np.int64))
    monkeypatch.setattr(neighbours, "training_pictures", lambda dataset: at_hand)
    shown = near.pictures(near.nearest)
    assert shown is not None
    assert (shown[0] * 255 == pictures[near.nearest[0].index]).all()
    at_hand.labels[near.nearest[9].index] = 9
    assert near.pictures(near.nearest) is None, "another data set than the atlas was made of"
    monkeypatch.setattr(neighbours, "training_pictures", lambda dataset: at_hand.part(slice(1)))
    assert near.pictures(near.nearest) is None
    monkeypatch.setattr(neighbours, "training_pictures", lambda dataset: None)
    claim = told("similar", among(10))[-1]
    assert claim.kind == "similar_hidden"
    assert "`python -m model.atlas --download` fetches them" in claim.sentence


def test_the_map_shows_at_most_so_many_and_numbers_every_label() -> None:
    near = among(10).neighbourhood
    assert near is not None
    rows = np.resize(np.arange(len(near.atlas.labels)), MOST_POINTS + 100)
    more = {name: getattr(near.atlas, name)[rows] for name in ("labels", "places", "features", "coordinates")}
    big = Neighbourhood(replace(near.atlas, **more), near.case)
    assert len(big.map.points) == MOST_POINTS
    assert set(middles(near.map)) == set(range(10))
    alone, moved = (draw_map(one, load_words(), words("en")) for one in (near.map, big.map))
    assert alone.png != moved.png
    assert "fives" in alone.alt


@pytest.fixture(scope="module")
def bot() -> Bot:
    classifier = tiny_classifier(3)
    classifier.atlas = of_pictures(classifier)
    return Bot(classifier)


@pytest.mark.parametrize("language", languages())
def test_a_real_reply_has_words_figures_and_json_in_every_language(
    bot: Bot, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_hand = LabelledPictures(np.zeros((120, 28, 28), np.uint8), np.repeat(np.arange(10), 12))
    monkeypatch.setattr(neighbours, "training_pictures", lambda dataset: at_hand)
    for kind, asked in (("similar", "show me similar digits"), ("feature_map", "show the t-SNE")):
        for level in ("normal", "simple", "expert"):
            reply = bot.ask(drawn("five"), asked, language=language, level=level)
            assert reply.question.type == kind
            data = json.loads(json.dumps(reply.to_dict(), allow_nan=False))
            check_reply(data)
            assert len(data["neighbours"]) == 10
            assert [figure.id for figure in reply.figures] == [kind]
            assert ("map" in data["figures"][0]) == (kind == "feature_map")
    assert len(data["figures"][0]["map"]["points"]) == 120


def test_the_same_question_gets_the_same_bytes(bot: Bot) -> None:
    one, two = (bot.ask(drawn("five"), "show the t-SNE") for _ in range(2))
    assert (one.text, one.figures[0].png) == (two.text, two.figures[0].png)
    assert FeatureMap.needs_picture
