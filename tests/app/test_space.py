"""What a Hugging Face Space reads of this repository, and the package that a ZeroGPU Space brings."""

from __future__ import annotations

import logging
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from interface.serving import zero_gpu

ROOT = Path(__file__).parents[2]
LENT = ("2.8.0", "2.9.1", "2.10.0", "2.11.0")  # torch on ZeroGPU, as of August 2026
COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}  # that a Space may have


@pytest.fixture
def front() -> dict[str, Any]:
    """The front matter of README.md."""
    _, text, _ = (ROOT / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(text)


@pytest.fixture
def required() -> dict[str, SpecifierSet]:
    """What requirements.txt asks for, by package."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    asked = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {one.name: one.specifier for one in asked}


def test_the_space_runs_no_gradio_that_no_test_has_met(front: dict[str, Any], required: dict) -> None:
    assert front["sdk"] == "gradio"
    assert front["sdk_version"] in required["gradio"]
    assert Version(front["sdk_version"]) <= Version(gradio.__version__)


def test_the_space_s_python_will_do(front: dict[str, Any]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert isinstance(front["python_version"], str), "unquoted, 3.10 would be read as 3.1"
    assert f"{front['python_version']}.0" in SpecifierSet(project["requires-python"])
    assert front["python_version"] == "3.12", "ZeroGPU has 3.12 and 3.10"


@pytest.mark.parametrize("version", LENT)
def test_every_torch_of_zero_gpu_will_do(required: dict, version: str) -> None:
    assert version in required["torch"]


def test_nothing_is_pinned_that_the_space_pins_itself(required: dict) -> None:
    """It installs ``gradio[oauth,mcp]``, whose ``mcp`` holds pydantic below 2.13, in the same call of pip."""
    assert not {"pydantic", "spaces", "mcp", "starlette", "uvicorn"} & required.keys()
    assert not any("==" in str(one) for one in required.values())


def test_what_is_shown_of_it_fits(front: dict[str, Any]) -> None:
    assert len(front["short_description"]) <= 60
    assert {front["colorFrom"], front["colorTo"]} <= COLOURS
    assert (ROOT / front["app_file"]).is_file()


class Spaces:
    """Stands in for the package: notes what was decorated."""

    def __init__(self) -> None:
        self.decorated: list[tuple[int, Callable[[], None]]] = []

    def GPU(self, *, duration: int) -> Callable[[Callable[[], None]], Callable[[], None]]:
        def decorate(task: Callable[[], None]) -> Callable[[], None]:
            self.decorated.append((duration, task))
            return task

        return decorate


def test_zero_gpu_finds_one_short_function(monkeypatch: pytest.MonkeyPatch) -> None:
    there = Spaces()
    monkeypatch.setitem(sys.modules, "spaces", there)  # type: ignore[arg-type]
    zero_gpu.register()
    ((duration, task),) = there.decorated
    assert duration == 1
    assert task() is None


def test_without_the_package_nothing_happens(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setitem(sys.modules, "spaces", None)
    with caplog.at_level(logging.DEBUG):
        zero_gpu.register()
    assert caplog.records == []


@pytest.mark.parametrize(
    "broken",
    [SimpleNamespace(), SimpleNamespace(GPU=lambda **settings: 1 // 0), SimpleNamespace(GPU=lambda task: task)],
    ids=["empty", "raising", "changed"],
)
def test_a_broken_package_is_one_line_of_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, broken: object
) -> None:
    monkeypatch.setitem(sys.modules, "spaces", broken)  # type: ignore[arg-type]
    zero_gpu.register()
    (record,) = caplog.records
    assert "spaces does not work here" in record.getMessage()
