"""Draw digits with their parts, numbered and named: does each name fit what is seen?

``python -m benchmarks.contact_sheet --out sheet.png [--count 30] [--digit 5] [--seed 0]`` takes MNIST training
pictures.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from explainers.parts import find_parts
from explainers.values import Part
from model.datasets import load

COLUMNS = 5
_COLOURS = colormaps["tab10"].colors  # type: ignore[attr-defined]


def name(part: Part) -> str:
    """The part's name in plain words, unpolished: the replies' words are in the templates."""
    side = f" ({part.side})" if part.side else ""
    return f"{part.id.split('_')[1]} {part.form} {part.place}{side}"


def draw_sheet(pictures: Sequence[np.ndarray], titles: Sequence[str], out: Path) -> None:
    """Write the ``pictures``, (28, 28) float32 in [0, 1] each, with their parts to the image file ``out``."""
    rows = -(-len(pictures) // COLUMNS)
    figure = Figure(figsize=(COLUMNS * 3.6, rows * 2.3), dpi=80)
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(rows, COLUMNS, left=0.005, right=0.93, top=0.985, bottom=0.005, wspace=0.75, hspace=0.12)
    for number, (picture, title) in enumerate(zip(pictures, titles, strict=True)):
        axes = figure.add_subplot(grid[divmod(number, COLUMNS)])
        _draw_digit(axes, picture, find_parts(picture))
        axes.set_title(title, fontsize=7, pad=1)
    figure.savefig(out)


def _draw_digit(axes: Axes, picture: np.ndarray, parts: Sequence[Part]) -> None:
    canvas = np.ones((28, 28, 3))
    gaps = 0
    for index, part in enumerate(parts):
        if part.kind == "gap":
            gaps += 1
        colour = np.array(_COLOURS[index % 10])
        strength = 0.35 + 0.65 * picture if part.kind == "ink" else np.full((28, 28), 0.25)
        mixed = 1 + strength[..., None] * (colour - 1)
        canvas[part.mask] = mixed[part.mask]
        row, column = np.argwhere(part.mask).mean(axis=0)
        axes.text(column, row, part.id.split("_")[1], fontsize=8, ha="center", va="center",
                  color="black", style="italic" if part.kind == "gap" else "normal")  # fmt: skip
        axes.text(28.2, 1.5 + 2.9 * index, name(part), fontsize=7.5, color=colour * 0.8, va="center",
                  style="italic" if part.kind == "gap" else "normal")  # fmt: skip
    axes.imshow(canvas, interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the image file to write")
    parser.add_argument("--count", type=int, default=30, help="how many digits")
    parser.add_argument("--digit", type=int, choices=range(10), help="only this digit; otherwise all in turn")
    parser.add_argument("--seed", type=int, default=0, help="which pictures")
    settings = parser.parse_args()
    data = load("mnist", "train")
    order = np.random.default_rng(settings.seed).permutation(len(data))
    wanted = [settings.digit if settings.digit is not None else n % 10 for n in range(settings.count)]
    queues = {digit: iter(order[data.labels[order] == digit]) for digit in set(wanted)}
    chosen = [int(next(queues[digit])) for digit in sorted(wanted)]
    pictures = [data.pictures[index].astype(np.float32) / 255 for index in chosen]
    draw_sheet(pictures, [f"{data.labels[index]} (training {index})" for index in chosen], settings.out)


if __name__ == "__main__":
    main()
