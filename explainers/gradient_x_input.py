"""Gradient × input: Shrikumar et al., "Not Just a Black Box", 2016 (arXiv 1605.01713). The baseline for the others.

x_i ∂f/∂x_i at the picture itself: by how much the log-odds would change if the pixel went all the way to black and
the slope stayed as it is there. It does not stay, which is why the values need not add up to anything.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from explainers.base import Case, Explainer
from explainers.subsets.spread import part_sums
from explainers.values import Attribution


class GradientXInput(Explainer):
    """One gradient, times the picture."""

    id: ClassVar[str] = "gradient_x_input"
    title: ClassVar[str] = "Gradient × Input"
    paper: ClassVar[str] = "arXiv 1605.01713"
    authors: ClassVar[tuple[str, ...]] = ("Shrikumar", "Greenside", "Shcherbina", "Kundaje")
    year: ClassVar[int] = 2016
    signed: ClassVar[bool] = True
    additive: ClassVar[bool] = False
    random: ClassVar[bool] = False
    resolution: ClassVar[str] = "pixel"

    def explain(self, case: Case, target: int) -> Attribution:
        """The attribution of the log-odds of ``target``; black pixels get 0."""
        _, (gradient,) = case.classifier.log_odds_gradients(case.pixels[None], target)
        values = (gradient * case.pixels).astype(np.float32)
        return Attribution(
            method=self.id,
            target=target,
            values=values,
            unit="logit",
            gap=None,
            settings={"baseline": "black", "gradients": 1},
            part_values=part_sums(case, values),
        )
