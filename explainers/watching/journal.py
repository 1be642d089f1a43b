"""The figures as JSON lines, one a look."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

JOURNAL = "watch.jsonl"


class Journal:
    """Writes ``watch.jsonl`` in a folder."""

    def __init__(self, folder: Path, steps: int) -> None:
        """Lines of later steps than ``steps`` are dropped: a killed run does those again."""
        self.path = folder / JOURNAL
        kept = [line for line in read(folder) if line["steps"] <= steps]
        self.path.write_text("".join(json.dumps(line) + "\n" for line in kept), encoding="utf-8")

    def write(self, line: Mapping[str, object]) -> None:
        """Add one line."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def read(folder: Path) -> list[dict]:
    """The lines that ``folder`` holds; one that a kill left half written is no line."""
    path = folder / JOURNAL
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.is_file() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]
