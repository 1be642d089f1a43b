"""Which type of question a piece of text is: a linear model on n-grams, trained by ``bot.understanding.train``.

What ships is an array of weights for each language, without names or code: softmax(W x + b) with x the features of
features.py, each times its inverse document frequency, every group scaled to length one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from bot.understanding.features import features
from bot.understanding.language import Language

FOLDER = Path(__file__).with_name("weights")
# Classes beside the types: a half sentence that goes on with the question before, and several questions at once.
MORE, SEVERAL = "more", "several"
LEARNT = {"what_if": ("change",), "style": ("level", "length")}  # slots whose value is learnt with the type


@dataclass(frozen=True, eq=False)
class TypeClassifier:
    """The weights of one language."""

    labels: tuple[str, ...]  # (T,) types, some with the value of a slot: "what_if change=erase"
    keys: np.ndarray  # (F,) uint32, the features' numbers in ascending order
    rarity: np.ndarray  # (F,) float32, inverse document frequencies
    weights: np.ndarray  # (F, T) float32
    intercept: np.ndarray  # (T,) float32

    def shares(self, text: str, language: Language, previous: str | None = None) -> Mapping[str, float]:
        """The probability of each label for a piece of normalised text after a question of type ``previous``."""
        scores = self.intercept.astype(np.float64)
        for counted in features(text, language, previous).values():
            places, values = weighed(counted, self.keys, self.rarity)
            if len(places):
                scores = scores + values @ self.weights[places]
        shares = np.exp(scores - scores.max())
        return dict(zip(self.labels, (shares / shares.sum()).tolist(), strict=True))


def by_type(shares: Mapping[str, float]) -> dict[str, float]:
    """The probability of each type: that of "what_if" is the sum of "what_if change=erase" and the others."""
    sums: dict[str, float] = {}
    for label, share in shares.items():
        kind = label.split(" ")[0]
        sums[kind] = sums.get(kind, 0.0) + share
    return sums


def likeliest_value(shares: Mapping[str, float], kind: str, slot: str) -> tuple[str | None, float]:
    """The likeliest value of a slot that labels name, given the type, and its probability."""
    start = f"{kind} {slot}="
    named = {label.removeprefix(start): share for label, share in shares.items() if label.startswith(start)}
    total = sum(share for label, share in shares.items() if label.split(" ")[0] == kind)
    if not named or total <= 0:
        return None, 0.0
    best = max(named, key=named.__getitem__)
    return best, named[best] / total


def weighed(counted: Counter[int], keys: np.ndarray, rarity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The places of a group's known features among ``keys``, and their values: (1 + log n) · rarity, to length one."""
    if not counted or not len(keys):
        return np.zeros(0, np.intp), np.zeros(0)
    wanted = np.fromiter(counted, np.uint32, len(counted))
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    known = keys[places] == wanted
    counts = np.fromiter(counted.values(), np.float64, len(counted))[known]
    values = (1 + np.log(counts)) * rarity[places[known]]
    return places[known], values / max(float(np.sqrt((values**2).sum())), 1e-12)


@lru_cache
def load_types(language: str) -> TypeClassifier:
    """The trained classifier of a language, a two-letter code."""
    with np.load(FOLDER / f"{language}.npz", allow_pickle=False) as stored:
        return TypeClassifier(
            tuple(stored["labels"].tolist()),
            stored["keys"],
            stored["rarity"].astype(np.float32),
            stored["weights"].astype(np.float32) * stored["scale"],
            stored["intercept"].astype(np.float32),
        )
