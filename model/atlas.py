"""The training pictures as the network sees them, to find a picture's neighbours: ``python -m model.atlas`` makes it.

They are those of the data set that the weights were trained on, MNIST's digits or another, and called digits here.
It holds no pictures: of each digit its label, where it stands in the official order, its pooled features and its place
on a map. Features count by direction only (length one, so that distances are those of the cosine) and are reduced by
PCA; the map is a t-SNE (van der Maaten and Hinton, "Visualizing Data using t-SNE", 2008), laid out beforehand.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from model.errors import DataError, ModelError, WeightsError

NEIGHBOURS = 10
PICTURES = 10_000  # unless the command is told otherwise

_WHOLE = {"labels": np.uint8, "places": np.int32, "doubt": np.int32, "held_out_labels": np.uint8}
_HALF = ("features", "mean", "projection", "coordinates", "held_out_distances", "held_out_leanings")


@dataclass(frozen=True, eq=False)
class Found:
    """Digits of an atlas, the nearest first."""

    rows: np.ndarray  # (n,) int64
    distances: np.ndarray  # (n,) float32, 0 to 2: √(2 − 2·cosine), up to what the reduction loses


@dataclass(frozen=True, eq=False)
class Atlas:
    """N training digits, and of M validation pictures that were read rightly how they lie among them.

    The digits come in rounds, one of each label a round, so that the first n are balanced.
    """

    labels: np.ndarray  # (N,) uint8
    places: np.ndarray  # (N,) int32: which of the official training pictures, from 0
    features: np.ndarray  # (N, K) float32
    mean: np.ndarray  # (C,) float32, of the features at length one
    projection: np.ndarray  # (C, K) float32
    coordinates: np.ndarray  # (N, 2) float32 on the map, 0 to 1 from the left and from the top
    held_out_labels: np.ndarray  # (M,) uint8
    held_out_distances: np.ndarray  # (M,) float32: the mean distance to the nearest NEIGHBOURS
    held_out_leanings: np.ndarray  # (M,) float32: ``leaning`` from the picture's own label
    doubt: np.ndarray  # (2, 2) int32: validation pictures, misread; neighbours as read, then with some other label

    def reduced(self, features: np.ndarray) -> np.ndarray:
        """(…, C) pooled features → (…, K)."""
        return (directions(features) - self.mean) @ self.projection

    def nearest(self, point: np.ndarray, count: int = NEIGHBOURS, label: int | None = None) -> Found:
        """The digits nearest to ``point`` (K,), of all labels or of one; fewer than ``count`` where there are fewer."""
        rows = np.arange(len(self.labels)) if label is None else np.flatnonzero(self.labels == label)
        distances = np.linalg.norm(self.features[rows] - point, axis=1)
        first = np.argsort(distances, kind="stable")[:count]
        return Found(rows[first], distances[first])

    def position(self, found: Found) -> tuple[float, float]:
        """Where a picture with these neighbours stands on the map: the mean of their places, weighted by 1/distance."""
        weights = 1 / np.maximum(found.distances.astype(np.float64), 1e-6)
        across, down = weights @ self.coordinates[found.rows] / weights.sum()
        return float(across), float(down)

    @cached_property
    def centres(self) -> dict[int, np.ndarray]:
        """The mean features of each label, (K,)."""
        return {int(one): self.features[self.labels == one].mean(axis=0) for one in np.unique(self.labels)}

    def leaning(self, point: np.ndarray, label: int) -> tuple[int, float]:
        """The other label that ``point`` leans to most, seen from the centre of ``label``, and how far.

        0 is at that centre, 1 as far as the centre of the other, measured along the line between them.
        """
        own = self.centres[label]
        far = {
            other: float((point - own) @ (centre - own) / ((centre - own) @ (centre - own)))
            for other, centre in self.centres.items()
            if other != label
        }
        other = max(far, key=lambda one: far[one])
        return other, far[other]

    def pair_distances(self, label: int, most: int = 500) -> np.ndarray:
        """How far digits of one label are from each other: all pairs of the first ``most``, in no order."""
        some = self.features[self.labels == label][:most]
        squares = (some**2).sum(axis=1)
        distances = np.sqrt(np.maximum(squares[:, None] + squares - 2 * some @ some.T, 0))
        return distances[np.triu_indices(len(some), 1)]


def directions(features: np.ndarray) -> np.ndarray:
    """(…, C) → the same at length one; features that are all 0 stay."""
    return features / np.maximum(np.linalg.norm(features, axis=-1, keepdims=True), 1e-12)


def save_atlas(path: Path, atlas: Atlas) -> None:
    """Write everything into one safetensors file, what is no whole number as float16."""
    kinds = {**_WHOLE, **dict.fromkeys(_HALF, np.float16)}
    save_file({name: np.ascontiguousarray(getattr(atlas, name), kind) for name, kind in kinds.items()}, path)


def load_atlas(path: Path, width: int, classes: int) -> Atlas:
    """Read what ``save_atlas`` wrote for a network with so many features and classes; else raises WeightsError."""
    try:
        tensors = load_file(path)
        atlas = Atlas(
            **{name: tensors[name].astype(kind) for name, kind in _WHOLE.items()},
            **{name: tensors[name].astype(np.float32) for name in _HALF},
        )
        _check(atlas, width, classes)
    except (OSError, SafetensorError, KeyError, ValueError) as problem:
        raise WeightsError(f"{path} cannot be read as an atlas ({problem}).") from problem
    return atlas


def _check(atlas: Atlas, width: int, classes: int) -> None:
    many, held_out = len(atlas.labels), len(atlas.held_out_labels)
    size = atlas.features.shape[-1]
    shapes = {
        "labels": (many,), "places": (many,), "features": (many, size), "mean": (width,), "projection": (width, size),
        "coordinates": (many, 2), "held_out_labels": (held_out,), "held_out_distances": (held_out,),
        "held_out_leanings": (held_out,), "doubt": (2, 2),
    }  # fmt: skip
    for name, shape in shapes.items():
        values = getattr(atlas, name)
        if values.shape != shape or not np.isfinite(values).all():
            raise ValueError(f"{name} has the shape {values.shape} instead of {shape}, or is not all numbers")
    if many < NEIGHBOURS or set(np.unique(atlas.labels)) != set(range(classes)):
        raise ValueError(f"{many} pictures, not of all {classes} labels and no others")
    if held_out and atlas.held_out_labels.max() >= classes:
        raise ValueError(f"validation pictures of other labels than {classes}")


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    # Here, because these modules need this one.
    from model import datasets
    from model.catalogue import data_set_for
    from model.charting import chart
    from model.devices import DEVICES, pick_device
    from model.load import BUNDLED
    from model.weights import read_config

    parser = argparse.ArgumentParser(prog="python -m model.atlas", description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, default=BUNDLED, help="weights directory; the file is put beside them")
    parser.add_argument(
        "--pictures",
        type=int,
        default=PICTURES,
        help=f"how many training pictures, if there are as many (default {PICTURES})",
    )
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument(
        "--download",
        action="store_true",
        help="only fetch the data set of the weights, so that answers can show the pictures they speak of",
    )
    options = parser.parse_args(arguments)
    try:
        if options.download:
            data_set = data_set_for(read_config(options.weights))
            count = len(datasets.load(data_set.id, "train"))
            print(f"{count:,} training pictures of {data_set.title} are at hand.")
        else:
            chart(options.weights, options.pictures, str(pick_device(options.device)))
    except (DataError, ModelError) as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
