"""Who may import whom (docs/design): read with ``ast``, nothing is run."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = {"model", "explainers", "bot", "templates", "benchmarks", "interface", "app", "tests"}
ALLOWED = {  # folder → our folders and the outside libraries that it must not touch
    "model": (set(), {"gradio", "lime", "captum", "jinja2", "matplotlib"}),
    "explainers": ({"model"}, {"gradio", "jinja2", "matplotlib"}),
    "bot": ({"explainers", "model"}, {"torch", "torchvision", "gradio", "lime", "captum"}),
    "interface": ({"bot"}, {"torch", "torchvision"}),
}
INTERFACE = {  # folder → the other folders of the interface that it may import from
    "widgets": set(),
    "embedding": set(),
    "links": {"widgets"},
    "serving": {"embedding"},
    "chat": {"widgets", "links", "serving"},
    "programs": {"chat", "serving"},
}


def imported(path: Path) -> set[str]:
    """The top-level names that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def imported_from(package: str, path: Path) -> set[str]:
    """The folders and files of one of our packages that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith(f"{package}.")}


@pytest.mark.parametrize("folder", ALLOWED)
def test_folder_imports_only_what_it_may(folder: str) -> None:
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files
    ours, forbidden = ALLOWED[folder]
    for path in files:
        names = imported(path)
        assert names & OURS <= ours | {folder}, path
        assert not names & forbidden, path


def test_every_folder_of_the_interface_is_listed() -> None:
    folders = {path.parent.name for path in (ROOT / "interface").glob("*/__init__.py")}
    assert folders == INTERFACE.keys()


@pytest.mark.parametrize("folder", INTERFACE)
def test_no_two_folders_of_the_interface_need_each_other(folder: str) -> None:
    files = sorted((ROOT / "interface" / folder).rglob("*.py"))
    names = {name for path in files for name in imported_from("interface", path)}
    assert names <= INTERFACE[folder] | {folder}


def test_app_reaches_the_network_only_through_the_bot() -> None:
    assert imported(ROOT / "app.py") & OURS <= {"bot", "interface"}


def test_the_check_sees_an_import_inside_a_function(tmp_path: Path) -> None:
    (tmp_path / "file.py").write_text("def f():\n    from gradio.blocks import Blocks\n")
    assert imported(tmp_path / "file.py") == {"gradio"}


@pytest.mark.parametrize("name", ["types.py", "statistics.py", "utils.py"])
def test_no_file_with_a_name_that_says_nothing(name: str) -> None:
    assert not [path for folder in ALLOWED for path in (ROOT / folder).rglob(name)]
