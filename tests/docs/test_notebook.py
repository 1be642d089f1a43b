"""docs/notebook.ipynb runs, and the outputs that stand in it are those that it gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

import nbformat
import pytest
from nbformat import NotebookNode

from tests.docs.executed import NOTEBOOK, executed

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def words(cell: NotebookNode) -> Iterator[str]:
    """What a cell shows, without its pictures."""
    for output in cell.outputs:
        yield output.get("text") or ""
        data = output.get("data", {})
        yield data.get("text/plain", "")
        yield re.sub(r"<img[^>]*>", "<img>", data.get("text/html", ""))


def same(one: str, other: str) -> bool:
    """Whether two texts are equal up to the last place of their numbers: another processor rounds otherwise."""
    if _NUMBER.sub("0", one) != _NUMBER.sub("0", other):
        return False
    return all(
        abs(float(a) - float(b)) <= 2 * _unit(a, b) for a, b in zip(*map(_NUMBER.findall, (one, other)), strict=True)
    )


def _unit(*numbers: str) -> float:
    return (
        max(10.0 ** -len(number.partition(".")[2]) for number in numbers) if any("." in one for one in numbers) else 0.5
    )


@pytest.mark.weights
def test_it_gives_what_stands_in_it(monkeypatch, tmp_path):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    written = nbformat.read(NOTEBOOK, as_version=4)
    for cell, again in zip(written.cells, executed().cells, strict=True):
        if cell.cell_type == "code":
            for one, other in zip(words(cell), words(again), strict=True):
                assert same(one, other), f"{cell.source}\n\nstands there: {one}\n\nnow: {other}"


def test_it_is_whole_and_small():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert not [output for cell in cells for output in cell.outputs if output.get("name") == "stderr"]
    assert any("text/html" in output.get("data", {}) for cell in cells for output in cell.outputs)
    assert NOTEBOOK.stat().st_size < 400_000


def test_numbers_may_differ_by_their_last_place_only():
    assert same("80 % of 0.804", "80 % of 0.805")
    assert same("80 %", "81 %")
    assert not same("80 %", "83 %")
    assert not same("80 % of 5", "80 % of it")
    assert not same("0.804", "0.83")
