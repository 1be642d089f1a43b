"""A fixed panel of pictures, and what is measured of their explanations at one moment of the training.

Always for the true class, so that the curves of a picture belong together. Where a map may lie is told from the plain
gradient of the log-odds (Simonyan et al. 2013, arXiv 1312.6034): Integrated Gradients and gradient × input give black
pixels exactly nothing, whatever the network, so that of them coverage would always be 1. Which part ranks best, and how
much of the evidence lies in few parts, is told from Integrated Gradients.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explainers import checks, measures
from explainers.base import Case
from explainers.controls import erased_elsewhere, run_controls
from explainers.integrated_gradients import IntegratedGradients
from explainers.levels import GREYS
from model.classifier import Classifier
from model.datasets import LabelledPictures
from model.values import SIDE

PICTURES = 20
PATCHES = 4  # random patches of ink that a part is compared with
NOISES = 8  # pictures of noise

_METHOD = IntegratedGradients()


@dataclass(frozen=True, eq=False)
class Look:
    """One picture of the panel at one moment; None where a formula has no value."""

    stroke_coverage: float | None  # Σ_ink a⁺ / Σ a⁺ of the gradient, 0 to 1
    background: float | None  # Σ_off the ink |a| / Σ |a| of the gradient, 0 to 1
    region_focus: float | None  # of Integrated Gradients over the parts, 0 (evenly spread) to 1 (all in one part)
    completeness_gap: float | None  # what the sum of Integrated Gradients misses, logit
    gradients: float  # that Integrated Gradients needed: a crooked path needs many
    erasing_effect: float | None  # fall of the class's probability without the best part, less that by random ink
    probability: float  # of the true class
    map: np.ndarray  # (28, 28) float32: Integrated Gradients, logit


MEASURES = tuple(name for name in Look.__annotations__ if name != "map")


def choose(data: LabelledPictures, seed: int, count: int = PICTURES) -> LabelledPictures:
    """The panel: drawn by the seed among ``data``, in the order of the draw."""
    return data.part(np.random.default_rng(seed).permutation(len(data))[:count])


def look(classifier: Classifier, pixels: np.ndarray, label: int) -> Look:
    """What ``classifier`` makes of one picture, (28, 28) float32, whose class is ``label``."""
    case = Case(classifier, pixels)
    _, (gradient,) = classifier.log_odds_gradients(pixels[None], label)
    size = np.abs(gradient.astype(np.float64))
    on_ink = measures.stroke_coverage(size, pixels)
    found = case.attribution(_METHOD, label)
    steps = found.settings["steps"]
    assert isinstance(steps, int)
    return Look(
        stroke_coverage=measures.stroke_coverage(np.maximum(gradient, 0).astype(np.float64), pixels),
        background=None if on_ink is None else 1 - on_ink,
        region_focus=measures.statistics(found, pixels, case.parts, case.prediction).region_focus,
        completeness_gap=found.gap,
        gradients=steps + 1,
        erasing_effect=erasing_effect(case, label),
        probability=float(case.prediction.probabilities[label]),
        map=found.values,
    )


def erasing_effect(case: Case, label: int) -> float | None:
    """By how much more than random ink the part that ranks best costs the class, −1 to 1; None where none ranks."""
    best = measures.top_part(case.attribution(_METHOD, label), case.parts)
    if best is None:
        return None
    amount = checks.ink_amount(case.pixels, [best])
    (control,) = run_controls(case, [erased_elsewhere(case, amount, PATCHES)], label)
    return checks.erase(case, [best]).drop(label) - float(control.drops.mean())


def looks(classifier: Classifier, panel: LabelledPictures) -> list[Look]:
    """One for each picture of the panel."""
    pictures = panel.pictures.astype(np.float32) / GREYS
    return [look(classifier, pixels, int(label)) for pixels, label in zip(pictures, panel.labels, strict=True)]


def means(found: Sequence[Look]) -> dict[str, float | None]:
    """Of each measure the mean over the pictures that have one."""
    values = {name: [getattr(one, name) for one in found] for name in MEASURES}
    told = {name: [value for value in every if value is not None] for name, every in values.items()}
    return {name: float(np.mean(every)) if every else None for name, every in told.items()}


def nothing_confidence(classifier: Classifier) -> dict[str, float]:
    """The probability of the class read, on a black picture and, as a mean, on pictures of noise: low is right."""
    noise = np.random.default_rng(0).random((NOISES, SIDE, SIDE), dtype=np.float32)
    pictures = np.concatenate([np.zeros((1, SIDE, SIDE), np.float32), noise])
    highest = classifier.probabilities(classifier.logits(pictures)).max(axis=1)
    return {"black_confidence": float(highest[0]), "noise_confidence": float(highest[1:].mean())}
