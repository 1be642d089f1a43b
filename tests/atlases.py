"""Atlases made by hand: labels in known places, so that neighbours are known beforehand."""

from __future__ import annotations

import numpy as np

from model.atlas import Atlas, directions


def atlas(rows: dict[int, np.ndarray], held_out: dict[int, tuple[np.ndarray, np.ndarray]] | None = None) -> Atlas:
    """Of each label the (n, C) features; ``held_out``: distances and leanings of new digits of a label.

    Nothing is reduced, and the map shows the first two features.
    """
    features = directions(np.concatenate(list(rows.values())).astype(np.float32))
    labels = np.concatenate([np.full(len(some), label, np.uint8) for label, some in rows.items()])
    held_out = held_out or {}
    width = features.shape[1]
    empty = [np.empty(0, np.float32)]
    return Atlas(
        labels,
        np.arange(len(labels), dtype=np.int32),
        features,
        np.zeros(width, np.float32),
        np.eye(width, dtype=np.float32),
        features[:, :2] / 2 + 0.5,
        np.concatenate([np.full(len(some[0]), label, np.uint8) for label, some in held_out.items()] or empty),
        np.concatenate([some[0] for some in held_out.values()] or empty).astype(np.float32),
        np.concatenate([some[1] for some in held_out.values()] or empty).astype(np.float32),
        np.array([[90, 1], [10, 4]], np.int32),
    )


def of_pictures(classifier, seed: int = 0, each: int = 12) -> Atlas:  # type: ignore[no-untyped-def]
    """An atlas of random pictures, as ``classifier`` sees them."""
    generator, labels = np.random.default_rng(seed), len(classifier.identity.alphabet.labels)
    pictures = generator.random((labels * each, 28, 28), np.float32) * (generator.random((labels * each, 28, 28)) > 0.7)
    features = classifier.features(pictures.astype(np.float32))
    return atlas({label: features[label::labels] for label in range(labels)})
