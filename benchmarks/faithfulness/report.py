"""The tables, as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from benchmarks.bootstrap import RESAMPLES
from benchmarks.faithfulness import measures, scores
from benchmarks.faithfulness.study import BRIGHTNESS, CONTROLS, FRESH_DRAWS, RANDOM, RANDOM_ORDERS
from explainers import all_explainers

NOTHING = "–"
AGREEMENTS = {"fresh_layer": "fresh last layer", "fresh_network": "fresh network", "runner_up": "runner-up"}


def report(head: Mapping, rows: Sequence[dict], plot: str) -> str:
    """The whole page about ``rows``; ``plot`` is the picture's address in it."""
    settings = head["settings"]
    titles = settings["methods"]
    correlated = min(settings["correlate"], len(rows))
    return f"""# How faithful the maps are

Printed by

    python -m benchmarks.faithfulness --images {len(rows)} --correlate {settings["correlate"]} \\
        --device {settings["device"]} --workers {settings["workers"]}{_chosen(settings)} --out FILE --report FILE

on {head["machine"]}, with the model `{settings["model"]}` (SHA-256 {settings["sha256"][:12]}…). {len(rows)} MNIST test
digits, drawn at random (seed {settings["seed"]}) among those that the network reads right; nothing here chose anything.

Two controls look at no network: **{BRIGHTNESS}**, the picture itself as a map, and **{RANDOM}** (the mean of
{RANDOM_ORDERS} orders). A method that does not beat both tells nothing that the picture alone would not.

![Mean curves of all methods and controls]({plot})

## What is measured

- **Deletion** (lower is better): the ink pixels go black, those with the largest signed value first, ties at random,
  in steps of 5 % from 0 to 50 % of them. The number is the mean height of the curve of the digit's
  probability, at the model's temperature ({settings["temperature"]:g}). The second half is left out, as there all
  orders come to the same black picture.
- **Insertion** (higher is better): the other way round, from a black picture, 0 to 100 % in steps of 10 %.
- **Patch sensitivity** (higher is better): the correlation, over {measures.DRAWS} draws of {measures.BLACK:.0%} of the
  picture's {measures.PATCH}×{measures.PATCH} patches, between what the map gives to them and how far the log-odds fall
  when they go black (sensitivity-n: Ancona et al., 2018, arXiv 1711.06104).
- **Background**: Σ|a| off the ink / Σ|a|.
- **Fresh last layer, fresh network**: Spearman's correlation, inside the ink and with signs, with the map of the same
  network whose last layer, or all of whose layers, were drawn anew (Adebayo et al., 2018, arXiv 1810.03292). Near 0 is
  right: what survives does not come from what was learnt. {FRESH_DRAWS} draws in turn, and on each picture two maps:
  with the last layer as drawn and with all its signs turned, which is as likely a draw. A network of random weights
  mostly measures how much ink there is, for or against the digit as its last layer happens to point; the mean of both
  leaves that out, and the mean of the absolute values in brackets keeps it. So a mean near 0 says that which way the
  map points follows what was learnt, and the brackets how far another last layer would mark the same ink.
- **Runner-up**: the same with the map for the second most likely digit. Near 1 would be an edge detector.
- **Seconds** for one map from the picture alone, median{_shared(settings)}.

Quantus 0.6.0's pixel flipping, given the same maps and steps, drew the same deletion curves (4 training digits, 4 maps
each, differences below 0.000001); it is no dependency, and this was checked once.

The three correlations are over the first {correlated} of the digits; in brackets the mean of their absolute values.

## Means

{_means(rows, titles)}

## Better than the controls

By how much a method is better than the control on the same picture, and the 95 % interval of the mean (percentile
bootstrap over the pictures, {RESAMPLES:,} resamples); **bold** where it lies above 0. After the semicolon the share of
the pictures on which the method is the better one.

{_gains(rows, titles, (scores.DELETION, scores.INSERTION, scores.PATCHES), 3)}

The same in log-odds (logit, temperature 1), where a probability near 0 or 1 does not hide what happens:

{_gains(rows, titles, (scores.DELETION_LOGIT, scores.INSERTION_LOGIT), 2)}

## Failures

{_failures(rows, titles)}
"""


