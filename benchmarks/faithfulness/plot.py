"""The mean curves of all methods and controls, as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from benchmarks.faithfulness.scores import mean_curve
from benchmarks.faithfulness.study import CONTROLS, ERASED, INSERTED

# Okabe and Ito, "Color Universal Design", 2008, without black, which is the controls'; yellow is too pale for lines.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
MARKERS = "osD^vP*X"
PANELS = (
    ("deletion", ERASED, "ink erased, what the map marks most first", "lower is better"),
    ("insertion", INSERTED, "ink put in, what the map marks most first", "higher is better"),
)


def draw(rows: Sequence[dict], titles: Mapping[str, str], path: Path) -> None:
    """Write the picture: a panel for deletion and one for insertion, where measured. ``titles`` by the methods' ids."""
    drawn = [one for one in PANELS if mean_curve(rows, CONTROLS[0], one[0]) is not None]
    figure, grid = plt.subplots(1, len(drawn), figsize=(5.5 * len(drawn), 5.5), layout="constrained", squeeze=False)
    panels = grid[0]
    for panel, (curve, shares, what, better) in zip(panels, drawn, strict=True):
        for place, (method, title) in enumerate({**titles, **{name: name for name in CONTROLS}}.items()):
            heights = mean_curve(rows, method, curve)
            if heights is not None:
                style = _style(place, method)
                panel.plot(100 * shares, heights, label=title, markevery=(place % 2, 2), markersize=5, **style)
        panel.set(xlabel=f"{what} (%)", ylim=(-0.02, 1.02), xlim=(0, 100 * shares[-1]))
        panel.set_title(f"{curve.capitalize()}: {better}", loc="left")
        panel.grid(color="0.9")
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("mean probability of the digit")
    figure.legend(
        *panels[0].get_legend_handles_labels(),
        loc="outside lower center",
        ncols=2 + 3 * (len(drawn) > 1),
        frameon=False,
    )
    figure.savefig(path, dpi=120)
    plt.close(figure)


def _style(place: int, method: str) -> dict[str, object]:
    if method in CONTROLS:
        return {"color": "black", "linestyle": ("--", ":")[CONTROLS.index(method)], "linewidth": 2.2}
    colour, again = COLOURS[place % len(COLOURS)], place // len(COLOURS)
    return {"color": colour, "marker": MARKERS[place % len(MARKERS)], "linestyle": ("-", "-.")[again % 2]}
