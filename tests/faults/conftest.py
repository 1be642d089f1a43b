"""The app in a process of its own, on a small network."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.served import free_port
from benchmarks.visitor import Place
from interface.serving.folder import PREFIX

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds until something is given up that would otherwise hang


@dataclass
class Served:
    """One process, with a folder for all temporary files."""

    process: subprocess.Popen[bytes]
    address: str
    scratch: Path

    @property
    def place(self) -> Place:
        """What its page has."""
        return Place.visit(self.address)

    @property
    def said(self) -> bytes:
        """All that it wrote so far, to either stream."""
        return (self.scratch / "said").read_bytes()

    @property
    def runs(self) -> int:
        """How often the network ran."""
        return self.said.count(b"\nrun ")

    def folders(self) -> list[Path]:
        """Those of visitors' files."""
        return list(self.scratch.glob(f"{PREFIX}*"))

    def files(self) -> list[Path]:
        """Those of visitors."""
        return [path for folder in self.folders() for path in files_in(folder) if path.name != ".lock"]

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Its exit status."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


def files_in(folder: Path) -> list[Path]:
    """All files below it; what another process deletes meanwhile may be among them or not."""
    return [Path(place, name) for place, _, names in os.walk(folder) for name in names]


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> float:
    """Waits for another process; returns for how long."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() > began + seconds:
            raise TimeoutError
        time.sleep(0.02)
    return time.monotonic() - began


Serve = Callable[..., Served]


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """``serve(scratch=None, SLOW=…)`` starts one; tests.faults.small_app tells of the settings."""
    started: list[Served] = []

    def start(scratch: Path | None = None, **settings: str) -> Served:
        scratch = scratch or tmp_path_factory.mktemp("scratch")
        port = free_port()
        command = [sys.executable, "-u", "-m", "tests.faults.small_app", "--host", "127.0.0.1", "--port", str(port)]
        environment = {**os.environ, **settings, "TMPDIR": str(scratch), "HOME": str(scratch)}
        environment.pop("GRADIO_TEMP_DIR", None)
        with (scratch / "said").open("wb") as said:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
        served = Served(process, f"http://127.0.0.1:{port}/", scratch)
        started.append(served)

        def answers() -> bool:
            assert process.poll() is None, served.said.decode()
            try:
                urllib.request.urlopen(f"{served.address}config", timeout=PATIENCE).close()
            except OSError:
                return False
            return b"MCP" in served.said  # the last that it says of its start

        until(answers)
        return served

    yield start
    for served in started:
        if served.process.poll() is None:
            served.process.kill()
            served.process.wait()
