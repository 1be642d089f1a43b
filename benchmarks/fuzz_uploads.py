"""Damaged and hostile pictures by the ten thousand: what leaves the reader, how long it takes, what it keeps.

    python -m benchmarks.fuzz_uploads --inputs 20000 [--seed 0] [--engine 300]

Each input is read and prepared as an upload is, without the network; ``--engine`` sends as many more through the whole
of it. With ``WHYDIGIT_DATA`` the photos in ``wild`` are among the pictures that are changed. Exit status 1 where an
exception escapes, an input takes more than two seconds of the processor, or memory grows.

``fuzz_one`` is what the coverage-guided fuzzer of benchmarks/fuzz_guided.py drives.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import os
import random
import sys
import tempfile
import time
import warnings
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.mutations import corpus, endless
from bot import Bot
from bot.errors import PictureError
from bot.words.interface import interface_words
from bot.words.render import languages
from model.datasets import DATA_VARIABLE
from model.errors import ImageError
from model.preprocess import REASONS, to_digit

SLOWEST = 2.0  # seconds of the processor
GROWTH = 0.10  # of the memory after the first tenth
_PHOTO = 1_000_000  # bytes: larger photos are left out, as they would take all the time


class Escaped(Exception):
    """Something came out of the reader that must not."""


def fuzz_one(data: bytes) -> str:
    """Read and prepare ``data``; returns "read", or the key of the sentence that turned it away.

    Raises:
        Escaped: anything else happened.
    """
    try:
        made = to_digit(data)
    except ImageError as problem:
        if problem.key is None or "\n" in str(problem):
            raise Escaped(f"no sentence for {problem!r}") from problem
        for language in languages():
            interface_words(language)[f"uploads.{problem.key}"].format(kinds="PNG", **problem.slots)
        return problem.key
    except Exception as problem:
        raise Escaped(repr(problem)) from problem
    pixels = made.pixels
    if pixels.shape != (28, 28) or not (0 <= pixels.min() <= pixels.max() <= 1):
        raise Escaped("no 28 × 28 values in [0, 1]")
    if made.reason not in (None, *REASONS):
        raise Escaped(f"an unknown reason {made.reason}")
    return "read"


@dataclass
class Row:
    """What became of the inputs made from pictures of one format."""

    ends: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0  # seconds of the processor
    longest: float = 0.0  # seconds on the wall


def resident() -> float:
    """MB of memory that this process holds now; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def photos() -> list[Path]:
    """The photos among the data, where there are any."""
    folder = os.environ.get(DATA_VARIABLE)
    if not folder:
        return []
    kinds = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff"}
    found = sorted(one for one in (Path(folder) / "wild").rglob("*") if one.suffix.lower() in kinds)
    return [one for one in found if one.stat().st_size <= _PHOTO]


def run(inputs: int, seed: int) -> tuple[dict[str, Row], list[str], float, float]:
    """The rows by format, what escaped, and the memory in MB after the first tenth and at the end."""
    rows: dict[str, Row] = defaultdict(Row)
    escaped: list[str] = []
    after = 0.0
    made = endless(random.Random(seed), corpus(photos()))
    for number, (kind, data) in enumerate(itertools.islice(made, inputs)):
        if number == inputs // 10:
            gc.collect()
            after = resident()
        row, wall, processor = rows[kind], time.perf_counter(), time.process_time()
        try:
            row.ends[fuzz_one(data)] += 1
        except Escaped as problem:
            row.ends["escaped"] += 1
            escaped.append(f"input {number} ({kind}): {problem}")
            Path(tempfile.gettempdir(), f"escaped-{seed}-{number}").write_bytes(data)
        row.slowest = max(row.slowest, time.process_time() - processor)
        row.longest = max(row.longest, time.perf_counter() - wall)
    gc.collect()
    return rows, escaped, after, resident()


def through_the_engine(inputs: int, seed: int) -> Counter[str]:
    """The same with the network and the words around it: what the chat would show of each."""
    bot = Bot.load()
    ends: Counter[str] = Counter()
    for _, data in itertools.islice(endless(random.Random(seed), corpus(photos())), inputs):
        try:
            *_, (_, reply) = bot.show(bot.new_session(), data)
            ends["answered" if reply.text else "no words"] += 1
        except PictureError:
            ends["turned away"] += 1
        except Exception as problem:
            ends[f"escaped: {problem!r}"] += 1
    return ends


def main() -> int:
    """Prints the table; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--engine", type=int, default=0, metavar="N", help="as many more through the whole engine")
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # Pillow's about what is wrong with each
    print(describe())
    rows, escaped, after, end = run(options.inputs, options.seed)
    heads = ("inputs", "read", "turned away", "escaped", "processor", "wall")
    print("\nfrom   " + " ".join(f"{head:>11}" for head in heads))
    for kind, row in sorted(rows.items()):
        total = row.ends.total()
        gone = total - row.ends["read"] - row.ends["escaped"]
        counts = " ".join(f"{count:11}" for count in (total, row.ends["read"], gone, row.ends["escaped"]))
        print(f"{kind:6} {counts} {row.slowest:9.2f} s {row.longest:9.2f} s")
    told = sum((row.ends for row in rows.values()), Counter[str]())
    print(f"\nall {told.total()}: " + ", ".join(f"{key} {count}" for key, count in told.most_common()))
    print(f"memory: {after:.0f} MB after the first tenth, {end:.0f} MB at the end")
    print("\n".join(escaped))
    engine = through_the_engine(options.engine, options.seed + 1) if options.engine else Counter[str]()
    if engine:
        print("through the engine: " + ", ".join(f"{key} {count}" for key, count in engine.most_common()))
    slow = max(row.slowest for row in rows.values()) > SLOWEST
    wrong = any(key.startswith("escaped") or key == "no words" for key in engine)
    return int(bool(escaped) or slow or wrong or end > after * (1 + GROWTH))


if __name__ == "__main__":
    sys.exit(main())
