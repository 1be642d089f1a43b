"""How many wrong readings carry a doubt cue, and how many right ones: ``python -m benchmarks.doubt``

Over MNIST's test pictures; ``--split validation`` over the last 5,000 training pictures, on which the rule's threshold
was chosen (``bot/claims/doubt.py``). The same function gives the cues of every reply. ``--rows`` keeps what was read: a
run that was cut short goes on there, and the rows of an error analysis (``FILE.jsonl``) do for its test pictures.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.claims.doubt import CUES, SURE, doubt_cues
from bot.error_analysis import Run, read_all
from model.devices import DEVICES
from model.sweep import add_options
from model.sweep.rows import Rows
from model.values import Prediction

CANDIDATES = (0.90, 0.95, 0.97, 0.98, 0.99)  # for ``SURE``
MOST_FALSE = 0.04  # share of right validation readings with a cue that the chosen one may give


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.doubt", description=__doc__.splitlines()[0])
    parser.add_argument("--split", choices=("test", "validation"), default="test")
    parser.add_argument("--images", type=int, help="evenly spread; all where it is not said")
    parser.add_argument("--rows", type=Path, help="JSON lines to go on with, or of an error analysis")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--model", default=None)
    add_options(parser)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        out = options.rows or Path(scratch) / "rows.jsonl"
        rows = Rows.read(out) if _is_report(out) else None
        if rows is None:
            run = Run(
                options.model, options.device, options.workers, options.on, options.images, options.split, explain=False
            )
            rows = read_all(run, out)
    print(table(rows.rows, rows.head["settings"]["temperature"]))


def _is_report(out: Path) -> bool:
    rows = Rows.read(out)
    return rows is not None and rows.head["settings"]["explain"] and len(rows.rows) == rows.head["settings"]["images"]


def table(rows: Sequence[dict], temperature: float) -> str:
    """Every cue by itself and all together, then what other thresholds would give."""
    wrong = np.array([row["digit"] != row["label"] for row in rows])
    lines = [f"{len(rows):,} pictures, {wrong.sum()} misread", "", "cue                   of misread  of read right"]

    def line(name: str, carried: np.ndarray) -> str:
        caught, false = (f"{carried[which].mean():.2%}" if which.any() else "–" for which in (wrong, ~wrong))
        return f"{name:20}  {caught:>10}  {false:>13}"

    cues = [_cues(row, temperature, SURE) for row in rows]
    lines += [line(cue, np.array([cue in some for some in cues])) for cue in CUES]
    lines += [line("any", np.array([bool(some) for some in cues])), "", "any, if a reading is sure from"]
    for sure in CANDIDATES:
        carried = np.array([bool(_cues(row, temperature, sure)) for row in rows])
        lines.append(line(f"  {sure:.0%}{'  (the rule)' if sure == SURE else ''}", carried))
    return "\n".join(lines)


def _cues(row: dict, temperature: float, sure: float) -> tuple[str, ...]:
    return doubt_cues(prediction_of(row, temperature), row["accepted"], sure)


def prediction_of(row: dict, temperature: float) -> Prediction:
    """The reading that a row was made of."""
    logits = np.array(row["logits"], np.float32)
    exponents = np.exp((logits - logits.max()) / temperature)
    digit, runner_up = (int(place) for place in np.argsort(-logits, kind="stable")[:2])
    probabilities = exponents / exponents.sum()
    return Prediction(logits, probabilities, digit, runner_up, row["strangeness"], row["unusual"])


if __name__ == "__main__":
    main()
