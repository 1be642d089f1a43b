"""What ``python -m benchmarks.faithfulness`` measures, against models whose answers are known."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks import bootstrap, digits
from benchmarks.faithfulness import __main__ as command
from benchmarks.faithfulness import measures, report, scores, study, workers
from benchmarks.faithfulness.fresh import fresh_classifiers, fresh_network
from benchmarks.faithfulness.order import erased, ink_order, inserted
from benchmarks.faithfulness.study import BRIGHTNESS, RANDOM, Study
from explainers.base import Case, Explainer
from explainers.integrated_gradients import IntegratedGradients
from explainers.values import Attribution
from model.classifier import Classifier
from model.datasets import LabelledPictures
from model.sweep.rows import Rows
from tests.explainers.pictures import boxes
from tests.fakes import FakeClassifier, tiny_classifier, tiny_network

PIXELS = boxes(6)[0]
WEIGHTS = np.random.default_rng(3).normal(0.05, 0.1, (28, 28))


class Stub(Explainer):
    """Whatever map it is given; an exception is raised."""

    title, paper, signed, additive, random, resolution = "Stub", "none", True, False, False, "pixel"

    def __init__(self, id: str, answer: object) -> None:
        self.id, self.title, self.answer = id, id.title(), answer  # type: ignore[misc]
        self.asked = 0

    def explain(self, case: Case, target: int) -> Attribution:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return Attribution(self.id, target, np.asarray(self.answer, np.float32), "relative", None, {})


def linear() -> FakeClassifier:
    return FakeClassifier.one_digit(4, WEIGHTS, temperature=0.5)


def measured(*methods: Explainer, correlate: bool = False, classifier: FakeClassifier | None = None) -> dict:
    return Study(classifier or linear(), lambda seed: {}, methods).measure(17, PIXELS, correlate)


# Order and curves


def test_the_largest_signed_values_go_first_and_only_ink_counts() -> None:
    values = np.zeros((28, 28))
    ink = np.argwhere(PIXELS > 0)
    values[tuple(ink[5])], values[tuple(ink[7])], values[0, 0] = 2, -3, 9
    order = ink_order(PIXELS, values, np.random.default_rng(0))
    assert len(order) == len(ink)
    assert order[0].tolist() == ink[5].tolist()
    assert order[-1].tolist() == ink[7].tolist()


def test_equal_values_come_in_random_order() -> None:
    flat = [ink_order(PIXELS, np.ones((28, 28)), np.random.default_rng(seed)).tolist() for seed in (0, 0, 1)]
    assert flat[0] == flat[1] != flat[2]
    assert flat[0] != np.argwhere(PIXELS > 0).tolist()


def test_what_is_erased_and_what_is_put_in_make_the_picture() -> None:
    order = ink_order(PIXELS, PIXELS, np.random.default_rng(0))
    gone, there = erased(PIXELS, order, (0, 0.25, 1)), inserted(PIXELS, order, (0, 0.25, 1))
    assert np.array_equal(gone + there, np.stack([PIXELS] * 3))
    assert np.array_equal(gone[0], PIXELS)
    assert not gone[2].any()
    assert (gone[1] == 0).sum() == (PIXELS == 0).sum() + 0.25 * len(order)


def test_the_curves_of_a_linear_model_are_its_sums() -> None:
    row = measured(Stub("true", WEIGHTS * PIXELS))
    worth = np.sort((WEIGHTS * PIXELS)[PIXELS > 0])[::-1]
    for curve, start, sign in (("deletion", worth.sum(), -1), ("insertion", 0, 1)):
        found = row["methods"]["true"][curve]
        shares = (study.ERASED if curve == "deletion" else study.INSERTED).tolist()
        odds = [start + sign * sum(worth[: round(len(worth) * share)]) - np.log(9) for share in shares]
        assert found["log_odds"] == pytest.approx(odds, abs=1e-4)
        logit = np.array(odds) + np.log(9)  # the digit's logit, all others are 0
        assert found["probability"] == pytest.approx(1 / (1 + 9 * np.exp(-logit / 0.5)), abs=1e-4)


def test_the_true_map_beats_both_controls_and_its_opposite_does_not() -> None:
    row = measured(Stub("true", WEIGHTS * PIXELS), Stub("opposite", -WEIGHTS * PIXELS))
    for score in (scores.DELETION, scores.INSERTION, scores.PATCHES, scores.DELETION_LOGIT, scores.INSERTION_LOGIT):
        for control in (BRIGHTNESS, RANDOM):
            assert scores.gain([row], "true", control, score).mean > 0
            assert scores.gain([row], "opposite", control, score).mean < 0


def test_the_random_control_is_the_mean_of_its_orders() -> None:
    classifier = FakeClassifier.one_digit(4, np.where(PIXELS > 0, 0.01, 0.0) / np.maximum(PIXELS, 0.1))
    found = measured(classifier=classifier)["methods"]
    whole = 0.01 * (PIXELS > 0).sum()
    expected = whole * (1 - study.ERASED) - np.log(9)  # each ink pixel is worth the same
    assert found[RANDOM]["deletion"]["log_odds"] == pytest.approx(expected, abs=0.01)
    entries = [{"a": {"b": [1.0, 2.0]}, "c": 1.0, "d": None}, {"a": {"b": [3.0, 4.0]}, "c": 2.0, "d": 1.0}]
    assert study.mean_entry(entries) == {"a": {"b": [2.0, 3.0]}, "c": 1.5, "d": None}


def test_all_pictures_of_an_image_are_read_in_one_call() -> None:
    class Counting(FakeClassifier):
        calls = 0

        def logits(self, pictures: np.ndarray) -> np.ndarray:
            self.calls += 1
            return super().logits(pictures)

    classifier = Counting(linear().weights)
    measured(Stub("true", WEIGHTS), Stub("other", PIXELS), classifier=classifier)
    assert classifier.calls == 2, "the reading, and everything else"


def test_methods_of_one_order_cost_no_more_than_one_of_them() -> None:
    class Counting(FakeClassifier):
        pictures = 0

        def logits(self, pictures: np.ndarray) -> np.ndarray:
            self.pictures += len(pictures)
            return super().logits(pictures)

    one, two, other = (Counting(linear().weights) for _ in range(3))
    single = measured(Stub("true", WEIGHTS), classifier=one)["methods"]
    twice = measured(Stub("true", WEIGHTS), Stub("scaled", 49 * WEIGHTS), classifier=two)["methods"]
    measured(Stub("true", WEIGHTS), Stub("opposite", -WEIGHTS), classifier=other)
    assert one.pictures == two.pictures < other.pictures
    assert twice["scaled"]["insertion"] == twice["true"]["insertion"] == single["true"]["insertion"]


def test_what_agrees_is_shown_with_its_sign_and_without() -> None:
    row = measured(Stub("sound", WEIGHTS * PIXELS))
    row["methods"]["sound"] |= {"fresh_layer": [0.5, -0.3], "fresh_network": [0.1, None]}
    page = report.report(_head({"sound": "Sound"}), [row], "plot.png")
    assert "| 0.10 (0.40) |" in page
    assert "0.1 |" not in page


def test_the_area_is_the_trapezoid_rule_s() -> None:
    assert measures.area(np.array([1.0, 0.5, 0.0])) == pytest.approx(0.5)
    assert measures.area(np.array([1.0, 0.0, 0.0])) == pytest.approx(0.25)


# Measures of a map


def test_patches_lie_on_the_grid_and_cover_three_tenths() -> None:
    black = measures.patch_sets((28, 28), np.random.default_rng(0))
    assert black.shape == (measures.DRAWS, 28, 28)
    patches = black.reshape(-1, 7, 4, 7, 4).transpose(0, 1, 3, 2, 4).reshape(-1, 49, 16)
    assert np.array_equal(patches.any(axis=2), patches.all(axis=2))
    assert (patches.any(axis=2).sum(axis=1) == 15).all()
    assert len({one.tobytes() for one in black}) == measures.DRAWS


def test_true_weights_have_patch_sensitivity_one() -> None:
    def found(values: np.ndarray) -> float | None:
        return measured(Stub("one", values))["methods"]["one"]["patches"]

    assert found(WEIGHTS * PIXELS) == pytest.approx(1, abs=1e-5)
    assert found(-3 * WEIGHTS * PIXELS) == pytest.approx(-1, abs=1e-5)
    assert abs(found(np.random.default_rng(0).normal(0, 1, (28, 28)))) < 0.6
    assert found(np.zeros((28, 28))) is None


def test_the_background_share_is_counted() -> None:
    values = np.where(PIXELS > 0, -1.0, 0.0)
    assert measures.background_share(values, PIXELS) == 0
    values[PIXELS == 0] = (PIXELS > 0).sum() / (PIXELS == 0).sum()
    assert measures.background_share(values, PIXELS) == pytest.approx(0.5)
    assert measures.background_share(np.zeros((28, 28)), PIXELS) is None


def test_agreement_is_by_rank_signed_and_inside_the_ink() -> None:
    assert measures.ink_agreement(WEIGHTS, WEIGHTS, PIXELS) == pytest.approx(1)
    assert measures.ink_agreement(WEIGHTS, -np.exp(WEIGHTS), PIXELS) == pytest.approx(-1)
    elsewhere = np.where(PIXELS > 0, WEIGHTS, 100)
    assert measures.ink_agreement(WEIGHTS, elsewhere, PIXELS) == pytest.approx(1)
    assert measures.ink_agreement(WEIGHTS, np.full((28, 28), 0.1), PIXELS) is None
    other = np.random.default_rng(9).normal(0, 1, (28, 28))
    assert abs(measures.ink_agreement(WEIGHTS, other, PIXELS)) < 0.3


# Fresh weights


def test_what_is_fresh_comes_in_pairs_that_point_opposite_ways() -> None:
    classifier = tiny_classifier()
    found = fresh_classifiers(classifier, 1)
    for name, (one, other) in found.items():
        assert one.logits(PIXELS[None]) == pytest.approx(-other.logits(PIXELS[None]), abs=1e-4), name
        assert not np.allclose(one.logits(PIXELS[None]), fresh_classifiers(classifier, 2)[name][0].logits(PIXELS[None]))
    before = classifier.network.state_dict()
    for name, all_layers in (("fresh_layer", False), ("fresh_network", True)):
        after = found[name][0].network.state_dict()
        changed = {key for key, tensor in after.items() if not torch.equal(tensor, before[key])}
        assert {"classifier.weight", "classifier.bias"} <= changed
        assert any("conv" in key for key in changed) == all_layers


def test_a_fresh_network_keeps_nothing() -> None:
    network = tiny_network()
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if "norm" in name:
                parameter += 0.5
    before, fresh = network.state_dict(), fresh_network(network, 1)
    kept = [name for name, tensor in fresh.state_dict().items() if torch.equal(tensor, before[name])]
    assert not [name for name in kept if "num_batches" not in name]
    assert fresh(torch.rand(2, 28, 28)).std() > 1e-3


def test_the_same_network_agrees_with_itself_and_a_fresh_one_does_not() -> None:
    classifier = tiny_classifier(1)
    networks = {"same": (classifier,), "fresh_layer": (tiny_classifier(2), tiny_classifier(2).fresh(0, True))}
    seeds: list[int] = []

    def fresh(seed: int) -> dict[str, tuple[Classifier, ...]]:
        seeds.append(seed)
        return networks

    row = Study(classifier, fresh, (IntegratedGradients(),), seed=10).measure(7, PIXELS, correlate=True)
    assert seeds == [10 + 7 % study.FRESH_DRAWS]
    found = row["methods"]["integrated_gradients"]
    assert found["same"] == pytest.approx([1])
    assert len(found["fresh_layer"]) == 2
    assert max(map(abs, found["fresh_layer"])) < 0.8
    assert -1 <= found["runner_up"][0] < 0.999
    assert found["seconds"] > 0
    assert found["background"] == 0


# Intervals


def test_the_interval_holds_the_mean_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(5)
    held = 0
    for _ in range(60):
        low, high = bootstrap.interval(generator.exponential(1, 80))
        held += low <= 1 <= high
    assert 50 <= held < 60


def test_an_obvious_difference_is_clear_of_zero_and_none_is_not() -> None:
    rows = [_row(deletion, 0.5 + deletion) for deletion in np.linspace(0.1, 0.4, 30)]
    better = scores.gain(rows, "one", BRIGHTNESS, scores.DELETION)
    assert (better.mean, better.low, better.high, better.better) == pytest.approx((0.5, 0.5, 0.5, 1))
    assert better.clear
    noise = np.random.default_rng(0).normal(0, 0.1, 30)
    even = scores.gain([_row(0.5, 0.5 + one - noise.mean()) for one in noise], "one", BRIGHTNESS, scores.DELETION)
    assert even.low < 0 < even.high
    assert not even.clear
    with pytest.raises(ValueError, match="at least one"):
        bootstrap.interval(np.array([]))


def test_pairs_without_both_values_are_left_out() -> None:
    rows = [_row(0.2, 0.5), _row(None, 0.9)]
    assert scores.gain(rows, "one", BRIGHTNESS, scores.DELETION).mean == pytest.approx(0.3)
    assert scores.gain(rows[1:], "one", BRIGHTNESS, scores.DELETION) is None


def _row(method: float | None, control: float) -> dict:
    def entry(height: float) -> dict:
        return {"errors": [], "deletion": {"probability": [height] * 3}}

    return {"methods": {"one": {"errors": ["no"]} if method is None else entry(method), BRIGHTNESS: entry(control)}}


# Failures


def test_a_method_that_raises_is_reported_and_the_others_go_on() -> None:
    holes = np.where(PIXELS > 0, np.nan, 0)
    row = measured(Stub("broken", RuntimeError("no gradient")), Stub("holes", holes), Stub("sound", WEIGHTS))
    assert row["methods"]["broken"]["errors"] == ["RuntimeError: no gradient"]
    assert "finite" in row["methods"]["holes"]["errors"][0]
    assert "deletion" not in row["methods"]["broken"]
    assert row["methods"]["sound"]["errors"] == []
    assert "deletion" in row["methods"]["sound"]
    titles = {"broken": "Broken", "holes": "Holes", "sound": "Sound"}
    page = report.report(_head(titles), [json.loads(json.dumps(row))] * 2, "plot.png")
    assert "- Broken: 2 of 2 pictures; 2 times: RuntimeError: no gradient" in page
    assert "| Broken | – |" in page
    assert "- Sound" not in page


def test_without_failures_the_report_says_so() -> None:
    row = measured(Stub("sound", WEIGHTS * PIXELS))
    assert "every method gave a map" in report.report(_head({"sound": "Sound"}), [row], "plot.png")


def _head(titles: dict[str, str]) -> dict:
    settings = {"model": "fake", "sha256": "0" * 64, "temperature": 0.5, "seed": 0}
    settings |= {"correlate": 1, "device": "cpu", "workers": 1}
    return {"settings": {**settings, "methods": titles}, "machine": "a machine"}


# The command


@pytest.fixture
def method(monkeypatch: pytest.MonkeyPatch) -> Stub:
    """The command on a linear model, its one method, and test digits of which every third is misread."""
    pictures = np.random.default_rng(0).integers(1, 256, (30, 28, 28)).astype(np.uint8)
    labels = np.where(np.arange(30) % 3 == 0, 5, 4)
    one = Stub("one", WEIGHTS)
    monkeypatch.setattr(digits.datasets, "load", lambda name, split: LabelledPictures(pictures, labels))
    monkeypatch.setattr(
        workers, "fresh_classifiers", lambda classifier, seed: {"fresh_layer": (classifier, classifier)}
    )
    for module in (command, workers):
        monkeypatch.setattr(module, "classifier_of", lambda model, device: linear())
        monkeypatch.setattr(module, "all_explainers", lambda: {"one": one})
    return one


def run(monkeypatch: pytest.MonkeyPatch, *given: object) -> None:
    monkeypatch.setattr(sys, "argv", ["faithfulness", *map(str, given)])
    command.main()


def test_digits_are_those_read_right_and_more_of_them_begin_with_the_same(method: Stub) -> None:
    few, many = (digits.first_read_right(linear(), count) for count in (4, 9))
    assert [place for place, _ in many[:4]] == [place for place, _ in few]
    assert all(place % 3 for place, _ in many)
    assert len({place for place, _ in many}) == 9
    rest = digits.first_read_right(linear(), 5, after=few[-1][0])
    assert [place for place, _ in few + rest] == [place for place, _ in many]
    assert len(digits.first_read_right(linear(), 99)) == 20


def test_a_resumed_run_measures_no_picture_twice(method: Stub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    out = tmp_path / "new" / "rows.jsonl"
    run(monkeypatch, "--images", 3, "--correlate", 1, "--out", out)
    assert method.asked == 3 + 3, "three more maps for the first"
    out.write_bytes(out.read_bytes()[:-40])  # killed in the middle of a line
    run(monkeypatch, "--images", 5, "--correlate", 1, "--out", out)
    assert method.asked == 5 + 4, "the two that were whole are not measured again"
    rows = Rows.read(out).rows
    assert len({row["image"] for row in rows}) == len(rows) == 5
    fresh = tmp_path / "fresh.jsonl"
    run(monkeypatch, "--images", 5, "--correlate", 1, "--out", fresh)
    whole = Rows.read(fresh).rows
    for row in (*rows, *whole):
        row["methods"]["one"].pop("seconds")
    assert whole == rows


def test_enough_rows_are_reported_without_a_model(
    method: Stub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out, page = tmp_path / "rows.jsonl", tmp_path / "page.md"
    run(monkeypatch, "--images", 3, "--out", out)
    monkeypatch.setattr(command, "classifier_of", None)
    run(monkeypatch, "--images", 2, "--out", out, "--report", page)
    text = page.read_text(encoding="utf-8")
    assert "2 MNIST test\ndigits" in text
    assert "(page.png)" in text
    assert "| One |" in text
    assert (tmp_path / "page.png").stat().st_size > 10_000


def test_other_settings_do_not_go_into_the_same_file(
    method: Stub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = tmp_path / "rows.jsonl"
    run(monkeypatch, "--images", 1, "--out", out)
    with pytest.raises(ValueError, match="another correlate"):
        run(monkeypatch, "--images", 2, "--correlate", 7, "--out", out)
