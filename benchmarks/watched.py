"""How explanations sharpen while the accuracy grows: ``python -m benchmarks.watched runs/new`` draws watch.png.

From the lines that a watched training run left (``watch.jsonl``); the training draws it at its end.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from explainers.watching.journal import read

PICTURE = "watch.png"
# By panel: its title, its upper end (None: as far as the curve goes), and its curves.
PANELS: tuple[tuple[str, float | None, dict[str, str]], ...] = (
    (
        "How well it reads",
        1.0,
        {
            "validation_accuracy": "validation accuracy",
            "probability": "probability of the true class",
            "black_confidence": "confidence on black (low is right)",
            "noise_confidence": "confidence on noise (low is right)",
        },
    ),
    (
        "Where the explanations lie",
        1.0,
        {
            "stroke_coverage": "stroke coverage of the gradient",
            "background": "background share of the gradient",
            "region_focus": "region focus of Integrated Gradients",
            "erasing_effect": "erasing the best part, beyond random ink",
        },
    ),
    ("What the sum misses", None, {"completeness_gap": "completeness gap (logit)"}),
    ("How crooked the path is", None, {"gradients": "gradients that Integrated Gradients took"}),
)
# Okabe and Ito, "Color Universal Design", 2008.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")


def draw(folder: Path) -> Path | None:
    """Write ``watch.png`` in ``folder`` and return its path; None where fewer than two looks are there."""
    lines = read(folder)
    if len(lines) < 2:
        return None
    figure, grid = plt.subplots(2, 2, figsize=(11, 8.5), layout="constrained")
    seen = [line["pictures"] / 1000 for line in lines]
    for panel, (title, highest, curves) in zip(grid.flat, PANELS, strict=True):
        for (name, label), colour in zip(curves.items(), COLOURS, strict=False):
            values = [float("nan") if line[name] is None else line[name] for line in lines]
            panel.plot(seen, values, label=label, color=colour, marker="o", markersize=3)
        for place in _stages(lines):
            panel.axvline(place, color="0.7", linestyle=":", zorder=0)
        panel.set(xlabel="training pictures (thousands)", xlim=(0, None))
        panel.set_ylim(min(0.0, panel.get_ylim()[0]), highest)
        panel.set_title(title, loc="left")
        panel.grid(color="0.93")
        panel.spines[["top", "right"]].set_visible(False)
        panel.legend(frameon=False, fontsize=9)
    path = folder / PICTURE
    figure.savefig(path, dpi=110)
    plt.close(figure)
    return path


def _stages(lines: Sequence[dict]) -> list[float]:
    """Where, in thousands of pictures, the size of the pictures changes."""
    pairs = zip(lines, lines[1:], strict=False)
    return [before["pictures"] / 1000 for before, after in pairs if before["size"] != after["size"]]


def main() -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.watched", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="the folder that training wrote to")
    path = draw(parser.parse_args().folder)
    print("Fewer than two looks are there: nothing to draw." if path is None else f"drawn in {path}")
    return 2 if path is None else 0


if __name__ == "__main__":
    raise SystemExit(main())
