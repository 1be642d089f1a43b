"""SIGKILL in the middle of training and of making an engine ready; begun again, the result is that of one go."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.conftest import ROOT


def begin(work: str, folder: Path) -> subprocess.Popen[str]:
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.faults.killed_worker", work, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def kill_once_begun(work: str, folder: Path, after: float = 0.0, times: int = 1) -> None:
    """``after`` so many seconds from when it said for the ``times``-th time that it has begun."""
    process = begin(work, folder)
    assert process.stdout
    begun = (line for line in process.stdout if line.startswith("begun"))
    for _ in range(times):
        next(begun)
    time.sleep(after)
    process.kill()
    process.communicate()
    assert process.returncode == -9


def result(work: str, folder: Path) -> tuple[str, str]:
    """The result, and all that was said on the way."""
    said, _ = begin(work, folder).communicate(timeout=250)
    return said.splitlines()[-1].removeprefix("result "), said


def test_training(tmp_path: Path) -> None:
    whole, said = result("training", tmp_path / "whole")
    first = next(line for line in said.splitlines() if line.startswith("begun"))
    kill_once_begun("training", tmp_path / "killed", times=2)  # the second step begins once the first was kept
    again, said = result("training", tmp_path / "killed")
    assert again == whole
    assert first not in said, "it goes on where it was"


@pytest.mark.parametrize("after", [0.0, 0.1, 0.2])
def test_making_an_engine_ready(tmp_path: Path, after: float) -> None:
    kill_once_begun("engine", tmp_path / "killed", after)
    again, _ = result("engine", tmp_path / "killed")
    assert len(again.split()) == 10, again
    assert (tmp_path / "killed" / "engine.json").exists()
