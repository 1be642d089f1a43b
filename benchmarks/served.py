"""``python app.py`` in a process of its own, for benchmarks that visit it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.visitor import Place

ROOT = Path(__file__).parent.parent
START = 180  # seconds until the app must answer


@dataclass(frozen=True)
class App:
    """The running app."""

    place: Place
    process: int

    def memory(self, most: bool = False) -> float | None:
        """What it has now, or the ``most`` that it had so far, in MiB; None where the system does not tell."""
        status = Path(f"/proc/{self.process}/status")
        lines = status.read_text().splitlines() if status.is_file() else []
        found = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:" if most else "VmRSS:")]  # KiB
        return found[0] / 1024 if found else None


@contextmanager
def serving() -> Iterator[App]:
    """The app on the bundled weights and this processor, which ends with the block."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "app.py", "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait_for(address, process)
        yield App(Place.visit(address), process.pid)
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """One that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _wait_for(address: str, process: subprocess.Popen) -> None:
    for _ in range(10 * START):
        if process.poll() is not None:
            raise SystemExit(f"app.py ended with status {process.returncode}.")
        try:
            urllib.request.urlopen(address, timeout=START).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"app.py did not answer within {START} seconds.")
