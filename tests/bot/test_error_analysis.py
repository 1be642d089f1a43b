"""The error analysis: what is said of a misread digit, what is suggested and what is not, and the page."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

import bot.error_analysis as error_analysis
from bot.claims.causes import Claim
from bot.error_analysis import Run, comparison, page, rows, suggestions
from bot.error_analysis.comparison import Borders, Comparison, Group, borders, compare, groups_of, tail
from bot.error_analysis.misread import misled, misread_claims
from bot.error_analysis.summary import Summary
from bot.question import Question
from bot.questions.base import Asked
from bot.values import Reading, Session
from bot.words.render import languages
from explainers.drawn import drawn_digits
from model import evaluate, recheck
from model.datasets import LabelledPictures
from model.load import BUNDLED
from model.sweep.rows import Rows
from model.values import DigitImage
from tests.bot.boxes import DIGIT, case_of
from tests.bot.schemas import check_reply
from tests.fakes import FakeClassifier
from tests.trained import trained_classifier

# What is said of one misread digit


def asked_about(logits: Mapping[int, float], bias: float = 0.0) -> Asked:
    """Boxes that are a 5, each worth so many logits, and are read as 3."""
    case = case_of(logits, bias)
    assert case.prediction.digit == 3
    reading = Reading(DigitImage(case.pixels), case, None)
    return Asked(Question("correct_me", {"digit": DIGIT}), Session(reading=reading, level="expert"))


def kinds(claims: Sequence[Claim]) -> list[str]:
    return [claim.kind for claim in claims]


def test_a_part_that_misled_is_named_only_with_its_test_and_its_control() -> None:
    asked = asked_about({0: -6.0, 1: 1.0, 2: 1.0}, bias=3.0)
    told = list(misread_claims(asked))
    tests = [claim for claim in told if claim.test is not None]
    assert tests
    assert {claim.parts[0].id for claim in tests if claim.parts} >= {"part_1"}
    (found,) = misled(asked)
    assert found == {"change": "erase", "form": "dot", "place": "top_left", "wins": True}
    (obstacle,) = [claim for claim in tests if claim.kind.startswith(("first_obstacle_erase", "both_erase"))]
    assert obstacle.parts[0].id == "part_1"
    assert obstacle.test is not None
    assert obstacle.test.after.digit == DIGIT


def test_where_no_test_finds_it_nothing_is_said_to_have_misled() -> None:
    asked = asked_about(dict.fromkeys(range(6), 0.1))
    assert misled(asked) == []
    assert not [kind for kind in kinds(list(misread_claims(asked))) if kind.startswith(("first_obstacle", "both_"))]


def test_it_is_said_what_would_have_warned() -> None:
    sure, close = asked_about({0: -8.0}), asked_about({0: 1.9})
    assert "errors_warned_none" in kinds(list(misread_claims(sure)))
    assert "errors_warned_close_call" in kinds(list(misread_claims(close)))
    assert "errors_warned_none" not in kinds(list(misread_claims(close)))


def test_where_both_methods_look_for_both_digits() -> None:
    told = list(misread_claims(asked_about({0: -6.0, 2: 3.0})))
    looks = {claim.digit: claim for claim in told if claim.kind == "errors_looks"}
    assert {digit: claim.parts[0].id for digit, claim in looks.items()} == {3: "part_1", 5: "part_3"}


# Comparisons


def misread_row(image: int, label: int = 4, digit: int = 9, **more: object) -> dict:
    form = dict.fromkeys(comparison.MEASURES) | {"slant": 0.0}
    given = {name: more.pop(name) for name in list(more) if name in form}
    fields = {"image": image, "label": label, "digit": digit, "misled": [], "neighbours": None, "cues": []}
    return fields | {"form": form | given} | more


def right_rows(label: int = 4, count: int = 200) -> list[dict]:
    """Slants from -10 to 10."""
    return [
        misread_row(10_000 + k, label, label, slant=float(slant)) for k, slant in enumerate(np.linspace(-10, 10, count))
    ]


def test_the_tail_of_a_binomial() -> None:
    assert tail(0, 7, 0.3) == pytest.approx(1)
    assert tail(7, 7, 0.3) == pytest.approx(0.3**7)
    assert tail(1, 2, 0.5) == pytest.approx(0.75)
    assert tail(5, 5_000, 0.001) == pytest.approx(0.5595, abs=1e-3), "also of many pictures"


def test_borders_leave_one_in_twenty_outside_on_each_side() -> None:
    found = borders(right_rows())["slant", 4]
    assert (found.low, found.high) == pytest.approx((-9, 9), abs=0.1)
    assert found.share_low == found.share_high == 0.05
    flat = borders([misread_row(k, 4, 4, slant=1.0) for k in range(9)])["slant", 4]
    assert (flat.share_low, flat.share_high) == (0, 0), "nothing lies outside of what is always the same"


def test_a_digit_is_compared_with_its_own_and_strictly() -> None:
    known = {("slant", 4): Borders(-9, 9, 0.05, 0.05), ("slant", 7): Borders(-30, -20, 0.05, 0.05)}
    rows_ = [
        misread_row(1, slant=9.0),
        misread_row(2, slant=9.1),
        misread_row(3, slant=-9.1),
        misread_row(4, 7, 1, slant=0),
    ]
    found = {(one.group, one.side): one for one in compare(rows_, known, 3) if one.measure == "slant"}
    assert found[Group(None, None), "high"].beyond == (2, 4)
    assert found[Group(None, None), "low"].beyond == (3,)
    assert found[Group(4, 9), "high"].beyond == (2,)
    assert found[Group(4, 9), "high"].expected == pytest.approx(0.15)
    assert Group(7, 1) not in {group for group, _ in found}, "one picture is no group"


def test_groups_have_enough_pictures() -> None:
    some = [misread_row(1), misread_row(2), misread_row(3, 4, 6), misread_row(4, 5, 3)]
    assert groups_of(some, 3) == [Group(None, None), Group(4, None)]
    assert Group(4, 9) in groups_of(some, 2)


# Each suggestion at its border


FOURS = Group(4, 9)


def compared(beyond: int, chance: float, group: Group = FOURS, members: int = 9) -> Comparison:
    return Comparison(group, "opening", "low", tuple(range(beyond)), members, 9, 0.4, chance)


def test_how_digits_are_written_counts_up_to_what_chance_explains() -> None:
    bar = 0.001
    (found,) = suggestions.written([compared(5, bar)], bar)
    assert (found.advice, found.group, found.images) == ("opening_low", Group(4, 9), (0, 1, 2, 3, 4))
    assert not list(suggestions.written([compared(5, bar * 1.01)], bar))
    assert not list(suggestions.written([compared(suggestions.LEAST - 1, 0.0)], bar))
    (part,) = suggestions.written([compared(5, bar, members=12)], bar)
    assert (found.slots["some"], part.slots["some"]) == (False, True), "of so many of them that can be measured"
    clearest = [compared(5, 1e-4), compared(6, 1e-6, Group(None, None)), compared(4, 1e-5, Group(4, None))]
    assert [one.group for one in suggestions.written(clearest, bar)] == [Group(None, None)], "of a measure the clearest"


def test_what_was_tested_counts_from_a_third_on() -> None:
    wins = {"misled": [{"change": "fill", "form": "opening", "place": "top", "wins": True}]}
    rises = {"misled": [{"change": "fill", "form": "opening", "place": "top", "wins": False}]}
    border = [misread_row(k, **wins) for k in range(3)] + [misread_row(k, **rises) for k in range(3, 9)]
    (found,) = suggestions.tested(border)
    assert (found.advice, found.images, found.slots) == ("tested_fill", (0, 1, 2), {"count": 3, "pictures": 9})
    assert not list(suggestions.tested([*border, misread_row(9)])), "3 of 10"
    assert not list(suggestions.tested(border[:2])), "two are no pattern"


def read(label: int, digit: int, count: int, sure: float = 12.0) -> list[dict]:
    logits = np.zeros(10)
    logits[digit] = sure
    return [misread_row(k, label, digit, logits=logits.tolist()) for k in range(count)]


def test_a_pair_mixed_up_one_way_only() -> None:
    def found(there: int, back: int) -> list[suggestions.Suggestion]:
        pairs = Summary([*read(5, 3, there), *read(3, 5, back), *read(1, 1, 3)], 1.0).counts.pairs()
        return list(suggestions.one_way(pairs, 0.01))

    (one,) = found(8, 0)  # 2 / 2⁸ = 0.008
    assert one.slots["chance"] == pytest.approx(2 / 2**8)
    assert (one.slots["digit"], one.slots["other"]) == (5, 3)
    assert not found(7, 0)
    assert not found(8, 3)


def test_a_digit_misread_more_often_than_all() -> None:
    def found(wrong: int) -> list[suggestions.Suggestion]:
        every = [*read(5, 3, wrong), *read(5, 5, 100 - wrong), *read(1, 1, 900)]
        return list(suggestions.hard(Summary(every, 1.0), [1, 5], 0.001))

    (one,) = found(6)
    assert one.slots["digit"] == 5
    assert one.slots["share"] == 0.06
    assert not found(2)


def test_labels_are_doubted_from_eight_of_ten_neighbours_on() -> None:
    def found(agreeing: int, pictures: int = suggestions.LEAST) -> list[suggestions.Suggestion]:
        neighbours = [9] * agreeing + [4] * (10 - agreeing)
        return list(
            suggestions.labels([*(misread_row(k, neighbours=neighbours) for k in range(pictures)), misread_row(8)])
        )

    (one,) = found(8)
    assert one.images == (0, 1, 2)
    assert one.slots["pictures"] == 3, "without training pictures nothing is known of the other"
    assert not found(7)
    assert not found(8, 2), "two are no pattern"


def test_the_temperature_is_doubted_above_one_percent() -> None:
    sure = [*read(5, 5, 98), *read(5, 3, 2)]
    assert [one.advice for one in suggestions.calibration(Summary(sure, 1.0))] == ["calibration"]
    right = read(5, 5, 100)
    assert not list(suggestions.calibration(Summary(right, 1.0)))


def test_from_the_rows_to_the_suggestion() -> None:
    leaning = [misread_row(k, slant=20.0, logits=read(4, 9, 1)[0]["logits"]) for k in range(6)]
    right = [row | {"logits": read(4, 4, 1)[0]["logits"]} for row in right_rows()]
    found, tests = suggestions.suggestions(Summary([*leaning, *right], 1.0))
    assert tests > 2
    assert "slant_high" in [one.advice for one in found]
    usual = [row | {"form": row["form"] | {"slant": 0.0}} for row in leaning]
    assert "slant_high" not in [one.advice for one in suggestions.suggestions(Summary([*usual, *right], 1.0))[0]]


def test_the_interval_of_the_accuracy() -> None:
    low, high = Summary([*read(5, 5, 90), *read(5, 3, 10)], 1.0).accuracy_interval
    assert (low, high) == pytest.approx((0.8256, 0.9448), abs=1e-4)  # Wilson's interval of 90 of 100
    low, high = Summary(read(5, 5, 10), 1.0).accuracy_interval
    assert high == pytest.approx(1)
    assert low < 0.75


# The page


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> FakeClassifier:
    """A linear reader of drawn digits, and a test set of 12 of them of which 3 bear another label than what is read."""
    drawn = [drawn_digits(digit) for digit in range(10)]
    weights = np.stack([some.mean(axis=0) for some in drawn])
    weights = 0.4 * (weights - weights.mean(axis=0))
    weights /= np.linalg.norm(weights, axis=(1, 2), keepdims=True)
    fake = FakeClassifier(4 * weights)
    pictures = np.stack([drawn[digit][0] for digit in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1)])
    labels = fake.logits(pictures).argmax(axis=1)
    labels[[3, 4, 7]] = (labels[[3, 4, 7]] + 1) % 10
    few = LabelledPictures((pictures * 255).round().astype(np.uint8), labels)
    monkeypatch.setattr(error_analysis.datasets, "load", lambda name, split: few)
    for module in (error_analysis, rows):
        monkeypatch.setattr(module, "classifier_of", lambda model, device: fake)
    monkeypatch.setattr(rows, "nearest_labels", lambda pixels, dataset: (1,) * 10)
    return fake


@pytest.mark.parametrize("language", languages())
def test_the_page_about_three_misread_digits(data: FakeClassifier, tmp_path: Path, language: str) -> None:
    out = tmp_path / "report.html"
    summary = error_analysis.write_report(Run(language=language), out)
    assert sorted(row["image"] for row in summary.misread) == [3, 4, 7]
    text = out.read_text(encoding="utf-8")
    assert re.findall(r'<article id="picture-(\d+)">', text) == [str(row["image"]) for row in summary.misread]
    assert f'lang="{language}"' in text
    assert not re.search(r"<script|https?://|<link|@import|url\(", text), "it loads nothing"
    assert not re.search(
        r"\{\{|\bNone\b|\bnan\b", re.sub(r"data:image/png;base64,[^\"]*|<style>.*?</style>", "", text, flags=re.S)
    )
    targets = set(re.findall(r'href="#([^"]*)"', text))
    assert targets
    assert targets <= set(re.findall(r'id="([^"]*)"', text))
    replies = [json.loads(line) for line in out.with_suffix(".replies.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(replies) == 3
    for reply, row in zip(replies, summary.misread, strict=True):
        check_reply(reply)
        assert reply["language"] == language
        asked = [(one["method"], one["target"]) for one in reply["attributions"]]
        assert sorted(asked) == sorted((m, t) for m in rows.METHODS for t in (row["digit"], row["label"]))
        assert all(claim["test"] for claim in reply["claims"] if claim["topic"] == "cause" and claim["parts"])


def test_the_same_data_give_the_same_bytes_also_after_a_kill(data: FakeClassifier, tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.html", tmp_path / "cut.html"
    error_analysis.write_report(Run(), whole)
    lines = whole.with_suffix(".jsonl").read_bytes().splitlines(keepends=True)
    cut.with_suffix(".jsonl").write_bytes(b"".join(lines[:6]) + lines[6][:50])
    before = data.runs
    error_analysis.write_report(Run(), cut)
    assert cut.read_bytes().replace(b"cut.", b"whole.") == whole.read_bytes()
    found = Rows.read(cut.with_suffix(".jsonl"))
    assert found is not None
    assert [row["image"] for row in found.rows] == list(range(12))
    again = data.runs
    error_analysis.write_report(Run(), cut)
    assert data.runs == again, "with all rows there, nothing is run"
    assert again > before


def test_rows_in_another_language_are_not_mixed(data: FakeClassifier, tmp_path: Path) -> None:
    error_analysis.write_report(Run(images=2), tmp_path / "report.html")
    with pytest.raises(ValueError, match="another language"):
        error_analysis.write_report(Run(images=2, language="de"), tmp_path / "report.html")


def test_without_mistakes_the_page_says_so(data: FakeClassifier, tmp_path: Path) -> None:
    summary = error_analysis.write_report(Run(images=1), tmp_path / "report.html")
    assert not summary.misread
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "nothing to explain" in text
    assert "<article" not in text


def test_the_command_hands_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given: list[tuple[Run, Path]] = []

    def write(run: Run, out: Path) -> Summary:
        given.append((run, out))
        return Summary([*read(5, 5, 3), *read(5, 3, 1)], 1.0)

    monkeypatch.setattr(error_analysis, "write_report", write)
    monkeypatch.setattr(evaluate, "_measure", lambda options: pytest.fail("the bundled record is of these weights"))
    out = tmp_path / "report.html"
    monkeypatch.setattr(
        sys, "argv", ["evaluate", "--report", str(out), "--images", "4", "--workers", "2", "--language", "de"]
    )
    evaluate.main()
    assert given == [(Run(None, "auto", 2, "processes", 4, "test", "de", True), out)]
    assert "1 of 4 misread" in capsys.readouterr().out


@pytest.mark.weights
def test_every_test_of_a_real_report_can_be_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A drawn 4 under the label 9 stands for a misread digit, whatever these weights misread."""
    classifier = trained_classifier("cpu")
    monkeypatch.setattr(rows, "nearest_labels", lambda pixels, dataset: None)
    picture = (drawn_digits(4)[0] * 255).round().astype(np.uint8)
    digit = classifier.predict(picture.astype(np.float32) / 255).digit
    (row,) = rows.rows_of(classifier, [(0, picture, (digit + 5) % 10)], "en", explain=True)
    found = recheck.recheck([json.loads(json.dumps(row["reply"]))], recheck.Reference(BUNDLED))
    assert found.tests > 0
    assert found.false == []


def test_what_is_unusual_of_a_picture_is_told() -> None:
    known = {("slant", 4): Borders(-9, 9, 0.05, 0.05)}
    assert page.beyond(misread_row(1, slant=9.1), known) == ["slant_high"]
    assert page.beyond(misread_row(1, slant=9.0), known) == []
