"""How accurate are you: of all digits, of one, and of weights whose record lacks something."""

from __future__ import annotations

import numpy as np
import pytest

from bot.questions.accuracy import FITTING
from bot.record.claims import calibration_claims
from bot.record.counts import counts_of
from bot.record.measured import never_seen, short_name
from model.catalogue import DATA_SETS
from tests.bot.records import bundled, claims, figures, identity, kinds, measured, said, table, trained, without
from tests.bot.spoken import put_into_words

ONE_WRONG = identity(measured=measured(table({(5, 3): 25})))  # 25 of the 125 fives


def test_of_the_bundled_weights_every_number_is_the_record_s() -> None:
    record = bundled().record["measured"]
    assert isinstance(record, dict)
    overall, extremes, fit, on = claims("accuracy", bundled())
    right = round(100 * record["accuracy"], 1)
    assert said(overall) == [record["pictures"] - record["mistakes"], record["pictures"], right, record["mistakes"]]
    by_digit = record["accuracy_by_digit"]
    best, worst = int(np.argmax(by_digit)), int(np.argmin(by_digit))
    assert said(extremes) == [best, round(100 * by_digit[best], 1), worst, round(100 * by_digit[worst], 1)]
    assert said(fit) == [round(100 * record["ece"], 1)]
    assert on.kind == "measured_on_mnist_unseen"
    assert not said(on)


@pytest.mark.parametrize("digit", range(10))
def test_of_one_digit_its_own_row_and_column(digit: int) -> None:
    record = bundled().record["measured"]
    assert isinstance(record, dict)
    counts = np.array(record["confusion"])
    answered = claims("accuracy", bundled(), digit=digit)
    one = answered[0]
    assert said(one)[:2] == [record["pictures_by_digit"][digit], digit]
    wrong = counts[digit].sum() - counts[digit, digit]
    share = pytest.approx(100 * record["accuracy_by_digit"][digit], abs=0.051)
    assert said(one)[2:] == ([counts[digit, digit], share, wrong] if wrong else []), "else all of them are right"
    precision = next(claim for claim in answered if claim.kind == "accuracy_said")
    assert said(precision)[1:4] == [counts[:, digit].sum(), digit, counts[digit, digit]]
    assert all(one.source == "record" for claim in answered for one in claim.evidence)


def test_how_a_digit_compares() -> None:
    assert "accuracy_rank_worst" in kinds("accuracy", ONE_WRONG, digit=5)
    assert "accuracy_rank_best" in kinds("accuracy", ONE_WRONG, digit=4)
    three = identity(measured=measured(table({(5, 3): 25, (4, 9): 5})))
    assert "accuracy_rank_between" in kinds("accuracy", three, digit=4)


def test_level_digits_are_named_together_and_all_alike_are_said_to_be() -> None:
    level = identity(measured=measured(table({(5, 3): 25, (8, 3): 25, **{(n, 0): 1 for n in (1, 2, 3, 4, 6, 7, 9)}})))
    (extremes,) = [claim for claim in claims("accuracy", level) if claim.kind == "accuracy_extremes"]
    assert extremes.slots["hardest"] == (5, 8)
    assert extremes.slots["easiest"] == (0,)
    assert "5 and 8 worst" in extremes.sentence
    alike = identity(measured=measured(table({(n, (n + 1) % 10): 3 for n in range(10)})))
    assert "accuracy_even" in kinds("accuracy", alike)
    assert "accuracy_even" in kinds("accuracy", alike, digit=7)


def test_none_wrong_is_all_and_not_over_so_much() -> None:
    perfect = identity(measured=measured(table({})))
    assert claims("accuracy", perfect)[0].sentence == "I read all 1,000 test pictures right."
    assert claims("accuracy", perfect, digit=8)[0].sentence == "I read all 100 test pictures of an 8 right."
    assert "99.9" not in " ".join(claim.sentence for claim in claims("accuracy", perfect))


def test_a_digit_without_test_pictures_is_not_known() -> None:
    rows = table({})
    rows[7] = [0] * 10
    assert kinds("accuracy", identity(measured=measured(rows)), digit=7)[0] == "accuracy_one_untested"
    assert 7 not in counts_of(identity(measured=measured(rows))).extreme(best=False)  # type: ignore[union-attr]


def test_shown_and_read_are_not_mixed_up() -> None:
    """The mirror: with rows and columns exchanged, so are what is read right and what is said rightly."""
    mirrored = identity(measured=measured(np.array(table({(5, 3): 25})).T.tolist()))
    for weights, right_of_five, right_when_five in ((ONE_WRONG, 80.0, 100.0), (mirrored, 100.0, 80.0)):
        answered = claims("accuracy", weights, digit=5)
        (precision,) = [claim for claim in answered if claim.kind == "accuracy_said"]
        assert said(precision)[-1] == right_when_five
        assert 100 * (answered[0].slots["accuracy"]) == right_of_five  # type: ignore[operator]


def test_percentages_are_called_fitting_up_to_a_border() -> None:
    for ece, kind in ((0.0, "percentages_fit"), (FITTING, "percentages_fit"), (FITTING + 0.001, "percentages_off")):
        assert kind in kinds("accuracy", identity(measured=measured(table({}), ece=ece)))
    for wrong in (None, "0.01", 2, -0.1, float("nan"), True):
        found = kinds("accuracy", identity(measured=measured(table({}), ece=wrong)))
        assert not [kind for kind in found if kind.startswith("percentages_")], wrong


