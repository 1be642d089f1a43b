"""The data sets by name: files as their makers publish them, written small by these tests."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model import catalogue, datasets
from model.alphabet import KINDS, Alphabet, alphabet_of
from model.augment import CLOTHES, PEN
from model.catalogue import DATA_SETS, data_set_for
from model.datasets import DATA_VARIABLE, is_at_hand, load, split_training
from model.errors import DataError, WeightsError
from tests.model.test_datasets import idx

BAR = np.zeros((28, 28), np.uint8)
BAR[4:24, 20:24] = 255  # upright, at the right
BAR.flags.writeable = False


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    return tmp_path


def write(folder: Path, name: str, pictures: np.ndarray, labels: np.ndarray) -> None:
    """Both splits of a data set with the same pictures, gzipped."""
    data_set = DATA_SETS[name]
    place = folder / data_set.folder
    place.mkdir(exist_ok=True)
    for images, targets in zip(data_set.images, data_set.targets, strict=True):
        (place / f"{images}.gz").write_bytes(gzip.compress(idx(pictures)))
        (place / f"{targets}.gz").write_bytes(gzip.compress(idx(labels.astype(np.uint8))))


def test_every_set_says_what_weights_of_it_tell_apart() -> None:
    assert set(DATA_SETS) == set(KINDS)
    for data_set in DATA_SETS.values():
        config = {"labels": list(data_set.labels), "dataset": data_set.id}
        assert alphabet_of(config) == Alphabet(data_set.labels, data_set.id)
        assert data_set_for(config) is data_set
    assert [len(DATA_SETS[name].labels) for name in ("emnist-letters", "emnist-balanced", "kmnist")] == [26, 47, 10]


def test_signs_are_never_mirrored_and_clothes_never_thickened() -> None:
    for data_set in DATA_SETS.values():
        assert data_set.changes == (CLOTHES if KINDS[data_set.id] == "clothes" else PEN)


def test_what_mnist_was_trained_on_is_told_as_before() -> None:
    assert catalogue.MNIST.trained_on == "MNIST, the first 55,000 training pictures, augmented"
    assert catalogue.MNIST.measured_on == "MNIST test pictures"
    assert DATA_SETS["emnist-letters"].trained_on.startswith("EMNIST letters, the first 104,000 ")


@pytest.mark.parametrize("name", ["emnist-letters", "emnist-balanced", "emnist-digits"])
def test_emnists_pictures_are_turned_upright(name: str, folder: Path) -> None:
    data_set = DATA_SETS[name]
    labels = np.arange(len(data_set.labels)) + data_set.first_label
    write(folder, name, np.repeat(BAR.T[None], len(labels), axis=0), labels)
    for split in ("train", "test"):
        found = load(name, split)
        np.testing.assert_array_equal(found.pictures[0], BAR)
        assert found.labels.tolist() == list(range(len(labels))), "the first class is 0, whatever the files call it"


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist", "kmnist"])
def test_the_others_lie_as_they_are(name: str, folder: Path) -> None:
    write(folder, name, np.repeat(BAR[None], 10, axis=0), np.arange(10))
    np.testing.assert_array_equal(load(name, "test").pictures[3], BAR)


def test_torchvision_is_asked_for_the_split_and_its_pictures_are_turned_too(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch
    import torchvision

    asked: list[dict] = []

    class Downloaded:
        def __init__(self, root: str, **settings: object) -> None:
            asked.append(settings)
            self.data, self.targets = torch.from_numpy(BAR.T.copy())[None], torch.tensor([2])

    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    monkeypatch.setattr(torchvision.datasets, "EMNIST", Downloaded)
    found = load("emnist-letters", "train")
    assert asked == [{"train": True, "download": True, "split": "letters"}]
    np.testing.assert_array_equal(found.pictures[0], BAR)
    assert DATA_SETS["emnist-letters"].labels[found.labels[0]] == "B"


@pytest.mark.parametrize("labels", [[0, 1, 2], [1, 2, 27]])
def test_labels_that_the_set_does_not_have(labels: list[int], folder: Path) -> None:
    write(folder, "emnist-letters", np.zeros((3, 28, 28), np.uint8), np.array(labels))
    with pytest.raises(DataError, match="other labels than 26 from 1"):
        load("emnist-letters", "train")


def letters(folder: Path, writers: int = 55) -> None:
    """Two classes, each written once by every writer: a picture's first pixel is its writer, its second its class."""
    pictures = np.zeros((2 * writers, 28, 28), np.uint8)
    pictures[:, 0, 0] = np.tile(np.arange(writers), 2)
    pictures[:, 0, 1] = np.repeat([0, 1], writers)
    write(folder, "letters", pictures, np.repeat([1, 2], writers))


