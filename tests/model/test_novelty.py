"""The distance to the digits known: its formula, its limit, and its file."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from model import datasets, novelty
from model.datasets import LabelledPictures
from model.errors import WeightsError
from model.load import load_folder
from model.novelty import FLOOR, SHRINKAGE, Novelty, Outputs, evidence, fit_novelty, load_novelty, save_novelty
from model.weights import NOVELTY_FILE, read_config, write_config


def draw(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Features (count, 12) ≥ 0 around ten class means, and labels."""
    generator = np.random.default_rng(seed)
    means = np.random.default_rng(99).uniform(0.5, 3, (10, 12))
    labels = np.arange(count) % 10
    return np.maximum(means[labels] + generator.normal(0, 0.2, (count, 12)), 0).astype(np.float32), labels


def outputs(features: np.ndarray) -> Outputs:
    """As of a last layer that looks at the first ten features alone."""
    return Outputs(features, 4 * features[:, :10])


@pytest.fixture(scope="module")
def fitted() -> Novelty:
    features, labels = draw(2_000, seed=0)
    return fit_novelty(outputs(features), labels, outputs(draw(1_000, seed=1)[0]))


def test_the_distance_is_the_formula_of_the_paper(fitted: Novelty) -> None:
    features, labels = draw(2_000, seed=0)
    plain = features.astype(np.float64)
    means = np.stack([plain[labels == digit].mean(axis=0) for digit in range(10)])
    covariance = np.mean([np.outer(r - means[y], r - means[y]) for r, y in zip(plain, labels, strict=True)], axis=0)
    covariance += (SHRINKAGE * covariance.diagonal().mean() + FLOOR) * np.eye(12)
    for picture in draw(5, seed=2)[0]:
        away = picture.astype(np.float64) - means
        slow = min(np.sqrt(row @ np.linalg.solve(covariance, row)) for row in away)
        assert float(fitted.distance(picture)) == pytest.approx(slow, rel=5e-3), "float16 costs no more"


def test_what_the_logits_lack_of_the_usual_counts_as_much_as_the_distance(fitted: Novelty) -> None:
    known = outputs(draw(2_000, seed=0)[0])
    usual = np.log(np.exp(known.logits.astype(np.float64)).sum(axis=1))
    np.testing.assert_allclose(evidence(known.logits), usual, rtol=1e-6)
    assert fitted.usual == pytest.approx(usual.mean(), rel=1e-6)
    assert fitted.weight == pytest.approx(fitted.distance(known.features).std() / usual.std(), rel=1e-3)
    near, logits = known.features[0], np.full(10, -np.inf)
    for more, expected in ((2.0, 0.0), (0.0, 0.0), (-3.0, 3 * fitted.weight)):
        logits[4] = fitted.usual + more  # exp of the others is 0
        rise = float(fitted.unscaled(near, logits)) - float(fitted.distance(near))
        assert rise == pytest.approx(expected, abs=1e-4), "more than usual makes nothing up for the distance"


def test_the_limit_lets_through_the_share_it_promises(fitted: Novelty) -> None:
    others = outputs(draw(1_000, seed=1)[0])
    held_out = fitted.unscaled(others.features, others.logits)
    assert (held_out <= fitted.limit).mean() == pytest.approx(novelty.LIMIT_PERCENTILE / 100, abs=0.002)
    unusual = (held_out >= fitted.unusual * fitted.limit) & (held_out <= fitted.limit)
    assert unusual.mean() == pytest.approx((novelty.LIMIT_PERCENTILE - novelty.UNUSUAL_PERCENTILE) / 100, abs=0.003)
    assert 0 < fitted.unusual < 1