def test_without_a_record_one_sentence_says_what_measures_it() -> None:
    for weights in (identity(), identity(measured={}), identity(measured=None), identity(measured=[1])):
        for slots in ({}, {"digit": 4}):
            (only,) = claims("accuracy", weights, **slots)
            assert only.kind == "accuracy_unknown"
            assert "python -m model.evaluate" in only.sentence
            assert said(only) == []
        assert figures("accuracy", weights) == []


def test_a_record_of_other_weights_is_none() -> None:
    other = identity(measured=measured(table({(5, 3): 25}), sha256="1" * 64))
    assert kinds("accuracy", other) == ["accuracy_unknown"]
    own = identity(measured=measured(table({(5, 3): 25}), sha256="0" * 64))
    assert kinds("accuracy", own)[0] == "accuracy_overall"


def test_of_half_a_record_only_what_it_holds_is_said() -> None:
    sums = without(ONE_WRONG, "confusion")
    assert kinds("accuracy", sums) == ["accuracy_overall", "percentages_fit", "measured_on_mnist"]
    assert kinds("accuracy", sums, digit=5)[:2] == ["accuracy_overall", "table_unknown"]
    share = without(ONE_WRONG, "confusion", "mistakes", "ece")
    assert kinds("accuracy", share) == ["accuracy_share", "measured_on_mnist"]
    assert said(claims("accuracy", share)[0]) == [98.0]  # 25 of 1,025
    assert kinds("accuracy", without(ONE_WRONG, "confusion", "mistakes", "accuracy")) == ["accuracy_unknown"]
    assert figures("accuracy", sums) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"confusion": [[1] * 10] * 9}, {"confusion": [[1.5] * 10] * 10}, {"confusion": [[-1] * 10] * 10},
        {"confusion": "a table"}, {"confusion": [[0] * 10] * 10, "pictures": 0}, {"pictures": 7},
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_is_not_believed(wrong: dict[str, object]) -> None:
    weights = identity(measured={**measured(table({(5, 3): 25})), **wrong})
    assert counts_of(weights) is None
    assert "accuracy_extremes" not in kinds("accuracy", weights)


def test_of_other_labels_nothing_is_said_by_digit() -> None:
    shirts = identity(measured=measured(table({(5, 3): 25})), labels=["shirt"] * 10)
    assert counts_of(shirts) is None
    assert "accuracy_extremes" not in kinds("accuracy", shirts)
    assert counts_of(identity(measured=measured(table({})), labels=list("0123456789"))) is not None


def test_of_other_pictures_their_name_is_said() -> None:
    other = identity(measured=measured(table({(5, 3): 25}), data="USPS [test](http://x) pictures\n# big"))
    on = claims("accuracy", other)[-1]
    assert on.kind == "measured_on_other"
    assert "“USPS test (http //x) pictures big”" in on.sentence
    assert "MNIST" not in on.sentence
    assert "measured_on_mnist" in kinds("accuracy", ONE_WRONG)
    assert "measured_on_mnist_unseen" in kinds("accuracy", identity(training=trained(), **ONE_WRONG.record))
    for began in (None, "weights 0123456789ab"):  # which may have seen the test pictures
        known = identity(training=trained(started_from=began), **ONE_WRONG.record)
        assert "measured_on_mnist" in kinds("accuracy", known)
    assert not [kind for kind in kinds("accuracy", without(ONE_WRONG, "data")) if kind.startswith("measured_on")]


def test_that_the_test_pictures_were_new_is_said_only_where_it_is_known() -> None:
    letters = DATA_SETS["emnist-letters"]
    learnt = {
        True: [
            trained(),
            trained(started_from="ImageNet weights"),
            trained(started_from="weights 01", before=trained()),
        ],
        False: [
            {},
            trained(started_from="weights 0123456789ab"),
            trained(data="MNIST and its test pictures"),
            trained(data=letters.trained_on),
            trained(started_from="weights 01", before=trained(data=letters.trained_on)),
        ],
    }
    for known, records in learnt.items():
        for record in records:
            (claim,) = calibration_claims(identity(training=record, **ONE_WRONG.record))
            assert claim.kind == ("calibration" if known else "calibration_measured"), record
            (said_so,) = put_into_words([claim], "en")
            assert ("never seen" in said_so.sentence) is known
    own = measured(table({}), data=letters.measured_on)
    assert never_seen(identity(training=trained(data=letters.trained_on), measured=own))
    assert not never_seen(identity(training=trained(), measured=own))


def test_a_name_is_short_and_in_one_line() -> None:
    assert short_name("x" * 500) == "x" * 80
    assert short_name(" a\n b ") == "a b"
    for nothing in ("", "`*`", None, 5, ["MNIST"]):
        assert short_name(nothing) is None


def test_the_figure_tells_the_easiest_and_the_hardest_digit() -> None:
    (figure,) = figures("accuracy", ONE_WRONG)
    assert "least often: 5 (80 %)" in figure.alt
    assert "{" not in figure.alt
    (of_five,) = figures("accuracy", ONE_WRONG, digit=5)
    assert of_five.png != figure.png
    perfect = figures("accuracy", identity(measured=measured(table({}))))[0].alt
    assert "100 %" in perfect
    assert "least" not in perfect
