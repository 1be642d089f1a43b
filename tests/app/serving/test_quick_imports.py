"""The packages come without what only editors need, and are whole all the same."""

from __future__ import annotations

import gc
import inspect
import json
import subprocess
import sys

import gradio
import pytest

from interface.serving import quick_imports

LOOKED_AT = """
import json, sys
seen = []


def stub(event, facts):
    if event == "open" and "gradio" in str(facts[0]) and str(facts[0]).endswith(".pyi"):
        seen.append(facts[0])


sys.addaudithook(stub)
import {first}
import gc, inspect
print(json.dumps([len(seen), gc.isenabled(), inspect.getfile.__name__]))
"""


def looked_at(first: str) -> list[object]:
    found = subprocess.run([sys.executable, "-c", LOOKED_AT.format(first=first)], capture_output=True, check=True)
    return json.loads(found.stdout)


def test_the_app_reads_no_stub_of_a_component() -> None:
    assert looked_at("app") == [0, True, "getfile"]


def test_it_would_otherwise_and_would_be_noticed() -> None:
    count, *_ = looked_at("gradio.components")
    assert count > 50


def test_only_gradio_s_classes_have_no_file_and_only_meanwhile() -> None:
    with quick_imports._quickly():
        assert not gc.isenabled()
        with pytest.raises(OSError, match="stub"):
            inspect.getfile(gradio.Textbox)
        assert inspect.getfile(pytest.MonkeyPatch)
        assert inspect.getfile(gradio)
    assert gc.isenabled()
    assert inspect.getfile(gradio.Textbox).endswith("textbox.py")


def test_what_fails_in_between_leaves_all_as_it_was() -> None:
    before = inspect.getfile
    with pytest.raises(ImportError), quick_imports._quickly():
        raise ImportError
    assert inspect.getfile is before
    assert gc.isenabled()