def test_what_is_like_no_digit_is_strange_and_the_border_lies_at_one(fitted: Novelty) -> None:
    sure, unsure = np.full(10, 50.0), np.zeros(10)
    assert fitted.strangeness(np.full(12, 50, np.float32), sure) > 1
    assert fitted.strangeness(np.zeros(12, np.float32), sure) > 1
    class_mean = np.linalg.solve(fitted.whitening.T.astype(np.float64), fitted.means[3].astype(np.float64))
    assert fitted.strangeness(class_mean, sure) < 0.02
    assert fitted.strangeness(class_mean, unsure) > 1, "nothing speaks for any digit"


def test_a_feature_that_never_varies_does_no_harm() -> None:
    features, labels = draw(500, seed=0)
    features[:, 4] = 0
    found = fit_novelty(outputs(features), labels, outputs(features))
    assert np.isfinite(found.distance(features)).all()


def test_the_file_keeps_everything(fitted: Novelty, tmp_path: Path) -> None:
    save_novelty(tmp_path / NOVELTY_FILE, fitted)
    found = load_novelty(tmp_path / NOVELTY_FILE)
    some = outputs(draw(50, seed=3)[0])
    before, after = (one.unscaled(some.features, some.logits) for one in (fitted, found))
    np.testing.assert_allclose(after, before, rtol=1e-6)
    assert (found.limit, found.unusual) == pytest.approx((fitted.limit, fitted.unusual))


def test_there_are_as_many_means_as_classes() -> None:
    generator = np.random.default_rng(0)
    labels = np.arange(520) % 26
    features = np.maximum(generator.uniform(1, 3, (26, 12))[labels] + generator.normal(0, 0.1, (520, 12)), 0)
    known = outputs(features.astype(np.float32))
    found = fit_novelty(known, labels, known)
    assert len(found.means) == 26
    assert np.median(found.unscaled(known.features, known.logits)) < found.limit


@pytest.mark.parametrize("content", [b"", b"no safetensors at all", None])
def test_a_damaged_file(content: bytes | None, fitted: Novelty, tmp_path: Path) -> None:
    path = tmp_path / NOVELTY_FILE
    save_novelty(path, fitted)
    path.write_bytes(path.read_bytes()[:100] if content is None else content)
    with pytest.raises(WeightsError, match="cannot be read"):
        load_novelty(path)


def test_the_command_puts_it_beside_the_weights(
    weights_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(weights_folder, tmp_path / "weights"))
    write_config(folder, {**read_config(folder), "image_size": 32, "novelty": {"sha256": "of other weights"}})
    generator = np.random.default_rng(0)
    pictures = generator.integers(0, 256, (40, 28, 28), dtype=np.uint8)
    data = LabelledPictures(pictures, np.arange(40) % 10)
    monkeypatch.setattr(datasets, "load", lambda name, split: data)
    # With weights that know nothing hardly a picture is read right: the labels are made to fit one digit's answers.
    read = digits_read(folder, pictures)
    monkeypatch.setattr(datasets, "split_training", lambda both, data_set: (both, LabelledPictures(pictures, read)))
    for name, count in (("TRAINING", 30), ("AUGMENTED", 10), ("VALIDATION", 15), ("VALIDATION_AUGMENTED", 5)):
        monkeypatch.setattr(novelty, name, count)
    monkeypatch.setattr(sys, "argv", ["novelty", "--weights", str(folder), "--device", "cpu"])
    novelty.main()
    assert (folder / NOVELTY_FILE).stat().st_size < 3 * 2**20
    classifier = load_folder(folder)
    assert classifier.novelty is not None
    strangeness = classifier.predict(pictures[0].astype(np.float32) / 255).strangeness
    assert strangeness is not None
    assert strangeness > 0


def digits_read(folder: Path, pictures: np.ndarray) -> np.ndarray:
    """The digits that these weights read, (N,)."""
    from model.classifier import Classifier
    from model.values import ModelIdentity
    from model.weights import read_network

    network = read_network(folder, read_config(folder))
    return Classifier(network, ModelIdentity("x", None, "")).logits(pictures.astype(np.float32) / 255).argmax(axis=1)
