"""Data sets from a folder: whole, cut off, damaged and missing."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from model import datasets
from model.catalogue import VALIDATION
from model.datasets import DATA_VARIABLE, LabelledPictures, load, read_idx, split_training
from model.errors import DataError


def idx(values: np.ndarray) -> bytes:
    return bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()


PICTURES = np.random.default_rng(0).integers(0, 256, (7, 28, 28), dtype=np.uint8)
LABELS = np.arange(7, dtype=np.uint8)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of one data set, with its training pictures gzipped and its test pictures plain."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    mnist = tmp_path / "mnist"
    mnist.mkdir()
    (mnist / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(PICTURES)))
    (mnist / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(LABELS)))
    (mnist / "t10k-images-idx3-ubyte").write_bytes(idx(PICTURES[:3]))
    (mnist / "t10k-labels-idx1-ubyte").write_bytes(idx(LABELS[:3]))
    return mnist


def test_the_files_come_back_as_they_were(folder: Path) -> None:
    train, test = load("mnist", "train"), load("mnist", "test")
    np.testing.assert_array_equal(train.pictures, PICTURES)
    np.testing.assert_array_equal(train.labels, LABELS)
    assert (len(test), test.pictures.dtype, test.labels.dtype) == (3, np.uint8, np.int64)
    assert train.pictures.flags.writeable


def test_the_test_pictures_come_without_the_training_pictures(folder: Path) -> None:
    for file in folder.glob("train-*"):
        file.unlink()
    np.testing.assert_array_equal(load("mnist", "test").pictures, PICTURES[:3])
    with pytest.raises(DataError, match="train-images"):
        load("mnist", "train")


@pytest.mark.parametrize("length", [0, 3, 10, 15, 16, 500])
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_is_cut_off(length: int, packed: bool, tmp_path: Path) -> None:
    cut = idx(PICTURES)[:length]
    path = tmp_path / "cut"
    path.write_bytes(gzip.compress(cut) if packed else cut)
    with pytest.raises(DataError, match="cut"):
        read_idx(path)


def test_a_damaged_archive(tmp_path: Path) -> None:
    whole = gzip.compress(idx(PICTURES))
    path = tmp_path / "broken.gz"
    for damaged in (whole[: len(whole) // 2], whole[:200] + b"\x00" * 50 + whole[250:], whole[:5]):
        path.write_bytes(damaged)
        with pytest.raises(DataError, match="cut off or damaged"):
            read_idx(path)


def test_another_format(tmp_path: Path) -> None:
    path = tmp_path / "floats"
    path.write_bytes(b"\x00\x00\x0d\x01" + bytes(20))
    with pytest.raises(DataError, match="not an IDX file"):
        read_idx(path)


def test_missing_files_and_missing_labels(folder: Path) -> None:
    (folder / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(DataError, match="t10k-images"):
        load("mnist", "test")
    with pytest.raises(DataError, match="fashion-mnist"):
        load("fashion-mnist", "train")


def test_labels_that_do_not_fit_the_pictures(folder: Path) -> None:
    (folder / "t10k-labels-idx1-ubyte").write_bytes(idx(LABELS))
    with pytest.raises(DataError, match="labels of shape"):
        load("mnist", "test")


def test_without_a_folder_a_failing_download_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    import torchvision

    def fail(*arguments: object, **settings: object) -> None:
        raise RuntimeError("no route")

    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    monkeypatch.setattr(torchvision.datasets, "MNIST", fail)
    with pytest.raises(DataError, match=DATA_VARIABLE):
        load("mnist", "train")


def test_the_validation_pictures_are_the_last_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    count = VALIDATION + 10
    data = LabelledPictures(np.zeros((count, 1, 1), np.uint8), np.arange(count))
    train, validation = split_training(data)
    assert train.labels.tolist() == list(range(10))
    assert validation.labels.tolist() == list(range(10, count))


@pytest.mark.data
def test_the_real_data_where_there_is_any() -> None:
    if datasets.data_folder() is None:
        pytest.skip(f"{DATA_VARIABLE} is not set")
    data = load("mnist", "test")
    assert data.pictures.shape == (10_000, 28, 28)
    assert data.labels[:5].tolist() == [7, 2, 1, 0, 4], "the official order"
