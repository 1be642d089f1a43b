"""Nothing here runs code that stands in a file of data: no pickle, read with ``ast``, nothing is run."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("model", "explainers", "bot", "interface", "benchmarks", "scripts", "docs")
MODULES = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "jsonpickle"}
CALLS = {"eval", "exec", "compile", "__import__"}  # the built-in ones
LOADS = {"load", "load_state_dict_from_url", "load_url", "read_pickle", "unsafe_load", "full_load"}


def unsafe(source: str) -> list[str]:
    """What in a program may run code out of data."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            found.append(node.module or "")
        elif isinstance(node, ast.Call):
            found += _of_call(node)
    return found


def _of_call(node: ast.Call) -> list[str]:
    if isinstance(node.func, ast.Name):
        return [node.func.id] if node.func.id in CALLS else []
    if not isinstance(node.func, ast.Attribute) or not isinstance(node.func.value, ast.Name):
        return []
    owner, name = node.func.value.id, node.func.attr
    given = {one.arg: one.value.value for one in node.keywords if isinstance(one.value, ast.Constant)}
    if owner in ("torch", "hub") and name in LOADS and given.get("weights_only") is not True:
        return [f"{owner}.{name}"]
    if owner in ("np", "numpy") and name == "load" and given.get("allow_pickle", False) is not False:
        return [f"{owner}.{name}"]
    return [f"{owner}.{name}"] if owner in ("pd", "pandas", "yaml") and name in LOADS else []


FILES = [ROOT / "app.py", *(file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py")))]


def test_no_program_of_ours_runs_code_out_of_data() -> None:
    assert len(FILES) > 100
    found = {str(file.relative_to(ROOT)): unsafe(file.read_text(encoding="utf-8")) for file in FILES}
    assert {file: what for file, what in found.items() if what} == {}


def test_no_file_of_ours_is_a_pickle() -> None:
    endings = {".pkl", ".pickle", ".pt", ".pth", ".bin", ".joblib"}
    folders = [ROOT / folder for folder in (*FOLDERS, "templates", "tests")]
    assert [file for folder in folders for file in folder.rglob("*") if file.suffix in endings] == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "def f():\n    import dill.x",
        "torch.load(file)",
        "torch.load(file, weights_only=False)",
        "torch.load(file, weights_only=chosen)",
        "np.load(file, allow_pickle=True)",
        "pd.read_pickle(file)",
        "yaml.load(text)",
        "eval(text)",
    ],
)
def test_the_check_sees_it(source: str) -> None:
    assert unsafe(source)


@pytest.mark.parametrize(
    "source",
    ["torch.load(file, weights_only=True)", "np.load(file)", "json.load(file)", "network.eval()", "re.compile(x)"],
)
def test_the_check_lets_the_rest_be(source: str) -> None:
    assert not unsafe(source)
