"""The data sets' pictures: from the folder that ``WHYDIGIT_DATA`` names, else downloaded by torchvision.

The folder holds one sub-folder a set, as ``model/catalogue.py`` names it, with the official IDX files, gzipped or not.
``python -m model.datasets --dataset kmnist`` says what is there, and downloads it where no folder is named.
"""

from __future__ import annotations

import argparse
import gzip
import os
import struct
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.catalogue import DATA_SETS, MNIST, DataSet
from model.errors import DataError

DATA_VARIABLE = "WHYDIGIT_DATA"
TEST_WRITERS = 10  # the last ones, of a data set that is split by writer

_CACHE = Path.home() / ".cache" / "whydigit"


@dataclass(frozen=True, eq=False)
class LabelledPictures:
    """Pictures (N, 28, 28) uint8, ink bright, with the numbers of their classes (N,) int64."""

    pictures: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, which: slice | np.ndarray) -> LabelledPictures:
        """The rows that ``which`` selects."""
        return LabelledPictures(self.pictures[which], self.labels[which])


def data_folder() -> Path | None:
    """The folder that ``WHYDIGIT_DATA`` names; None where it is not set."""
    named = os.environ.get(DATA_VARIABLE)
    return Path(named) if named else None


def read_idx(path: Path) -> np.ndarray:
    """One IDX file of unsigned bytes, gzipped or plain (format: LeCun's MNIST page); raises DataError if damaged."""
    raw = path.read_bytes()
    if raw[:2] == b"\x1f\x8b":
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, zlib.error) as problem:
            raise DataError(f"{path.name} is cut off or damaged: it cannot be unpacked ({problem}).") from problem
    if len(raw) < 4 or raw[:3] != b"\x00\x00\x08":
        raise DataError(f"{path.name} is not an IDX file of unsigned bytes.")
    axes = raw[3]
    if len(raw) < 4 + 4 * axes:
        raise DataError(f"{path.name} is cut off within its head.")
    shape = struct.unpack(f">{axes}I", raw[4 : 4 + 4 * axes])
    values = np.frombuffer(raw, np.uint8, offset=4 + 4 * axes)
    if values.size != int(np.prod(shape)):
        raise DataError(f"{path.name} is cut off: it promises {shape} and holds {values.size} bytes.")
    return values.reshape(shape).copy()  # a frombuffer view cannot be written to, which torch warns about


def load(name: str, split: str) -> LabelledPictures:
    """All pictures of the data set ``name``, ``split`` "train" or "test", in the official order.

    Of a set that is split by writer, writer by writer. Raises DataError where the named folder lacks the files, or
    nothing is named and the download fails, and where the files hold other pictures or labels than they should.
    """
    data_set, folder = DATA_SETS[name], data_folder()
    pictures, labels = _download(data_set, split) if folder is None else _read(data_set, split, folder)
    if pictures.ndim != 3 or labels.shape != pictures.shape[:1]:
        raise DataError(f"{name}/{split} has pictures of shape {pictures.shape} and labels of shape {labels.shape}.")
    classes = labels.astype(np.int64) - data_set.first_label
    if len(classes) and not 0 <= classes.min() <= classes.max() < len(data_set.labels):
        raise DataError(f"{name}/{split} has other labels than {len(data_set.labels)} from {data_set.first_label} on.")
    if data_set.transposed:
        pictures = np.ascontiguousarray(pictures.swapaxes(1, 2))
    found = LabelledPictures(pictures, classes)
    return found if data_set.writers is None else _by_writer(found, split, data_set.writers)


def split_training(data: LabelledPictures, data_set: DataSet = MNIST) -> tuple[LabelledPictures, LabelledPictures]:
    """The training pictures without the last ones, and those for validation: of MNIST the last 5,000."""
    return data.part(slice(0, -data_set.held_out)), data.part(slice(-data_set.held_out, None))


def is_at_hand(name: str) -> bool:
    """Whether the files of ``name`` are on this machine: in the folder that is named, or downloaded before."""
    data_set, folder = DATA_SETS[name], data_folder()
    if folder is not None:
        place = folder / data_set.folder
    elif data_set.torchvision is not None:
        place = _CACHE / data_set.torchvision[0] / "raw"
    else:
        return False
    return all(_file(place, file) for file in (*data_set.images, *data_set.targets))


def _file(place: Path, name: str) -> Path | None:
    """The file of that name in ``place``, gzipped or not; None where there is neither."""
    return next((path for path in (place / f"{name}.gz", place / name) if path.is_file()), None)


def _read(data_set: DataSet, split: str, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Pictures and labels as the files hold them."""
    test, place = split == "test", folder / data_set.folder
    pictures, labels = _file(place, data_set.images[test]), _file(place, data_set.targets[test])
    if pictures is None or labels is None:
        wanted = f"{data_set.folder}/{data_set.images[test]}.gz"
        raise DataError(f"{DATA_VARIABLE} names a folder without {wanted} and its labels.")
    return read_idx(pictures), read_idx(labels)


def _download(data_set: DataSet, split: str) -> tuple[np.ndarray, np.ndarray]:
    from torchvision import datasets

    if data_set.torchvision is None:
        raise DataError(f"{data_set.title} cannot be downloaded; set {DATA_VARIABLE} to a folder that holds them.")
    name, part = data_set.torchvision
    settings = {} if part is None else {"split": part}
    try:
        found = getattr(datasets, name)(str(_CACHE), train=split == "train", download=True, **settings)
    except (OSError, RuntimeError) as problem:
        raise DataError(
            f"{data_set.id} could not be downloaded; set {DATA_VARIABLE} to a folder that holds it ({problem})."
        ) from problem
    return found.data.numpy(), found.targets.numpy()


def _by_writer(data: LabelledPictures, split: str, writers: int) -> LabelledPictures:
    """Of pictures sorted by class, then writer, those of the last writers, or of all others: writer by writer."""
    if len(data) % writers:
        raise DataError(f"{len(data):,} pictures cannot be as many of each of {writers} writers.")
    writer = np.arange(len(data)) % writers
    order = np.argsort(writer, kind="stable")
    test = writer[order] >= writers - TEST_WRITERS
    return data.part(order[test if split == "test" else ~test])


def main() -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m model.datasets", description="Say what of a data set is there.")
    parser.add_argument("--dataset", choices=DATA_SETS, default=MNIST.id)
    data_set = DATA_SETS[parser.parse_args().dataset]
    try:
        train, validation = split_training(load(data_set.id, "train"), data_set)
        test = load(data_set.id, "test")
    except DataError as problem:
        print(problem, file=sys.stderr)
        return 2
    print(f"{data_set.title}: {len(data_set.labels)} labels, {', '.join(data_set.labels)}")
    for part, data in (("training", train), ("validation", validation), ("test", test)):
        counts = np.bincount(data.labels, minlength=len(data_set.labels))
        print(f"{part:>10}: {len(data):7,} pictures, {counts.min():,} to {counts.max():,} of a label")
    return 0


if __name__ == "__main__":
    sys.exit(main())
