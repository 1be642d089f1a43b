"""How ``python -m model.atlas`` makes an atlas: read training pictures, reduce their features, lay them out, measure.

A run that was killed goes on: what the network said of each few hundred pictures is kept until the atlas is written.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from model import datasets
from model.atlas import NEIGHBOURS, Atlas, directions, load_atlas, save_atlas
from model.catalogue import MNIST, DataSet, data_set_for
from model.errors import ModelError
from model.load import load_folder
from model.progress import run_over
from model.weights import ATLAS_FILE, read_config, sha256, write_config

DIMENSIONS = 64  # of the reduced features; the record says what that loses
PERPLEXITY = 30.0  # openTSNE's own: about how many neighbours each digit has on the map
LEAST = NEIGHBOURS  # pictures of each label
PARTS_FOLDER = "atlas.parts"

Layout = Callable[[np.ndarray], np.ndarray]
Reader = Callable[[np.ndarray], np.ndarray]


def chart(folder: Path, pictures: int, device: str = "cpu") -> None:
    """Make the atlas of the weights in ``folder`` of so many of their training pictures, and note it in their config.

    A tenth as many validation pictures measure it. Raises ModelError or DataError.
    """
    config = {key: value for key, value in read_config(folder).items() if key != "atlas"}
    data_set = data_set_for(config)
    least = LEAST * len(data_set.labels)
    if pictures < least:
        raise ModelError(f"An atlas needs {least} pictures or more, not {pictures}.")
    lay_out, by = _layout()
    classifier = load_folder(folder, device=device)
    write_config(folder, config)  # what was made before may belong to other weights
    training, validation = datasets.split_training(datasets.load(data_set.id, "train"), data_set)
    rows = in_rounds(training.labels)[:pictures]
    held_out = validation.part(slice(max(len(rows) // 10, 1)))
    parts = folder / PARTS_FOLDER
    parts.mkdir(exist_ok=True)
    read = remembering(classifier.features, parts, classifier.identity.sha256)
    found = run_over(read, training.pictures[rows], "training")
    others = run_over(read, held_out.pictures, "validation")
    print(f"laying out {len(rows):,} pictures by {by}", flush=True)
    layer = classifier.network.classifier
    answers = (others @ layer.weight.cpu().numpy().T + layer.bias.cpu().numpy()).argmax(axis=1)
    atlas = make_atlas(found, training.labels[rows], rows, lay_out, others, held_out.labels, answers)
    save_atlas(folder / ATLAS_FILE, atlas)
    # What is measured is what answers, rounded as it is.
    stored = load_atlas(folder / ATLAS_FILE, found.shape[1], len(data_set.labels))
    record = {
        "sha256": sha256(folder / ATLAS_FILE),
        "weights": classifier.identity.sha256,
        "pictures": len(rows),
        "data": made_of(data_set),
        "dimensions": atlas.features.shape[1],
        "layout": by,
        **measured(stored, found, others, held_out.labels),
    }
    write_config(folder, {**config, "atlas": record})
    shutil.rmtree(parts)
    print("\n".join(f"{name}: {value}" for name, value in record.items()))


def made_of(data_set: DataSet) -> str:
    """How config.json names what an atlas was made of."""
    what = "digit" if data_set is MNIST else "label"
    return f"{data_set.title} training pictures, as evenly of each {what} as there are"


def in_rounds(labels: np.ndarray, seed: int = 0) -> np.ndarray:
    """All rows, drawn from ``seed``, in rounds of one of each label: the first n are as balanced as can be."""
    order = np.random.default_rng(seed).permutation(len(labels))
    rounds = np.empty(len(labels), int)
    for label in np.unique(labels):
        mine = order[labels[order] == label]
        rounds[mine] = np.arange(len(mine))
    return np.lexsort((labels, rounds))


def remembering(read: Reader, folder: Path, key: str) -> Reader:
    """``read``, which does not do twice what it has done before, also in another process.

    What it found is kept in ``folder``, named by the pictures and by ``key``, the weights.
    """

    def run(pictures: np.ndarray) -> np.ndarray:
        name = hashlib.sha256(key.encode() + np.ascontiguousarray(pictures).tobytes()).hexdigest()
        path = folder / f"{name}.npy"
        if not path.is_file():
            unfinished = path.with_suffix(".part")
            with unfinished.open("wb") as file:
                np.save(file, read(pictures))
            unfinished.replace(path)
        return np.load(path)

    return run


def make_atlas(
    features: np.ndarray,
    labels: np.ndarray,
    places: np.ndarray,
    lay_out: Layout,
    others: np.ndarray,
    truth: np.ndarray,
    answers: np.ndarray,
) -> Atlas:
    """The atlas of (N, C) features with (N,) labels; (M, C) ``others`` are held out, ``answers`` what is read there."""
    mean, projection = principal(directions(features), DIMENSIONS)
    half = (directions(features) - mean) @ projection
    points = half.astype(np.float16).astype(np.float32)  # as they will be stored
    atlas = Atlas(
        labels=labels.astype(np.uint8),
        places=places.astype(np.int32),
        features=points,
        mean=mean,
        projection=projection,
        coordinates=fitted(lay_out(points)),
        held_out_labels=np.empty(0, np.uint8),
        held_out_distances=np.empty(0, np.float32),
        held_out_leanings=np.empty(0, np.float32),
        doubt=np.zeros((2, 2), np.int32),
    )
    reduced = atlas.reduced(others)
    found = [atlas.nearest(point) for point in reduced]
    mixed = np.array([(atlas.labels[one.rows] != answer).any() for one, answer in zip(found, answers, strict=True)])
    wrong, right = answers != truth, np.flatnonzero(answers == truth)
    doubt = [[int((mixed == kind).sum()), int((wrong & (mixed == kind)).sum())] for kind in (False, True)]
    return replace(
        atlas,
        held_out_labels=truth[right].astype(np.uint8),
        held_out_distances=np.array([found[row].distances.mean() for row in right], np.float32),
        held_out_leanings=np.array([atlas.leaning(reduced[row], int(truth[row]))[1] for row in right], np.float32),
        doubt=np.array(doubt, np.int32),
    )


def principal(rows: np.ndarray, dimensions: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean (C,) of (N, C) rows and their first principal directions (C, K), K at most C; rounded to float16."""
    mean = rows.mean(axis=0, dtype=np.float64)
    spread = rows.astype(np.float64) - mean
    _, vectors = np.linalg.eigh(spread.T @ spread / len(spread))
    first = vectors[:, ::-1][:, :dimensions]
    return mean.astype(np.float16).astype(np.float32), first.astype(np.float16).astype(np.float32)


