"""The data sets: from the folder that ``WHYDIGIT_DATA`` names, else downloaded by torchvision.

The folder holds one sub-folder a set (``mnist``, ``fashion-mnist``) with the official gzipped IDX files.
"""

from __future__ import annotations

import gzip
import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.errors import DataError

DATA_VARIABLE = "WHYDIGIT_DATA"
MNIST_TRAINING, MNIST_TEST = 60_000, 10_000  # pictures
VALIDATION = 5_000  # the last of the training pictures; never trained on
# How config.json names what weights were trained and measured on.
TRAINED_ON = f"MNIST, the first {MNIST_TRAINING - VALIDATION:,} training pictures, augmented"
MEASURED_ON = "MNIST test pictures"

_CACHE = Path.home() / ".cache" / "whydigit"
_TORCHVISION = {"mnist": "MNIST", "fashion-mnist": "FashionMNIST"}


@dataclass(frozen=True, eq=False)
class LabelledPictures:
    """Pictures (N, 28, 28) uint8, ink bright, with labels (N,) int64."""

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
    """All pictures of ``name`` ("mnist" or "fashion-mnist"), ``split`` "train" or "test", in the official order.

    Raises DataError where the named folder lacks the files, or nothing is named and the download fails.
    """
    folder = data_folder()
    if folder is None:
        return _download(name, split)
    prefix = "train" if split == "train" else "t10k"
    found = [sorted((folder / name).glob(f"{prefix}-{kind}*")) for kind in ("images", "labels")]
    if not all(found):
        raise DataError(f"{DATA_VARIABLE} names a folder without {name}/{prefix}-images-idx3-ubyte.gz and its labels.")
    pictures, labels = (read_idx(paths[0]) for paths in found)
    if pictures.ndim != 3 or labels.shape != pictures.shape[:1]:
        raise DataError(f"{name}/{prefix} has pictures of shape {pictures.shape} and labels of shape {labels.shape}.")
    return LabelledPictures(pictures, labels.astype(np.int64))


def is_at_hand(name: str) -> bool:
    """Whether the four files of ``name`` are on this machine: in the folder that is named, or downloaded before."""
    folder = data_folder()
    files = (_CACHE / _TORCHVISION[name] / "raw" if folder is None else folder / name).glob("*-idx?-ubyte*")
    return len({file.name.removesuffix(".gz") for file in files}) == 4


def _download(name: str, split: str) -> LabelledPictures:
    from torchvision import datasets

    try:
        found = getattr(datasets, _TORCHVISION[name])(str(_CACHE), train=split == "train", download=True)
    except (OSError, RuntimeError) as problem:
        raise DataError(
            f"{name} could not be downloaded; set {DATA_VARIABLE} to a folder that holds it ({problem})."
        ) from problem
    return LabelledPictures(found.data.numpy(), found.targets.numpy())


def split_training(data: LabelledPictures) -> tuple[LabelledPictures, LabelledPictures]:
    """The training pictures without the last 5,000, and those 5,000 for validation."""
    return data.part(slice(0, -VALIDATION)), data.part(slice(-VALIDATION, None))