def _chosen(settings: Mapping) -> str:
    if set(settings["methods"]) == set(all_explainers()):
        return ""
    return f" \\\n        --methods {' '.join(settings['methods'])}"


def _shared(settings: Mapping) -> str:
    workers = settings["workers"]
    return f"; {workers} processes shared the machine, so one alone is quicker" if workers > 1 else ""


def _means(rows: Sequence[dict], titles: Mapping[str, str]) -> str:
    named = dict(_everything(titles))
    columns: dict[str, list[str]] = {}
    for title, score in (
        ("deletion ↓", scores.DELETION),
        ("insertion ↑", scores.INSERTION),
        ("patch sensitivity ↑", scores.PATCHES),
    ):
        columns[title] = [_mean(scores.values(rows, method, score.of), "{:.3f}") for method in named]
    columns["background"] = [_mean(scores.values(rows, method, _of("background")), "{:.1%}") for method in named]
    for name, title in AGREEMENTS.items():
        columns[title] = [
            _mean(scores.values(rows, method, _signed(name)), "{:.2f}")
            + _mean(scores.values(rows, method, _unsigned(name)), " ({:.2f})", "")
            for method in named
        ]
    columns["seconds"] = [_median(scores.values(rows, method, _of("seconds"))) for method in named]
    shown = {title: cells for title, cells in columns.items() if set(cells) != {NOTHING}}
    lines = ["| | " + " | ".join(shown) + " |", "|---|" + "---|" * len(shown)]
    for place, title in enumerate(named.values()):
        lines.append(f"| {title} | " + " | ".join(cells[place] for cells in shown.values()) + " |")
    return "\n".join(lines)


def _median(found: np.ndarray) -> str:
    return NOTHING if np.isnan(found).all() else f"{np.nanmedian(found):.3f}"


def _gains(rows: Sequence[dict], titles: Mapping[str, str], some: Sequence[scores.Score], decimals: int) -> str:
    there = [one for one in some if not np.isnan(scores.values(rows, CONTROLS[0], one.of)).all()]
    columns = [(one, control) for one in there for control in CONTROLS]
    lines = [
        "| | " + " | ".join(f"{one.title}, over {control}" for one, control in columns) + " |",
        "|---|" + "---|" * len(columns),
    ]
    for method, title in titles.items():
        cells = []
        for one, control in columns:
            found = scores.gain(rows, method, control, one)
            if found is None:
                cells.append(NOTHING)
                continue
            text = f"{found.mean:+.{decimals}f} ({found.low:+.{decimals}f} to {found.high:+.{decimals}f})"
            cells.append((f"**{text}**" if found.clear else text) + f"; {found.better:.0%}")
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _failures(rows: Sequence[dict], titles: Mapping[str, str]) -> str:
    lines = []
    for method, title in titles.items():
        errors = [row["methods"][method]["errors"] for row in rows]
        failed = sum(map(bool, errors))
        for error, count in Counter(error for some in errors for error in some).most_common(3):
            lines.append(f"- {title}: {failed} of {len(rows)} pictures; {count} times: {error}")
    return "\n".join(lines) or "None: every method gave a map for every picture."


def _everything(titles: Mapping[str, str]) -> list[tuple[str, str]]:
    return [*titles.items(), *((name, f"control: {name}") for name in CONTROLS)]


def _of(name: str) -> Callable[[dict], float | None]:
    return lambda entry: entry.get(name)


def _signed(name: str) -> Callable[[dict], float | None]:
    """The mean of a picture's correlations with the other maps; None where it has none."""
    return lambda entry: float(np.mean(entry[name])) if _complete(entry, name) else None


def _unsigned(name: str) -> Callable[[dict], float | None]:
    """The mean of their absolute values."""
    return lambda entry: float(np.abs(entry[name]).mean()) if _complete(entry, name) else None


def _complete(entry: dict, name: str) -> bool:
    return name in entry and None not in entry[name]


def _mean(found: np.ndarray, form: str, nothing: str = NOTHING) -> str:
    """The mean of what there is, and over how many pictures where some are missing."""
    there = np.atleast_1d(found)[~np.isnan(np.atleast_1d(found))]
    return form.format(there.mean()) if len(there) else nothing
