"""Every example of docs/programs.md does what the page says, against the running app with the trained weights."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import app
from bot import Bot
from tests.docs.pages import DOCS, Example, examples
from tests.docs.sameness import same
from tests.trained import trained_bot

pytestmark = [
    pytest.mark.weights,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
]

ROOT = DOCS.parent
PAGE = DOCS / "programs.md"
ADDRESS = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def bot() -> Bot:
    return trained_bot()


@pytest.fixture(scope="module")
def address(bot) -> Iterator[str]:
    demo = app.build_app(bot)
    served = app.start(demo, prevent_thread_lock=True, server_name="127.0.0.1", quiet=True, mcp_server=True)
    yield served.rstrip("/")
    demo.close(verbose=False)


class Reader:
    """Somebody who types what stands on the page, one example after the other, in a folder with the picture."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address
        self.names: dict = {"__name__": "__main__"}  # what the Python examples have defined
        self.typed = ""  # in the shell so far

    def run(self, example: Example) -> str:
        """What it prints."""
        code = example.code.replace(ADDRESS, self.address)
        return self.python(code) if example.language == "python" else self.shell(code)

    def python(self, code: str) -> str:
        printed = io.StringIO()
        # In a thread of its own, as the browser tests leave an event loop running in this one.
        with contextlib.redirect_stdout(printed), contextlib.chdir(self.folder), ThreadPoolExecutor(1) as thread:
            thread.submit(exec, compile(code, str(PAGE), "exec"), self.names).result()
        return printed.getvalue()

    def shell(self, code: str) -> str:
        """Earlier examples define variables; only what this one prints counts."""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        settings = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path}
        script = f"set -e\nexec 3>&1 >/dev/null\n{self.typed}\nexec >&3\n{code}"
        shell = ["bash", "-c", script]
        done = subprocess.run(shell, cwd=self.folder, env=settings, capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, f"{code}\n\n{done.stdout}\n{done.stderr}"
        self.typed += "\n".join(line for line in code.splitlines() if line.startswith(("server=", "path="))) + "\n"
        return done.stdout


def test_every_example(address, bot, tmp_path, monkeypatch):
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    monkeypatch.setattr(Bot, "load", lambda: bot)  # the one that is served
    shutil.copy(ROOT / "interface" / "examples" / "five.png", tmp_path)
    reader = Reader(tmp_path, address)
    seen = [example for example in examples(PAGE) if example.language in ("python", "sh")]
    assert len(seen) > 10
    for example in seen:
        printed = reader.run(example)
        expected = (example.printed or "").replace(ADDRESS, address)
        assert same(printed.strip(), expected.strip()), f"{example.code}\n\nprints:\n{printed}\n\nnot:\n{expected}"


def test_configurations_name_the_tools_address(address):
    configurations = [json.loads(one.code) for one in examples(PAGE) if one.language == "json"]
    assert len(configurations) == 4
    for configuration in configurations:
        assert f"{ADDRESS}/gradio_api/mcp/" in json.dumps(configuration)


def test_nothing_else_stands_on_the_page():
    assert {example.language for example in examples(PAGE)} == {"python", "sh", "json"}
