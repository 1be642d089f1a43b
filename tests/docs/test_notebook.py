"""docs/notebook.ipynb runs, and the outputs that stand in it are those that it gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

import nbformat
import pytest
from nbformat import NotebookNode

from tests.docs.executed import NOTEBOOK, executed
from tests.docs.sameness import same


def words(cell: NotebookNode) -> Iterator[str]:
    """What a cell shows, without its pictures."""
    for output in cell.outputs:
        yield output.get("text") or ""
        data = output.get("data", {})
        yield data.get("text/plain", "")
        yield re.sub(r"<img[^>]*>", "<img>", data.get("text/html", ""))


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
