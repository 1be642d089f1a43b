"""Changing the picture and running the model again: what stands behind every claim about a cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from explainers.base import Case
from explainers.errors import ExplainerError
from explainers.levels import fill_level
from explainers.values import Outcome, Part, Test


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


def ink_amount(pixels: np.ndarray, parts: Sequence[Part]) -> float:
    """Sum of the pixel values on ``parts``: the ``amount`` of a control."""
    return float(pixels[_union(parts)].sum(dtype=np.float64))


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
