"""What would make it another digit: the sentences about the change, and its figure."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from bot.api import Bot
from bot.figures.words import load_words
from bot.questions import answers
from bot.questions.base import Asked, Drawing
from bot.questions.how_to_become import becoming_claims
from bot.understand import Context, understand
from bot.values import Claim, Question, Reading, Session
from bot.words.phrasing import phrase
from bot.words.render import LEVELS, languages, words
from explainers.base import Case
from explainers.changes.becoming import Change, Search
from explainers.changes.edits import Edit
from explainers.values import Test
from model.classifier import Classifier
from model.values import Prediction
from tests.bot import made
from tests.bot.boxes import case_of
from tests.bot.digits import drawn
from tests.bot.spoken import put_into_words
from tests.explainers.changes.test_becoming import hanging_on, outcome
from tests.explainers.pictures import boxes_case
from tests.fakes import FakeClassifier


def answered(classifier: Classifier, slots: dict[str, object]) -> list[Claim]:
    reading = Reading(made.image(), boxes_case(classifier), None)
    question = Question("how_to_become", slots)
    return list(answers()["how_to_become"].claims(Asked(question, Session(reading=reading))))


def seen(strangeness: float | None) -> Prediction:
    """A reading that the check finds so strange."""
    return Prediction(np.zeros(10), np.full(10, 0.1), 3, 5, strangeness)


def test_the_change_is_said_with_the_probability_of_its_own_test() -> None:
    reading, change, size = answered(hanging_on(2), {"other": 3})
    assert [reading.kind, change.kind, size.kind] == ["rival_far", "become_parts", "become_size"]
    assert change.test is not None
    assert change.slots["after"] == pytest.approx(float(change.test.after.probabilities[3]))
    assert [part.id for part in change.parts] == ["part_3"]
    assert change.test.after.digit == change.digit == 3


def test_without_a_digit_the_runner_up_is_meant() -> None:
    kinds = [[claim.kind for claim in answered(hanging_on(2), slots)] for slots in ({}, {"other": 3})]
    assert kinds[0] == kinds[1]
    assert answered(hanging_on(2), {})[1].digit == 3


def test_for_the_digit_that_is_surely_read_there_is_nothing_to_do() -> None:
    assert [claim.kind for claim in answered(hanging_on(2), {"other": 5})] == [
        "reading_sure",
        "other_is_read",
        "clearer_sure",
    ]


def clearer(case: Case) -> list[Claim]:
    """How the digit that is read could be written more clearly."""
    asked = Asked(Question("how_to_become", cues=("clearer",)), Session(reading=Reading(made.image(), case, None)))
    return list(answers()["how_to_become"].claims(asked))


def test_what_would_make_it_clearer_is_the_part_that_stands_against_it_and_was_tried() -> None:
    reading, claim, *_ = clearer(case_of({0: 6.0, 1: -3.0}))
    assert (reading.kind, claim.kind) == ("reading_likely", "clearer_part")
    assert [part.id for part in claim.parts] == ["part_2"]
    assert claim.test is not None
    assert claim.digit == claim.test.before.digit == claim.test.after.digit == 5
    assert claim.slots["after"] == pytest.approx(float(claim.test.after.probabilities[5]))
    assert float(str(claim.slots["after"])) > float(str(claim.slots["before"])) + 0.1


def test_the_change_that_makes_it_clearer_is_shown_beside_the_answer() -> None:
    case = case_of({0: 6.0, 1: -3.0})
    asked = Asked(Question("how_to_become", cues=("clearer",)), Session(reading=Reading(made.image(), case, None)))
    claims = put_into_words(clearer(case), "en")
    names = {part.id: words("en").part_name(part) for part in case.parts}
    figures = list(answers()["how_to_become"].figures(asked, claims, Drawing(load_words(), names, words("en"))))
    assert [figure.id for figure in figures][:1] == ["clearer_1"]
    assert not figures[0].is_test
    assert "rub out" in claims[1].sentence


def test_where_every_part_helps_none_is_advised_to_be_left_out() -> None:
    kinds = [claim.kind for claim in clearer(case_of({0: 2.0, 1: 1.0}))]
    assert kinds == ["reading_likely", "nothing_against"]


def test_of_a_sure_reading_nothing_is_advised_though_a_part_stands_against_it() -> None:
    kinds = [claim.kind for claim in clearer(case_of({0: 12.0, 1: -3.0}))]
    assert kinds == ["reading_sure", "clearer_sure"]


def test_where_little_is_left_to_gain_it_is_said_how_little() -> None:
    _, claim = clearer(case_of({0: 4.5}))  # the 5 is 2.5 logits ahead of the 3
    assert (claim.kind, claim.slots["least"]) == ("clearer_little", 0.1)
    assert claim.slots["points"] == pytest.approx(1 / (1 + np.exp(2.5)), abs=0.005)
    assert [claim.kind for claim in clearer(case_of({0: 4.1}))][1:] == ["nothing_against"], (
        "more than 10 points are left"
    )


def test_a_change_after_which_it_looks_like_no_digit_is_not_advised(monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of({0: 6.0, 1: -3.0})
    monkeypatch.setattr(case.classifier, "predict", lambda pixels: seen(99.0))
    assert "clearer_part" not in {claim.kind for claim in clearer(case)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "how can I make it clearer?"),
        ("de", "wie kann ich sie deutlicher schreiben?"),
        ("es", "¿cómo puedo escribirlo mejor?"),
        ("fr", "comment puis-je mieux l'écrire ?"),
    ],
)
def test_how_to_write_it_better_is_not_how_to_make_it_another(language: str, text: str) -> None:
    question = understand(text, Context(5, language=language))
    assert (question.to_dict(), question.cues) == ({"type": "how_to_become"}, ("clearer",))
    said = phrase(question, words(language))
    repeated = understand(said, Context(5, language=language))
    assert (repeated.to_dict(), repeated.cues) == ({"type": "how_to_become"}, ("clearer",)), said


def test_a_clearer_other_digit_is_that_digit() -> None:
    question = understand("how do I turn it into a clearer 3?", Context(5))
    assert (question.slots, question.cues) == ({"other": 3}, ())


def test_not_found_is_said_with_how_close_it_came() -> None:
    biases = np.zeros(10)
    biases[5] = 3.0
    _, missed = answered(FakeClassifier(np.zeros((10, 28, 28)), biases), {"other": 3})
    assert missed.kind == "become_missed"
    assert missed.test is not None
    assert missed.slots["now"] == 5


def test_why_a_change_that_reads_as_the_other_does_not_count_is_what_was_looked_at() -> None:
    bar = np.zeros((28, 28), np.float32)
    bar[10:13, 4:24] = 1
    broken = bar.copy()
    broken[:, 13:15] = 0
    for after, kind in ((bar, "become_unlike"), (broken, "become_broken")):
        test = Test({"kind": "redraw"}, replace(outcome(0.1), pixels=bar), replace(outcome(0.9), pixels=after))
        search = Search(None, Change((), test, 3), 7, seen(1.5) if kind == "become_unlike" else None)
        (claim,) = becoming_claims(search, 3)
        assert claim.kind == kind
        assert [(look.strangeness, look.is_digit) for look in claim.looks] == [(1.5, False)] * len(claim.looks)
        assert [look.pixels.tolist() for look in claim.looks] == [after.tolist()] * (kind == "become_unlike")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("language", languages())
def test_what_looks_like_a_digit_is_told_only_where_that_was_asked(language: str, level: str) -> None:
    change = Change((Edit("erase", region="top"),), Test({"kind": "erase"}, outcome(0.1), outcome(0.9)), 3)
    searches = [Search(change, None, 7, seen(strangeness)) for strangeness in (0.5, None)]
    said = [put_into_words(becoming_claims(search, 3), language, level)[-1] for search in searches]
    assert said[0].kind == "become_size"
    assert [look.is_digit for look in said[0].looks] == [True]
    assert not said[1].looks
    checks = re.compile("look|novelty|aussieht|aussehen|Neuheit|parece|novedad|ressemble|voit|nouveauté")
    assert [bool(checks.search(claim.sentence)) for claim in said] == [True, False]


def test_the_figure_of_a_change_that_does_not_do_it_does_not_say_that_it_does() -> None:
    biases = np.zeros(10)
    for lead, title in ((3.0, "The change that came closest to 3"), (0.0, "How 5 would become 3")):
        biases[5], weights = 3.0, np.zeros((10, 28, 28))
        weights[3] = 0.0 if lead else -0.2
        biases[3] = 0.0 if lead else 20.0
        (figure,) = Bot(FakeClassifier(weights, biases)).ask(drawn("five"), "what would make it a 3?").figures
        assert figure.title == title


def test_one_figure_shows_what_to_change() -> None:
    bot = Bot(FakeClassifier.random(scale=0.1))
    read = bot.read(drawn("five")).prediction.digit
    other = (read + 1) % 10
    reply = bot.ask(drawn("five"), f"what would make it {other}?")
    assert reply.question.type == "how_to_become"
    (figure,) = reply.figures
    assert figure.id == f"become_{other}"
    assert str(other) in figure.alt
    change = next(claim for claim in reply.claims if claim.kind.startswith("become_"))
    assert words("en").done(change.slots["edits"]) in figure.alt  # type: ignore[arg-type]
    assert reply.details


def test_pieces_of_strokes_are_told_by_their_places_together() -> None:
    mask = np.zeros((28, 28), bool)
    edits = [Edit("add", mask, region=place, ink=mask) for place in ("top", "left", "top")]
    edits += [Edit("cut", mask, region="bottom_right")]
    assert (
        words("en").done(edits) == "some ink added at the top and on the left and some ink erased at the bottom right"
    )
    assert words("en").orders(edits).startswith("draw some ink at the top and on the left (blue")
