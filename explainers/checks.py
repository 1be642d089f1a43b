"""Changing the picture and running the model again: what stands behind every claim about a cause.

The control is a same-sized random patch of ink: a part that matters lowers the digit more than ink at random.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from explainers.base import Case
from explainers.errors import ExplainerError
from explainers.levels import fill_level
from explainers.values import Outcome, Part, Test


@dataclass(frozen=True, eq=False)
class Control:
    """The same amount of ink, erased at random places."""

    tests: tuple[Test, ...]
    digit: int

    @property
    def drops(self) -> np.ndarray:
        """(K,) by how much the digit's probability fell."""
        return np.array([test.drop(self.digit) for test in self.tests])

    @property
    def log_odds_drops(self) -> np.ndarray:
        """(K,) by how much the digit's log-odds fell (logit)."""
        return np.array([test.log_odds_drop(self.digit) for test in self.tests])


def erase(case: Case, parts: Sequence[Part]) -> Test:
    """Erase ink parts to black. A run that the table already holds is not made again.

    Raises ExplainerError for a gap, which has nothing to erase.
    """
    pixels = _erased(case.pixels, parts)
    ids = [part.id for part in parts]
    table = case.finished_runs
    row = table.row_without(ids) if table else None
    logits = case.classifier.logits(pixels[None])[0] if table is None or row is None else table.logits[row]
    return outcome_test(case, {"kind": "erase", "parts": ids}, pixels, logits)


def each_alone(case: Case, parts: Sequence[Part]) -> tuple[Test, ...]:
    """Each ink part erased and each gap filled, one at a time; all in one batch, and once for a case.

    A gap is filled with ink as dark as the strokes (``fill_level``).
    """
    table = case.finished_runs
    new = [part for part in parts if part.id not in case.alone]
    if table:
        for part in [part for part in new if part.kind == "ink"]:
            case.alone[part.id] = erase(case, [part])
            new.remove(part)
    if new:
        pictures = [_erased(case.pixels, [one]) if one.kind == "ink" else _filled(case.pixels, one) for one in new]
        for part, picture, logits in zip(new, pictures, case.classifier.logits(np.stack(pictures)), strict=True):
            operation = {"kind": "erase" if part.kind == "ink" else "fill", "parts": [part.id]}
            case.alone[part.id] = outcome_test(case, operation, picture, logits)
    return tuple(case.alone[part.id] for part in parts)


def _erased(pixels: np.ndarray, parts: Sequence[Part]) -> np.ndarray:
    if any(part.kind != "ink" for part in parts):
        raise ExplainerError("Only ink can be erased; an empty place has nothing to erase.")
    return np.where(_union(parts), np.float32(0), pixels)


def _filled(pixels: np.ndarray, gap: Part) -> np.ndarray:
    return np.where(gap.mask, np.maximum(pixels, fill_level(pixels)), pixels)


def control_drops(case: Case, amount: float, digit: int, repeats: int = 8, seed: int | None = None) -> Control:
    """Erase ``repeats`` random patches of ink, each with about ``amount`` of ink (sum of pixel values), in one batch.

    ``seed`` None takes the case's. Raises ExplainerError where the picture has no ink.
    """
    generator = np.random.default_rng(case.seed if seed is None else seed)
    patches = [_patch(case.pixels, amount, generator) for _ in range(repeats)]
    pictures = np.stack([np.where(patch, np.float32(0), case.pixels) for patch, _ in patches])
    logits = case.classifier.logits(pictures)
    tests = tuple(
        outcome_test(
            case, {"kind": "erase_patch", "start": start, "amount": float(case.pixels[patch].sum())}, picture, said
        )
        for (patch, start), picture, said in zip(patches, pictures, logits, strict=True)
    )
    return Control(tests, digit)


def ink_amount(pixels: np.ndarray, parts: Sequence[Part]) -> float:
    """Sum of the pixel values on ``parts``: the ``amount`` of a control."""
    return float(pixels[_union(parts)].sum(dtype=np.float64))


def _patch(pixels: np.ndarray, amount: float, generator: np.random.Generator) -> tuple[np.ndarray, list[int]]:
    """(28, 28) bool: the ink pixels nearest to a random one, as many as come closest to ``amount``; and that pixel."""
    places = np.argwhere(pixels > 0)
    if not len(places):
        raise ExplainerError("A control needs ink; this picture is black.")
    start = places[generator.integers(len(places))]
    order = places[np.argsort(((places - start) ** 2).sum(axis=1), kind="stable")]
    reached = np.cumsum(pixels[tuple(order.T)], dtype=np.float64)
    size = int(np.abs(reached - amount).argmin()) + 1
    patch = np.zeros(pixels.shape, bool)
    patch[tuple(order[:size].T)] = True
    return patch, [int(place) for place in start]


def _union(parts: Sequence[Part]) -> np.ndarray:
    if not parts:
        raise ExplainerError("A test needs at least one part; none came.")
    return np.any([part.mask for part in parts], axis=0)


def try_pictures(case: Case, changed: Sequence[tuple[Mapping[str, object], np.ndarray]]) -> tuple[Test, ...]:
    """A test for each (operation, picture (28, 28)), all run in one batch."""
    if not changed:
        return ()
    logits = case.classifier.logits(np.stack([picture for _, picture in changed]))
    return tuple(outcome_test(case, *one, said) for one, said in zip(changed, logits, strict=True))


def outcome_test(case: Case, operation: Mapping[str, object], pixels: np.ndarray, logits: np.ndarray) -> Test:
    """The test whose changed picture is ``pixels`` (28, 28), with what the network said of it, ``logits`` (10,)."""
    return Test(operation, case.outcome, Outcome(pixels, logits, case.classifier.probabilities(logits)))