def fitted(coordinates: np.ndarray) -> np.ndarray:
    """(N, 2) moved and scaled into the square from 0 to 1, both axes alike, in the middle of it."""
    low, high = coordinates.min(axis=0), coordinates.max(axis=0)
    side = max(float((high - low).max()), 1e-12)
    return ((coordinates - (low + high) / 2) / side + 0.5).astype(np.float32)


def measured(atlas: Atlas, features: np.ndarray, others: np.ndarray, truth: np.ndarray) -> dict[str, object]:
    """What the neighbours tell of (M, C) validation features: see docs/map.md."""
    whole, reduced = directions(features), atlas.reduced(others)
    agree = on_map = kept = 0
    for picture, point, label in zip(directions(others), reduced, truth, strict=True):
        found = atlas.nearest(point)
        agree += int(np.bincount(atlas.labels[found.rows]).argmax() == label)
        beside = np.linalg.norm(atlas.coordinates - atlas.position(found), axis=1).argmin()
        on_map += int(atlas.labels[beside] == label)
        true = np.argpartition(whole @ picture, -NEIGHBOURS)[-NEIGHBOURS:]  # of length one: the nearest
        kept += len(np.intersect1d(true, found.rows))
    count = len(truth)
    return {
        "validation_pictures": count,
        "neighbours": NEIGHBOURS,
        "neighbours_right": round(agree / count, 4),  # the label that most of the ten have is the true one
        "place_right": round(on_map / count, 4),  # the digit beside its place on the map has its label
        "neighbours_kept": round(kept / count / NEIGHBOURS, 4),  # of the ten nearest in all features
        **dict(zip(("agreeing", "mixed"), atlas.doubt.tolist(), strict=True)),  # pictures, misread
    }


def _layout() -> tuple[Layout, str]:
    """openTSNE's layout, and its name; raises ModelError where it is not installed: only this command needs it."""
    try:
        from openTSNE import TSNE
    except ImportError as problem:
        raise ModelError("Laying out the map needs openTSNE: run `pip install 'openTSNE>=1.0'` first.") from problem

    def lay_out(points: np.ndarray) -> np.ndarray:
        perplexity = min(PERPLEXITY, (len(points) - 1) / 3)
        return np.asarray(TSNE(perplexity=perplexity, initialization="pca", random_state=0).fit(points))

    return lay_out, f"openTSNE {importlib.metadata.version('openTSNE')}, perplexity {PERPLEXITY:.0f}, seed 0"
