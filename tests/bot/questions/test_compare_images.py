"""What is different from the picture before: what may be said to make the difference, and what must not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import bot.api
from bot.__main__ import main
from bot.claims.findings import NOTICEABLE
from bot.figures.pairs import draw_pair
from bot.questions.base import Asked, Drawing
from bot.questions.compare_images import CompareImages
from bot.values import Claim, Question, Reading, Session
from bot.words.lengths import MOST_WORDS, count_words, shortened
from bot.words.render import LEVELS, words
from explainers.base import Case
from explainers.changes.exchange import Pair
from model.values import DigitImage
from tests.bot.digits import drawn
from tests.bot.figures.test_figures import WORDS, opened
from tests.bot.spoken import put_into_words
from tests.bot.summing import sums_up
from tests.explainers.changes.test_exchange import box, case
from tests.fakes import FakeClassifier, tiny_classifier

CORNERS = (0, 2, 6, 8)
FRAME = (box(1), box(7))  # what both pictures have


def classifier(logits: dict[int, float], lead: float) -> FakeClassifier:
    """A 5 that leads by ``lead``, and gains so many logits for the ink of each box."""
    weights = np.zeros((10, 28, 28))
    for number, worth in logits.items():
        weights[5][box(number).mask] = worth / 16
    biases = np.full(10, -99.0)
    biases[[5, 3]] = lead, 0.0
    return FakeClassifier(weights, biases)


def asked(present: Case, earlier: Case | None) -> Asked:
    session = Session(reading=_reading(present), earlier=_reading(earlier).case if earlier else None)
    return Asked(Question("compare_images"), session)


def _reading(one: Case) -> Reading:
    return Reading(DigitImage(one.pixels), one, None)


def told(present: Case, earlier: Case | None) -> list[Claim]:
    return list(CompareImages().claims(asked(present, earlier)))


def kinds(claims: Sequence[Claim]) -> list[str]:
    return [claim.kind for claim in claims]


def the(claims: Sequence[Claim], start: str) -> Claim:
    return next(claim for claim in claims if claim.kind.startswith(start))


def middle_decides() -> tuple[Case, Case]:
    """The present picture has the middle, which makes it a 5; the corners of the earlier one count for nothing."""
    network = classifier({4: 12.0}, -6.0)
    return case(*FRAME, box(4), classifier=network), case(*FRAME, *map(box, CORNERS), classifier=network)


def test_the_part_that_decides_is_named_with_both_ways_and_its_control() -> None:
    claims = told(*middle_decides())
    assert kinds(claims) == [
        "compare_readings_differ", "compare_only_here", "compare_only_there", "compare_makes_all",
        "compare_cause_here_wins", "compare_control_small", "compare_back_wins",
    ]  # fmt: skip
    cause, back = the(claims, "compare_cause"), the(claims, "compare_back")
    for claim, digit in ((cause, 3), (back, 5)):
        assert claim.test is not None
        assert claim.test.operation["kind"] == "exchange"
        assert claim.test.after.digit == digit == claim.slots["digit"]
        assert claim.slots["before"] == pytest.approx(float(claim.test.before.probabilities[digit]))
        assert claim.slots["after"] == pytest.approx(float(claim.test.after.probabilities[digit]))
    assert [part.id for part in cause.parts] == ["part_4"]
    present, earlier = middle_decides()
    np.testing.assert_array_equal(cause.test.before.pixels, present.pixels)  # type: ignore[union-attr]
    np.testing.assert_array_equal(back.test.before.pixels, earlier.pixels)  # type: ignore[union-attr]


def test_the_mirror_the_pictures_the_other_way_round() -> None:
    present, earlier = middle_decides()
    claims = told(earlier, present)
    assert "compare_makes_all" in kinds(claims)
    cause = the(claims, "compare_cause")
    assert cause.kind == "compare_cause_there_wins"
    assert cause.parts == (), "the part is one of the other picture"
    assert cause.slots["digit"] == 5


def test_where_every_difference_counts_the_same_none_is_called_the_reason() -> None:
    network = classifier(dict.fromkeys(CORNERS, 6.0), -5.5)
    claims = told(case(*FRAME, *map(box, CORNERS), classifier=network), case(*FRAME, classifier=network))
    assert not [kind for kind in kinds(claims) if kind.startswith("compare_cause")]
    assert kinds(claims)[-1] in ("compare_none_here", "compare_by_chance_here")


def test_what_does_no_more_than_chance_is_not_called_the_reason() -> None:
    # Any one of the four makes it a 5, and any one taken away costs half of what is needed.
    network = classifier(dict.fromkeys(CORNERS, 2.0), -6.5)
    claims = told(case(*FRAME, *map(box, CORNERS), classifier=network), case(*FRAME, classifier=network))
    last = claims[-1]
    assert last.kind == "compare_by_chance_here"
    assert last.test is not None
    assert last.slots["points"] == pytest.approx(last.slots["after"] - last.slots["before"], abs=0.02)  # type: ignore[operator]
    assert not last.slots["uneven"]


def test_where_none_is_noticed_that_is_said() -> None:
    network = classifier(dict.fromkeys(CORNERS, 5.0), -10.0)
    claims = told(case(*FRAME, *map(box, CORNERS), classifier=network), case(*FRAME, classifier=network))
    assert kinds(claims)[-1] == "compare_none_here"
    assert claims[-1].slots["count"] == 4
    assert claims[-1].quoted == "most"
    assert sums_up(claims[-1], 4)


@pytest.mark.parametrize(("lead", "kind"), [(-0.1, "tips_there"), (-0.5, "none_there")])
def test_a_place_that_tips_a_close_call_is_not_passed_over(lead: float, kind: str) -> None:
    network = classifier(dict.fromkeys(CORNERS, 0.3), lead)
    claims = told(case(*FRAME, classifier=network), case(*FRAME, *map(box, CORNERS), classifier=network))
    last = put_into_words(claims, "en")[-1]
    assert last.kind == f"compare_{kind}"
    assert last.test is not None
    assert (last.test.after.digit == last.digit) is kind.startswith("tips")
    assert ("No single place makes" in last.sentence) is kind.startswith("none")
    assert sums_up(last, 4)


def test_what_tips_the_other_picture_is_not_said_to_fail_there_and_what_moves_it_away_not_to_move_it_there() -> None:
    # Two specks of the earlier picture give three more digits a share: there the 5 needs little, and gets little.
    network = classifier({4: 0.45}, -0.05)
    network.biases[[3, 0, 1, 2]] = 0.05, -50.0, -50.0, -50.0
    network.weights[:3, [0, 27], [0, 27]] = 25
    earlier = case(*FRAME, classifier=network)
    earlier.pixels[[0, 27], [0, 27]] = 1
    claims = told(case(*FRAME, box(4), classifier=network), earlier)
    assert "compare_makes_much" in kinds(claims)
    back, rest = the(claims, "compare_back"), the(claims, "compare_rest")
    assert back.kind == "compare_back_tips"
    assert back.slots["after"] - back.slots["before"] < NOTICEABLE  # type: ignore[operator]
    assert (back.digit, back.slots["now"]) == (5, 5)
    assert rest.slots["against"]
    for level in LEVELS:
        (said,) = put_into_words([rest], "en", level)
        assert "the other way, by 2" in said.sentence


def test_the_only_place_that_differs_is_told_in_the_singular() -> None:
    network = classifier({4: 0.2}, -0.5)
    network.weights[5, [0, 27], [0, 27]] = 0.3  # ink that belongs to no part
    present, earlier = case(*FRAME, classifier=network), case(*FRAME, box(4), classifier=network)
    earlier.pixels[[0, 27], [0, 27]] = 1
    last = put_into_words(told(present, earlier), "en")[-1]
    assert last.kind == "compare_none_there"
    assert "the only place that differs" in last.sentence


def test_all_the_rest_taken_over_once_is_no_average_of_as_much() -> None:
    network = classifier({0: 1.0, 8: 1.0}, -2.2)
    claims = told(case(*FRAME, classifier=network), case(*FRAME, box(0), box(8), classifier=network))
    last = put_into_words(claims, "en")[-1]
    assert last.kind == "compare_by_chance_there"
    assert len(last.controls[0].tests) == 1
    assert "taking over all the rest instead, which differs no more, moves it by 13 points, which" in last.sentence
    assert "on average" not in last.sentence


def test_a_place_that_works_one_way_only_is_said_to() -> None:
    # The 5 needs both the middle and a corner: to lose one is enough, to get one is not.
    network = classifier({4: 8.0, 0: 6.0}, -9.0)
    claims = told(case(*FRAME, box(4), box(0), classifier=network), case(*FRAME, box(8), box(6), classifier=network))
    assert "compare_makes_one_way" in kinds(claims)
    back = the(claims, "compare_back")
    assert back.kind == "compare_back_fails"
    assert back.slots["now"] == 3


def test_both_read_alike_but_not_equally_sure() -> None:
    network = classifier({4: 6.0}, 0.5)
    present, earlier = case(*FRAME, box(4), classifier=network), case(*FRAME, box(0), box(8), classifier=network)
    for one, other in ((present, earlier), (earlier, present)):
        claims = told(one, other)
        assert claims[0].kind == "compare_readings_alike"
        assert "compare_makes_surer" in kinds(claims)
        cause = the(claims, "compare_cause")
        assert cause.kind.endswith("_moves")
        assert (cause.slots["after"] > cause.slots["before"]) is (one is earlier)  # type: ignore[operator]


@pytest.mark.parametrize(("share", "kind"), [(NOTICEABLE - 0.01, "equally"), (NOTICEABLE + 0.01, "makes")])
def test_the_border_of_equally_sure(share: float, kind: str) -> None:
    low = 0.6
    odds = [float(np.log(one / (1 - one))) for one in (low, low + share)]
    network = classifier({4: odds[1] - odds[0]}, odds[0])
    claims = told(case(*FRAME, box(4), classifier=network), case(*FRAME, box(0), box(8), classifier=network))
    assert any(one.startswith(f"compare_{kind}") for one in kinds(claims))


def test_a_place_that_holds_most_of_what_differs_is_said_to() -> None:
    network = classifier({4: 12.0}, -6.0)
    claims = told(case(*FRAME, box(4), classifier=network), case(*FRAME, classifier=network))
    rest = the(claims, "compare_rest")
    assert rest.kind == "compare_rest_none"
    assert rest.slots["share"] == pytest.approx(1.0)
    assert rest.slots["points"] == 0
    little = case(*FRAME, classifier=network)
    little.pixels[0, 0] = 0.02
    (rest,) = put_into_words([the(told(case(*FRAME, box(4), classifier=network), little), "compare_rest")], "en")
    assert rest.kind == "compare_rest_small"
    assert "holds 99.9 % of all" in rest.sentence


def test_no_picture_before_and_the_same_again() -> None:
    present, _ = middle_decides()
    assert kinds(told(present, None)) == ["compare_nothing"]
    assert kinds(told(present, Case(present.classifier, present.pixels))) == ["compare_readings_alike", "compare_same"]


def test_parts_in_the_same_place_of_another_form() -> None:
    network = classifier({}, 5.0)
    one, other = (case(*FRAME, box(4, form), classifier=network) for form in ("loop", "curve"))
    one.pixels[12, 12] = 0.5  # so that the pictures are not the same
    assert "compare_instead" in kinds(told(one, other))
    other.parts = one.parts
    assert "compare_same_parts" in kinds(told(one, other))


@pytest.mark.parametrize("level", LEVELS)
def test_sentences_at_every_level(level: str) -> None:
    for claim in put_into_words(told(*middle_decides()), "en", level):
        assert claim.sentence
        assert "  " not in claim.sentence


@pytest.mark.parametrize("level", LEVELS)
def test_shorter_is_short(level: str) -> None:
    kept = list(shortened(put_into_words(told(*middle_decides()), "en", level), []))
    assert "compare_cause_here_wins" in kinds(kept)
    assert sum(count_words(claim.sentence) for claim in kept) <= MOST_WORDS


def test_the_figure_outlines_the_place_and_says_what_came_of_it() -> None:
    question = asked(*middle_decides())
    claims = list(CompareImages().claims(question))
    (figure,) = CompareImages().figures(question, claims, Drawing(WORDS, {}, words("en")))
    assert opened(figure).shape[1] == 720
    assert "read as 5" in figure.alt
    assert "is read as 3" in figure.alt
    plain = draw_pair(Pair(*middle_decides()), None, None, WORDS)
    assert "taken over" not in plain.alt
    assert opened(plain).shape == opened(figure).shape
    assert not list(CompareImages().figures(replace(question, session=Session()), [], Drawing(WORDS, {}, words("en"))))


def test_in_the_terminal_two_pictures_are_compared(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network = tiny_classifier(3)
    monkeypatch.setattr(bot.api.Bot, "load", classmethod(lambda cls, **_: cls(network)))
    paths = []
    for name in ("three", "five"):
        paths.append(str(tmp_path / f"{name}.png"))
        Image.fromarray(np.round(drawn(name) * 255).astype(np.uint8)).save(paths[-1])
    question = "compare it with the previous picture"
    assert main(["--image", paths[0], "--image", paths[1], "--json", question]) == 0
    reply = json.loads(capsys.readouterr().out)
    assert reply["question"] == {"type": "compare_images"}
    assert reply["claims"][0]["kind"].startswith("compare_readings")
    present = np.array(reply["image"]["pixels"])
    np.testing.assert_allclose(present, bot.api.Bot(network).read(paths[1]).pixels, atol=1e-5)
    tested = [claim["test"] for claim in reply["claims"] if claim["test"] and "_back_" not in claim["kind"]]
    for test in tested:
        np.testing.assert_allclose(test["before"]["pixels"], present, atol=1e-5)
    assert main(["--image", paths[1], "--json", question]) == 0
    assert json.loads(capsys.readouterr().out)["claims"][0]["kind"] == "compare_nothing"
