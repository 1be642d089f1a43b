"""Occlusion: a black window slides over the picture. Zeiler and Fergus 2014 (arXiv 1311.2901), section 4.2.

A window's value is by how much covering it makes the log-odds fall; a pixel's is the mean over the windows that cover
it. Windows without ink change nothing, so their 0 is known without a run. The last step sets black pixels to 0: what
they were given is their neighbours' ink in the same window, as covering them alone does nothing.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from explainers.base import Case, Explainer
from explainers.subsets.spread import part_sums
from explainers.values import Attribution, log_odds
from model.classifier import Classifier
from model.values import SIDE

WINDOW = 4  # pixels a side, a little more than a stroke is wide
STRIDE = 2


class Occlusion(Explainer):
    """The mean fall of the log-odds over the windows that cover a pixel of ink."""

    id: ClassVar[str] = "occlusion"
    title: ClassVar[str] = "Occlusion"
    paper: ClassVar[str] = "arXiv 1311.2901"
    authors: ClassVar[tuple[str, ...]] = ("Zeiler", "Fergus")
    year: ClassVar[int] = 2014
    signed: ClassVar[bool] = True
    additive: ClassVar[bool] = False
    random: ClassVar[bool] = False
    resolution: ClassVar[str] = "pixel"

    def explain(self, case: Case, target: int) -> Attribution:
        """The attribution of the log-odds of ``target``: up to 169 runs, of a digit about half of them."""
        windows = inked_windows(case.pixels)
        values = occlude(case.classifier, case.pixels, windows, case.prediction.logits, target)
        return Attribution(
            method=self.id,
            target=target,
            values=values.astype(np.float32),
            unit="relative",  # logits of whole windows, which overlap: no shares of a sum
            gap=None,
            settings={"baseline": "black", "window": WINDOW, "stride": STRIDE, "samples": len(windows)},
            part_values=part_sums(case, values),
        )


def occlude(
    classifier: Classifier, pixels: np.ndarray, windows: np.ndarray, whole: np.ndarray, target: int
) -> np.ndarray:
    """(28, 28) float64 logit: the map by (W, 28, 28) bool ``windows``; ``whole``: the picture's own logits (10,)."""
    if not len(windows):
        return np.zeros(pixels.shape)
    covered = classifier.logits(np.where(windows, np.float32(0), pixels))
    drops = log_odds(whole, target) - log_odds(covered, target)
    means = np.tensordot(drops, windows, axes=1) / all_windows().sum(axis=0)
    return np.where(pixels > 0, means, 0.0)


def inked_windows(pixels: np.ndarray) -> np.ndarray:
    """(W, 28, 28) bool: the windows in which there is ink."""
    windows = all_windows()
    return windows[(windows & (pixels > 0)).any(axis=(1, 2))]


def all_windows() -> np.ndarray:
    """(169, 28, 28) bool: every place of the window, row by row; every pixel is in at least one."""
    starts = np.arange(0, SIDE - WINDOW + 1, STRIDE)
    along = (np.arange(SIDE) >= starts[:, None]) & (np.arange(SIDE) < starts[:, None] + WINDOW)  # (13, 28)
    return (along[:, None, :, None] & along[None, :, None, :]).reshape(-1, SIDE, SIDE)
