"""Runs docs/notebook.ipynb in a kernel of its own; ``python -m tests.docs.executed`` writes the outputs into it."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebook.ipynb"


def executed() -> NotebookNode:
    """The notebook with fresh outputs; raises ``nbclient.exceptions.CellExecutionError`` where a cell fails."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # a debugger's advice is no output of ours
    client = NotebookClient(
        notebook,
        timeout=240,
        kernel_name="python3",
        resources={"metadata": {"path": str(NOTEBOOK.parent)}},
        record_timing=False,
        coalesce_streams=True,  # else how much stands in one output depends on how quick the kernel was
    )
    client.execute()
    return notebook


if __name__ == "__main__":
    done = executed()
    done.metadata.pop("language_info", None)  # holds the version of whoever ran it
    nbformat.write(done, NOTEBOOK)
