"""The file that a run leaves: one JSON object a line, first how it was made, then one for each picture, in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, eq=False)
class Rows:
    """What is in the file; ``append`` writes at once, so that a run that is cut short goes on where it stopped."""

    path: Path
    head: Mapping  # "settings" and "machine"
    rows: list[dict] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> Rows | None:
        """The file as it is, None where there is none; a line that was cut off in the middle is taken away."""
        if not path.is_file():
            return None
        written = path.read_bytes()
        whole = written[: written.rfind(b"\n") + 1]
        if len(whole) < len(written):
            path.write_bytes(whole)
        if not whole:
            return None
        head, *rows = (json.loads(line) for line in whole.decode("utf-8").splitlines())
        return cls(path, head, rows)

    @classmethod
    def begin(cls, path: Path, settings: Mapping, machine: str) -> Rows:
        """The file to go on with. Raises ValueError where it was made with other settings, which would not mix."""
        found = cls.read(path)
        if found is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            found = cls(path, {"settings": settings, "machine": machine})
            found._write(found.head)
        theirs, ours = found.head["settings"], json.loads(json.dumps(settings))
        different = [name for name in {**theirs, **ours} if theirs.get(name) != ours.get(name)]
        if different:
            raise ValueError(f"{path} was made with another {', '.join(different)}; name another file.")
        return found

    def append(self, row: dict) -> None:
        """One more picture."""
        self._write(row)
        self.rows.append(row)

    def _write(self, line: Mapping) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
