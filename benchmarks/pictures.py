"""What people upload: how much of it is read right, and how much that is no digit is turned away.

    python -m benchmarks.pictures [--wild FOLDER] [--notdigits FOLDER]

Each folder holds pictures and an ``index.csv`` with ``file`` and ``label`` (wild) or ``category`` (notdigits). Without
an option the folder is the one of that name in the folder that WHYDIGIT_DATA names.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.classifier import Classifier
from model.datasets import DATA_VARIABLE, data_folder
from model.errors import ImageError
from model.load import load_classifier
from model.preprocess import to_digit


@dataclass(frozen=True)
class Reading:
    """What became of one picture."""

    file: str
    truth: str  # the label or the category
    digit: int | None  # None where the picture was turned away before the network saw it
    probability: float
    reason: str | None  # why it was turned away; "strange" where its features did it
    seconds: float  # to prepare it

    @property
    def right(self) -> bool:
        """Read as its label and not turned away."""
        return self.reason is None and str(self.digit) == self.truth


def read_folder(classifier: Classifier, folder: Path, truth: str) -> Iterator[Reading]:
    """Each picture of ``folder``; ``truth`` is the column of index.csv that says what it shows."""
    for file, shown in index_of(folder, truth):
        start = time.perf_counter()
        try:
            made = to_digit(folder / file)
        except ImageError as problem:
            yield Reading(file, shown, None, 0.0, str(problem), time.perf_counter() - start)
            continue
        seconds = time.perf_counter() - start
        prediction = classifier.predict(made.pixels)
        reason = made.reason or (None if prediction.is_digit else "strange")
        yield Reading(file, shown, prediction.digit, prediction.probability, reason, seconds)


def index_of(folder: Path, column: str) -> list[tuple[str, str]]:
    """The files that ``index.csv`` in ``folder`` names, each with what ``column`` says of it."""
    with (folder / "index.csv").open(newline="", encoding="utf-8") as lines:
        return [(row["file"], row[column]) for row in csv.DictReader(lines)]


def report_wild(readings: Sequence[Reading]) -> str:
    """The shares, and a line for each miss."""
    right = sum(reading.right for reading in readings)
    named = sum(str(reading.digit) == reading.truth for reading in readings)
    turned_away = sum(reading.reason is not None for reading in readings)
    count = len(readings)
    lines = [
        f"wild: {count} pictures, {right} read right ({right / count:.1%}), {turned_away} turned away "
        f"({turned_away / count:.1%}); {named} read right ({named / count:.1%}) if none were turned away"
    ]
    lines += [
        f"  {reading.file}: {reading.truth} read as {reading.digit} ({reading.probability:.0%})"
        + (f", turned away: {reading.reason}" if reading.reason else "")
        for reading in readings
        if not reading.right
    ]
    return "\n".join(lines)


def report_notdigits(readings: Sequence[Reading]) -> str:
    """The shares by category, and a line for each that was let through."""
    refused = [reading for reading in readings if reading.reason is not None]
    lines = [f"notdigits: {len(readings)} pictures, {len(refused)} turned away ({len(refused) / len(readings):.1%})"]
    all_of, refused_of = Counter(one.truth for one in readings), Counter(one.truth for one in refused)
    reasons = {category: Counter(str(one.reason) for one in refused if one.truth == category) for category in all_of}
    for category, count in sorted(all_of.items()):
        why = ", ".join(f"{reason} {times}" for reason, times in reasons[category].most_common())
        lines.append(f"  {category}: {refused_of[category]} of {count}" + (f" ({why})" if why else ""))
    lines += [
        f"  let through: {reading.file} ({reading.truth}), read as {reading.digit} ({reading.probability:.0%})"
        for reading in readings
        if reading.reason is None
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints both reports; 2 where a folder is missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures", description=__doc__.splitlines()[0])
    parser.add_argument("--wild", type=Path, help="folder of digits, with index.csv")
    parser.add_argument("--notdigits", type=Path, help="folder of other pictures, with index.csv")
    parser.add_argument("--model", help="weights: a directory or a repository of the Hub; the bundled ones without it")
    options = parser.parse_args(arguments)
    data = data_folder()
    for name in ("wild", "notdigits"):
        if getattr(options, name) is None and data is not None:
            setattr(options, name, data / name)
        folder = getattr(options, name)
        if folder is None or not (folder / "index.csv").is_file():
            print(f"No index.csv for {name}: give --{name} or set {DATA_VARIABLE}.", file=sys.stderr)
            return 2
    classifier = load_classifier(options.model)
    wild = list(read_folder(classifier, options.wild, "label"))
    others = list(read_folder(classifier, options.notdigits, "category"))
    print(report_wild(wild))
    print(report_notdigits(others))
    seconds = sorted(reading.seconds for reading in wild + others)
    print(f"preparing: {seconds[len(seconds) // 2] * 1000:.0f} ms in the middle, {seconds[-1] * 1000:.0f} ms at most")
    return 0


if __name__ == "__main__":
    sys.exit(main())
