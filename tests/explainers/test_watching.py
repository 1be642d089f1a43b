"""What is measured of a panel of pictures while a network is trained, and where it is written."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest

from explainers.watching import board, journal, panel, watcher
from explainers.watching.watcher import Watcher
from model.datasets import LabelledPictures
from model.training.settings import Stage
from model.training.watch import Moment
from tests.explainers.pictures import boxes, boxes_case
from tests.fakes import FakeClassifier

PIXELS, PARTS = boxes(5)
DATA = LabelledPictures(np.random.default_rng(0).integers(0, 256, (60, 28, 28), dtype=np.uint8), np.arange(60) % 10)


def speaking(*amounts: float) -> np.ndarray:
    """(28, 28) weights: part k of the boxes speaks for the class by this much a unit of ink."""
    weights = np.zeros((28, 28))
    for part, amount in zip(PARTS, amounts, strict=False):
        weights[part.mask] = amount
    return weights


def probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def test_the_effect_is_what_erasing_the_best_part_costs_beyond_random_ink() -> None:
    weights = speaking(0, 0.5, 0, 0.1)
    case = boxes_case(FakeClassifier.one_digit(3, weights))
    whole = float((weights * PIXELS).sum()) - math.log(9)
    without = whole - float((weights * PIXELS)[PARTS[1].mask].sum())
    effect = panel.erasing_effect(case, 3)
    drop = probability(whole) - probability(without)
    assert drop > 0.5
    assert effect is not None
    assert 0 < effect < drop, "random ink costs something, too"
    even = boxes_case(FakeClassifier.one_digit(3, np.full((28, 28), 0.02)))
    assert panel.erasing_effect(even, 3) == pytest.approx(0, abs=0.05), "no part counts for more than its ink"


def test_where_nothing_speaks_for_the_class_no_part_ranks() -> None:
    assert panel.erasing_effect(boxes_case(FakeClassifier.one_digit(3, speaking(-1, -1, -1, -1, -1))), 3) is None


def test_coverage_and_background_are_told_from_the_plain_gradient() -> None:
    weights = np.zeros((28, 28))
    ink, off = np.argwhere(PIXELS > 0), np.argwhere(PIXELS == 0)
    weights[tuple(ink[0])], weights[tuple(ink[1])] = 3, -2
    weights[tuple(off[0])], weights[tuple(off[1])] = 1, -2
    found = panel.look(FakeClassifier.one_digit(3, weights), PIXELS, 3)
    assert found.stroke_coverage == pytest.approx(3 / 4)
    assert found.background == pytest.approx(3 / 8)
    assert found.completeness_gap == pytest.approx(0, abs=0.02)
    assert found.map.shape == (28, 28)
    flat = panel.look(FakeClassifier.one_digit(3, np.zeros((28, 28))), PIXELS, 3)
    assert (flat.stroke_coverage, flat.background, flat.erasing_effect) == (None, None, None)
    assert flat.probability == pytest.approx(0.1)


def test_a_mean_is_over_the_pictures_that_have_a_value() -> None:
    classifier = FakeClassifier.one_digit(3, speaking(1))
    speaks, silent = panel.look(classifier, PIXELS, 3), panel.look(classifier, np.zeros_like(PIXELS), 3)
    means = panel.means([speaks, silent])
    assert means["erasing_effect"] == speaks.erasing_effect
    assert means["probability"] == pytest.approx((speaks.probability + silent.probability) / 2)
    assert panel.means([silent])["region_focus"] is None


def test_confidence_on_nothing() -> None:
    assert panel.nothing_confidence(FakeClassifier(np.zeros((10, 28, 28)))) == pytest.approx(
        {"black_confidence": 0.1, "noise_confidence": 0.1}
    )
    bright = panel.nothing_confidence(FakeClassifier.one_digit(1, np.ones((28, 28))))
    assert bright["black_confidence"] == pytest.approx(0.1)
    assert bright["noise_confidence"] > 0.99


def test_the_panel_follows_the_seed() -> None:
    first, again, other = (panel.choose(DATA, seed) for seed in (1, 1, 2))
    assert len(first) == panel.PICTURES
    np.testing.assert_array_equal(first.pictures, again.pictures)
    assert not np.array_equal(first.pictures, other.pictures)
    assert len(panel.choose(DATA.part(slice(0, 7)), 1)) == 7


def test_a_killed_run_does_its_later_looks_again(tmp_path: Path) -> None:
    before = journal.Journal(tmp_path, 0)
    for steps in (10, 20, 30):
        before.write({"steps": steps})
    with before.path.open("a") as file:
        file.write('{"steps": 4')
    assert [line["steps"] for line in journal.read(tmp_path)] == [10, 20, 30]
    journal.Journal(tmp_path, 20).write({"steps": 25})
    assert [line["steps"] for line in journal.read(tmp_path)] == [10, 20, 25]
    assert journal.read(tmp_path / "nowhere") == []


def look(found: Watcher, steps: int) -> None:
    classifier = FakeClassifier.random()
    found.look(Moment(steps, 64 * steps, 0.5, 9.0, Stage(48, 24, 100, 8), 1.5, 1e-3, 0.25, classifier))


def test_a_look_is_written_as_a_line_and_in_tensorboard(tmp_path: Path) -> None:
    events = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    found = watcher(tmp_path, DATA.part(slice(0, 3)), seed=0, steps=0)
    look(found, 10)
    found.close()
    (line,) = journal.read(tmp_path)
    assert (line["steps"], line["pictures"], line["size"], line["validation_accuracy"]) == (10, 640, 48, 0.25)
    assert {*panel.MEASURES, "black_confidence", "noise_confidence", "loss", "learning_rate"} < set(line)
    assert all(math.isfinite(value) for value in line.values() if value is not None)
    written = events.EventAccumulator(str(tmp_path)).Reload()
    assert written.Tags()["images"] == ["heatmaps"]
    assert {name for name, value in line.items() if value is not None} - set(written.Tags()["scalars"]) == {
        "steps", "pictures", "share", "size",
    }  # fmt: skip
    (point,) = written.Scalars("probability")
    assert (point.step, point.value) == (10, pytest.approx(line["probability"]))


def test_without_tensorboard_the_lines_are_written_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    found = watcher(tmp_path, DATA.part(slice(0, 1)), seed=0, steps=0)
    look(found, 10)
    found.close()
    assert "tensorboard is not installed" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == [journal.JOURNAL]
    assert json.loads((tmp_path / journal.JOURNAL).read_text())["steps"] == 10


def test_a_map_is_white_where_nothing_speaks_and_its_sign_is_a_colour() -> None:
    values = np.zeros((28, 28), np.float32)
    values[0, 0], values[0, 1], values[0, 2] = 2, -2, 1
    colours = board.coloured(values)
    assert colours[5, 5].tolist() == [255, 255, 255]
    assert colours[0, 0].tolist() == [179, 88, 6]
    assert colours[0, 1].tolist() == [84, 39, 136]
    assert colours[0, 0, 2] < colours[0, 2, 2] < 255
    assert board.sheet(DATA.pictures[:2], [values, values]).shape == (2 * 84, 2 * 84, 3)
