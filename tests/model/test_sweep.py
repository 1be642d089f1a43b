"""A function over many pictures: in order, resumable, the same in one process, in several and on Ray."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from model.errors import ModelError
from model.sweep import cluster, pieces, sweep
from model.sweep.rows import Rows
from tests.model import sweeping

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    return Rows.begin(tmp_path / "new" / "rows.jsonl", {"seed": 0}, "a machine")


def content(rows: Rows) -> list[dict]:
    """What is in the file, but for where it was made."""
    found = Rows.read(rows.path)
    assert found is not None
    assert found.rows == rows.rows
    return [{name: row[name] for name in row if name not in ("process", "threads")} for row in found.rows]


def expected(tasks: range, together: int = 1) -> list[dict]:
    sizes = [len(piece) for piece in pieces(tasks, together) for _ in piece]
    return [
        {"image": task, "value": task + 100, "together": size} | ({"only": None} if task == 3 else {"other": [task]})
        for task, size in zip(tasks, sizes, strict=True)
    ]


def test_one_worker_stays_in_this_process(rows: Rows, capsys: pytest.CaptureFixture[str]) -> None:
    sweep(rows, range(5), sweeping.plain, workers=1, note=lambda row: f"  {row['value']}!")
    assert content(rows) == expected(range(5))
    assert {row["process"] for row in rows.rows} == {os.getpid()}
    told = capsys.readouterr().err
    assert told == "1/5  0 min left  100!\n5/5  0 min left  104!\n"


def test_several_workers_give_the_same_rows_in_the_same_order(rows: Rows) -> None:
    sweep(rows, range(7), sweeping.plain, workers=2, together=2)
    assert content(rows) == expected(range(7), 2)
    assert os.getpid() not in {row["process"] for row in rows.rows}
    assert {row["threads"] for row in rows.rows} == {1}


def test_a_sweep_goes_on_behind_what_is_there(rows: Rows, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="3 cannot be done"):
        sweep(rows, range(5), partial(sweeping.make, 100, broken=3), workers=1)
    rows.path.write_bytes(rows.path.read_bytes()[:-9])  # and killed in the middle of a line
    again = Rows.begin(rows.path, {"seed": 0}, "another machine")
    assert [row["image"] for row in again.rows] == [0, 1]
    sweep(again, range(2, 5), sweeping.plain, workers=1)
    assert content(again) == expected(range(5))
    assert "3/5  " in capsys.readouterr().err


def test_a_killed_process_loses_no_whole_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    script = f"""
import time
from pathlib import Path
from model.sweep import sweep
from model.sweep.rows import Rows

def make():
    def work(tasks):
        for task in tasks:
            time.sleep(0.02)
            yield {{"image": task}}
    return work

sweep(Rows.begin(Path({str(path)!r}), {{}}, ""), range(100_000), make, workers=1)
"""
    process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        waited = time.monotonic()
        while not path.is_file() or path.read_bytes().count(b"\n") < 4:
            assert process.poll() is None
            assert time.monotonic() - waited < 120
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    found = Rows.read(path)
    assert found is not None
    assert [row["image"] for row in found.rows] == list(range(len(found.rows)))
    assert len(found.rows) >= 3


def test_a_file_of_other_settings_is_not_gone_on_with(rows: Rows) -> None:
    with pytest.raises(ValueError, match="another seed"):
        Rows.begin(rows.path, {"seed": 1}, "a machine")
    assert Rows.begin(rows.path, {"seed": 0}, "a machine").rows == []


def test_a_head_that_was_cut_off_is_written_anew(rows: Rows) -> None:
    rows.path.write_bytes(rows.path.read_bytes()[:10])
    assert Rows.read(rows.path) is None
    Rows.begin(rows.path, {"seed": 2}, "a machine")
    assert json.loads(rows.path.read_text(encoding="utf-8").splitlines()[0])["settings"] == {"seed": 2}


# Ray


@pytest.fixture(scope="module")
def ray() -> Iterator[object]:
    """A local Ray with two workers, started once for all tests."""
    ray = pytest.importorskip("ray", reason="Ray is an extra: pip install 'ray[data]'")
    pytest.importorskip("ray.data", reason="Ray Data is an extra: pip install 'ray[data]'")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
    yield ray
    ray.shutdown()


@pytest.mark.filterwarnings("default::DeprecationWarning:ray")  # other people's code, which we cannot mend from here
def test_a_cluster_gives_the_same_rows_in_the_same_order(ray: object, rows: Rows) -> None:
    sweep(rows, range(9), sweeping.plain, workers=2, on="ray", together=2)
    assert content(rows) == expected(range(9), 2)
    processes = {row["process"] for row in rows.rows}
    assert os.getpid() not in processes
    assert {row["threads"] for row in rows.rows} == {1}
    sweep(rows, range(9, 11), sweeping.plain, workers=2, on="ray", together=2)
    assert content(rows) == expected(range(9), 2) + expected(range(9, 11), 2), "gone on with"
    sweep(rows, range(0), sweeping.plain, workers=2, on="ray")
    assert len(rows.rows) == 11, "nothing is left to do"


def test_without_ray_one_sentence_says_how_to_get_it(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ModelError, match="pip install"):
        list(cluster.over_cluster([[1]], sweeping.plain, 2))
    with pytest.raises(ModelError, match="pip install"):
        sweep(rows, range(2), sweeping.plain, workers=1, on="ray")
