"""Which digits are mixed up: pairs both ways, one digit, level pairs, and the picture at hand."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from bot.figures.record import COUNTED, _shades
from bot.question import Question
from bot.questions.confusions import RARE
from bot.record.counts import Counts
from bot.suggestions import suggest
from bot.values import Session
from tests.bot import made
from tests.bot.records import bundled, claims, figures, identity, kinds, measured, said, table, without

PAIR = identity(measured=measured(table({(5, 3): 7, (3, 5): 3, (9, 4): 2})))


def test_of_the_bundled_weights_every_number_is_the_record_s() -> None:
    record = bundled().record["measured"]
    assert isinstance(record, dict)
    counts = np.array(record["confusion"])
    answered = {claim.kind: claim for claim in claims("confusions", bundled())}
    both = np.triu(counts + counts.T, 1)
    one, two = (int(place) for place in np.unravel_index(both.argmax(), both.shape))
    first = answered["confusions_first"]
    assert {first.slots["digit"], first.slots["other"]} == {one, two}
    assert first.slots["there"] == counts[first.slots["digit"], first.slots["other"]]
    assert first.slots["back"] == counts[first.slots["other"], first.slots["digit"]]
    assert first.slots["there"] == record["most_confused"][0]["pictures"]
    assert said(answered["confusions_rare"]) == [
        record["mistakes"],
        record["pictures"],
        round(100 * (1 - record["accuracy"]), 1),
    ]
    assert said(answered["confusions_never"]) == [45, int((both[np.triu_indices(10, 1)] == 0).sum())]
    for claim in answered.values():
        assert all(one.source == "record" for one in claim.evidence)


def test_a_pair_is_told_both_ways() -> None:
    first, further, *_ = claims("confusions", PAIR)
    assert first.sentence == (
        "I mix up 5 and 3 most often: 7 times I took a 5 for a 3, and 3 times a 3 for a 5."
    )  # fmt: skip
    assert further.sentence == "Next come 9 and 4 (2 times a 9 for a 4, never the other way round)."
    assert [one.value for one in first.evidence] == [7.0, 3.0]


def test_the_mirror_turns_the_sentences_round() -> None:
    mirrored = identity(measured=measured(np.array(PAIR.record["measured"]["confusion"]).T.tolist()))  # type: ignore[index,call-overload]
    assert claims("confusions", mirrored)[0].sentence == (
        "I mix up 3 and 5 most often: 7 times I took a 3 for a 5, and 3 times a 5 for a 3."
    )
    here, there = claims("confusions", PAIR, digit=5)[:2]
    back, forth = claims("confusions", mirrored, digit=5)[:2]
    assert (here.slots["taken"], there.slots["taken"]) == (forth.slots["taken"], back.slots["taken"])


def test_rows_exchanged_exchange_the_digits() -> None:
    counts = np.array(table({(5, 3): 7}))
    order = np.arange(10)
    order[[5, 6]] = 6, 5
    exchanged = identity(measured=measured(counts[np.ix_(order, order)].tolist()))
    said_of_five = claims("confusions", identity(measured=measured(counts.tolist())), digit=5)[0].sentence
    said_of_six = claims("confusions", exchanged, digit=6)[0].sentence
    assert said_of_six == said_of_five.replace("5", "6")


def test_of_one_digit_what_it_was_taken_for_and_what_for_it() -> None:
    of, taken_for, *_ = claims("confusions", PAIR, digit=5)
    assert of.sentence == "I misread 7 of 107 test pictures of a 5: as 3 (7 times)."
    assert taken_for.sentence == "The other way round, I read 3 pictures of other digits as 5: 3 (3 times)."
    none, never, *_ = claims("confusions", PAIR, digit=8)
    assert none.sentence == "I misread none of 100 test pictures of an 8."
    assert never.kind == "confusions_for_none"
    rows = table({(5, 3): 7})
    rows[8] = [0] * 10
    assert kinds("confusions", identity(measured=measured(rows)), digit=8)[0] == "accuracy_one_untested"


def test_level_pairs_are_named_together_as_long_as_they_are_few() -> None:
    two = identity(measured=measured(table({(5, 3): 4, (9, 4): 4})))
    assert kinds("confusions", two)[0] == "confusions_level"
    many = identity(measured=measured(table({(n, n + 1): 1 for n in range(6)})))
    first, *rest = claims("confusions", many)
    assert first.kind == "confusions_scattered"
    assert said(first) == [6]
    assert "once each" in first.sentence
    assert "confusions_further" not in [claim.kind for claim in rest]
    four = identity(measured=measured(table({(5, 3): 9, (9, 4): 7, (6, 1): 5, (2, 7): 3})))
    assert [pair.digit for pair in claims("confusions", four)[1].slots["pairs"]] == [9, 6]  # type: ignore[attr-defined]
    after = identity(measured=measured(table({(5, 3): 9, **{(n, n + 1): 1 for n in (0, 2, 6, 8)}})))
    assert "confusions_further" not in kinds("confusions", after), "four level pairs are not four that stand out"


def test_no_mistakes_at_all() -> None:
    perfect = identity(measured=measured(table({})))
    assert kinds("confusions", perfect)[0] == "confusions_none"
    assert "no mistakes" in figures("confusions", perfect)[0].alt


def test_rare_is_said_up_to_a_border() -> None:
    for wrong, kind in ((20, "confusions_rare"), (21, "confusions_frequent")):
        rows = table({(5, 3): wrong})
        rows[5][5] = 100 - wrong
        assert kind in kinds("confusions", identity(measured=measured(rows)))
    assert RARE == 0.02


def test_without_the_table_one_sentence_says_what_measures_it() -> None:
    for weights in (identity(), without(PAIR, "confusion"), replace(PAIR, sha256="1" * 64, record={})):
        (only,) = claims("confusions", weights)
        assert only.kind == "table_unknown"
        assert "python -m model.evaluate" in only.sentence
        assert figures("confusions", weights) == []


def test_with_such_a_digit_at_hand_the_question_that_fits_it() -> None:
    reading = made.reading()  # reads 5
    here = claims("confusions", PAIR, reading)[-1]
    assert here.kind == "confusions_here"
    assert here.slots["instead"] == Question("why_not", {"other": 3})
    assert "Why not 3?" in here.sentence
    assert kinds("confusions", PAIR, reading, digit=3)[-1] == "confusions_here"
    for other in (9, 8):  # never mixed up with the 5 at hand
        assert "confusions_here" not in kinds("confusions", PAIR, reading, digit=other)
    assert "confusions_here" not in kinds("confusions", PAIR, replace(reading, reason="not_a_digit"))
    assert "confusions_here" not in kinds("confusions", PAIR)


def test_it_is_offered_on_a_button_too() -> None:
    reading = made.reading()
    reading.case.classifier.identity = PAIR
    session = Session(reading=reading)
    assert suggest(session, Question("confusions"))[0] == "Why not 3?"
    offered = suggest(session, Question("confusions", {"digit": 9}))
    assert offered[0] == "How accurate are you on 9?"


def test_the_figure_tells_the_three_largest() -> None:
    weights = identity(measured=measured(table({(5, 3): 7, (9, 4): 5, (6, 1): 4, (2, 7): 1})))
    (figure,) = figures("confusions", weights)
    assert "5 read as 3 (7); 9 read as 4 (5); 6 read as 1 (4)." in figure.alt
    assert "2 read as 7" not in figure.alt
    assert np.asarray(Image.open(io.BytesIO(figure.png))).shape[1] == 720


def test_the_figure_greys_the_diagonal_and_colours_the_rest_by_count() -> None:
    shades = _shades(Counts(np.array(table({(5, 3): 7, (9, 4): 2}))).table)
    assert np.ptp(shades[0, 0]) == 0
    assert shades[0, 0, 0] < 1
    assert (shades[0, 1] == 1).all()
    assert np.ptp(shades[5, 3]) > np.ptp(shades[9, 4]) > 0
    assert tuple(shades[5, 3]) == COUNTED(1.0)[:3]


@pytest.mark.parametrize("digit", [None, 5])
def test_the_figure_outlines_the_digit_asked_about(digit: int | None) -> None:
    slots = {} if digit is None else {"digit": digit}
    (figure,) = figures("confusions", PAIR, **slots)
    colours = np.asarray(Image.open(io.BytesIO(figure.png)).convert("RGB")).reshape(-1, 3)
    outlined = (colours == (0, 0x72, 0xB2)).all(axis=1).any()
    assert outlined == (digit is not None)