def test_letters_are_split_by_writer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    letters(folder)
    train, test = load("letters", "train"), load("letters", "test")
    writers = [set(data.pictures[:, 0, 0].tolist()) for data in (train, test)]
    assert writers == [set(range(45)), set(range(45, 55))]
    for data in (train, test):
        np.testing.assert_array_equal(data.labels, data.pictures[:, 0, 1])
    monkeypatch.setitem(DATA_SETS, "letters", replace(DATA_SETS["letters"], validation=5 * 2))
    kept, held_out = split_training(train, DATA_SETS["letters"])
    assert set(held_out.pictures[:, 0, 0].tolist()) == set(range(40, 45)), "whole writers, none of them trained on"
    assert set(kept.pictures[:, 0, 0].tolist()) == set(range(40))


def test_letters_of_other_writers_are_refused(folder: Path) -> None:
    letters(folder, writers=54)
    with pytest.raises(DataError, match="55 writers"):
        load("letters", "train")


def test_letters_cannot_be_downloaded_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    assert not is_at_hand("letters")
    with pytest.raises(DataError, match=f"cannot be downloaded; set {DATA_VARIABLE}"):
        load("letters", "test")


def test_what_is_at_hand(folder: Path) -> None:
    assert not is_at_hand("emnist-letters")
    write(folder, "emnist-letters", BAR[None], np.array([1]))
    assert is_at_hand("emnist-letters")
    assert not is_at_hand("emnist-digits"), "in the same folder, but other files"
    next((folder / "emnist").glob("*test-labels*")).unlink()
    assert not is_at_hand("emnist-letters")


def test_the_command_says_what_is_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["datasets", "--dataset", "kmnist"])
    assert datasets.main() == 2
    assert "kmnist/train-images" in capsys.readouterr().err
    write(folder, "kmnist", np.zeros((30, 28, 28), np.uint8), np.arange(30) % 10)
    monkeypatch.setattr(catalogue, "VALIDATION", 10)
    assert datasets.main() == 0
    printed = capsys.readouterr().out
    assert printed.startswith("KMNIST: 10 labels, o, ki, su")
    assert "  training:      20 pictures, 2 to 2 of a label" in printed


def test_weights_are_measured_on_their_own_labels_only() -> None:
    digits = {"labels": list("0123456789")}
    assert data_set_for(digits).id == "mnist"
    assert data_set_for(digits, "emnist-digits").id == "emnist-digits"
    for name in ("fashion-mnist", "emnist-letters"):
        with pytest.raises(WeightsError, match="other labels"):
            data_set_for(digits, name)
    with pytest.raises(WeightsError, match="other labels"):
        data_set_for({"labels": ["A", "B"], "dataset": "letters"})


@pytest.mark.data
@pytest.mark.parametrize(("name", "counts"), [("fashion-mnist", (60_000, 10_000)), ("letters", (2_340, 520))])
def test_the_real_data_where_there_is_any(name: str, counts: tuple[int, int]) -> None:
    if datasets.data_folder() is None:
        pytest.skip(f"{DATA_VARIABLE} is not set")
    train, test = load(name, "train"), load(name, "test")
    assert (len(train), len(test)) == counts
    each = np.bincount(test.labels)
    assert (each == each[0]).all(), "as many of each label"
    assert train.pictures.max() == 255
