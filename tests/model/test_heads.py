"""Another last layer on the same network: what is shared, and that it answers as a network of its own would."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

from model.classifier import Classifier
from model.engines import Engine
from model.heads import Head, SharedReading, fresh_head, head_of, with_head
from model.network import DigitNet
from model.openvino_engine import OpenVinoEngine
from model.torch_engine import TorchEngine
from model.values import ModelIdentity
from tests.fakes import tiny_classifier, tiny_network

CPU = torch.device("cpu")
PICTURES = (np.random.default_rng(0).random((3, 28, 28)) ** 3).astype(np.float32)


def rebuilt(network: DigitNet, head: Head) -> DigitNet:
    """A network of its own with that last layer."""
    other = copy.deepcopy(network)
    with torch.no_grad():
        other.classifier.weight.copy_(torch.from_numpy(head.weight))
        other.classifier.bias.copy_(torch.from_numpy(head.bias))
    return other


@pytest.mark.parametrize("engine", [TorchEngine(tiny_network(1), CPU), OpenVinoEngine(tiny_network(1), "f32")])
def test_a_fresh_classifier_answers_as_a_network_of_its_own(engine: Engine) -> None:
    network = tiny_network(1)
    classifier = Classifier(network, ModelIdentity("tiny", None, ""), engine=engine)
    fresh, own = classifier.fresh(3), TorchEngine(rebuilt(network, fresh_head(network, 3)), CPU)
    np.testing.assert_allclose(fresh.logits(PICTURES), own.read(PICTURES)[1], atol=1e-4)
    odds, gradients = fresh.log_odds_gradients(PICTURES, 4)
    expected_odds, expected = own.log_odds_gradients(PICTURES, 4)
    np.testing.assert_allclose(odds, expected_odds, atol=1e-4)
    assert np.abs(expected).max() > 1e-4
    np.testing.assert_allclose(gradients, expected, atol=1e-3 * np.abs(expected).max())
    inside = fresh.look_inside(lambda twin: twin(torch.from_numpy(PICTURES)).detach().numpy())
    np.testing.assert_allclose(inside, own.read(PICTURES)[1], atol=1e-4)


def test_the_learnt_one_stays_as_it_is_and_all_but_the_last_layer_is_shared() -> None:
    classifier = tiny_classifier(1)
    before, slopes = classifier.logits(PICTURES), classifier.log_odds_gradients(PICTURES, 4)[1]
    fresh = classifier.fresh(0)
    assert np.abs(fresh.logits(PICTURES) - before).max() > 0.1
    assert np.array_equal(classifier.logits(PICTURES), before)
    assert np.array_equal(classifier.log_odds_gradients(PICTURES, 4)[1], slopes)
    shared = {id(one) for one in classifier.network.parameters()}
    assert [name for name, one in fresh.network.named_parameters() if id(one) not in shared] == [
        "classifier.weight", "classifier.bias",
    ]  # fmt: skip
    assert classifier.network.classifier is not fresh.network.classifier
    assert fresh._turns is classifier._turns


def test_a_draw_is_the_same_again_and_mirrored_turns_every_sign() -> None:
    classifier = tiny_classifier(1)
    assert classifier.fresh(2) is classifier.fresh(2)
    network = classifier.network
    first, again, other, mirrored = (fresh_head(network, *how) for how in ((2,), (2,), (3,), (2, True)))
    assert np.array_equal(first.weight, again.weight)
    assert not np.array_equal(first.weight, other.weight)
    assert np.array_equal(mirrored.weight, -first.weight)
    assert np.array_equal(mirrored.bias, -first.bias)
    np.testing.assert_allclose(
        classifier.fresh(2, True).logits(PICTURES), -classifier.fresh(2).logits(PICTURES), atol=1e-6
    )
    assert np.abs(first.weight).max() <= 1 / np.sqrt(first.weight.shape[1])


def test_drawing_leaves_the_random_numbers_of_others_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    fresh_head(tiny_network(), 0)
    assert torch.rand(1) == expected


def test_a_picture_that_several_last_layers_read_runs_once() -> None:
    classifier = tiny_classifier(1)
    runs: list[int] = []
    read = classifier.engine.read
    classifier.engine.read = lambda some: runs.append(len(some)) or read(some)  # type: ignore[method-assign,func-returns-value]
    for mirrored in (False, True):
        found = classifier.fresh(0, mirrored).logits(PICTURES[[0, 1, 0, 2]])
        assert np.array_equal(found[0], found[2])
    assert sum(runs) == len(PICTURES)


def test_what_is_remembered_stays_bounded_and_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.heads.REMEMBERED", 2)
    classifier = tiny_classifier(1)
    shared = SharedReading(classifier.engine)
    expected = classifier.features(PICTURES)
    for some in ([0], [0, 1], [1, 2], [2, 0, 1], [1]):
        np.testing.assert_allclose(shared.features(PICTURES[some]), expected[some], atol=1e-5)
        assert len(shared._known) <= 3


def test_the_own_last_layer_put_on_again_changes_nothing() -> None:
    network = tiny_network(1)
    twin = with_head(network, head_of(network.classifier))
    pictures = torch.from_numpy(PICTURES)
    assert torch.equal(twin(pictures), network(pictures))
