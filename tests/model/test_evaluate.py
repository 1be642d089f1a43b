"""Figures of the evaluation against closed forms, and what is written."""

from __future__ import annotations

import math
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model import catalogue, datasets, evaluate, load
from model.catalogue import DATA_SETS
from model.datasets import LabelledPictures
from model.evaluate import calibration_error, fit_temperature, measure, negative_log_likelihood, table
from model.weights import read_config, write_config
from tests.fakes import FakeClassifier


def logits_with(confidence: float, right: int, wrong: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures all read as 3 with this confidence, ``right`` of them with reason; the rest are 8."""
    logits = np.full((right + wrong, 10), math.log((1 - confidence) / 9))
    logits[:, 3] = math.log(confidence)
    return logits, np.array([3] * right + [8] * wrong)


def test_likelihood_in_closed_form() -> None:
    logits, labels = logits_with(0.7, 3, 1)
    expected = -(3 * math.log(0.7) + math.log(0.3 / 9)) / 4
    assert negative_log_likelihood(logits, labels, 1.0) == pytest.approx(expected)
    assert negative_log_likelihood(logits * 1000, labels, 1e9) == pytest.approx(math.log(10), rel=1e-4)


def test_calibration_error_in_closed_form() -> None:
    assert calibration_error(*logits_with(0.75, 3, 1), 1.0) == pytest.approx(0, abs=1e-9)
    assert calibration_error(*logits_with(0.95, 3, 1), 1.0) == pytest.approx(0.2)
    sure, unsure = logits_with(0.95, 3, 1), logits_with(0.55, 4, 0)
    both = [np.concatenate(parts) for parts in zip(sure, unsure, strict=True)]
    assert calibration_error(*both, 1.0) == pytest.approx(0.5 * 0.2 + 0.5 * 0.45)
    assert calibration_error(*logits_with(1 - 1e-16, 1, 0), 1.0) == pytest.approx(0), "confidence 1 is in the last bin"


def test_the_temperature_makes_the_confidence_true() -> None:
    logits, labels = logits_with(0.99, 80, 20)
    temperature = fit_temperature(logits, labels)
    assert temperature > 1
    # 80 % right, and the wrong ones are always 8: 0.2 lies on nine digits, of which softmax can only share equally.
    height = negative_log_likelihood(logits, labels, temperature)
    assert height < min(negative_log_likelihood(logits, labels, temperature * factor) for factor in (0.98, 1.02))
    assert fit_temperature(logits * 3, labels) == pytest.approx(3 * temperature, rel=1e-3)
    assert fit_temperature(*logits_with(0.9, 10, 0)) == pytest.approx(evaluate.TEMPERATURES[0], rel=1e-2), "the border"


def test_the_figures() -> None:
    logits, labels = logits_with(0.95, 3, 1)
    measured = measure(logits, labels, 2.0)
    assert (measured["pictures"], measured["mistakes"], measured["accuracy"]) == (4, 1, 0.75)
    assert measured["most_confused"] == [{"digit": 8, "read_as": 3, "pictures": 1}]
    assert measured["accuracy_by_digit"] == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert measured["pictures_by_digit"] == [0, 0, 0, 3, 0, 0, 0, 0, 1, 0]
    assert measured["ece_without_temperature"] == pytest.approx(0.2)
    printed = table(measured)
    assert "75.00% of 4 pictures" in printed
    assert "8 read as 3 (1)" in printed


def test_the_command_writes_what_it_measured(
    weights_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(weights_folder, tmp_path / "weights"))
    write_config(folder, {**read_config(folder), "image_size": 32, "temperature": 7.0})
    before = read_config(folder)
    generator = np.random.default_rng(0)

    def few(name: str, split: str) -> LabelledPictures:
        pictures = generator.integers(0, 256, (24 if split == "train" else 20, 28, 28), dtype=np.uint8)
        return LabelledPictures(pictures, np.arange(len(pictures)) % 10)

    monkeypatch.setattr(datasets, "load", few)
    monkeypatch.setattr(catalogue, "VALIDATION", 12)
    monkeypatch.setattr(sys, "argv", ["evaluate", "--weights", str(folder), "--validation", "8", "--device", "cpu"])
    evaluate.main()
    after = read_config(folder)
    assert after["measured"]["pictures"] == 20
    assert after["measured"]["sha256"] == after["sha256"]
    assert after["measured"]["temperature_fitted_on"].startswith("8 of")
    assert "20 pictures read right" in capsys.readouterr().out
    assert load.load_folder(folder).temperature == after["temperature"] != 7.0
    changed = {key for key in after if after[key] != before.get(key)}
    assert changed == {"temperature", "measured"}


def test_the_figures_follow_the_labels() -> None:
    labels = np.array([0, 1, 2, 2])
    logits = np.eye(26)[[0, 1, 2, 25]] * 9
    measured = measure(logits, labels, 1.0)
    assert len(measured["confusion"]) == len(measured["accuracy_by_digit"]) == 26
    assert measured["most_confused"] == [{"digit": 2, "read_as": 25, "pictures": 1}]
    printed = table(measured, DATA_SETS["letters"].labels)
    assert "C read as Z (1)" in printed
    assert "    C         2       1     50.00%" in printed
    wide = table(measure(np.eye(10) * 9, np.arange(10), 1.0), DATA_SETS["fashion-mnist"].labels)
    assert "T-shirt/top         1       0    100.00%" in wide
    assert " Ankle boot         1       0    100.00%" in wide


@pytest.mark.parametrize("named", [None, "emnist-digits"])
def test_another_data_set_is_measured_and_not_written(
    named: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_config(tmp_path, {"labels": list("0123456789")})
    asked = []

    def few(name: str, split: str) -> LabelledPictures:
        asked.append(name)
        return LabelledPictures(np.zeros((6, 28, 28), np.uint8), np.arange(6))

    monkeypatch.setattr(datasets, "load", few)
    monkeypatch.setattr(evaluate, "load_folder", lambda folder, device: FakeClassifier.random())
    monkeypatch.setitem(DATA_SETS, "emnist-digits", replace(DATA_SETS["emnist-digits"], validation=4))
    monkeypatch.setattr(catalogue, "VALIDATION", 4)
    monkeypatch.setattr(sys, "argv", ["evaluate", "--weights", str(tmp_path), *(["--dataset", named] if named else [])])
    evaluate.main()
    assert set(asked) == {named or "mnist"}
    assert ("measured" in read_config(tmp_path)) == (named is None)
    assert ("written into" in capsys.readouterr().out) == (named is None)
