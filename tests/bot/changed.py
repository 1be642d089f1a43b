"""A four on networks in which half of the picture speaks, and what a reply about a change of it claims."""

from __future__ import annotations

import numpy as np

from bot.api import Bot, Chat
from bot.values import Claim, Reply
from explainers.changes.edits import region_mask
from tests.bot.digits import drawn
from tests.fakes import FakeClassifier


def chat_on(classifier: FakeClassifier, mirrored: bool = False) -> Chat:
    chat = Bot(classifier).start()
    pixels = drawn("four")
    chat.show(pixels[:, ::-1].copy() if mirrored else pixels)
    return chat


def upper_half_speaks(strength: float = 12.0, mirrored: bool = False) -> FakeClassifier:
    """A 5 as long as there is ink in the upper half, else a 3."""
    pixels = drawn("four")[:, ::-1] if mirrored else drawn("four")
    weights = np.zeros((10, 28, 28))
    weights[5, :14] = strength / pixels[:14].sum()
    biases = np.zeros(10)
    biases[3] = strength / 2
    return FakeClassifier(weights, biases)


def left_half_speaks() -> FakeClassifier:
    pixels = drawn("four")
    weights = np.zeros((10, 28, 28))
    weights[5, :, :14] = 12 / pixels[:, :14].sum()
    biases = np.zeros(10)
    biases[3] = 6.0
    return FakeClassifier(weights, biases)


def kinds(reply: Reply) -> list[str]:
    return [claim.kind for claim in reply.claims]


def only(reply: Reply, start: str) -> Claim:
    """The claim of a kind; of those about a change the first, which says what is read, before the other digits."""
    return next(claim for claim in reply.claims if claim.kind.startswith(start))


def quarters_speak(threshold: float, **logits: float) -> FakeClassifier:
    """A 5 as long as the ink of the quarters named brings more than ``threshold`` logits, else a 3."""
    pixels = drawn("four")
    weights = np.zeros((10, 28, 28))
    for quarter, worth in logits.items():
        ink = region_mask(quarter, pixels) & (pixels > 0)
        weights[5][ink] = worth / pixels[ink].sum()
    biases = np.zeros(10)
    biases[3] = threshold
    return FakeClassifier(weights, biases)
