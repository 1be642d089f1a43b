"""What weights may say of their classes."""

from __future__ import annotations

import pytest

from model.alphabet import MNIST, alphabet_of
from model.errors import WeightsError
from model.network import DigitNet
from model.values import ModelIdentity
from model.weights import TrainingRecord, read_config, read_network, save_weights, write_config
from tests.alphabets import BALANCED, CLOTHES, EVERY, LETTERS


def test_without_a_word_they_are_mnists_digits() -> None:
    assert alphabet_of({}) == MNIST
    assert (MNIST.kind, MNIST.has_digits, MNIST.written) == ("digits", True, True)


@pytest.mark.parametrize("name", EVERY)
def test_the_known_data_sets(name: str) -> None:
    known = EVERY[name]
    assert alphabet_of({"labels": list(known.labels), "dataset": known.dataset}) == known


def test_of_what_kind_they_are() -> None:
    assert [CLOTHES.kind, LETTERS.kind, BALANCED.kind] == ["clothes", "letters", "characters"]
    assert [CLOTHES.has_digits, LETTERS.has_digits, BALANCED.has_digits] == [False, False, True]
    assert not CLOTHES.written
    assert LETTERS.written


@pytest.mark.parametrize(
    ("labels", "dataset"),
    [
        (["A"], "letters"),  # one class tells nothing apart
        ([f"n{number}" for number in range(63)], "letters"),
        (["A", "A"], "letters"),
        (["A", ""], "letters"),
        (["A", "x" * 25], "letters"),
        (["A", "<b>"], "letters"),
        (["A", "[B](http://x)"], "letters"),
        (["A", "B\n"], "letters"),
        (["A", 2], "letters"),
        ("AB", "letters"),
        (None, "letters"),
        (["A", "B"], "mnist"),
        (["A", "B"], "cifar"),
        (["A", "B"], ["letters"]),
    ],
)
def test_others_are_refused_in_a_sentence(labels: object, dataset: object) -> None:
    with pytest.raises(WeightsError, match=r"^[A-Z].*\.$"):
        alphabet_of({"labels": labels, "dataset": dataset})


@pytest.mark.parametrize("labels", [["A", "B"], [f"n{number}" for number in range(62)], ["A", "x" * 24]])
def test_the_borders_are_taken(labels: list[str]) -> None:
    assert alphabet_of({"labels": labels, "dataset": "letters"}).labels == tuple(labels)


def test_an_identity_without_sense_reads_digits() -> None:
    assert ModelIdentity("x", None, "0", {"labels": ["A"], "dataset": "letters"}).alphabet == MNIST
    assert ModelIdentity("x", None, "0", {"labels": list(LETTERS.labels), "dataset": "letters"}).alphabet == LETTERS


def test_a_network_has_as_many_classes_as_labels(tmp_path) -> None:
    """The real architecture is the only one that a weights folder may hold."""
    save_weights(tmp_path, DigitNet(26, 32), TrainingRecord("x", "scratch", 0, 0.0, "cpu", "float32", {}))
    config = {**read_config(tmp_path), "labels": list(LETTERS.labels), "dataset": "letters"}
    write_config(tmp_path, config)
    assert read_network(tmp_path, config).classifier.out_features == 26
    with pytest.raises(WeightsError, match="47 classes"):
        read_network(tmp_path, {**config, "labels": list(BALANCED.labels), "dataset": "emnist-balanced"})
