"""Pictures cut into parts by hand, so that these tests do not depend on how ink is cut."""

from __future__ import annotations

import numpy as np

from explainers.base import Case
from explainers.values import Part
from model.classifier import Classifier

PLACES = ("top_left", "top", "top_right", "left", "middle", "right", "bottom_left", "bottom", "bottom_right", "whole")


def boxes(count: int, seed: int = 1) -> tuple[np.ndarray, tuple[Part, ...]]:
    """A picture of ``count`` (at most 12) grey 4×4 boxes, each an ink part, and an empty place as a gap."""
    generator = np.random.default_rng(seed)
    pixels = np.zeros((28, 28), np.float32)
    parts = []
    for place in range(count):
        row, column = 5 + 6 * (place // 4), 2 + 6 * (place % 4)
        mask = np.zeros((28, 28), bool)
        mask[row : row + 4, column : column + 4] = True
        pixels[mask] = (generator.integers(60, 256, 16) / 255).astype(np.float32)
        parts.append(Part(f"part_{place + 1}", "ink", "dot", PLACES[place % len(PLACES)], mask))
    gap = np.zeros((28, 28), bool)
    gap[23:27, 2:10] = True
    return pixels, (*parts, Part("gap_1", "gap", "opening", "bottom", gap, "left"))


def boxes_case(classifier: Classifier, count: int = 5, seed: int = 0) -> Case:
    """A case of ``boxes`` with its parts given."""
    pixels, parts = boxes(count)
    case = Case(classifier, pixels, seed)
    case.parts = parts  # takes the place of what would be found
    return case
