"""Does Integrated Gradients add up, and does it agree with captum? ``python -m benchmarks.completeness --images 500``

For correctly read MNIST test digits, in the fixed random order of ``first_read_right``: how far the sum of the map
misses Δ = f(x) − f(black), f the log-odds of the digit as the network reads them in float32; how often that is at most
1 % of |Δ| or 0.02 logit, whichever is more; and how many gradients it took. For the first ``--captum`` of them also
the distance from captum's ``IntegratedGradients`` with 500 steps (its own rule, Gauss and Legendre's) of the very
function whose gradients the product uses: ‖A − C‖₂ / ‖C‖₂.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from benchmarks.digits import first_read_right
from benchmarks.machine import describe
from explainers.base import Case
from explainers.integrated_gradients import Integral, integrate
from model.classifier import Classifier
from model.devices import DEVICES
from model.load import load_classifier
from model.progress import Progress

SHARE, FLOOR = 0.01, 0.02  # the bar: of |Δ|, and logit
CAPTUM_STEPS, AT_ONCE = 500, 50
DISTANCE = 0.05  # the bar


@dataclass(frozen=True)
class Row:
    """One picture."""

    gap: float  # |ΣA − Δ|, logit
    change: float  # Δ, logit
    gradients: int
    distance: float | None  # from captum; None: not compared

    @property
    def complete(self) -> bool:
        """Whether the gap is within the bar."""
        return self.gap <= max(SHARE * abs(self.change), FLOOR)


class CompiledOdds(torch.autograd.Function):
    """The log-odds as the engine computes them, with the engine's gradient, for those who ask torch for it."""

    @staticmethod
    def forward(context: torch.autograd.function.FunctionCtx, pictures: Tensor, case: Case, target: int) -> Tensor:
        """(N, 28, 28) → (N,)."""
        with torch.enable_grad():  # off in here, and an engine may be torch itself
            odds, gradients = case.classifier.log_odds_gradients(pictures.detach().numpy(), target)
        context.save_for_backward(torch.from_numpy(gradients))
        return torch.from_numpy(odds)

    @staticmethod
    def backward(context: torch.autograd.function.FunctionCtx, slopes: Tensor) -> tuple[Tensor, None, None]:
        """(N,) → (N, 28, 28)."""
        (gradients,) = context.saved_tensors
        return slopes[:, None, None] * gradients, None, None


def captum_map(case: Case, target: int) -> np.ndarray:
    """captum's Integrated Gradients of the compiled function from black, (28, 28) float64."""
    from captum.attr import IntegratedGradients

    method = IntegratedGradients(lambda pictures: CompiledOdds.apply(pictures, case, target))
    picture = torch.from_numpy(case.pixels[None])
    return method.attribute(picture, n_steps=CAPTUM_STEPS, internal_batch_size=AT_ONCE)[0].numpy().astype(np.float64)


def measure(case: Case, compare: bool) -> Row:
    """One picture, for the digit that is read."""
    target = case.prediction.digit
    integral: Integral = integrate(case, target)
    distance = None
    if compare:
        theirs = captum_map(case, target)
        distance = float(np.linalg.norm(integral.values - theirs) / np.linalg.norm(theirs))
    return Row(integral.gap, integral.change, integral.steps + 1, distance)


def rows_of(classifier: Classifier, images: int, compared: int) -> list[Row]:
    """Measure the first ``images`` digits, and compare the first ``compared`` of them with captum."""
    rows: list[Row] = []
    progress = Progress(images)
    for _, pixels in first_read_right(classifier, images):
        rows.append(measure(Case(classifier, pixels), len(rows) < compared))
        progress.step()
    return rows


def report(rows: Sequence[Row]) -> str:
    """A line for each figure."""
    gaps, changes = np.array([row.gap for row in rows]), np.abs([row.change for row in rows])
    gradients = [row.gradients for row in rows]
    complete = [row.complete for row in rows]
    lines = [
        f"{len(rows)} digits",
        f"gap at most {SHARE:.0%} of |Δ| or {FLOOR} logit: {np.mean(complete):.1%} ({sum(complete)} of {len(rows)})",
        f"gap: median {np.median(gaps):.3f}, most {gaps.max():.3f} logit",
        f"of |Δ|: median {np.median(gaps / changes):.2%}, most {(gaps / changes).max():.2%}",
        f"gradients: mean {np.mean(gradients):.1f}, most {max(gradients)}",
    ]
    distances = [row.distance for row in rows if row.distance is not None]
    if distances:
        near = sum(distance <= DISTANCE for distance in distances)
        lines.append(
            f"distance from captum with {CAPTUM_STEPS} steps: median {np.median(distances):.2%}, "
            f"most {max(distances):.2%}; at most {DISTANCE:.0%} on {near} of {len(distances)}"
        )
    return "\n".join(lines)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.completeness", description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument("--captum", type=int, default=20, help="pictures to compare, 500 gradients each")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--model", default=None)
    options = parser.parse_args()
    classifier = load_classifier(options.model, options.device)
    print(describe(str(classifier.device)))
    print(report(rows_of(classifier, options.images, options.captum)))


if __name__ == "__main__":
    main()
