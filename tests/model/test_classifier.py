"""The reader: the same answer for everyone who asks, and gradients that are true."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch

from model.classifier import Classifier
from model.jobs import Job
from model.novelty import Novelty
from model.torch_engine import BATCHES
from tests.fakes import tiny_classifier


def pictures(count: int, seed: int = 0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return (generator.random((count, 28, 28)) * (generator.random((count, 28, 28)) > 0.6)).astype(np.float32)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return tiny_classifier()


def test_eight_threads_get_what_one_gets(classifier: Classifier) -> None:
    some = pictures(16)
    alone = [classifier.predict(picture).logits for picture in some]
    slopes = [classifier.log_odds_gradients(some[:2], digit)[1] for digit in range(4)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda picture: classifier.predict(picture).logits, np.concatenate([some, some])))
        many = list(pool.map(lambda digit: classifier.log_odds_gradients(some[:2], digit)[1], range(4)))
    np.testing.assert_allclose(together, np.concatenate([alone, alone]), atol=1e-5)
    np.testing.assert_allclose(many, slopes, atol=1e-5)


def test_a_method_that_looks_inside_gets_the_network_when_its_turn_has_come(classifier: Classifier) -> None:
    picture = torch.from_numpy(pictures(1))
    inside = classifier.look_inside(lambda network: network(picture).numpy())
    np.testing.assert_allclose(inside, classifier.logits(picture.numpy()), atol=1e-5)
    job = Job()
    job.stop()
    with pytest.raises(ZeroDivisionError):
        classifier.look_inside(lambda network: 1 / 0)
    assert list(job.each(classifier.look_inside(len) for _ in range(3))) == []  # len(network) would raise TypeError


def test_a_batch_gives_what_single_pictures_give(classifier: Classifier) -> None:
    some = pictures(BATCHES["cpu"][0] + 3)
    logits = classifier.logits(some)
    assert logits.shape == (BATCHES["cpu"][0] + 3, 10)
    assert logits.dtype == np.float32
    np.testing.assert_allclose(logits, [classifier.predict(picture).logits for picture in some], atol=1e-4)


def test_the_black_picture_is_run_once_and_every_answer_stays_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    classifier, some = tiny_classifier(), pictures(3)
    ran: list[np.ndarray] = []
    read = classifier.engine.read
    monkeypatch.setattr(classifier.engine, "read", lambda batch: ran.extend(batch) or read(batch))
    black, dot = np.zeros((28, 28), np.float32), np.zeros((28, 28), np.float32)
    dot[0, 0] = 1 / 255  # hardly anything, but not black
    found = classifier.logits(np.stack([some[0], black, some[1], black, dot]))
    assert sum(not picture.any() for picture in ran) == 1
    expected = read(np.stack([some[0], black, some[1], black, dot]))[1]
    np.testing.assert_allclose(found, expected, atol=1e-5)
    found[1] = 0  # an answer is the caller's own
    np.testing.assert_allclose(classifier.logits(np.stack([black, black])), expected[[1, 3]], atol=1e-5)
    assert len(ran) == 4
    fresh = classifier.fresh(0)
    np.testing.assert_allclose(fresh.logits(black[None]), fresh.engine.read(black[None])[1], atol=1e-5)
    assert np.abs(fresh.logits(black[None]) - classifier.logits(black[None])).max() > 1e-3


def test_a_prediction_is_consistent(classifier: Classifier) -> None:
    found = classifier.predict(pictures(1)[0])
    assert found.probabilities.sum() == pytest.approx(1, abs=1e-6)
    order = np.argsort(-found.logits)
    assert (found.digit, found.runner_up) == tuple(order[:2])
    assert found.margin == pytest.approx(found.probabilities[order[0]] - found.probabilities[order[1]])
    assert (found.strangeness, found.unusual, found.is_digit) == (None, False, True)


def test_a_look_gives_what_the_reading_and_the_features_give(classifier: Classifier) -> None:
    picture = pictures(1)[0]
    prediction, features = classifier.look(picture)
    np.testing.assert_array_equal(prediction.logits, classifier.predict(picture).logits)
    np.testing.assert_array_equal(features, classifier.features(picture[None])[0])


def test_the_temperature_softens_the_probabilities_and_leaves_logits_alone(classifier: Classifier) -> None:
    hot = Classifier(classifier.network, classifier.identity, temperature=4.0)
    picture = pictures(1)[0]
    cold, warm = classifier.predict(picture), hot.predict(picture)
    np.testing.assert_allclose(cold.logits, warm.logits, atol=1e-6)
    scaled = np.exp(warm.logits.astype(np.float64) / 4)
    np.testing.assert_allclose(warm.probabilities, scaled / scaled.sum(), rtol=1e-5)
    assert warm.probability < cold.probability


def test_probabilities_of_huge_logits_stay_finite(classifier: Classifier) -> None:
    logits = np.array([1e4, -1e4, 0, 0, 0, 0, 0, 0, 0, 0], np.float32)
    assert classifier.probabilities(logits)[0] == 1


def test_the_gradient_of_the_log_odds_is_the_finite_difference(classifier: Classifier) -> None:
    some = pictures(3)
    values, gradients = classifier.log_odds_gradients(some, target=4)
    others = np.delete(classifier.logits(some).astype(np.float64), 4, axis=1)
    expected = classifier.logits(some)[:, 4] - np.log(np.exp(others).sum(axis=1))
    np.testing.assert_allclose(values, expected, atol=1e-4)
    # In double precision and with a tiny step, for the network has kinks.
    exact = copy.deepcopy(classifier.network).double()
    direction = torch.from_numpy(np.random.default_rng(1).normal(0, 1, (28, 28)))
    with torch.no_grad():
        ends = [exact(torch.from_numpy(some).double() + step * direction) for step in (1e-7, -1e-7)]
    up, down = (end[:, 4] - torch.cat([end[:, :4], end[:, 5:]], dim=1).logsumexp(dim=1) for end in ends)
    slopes = (gradients * direction.numpy()).sum(axis=(1, 2))
    np.testing.assert_allclose((up - down) / 2e-7, slopes, rtol=1e-3, atol=1e-3)


def test_asking_changes_neither_pictures_nor_network(classifier: Classifier) -> None:
    some = pictures(2)
    before = some.copy(), {name: tensor.clone() for name, tensor in classifier.network.state_dict().items()}
    classifier.predict(some[0])
    classifier.log_odds_gradients(some, 1)
    np.testing.assert_array_equal(some, before[0])
    assert all(tensor.equal(before[1][name]) for name, tensor in classifier.network.state_dict().items())
    assert not classifier.network.training


def test_strangeness_and_what_is_unusual_come_from_features_and_logits(classifier: Classifier) -> None:
    picture = pictures(1)[0]
    features, logits = classifier.features(picture[None]), classifier.logits(picture[None])
    eye = np.eye(features.shape[1], dtype=np.float32)
    novelty = Novelty(np.zeros((10, len(eye)), np.float32), eye, usual=9.0, weight=0.1, limit=1.0, unusual=0.5)
    distance = float(novelty.unscaled(features, logits)[0])
    assert distance > float(novelty.distance(features)[0]), "the logits have their part in it"

    def predict(limit: float, unusual: float) -> tuple[float | None, bool, bool]:
        fitted = replace(novelty, limit=limit, unusual=unusual)
        found = Classifier(classifier.network, classifier.identity, novelty=fitted).predict(picture)
        return found.strangeness, found.unusual, found.is_digit

    assert predict(2 * distance, 0.6) == (pytest.approx(0.5, rel=1e-4), False, True)
    assert predict(2 * distance, 0.4)[1:] == (True, True)
    assert predict(0.9 * distance, 0.4)[1:] == (False, False), "turned away is not merely unusual"


def test_enlarged_as_it_is_used_to_the_network_says_the_same_and_in_squares_another_thing(
    classifier: Classifier,
) -> None:
    picture = pictures(1)[0]
    usual = classifier.logits_enlarged(picture, "bilinear")
    np.testing.assert_allclose(usual, classifier.logits(picture[None])[0], atol=1e-5)
    assert np.abs(classifier.logits_enlarged(picture, "nearest") - usual).max() > 1e-3
    size = classifier.network.image_size
    assert classifier.enlarged(picture).shape == (size, size)
    squares = classifier.enlarged(picture, "nearest")
    assert set(np.unique(squares)) <= set(np.unique(picture))
    assert len(np.unique(classifier.enlarged(picture))) > len(np.unique(squares))
