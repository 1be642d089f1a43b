"""Which engine is picked, and that the choice is kept. The times are given: no clock decides here."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from model import engines, openvino_engine
from model.engines import Engine, pick_engine, reading_seconds
from model.openvino_engine import OpenVinoEngine
from model.torch_engine import TorchEngine
from tests.fakes import FakeClassifier, FakeEngine, tiny_network

CPU = torch.device("cpu")


@pytest.fixture
def note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the choice is kept, in a folder that is not there yet."""
    path = tmp_path / "cache" / "engine.json"
    monkeypatch.setattr(engines, "NOTE", path)
    return path


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> dict[type, float]:
    """How long each kind of engine is said to take; what was timed is removed."""
    times: dict[type, float] = {TorchEngine: 2.0, OpenVinoEngine: 1.0}

    def seconds(*engines: Engine) -> list[float]:
        return [times.pop(type(engine)) for engine in engines]

    monkeypatch.setattr(engines, "reading_seconds", seconds)
    return times


@pytest.mark.parametrize(
    ("openvino", "picked"), [(1.0, OpenVinoEngine), (1.99, OpenVinoEngine), (2.0, TorchEngine), (3.0, TorchEngine)]
)
def test_the_quicker_one_is_picked_and_the_log_says_which(
    note: Path,
    timed: dict[type, float],
    openvino: float,
    picked: type,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    timed[OpenVinoEngine] = openvino
    monkeypatch.setattr(engines, "free_cores", lambda: 3)
    threads = torch.get_num_threads()
    with caplog.at_level(logging.INFO):
        engine = pick_engine(tiny_network(), CPU)
    assert type(engine) is picked
    assert torch.get_num_threads() == (3 if picked is TorchEngine else 1)
    torch.set_num_threads(threads)
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("OpenVINO runs" if picked is OpenVinoEngine else "torch runs")
    assert f"{1000 * openvino:.0f} ms with OpenVINO, 2000 ms with torch" in line


@pytest.mark.parametrize(("openvino", "picked"), [(1.0, OpenVinoEngine), (3.0, TorchEngine)])
def test_a_later_start_takes_no_time_for_it(
    note: Path, timed: dict[type, float], openvino: float, picked: type
) -> None:
    timed[OpenVinoEngine] = openvino
    assert type(pick_engine(tiny_network(), CPU)) is picked
    assert timed == {}  # both were timed, and a third time would now be a KeyError
    assert type(pick_engine(tiny_network(), CPU)) is picked


@pytest.mark.parametrize("changed", ["cores", "processor", "parameters", "versions"])
def test_on_another_machine_or_network_it_is_timed_anew(note: Path, timed: dict[type, float], changed: str) -> None:
    pick_engine(tiny_network(), CPU)
    kept = json.loads(note.read_text())
    kept["depends_on"][changed] = "another"
    note.write_text(json.dumps(kept))
    timed |= {TorchEngine: 1.0, OpenVinoEngine: 2.0}
    assert type(pick_engine(tiny_network(), CPU)) is TorchEngine


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"engine": "OpenVINO"}', '{"engine": "x", "depends_on": null}'])
def test_a_damaged_note_is_none(note: Path, timed: dict[type, float], damage: str) -> None:
    note.parent.mkdir()
    note.write_text(damage)
    assert type(pick_engine(tiny_network(), CPU)) is OpenVinoEngine
    assert timed == {}
    assert json.loads(note.read_text())["engine"] == "OpenVINO"


def test_a_place_that_cannot_be_written_to_stops_nothing(
    note: Path, timed: dict[type, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    note.parent.write_text("a file where the folder should be")
    assert type(pick_engine(tiny_network(), CPU)) is OpenVinoEngine


def test_without_openvino_torch_answers(
    note: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "model.openvino_engine", None)  # importing it now raises ImportError
    assert isinstance(pick_engine(tiny_network(), CPU), TorchEngine)
    assert "OpenVINO cannot be used" in caplog.text
    assert not note.exists()


def test_where_openvino_fails_torch_answers(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("no such instruction")

    monkeypatch.setattr(openvino_engine, "reading_graph", fail)
    assert isinstance(pick_engine(tiny_network(), CPU), TorchEngine)
    assert not note.exists()


def test_the_time_is_that_of_the_quickest_run_after_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    took = [0.01, 0.02, 0.05, 0.09, 0.03, 0.08, 0.04, 0.07]  # of the two engines in turn
    both = pretend(took, monkeypatch)
    assert reading_seconds(*both) == pytest.approx([0.03, 0.07])
    assert [engine.runs for engine in both] == [4, 4]


@pytest.mark.parametrize(("second", "runs"), [(1.5, 3), (2.5, 2)])
def test_where_reading_takes_long_it_is_timed_less_often(
    second: float, runs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = pretend([0.1, 0.1, second, 0.1, 5.0, 5.0, 9.0, 9.0], monkeypatch)
    assert reading_seconds(*both) == pytest.approx([second, 0.1])
    assert [engine.runs for engine in both] == [runs, runs]


def pretend(took: list[float], monkeypatch: pytest.MonkeyPatch) -> tuple[FakeEngine, FakeEngine]:
    """Two engines whose readings, in turn, take these seconds by the clock."""
    ends = np.cumsum(took)
    clock = iter(np.stack([ends - took, ends], axis=1).ravel())
    monkeypatch.setattr(engines.time, "perf_counter", lambda: next(clock))
    return FakeEngine(FakeClassifier.random()), FakeEngine(FakeClassifier.random())
