"""Alphabets other than the digits, and fakes that read them."""

from __future__ import annotations

import string

import numpy as np

from model.alphabet import Alphabet
from model.values import ModelIdentity
from tests.fakes import FakeClassifier

CLOTHES = Alphabet(
    ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    "fashion-mnist",
)
LETTERS = Alphabet(tuple(string.ascii_uppercase), "letters")
BALANCED = Alphabet((*string.digits, *string.ascii_uppercase, *"abdefghnqrt"), "emnist-balanced")
KANA = Alphabet(("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"), "kmnist")
EVERY = {"clothes": CLOTHES, "letters": LETTERS, "balanced": BALANCED, "kana": KANA}


def fake_of(alphabet: Alphabet, seed: int = 0) -> FakeClassifier:
    """A fake with a class for every label, its weights drawn at random."""
    classes = len(alphabet.labels)
    fake = FakeClassifier(np.random.default_rng(seed).normal(0, 0.05, (classes, 28, 28)), np.zeros(classes))
    record = {"labels": list(alphabet.labels), "dataset": alphabet.dataset}
    fake.identity = ModelIdentity("fake", None, "0" * 64, record)
    return fake


def coat() -> np.ndarray:
    """(28, 28) in [0, 1]: a body with two sleeves, from edge to edge."""
    pixels = np.zeros((28, 28), np.float32)
    pixels[0:28, 9:19] = 0.8
    pixels[2:16, 4:24] = 0.6
    return np.round(pixels * 255) / np.float32(255)
