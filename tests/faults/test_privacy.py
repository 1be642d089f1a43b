"""After a conversation nothing of it is on the disk, nor was anything of it ever written to the terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from PIL.PngImagePlugin import PngInfo

from benchmarks.visitor import Visitor
from tests.app import pictures
from tests.app.http import post, result, uploaded
from tests.faults.conftest import ROOT, Serve, Served, files_in, until

NAME = "zebra-file-name"
QUESTION = "zebraquestion"
COMMENT = "zebra-in-the-picture"


@pytest.fixture(scope="module")
def served(serve: Serve) -> Served:
    return serve(AWAY="2")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A 5 that nobody else has, with words in it."""
    path = tmp_path / f"{NAME}.png"
    noted = PngInfo()
    noted.add_text("Comment", COMMENT)
    pictures.digit(137).save(path, pnginfo=noted)
    return path


def traces(served: Served, picture: Path) -> list[str]:
    """Where anything of the visitor's can be found."""
    marks = [mark.encode() for mark in (NAME, QUESTION, COMMENT)]
    bytes_of_it = picture.read_bytes()
    found = []
    for path in files_in(served.scratch):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue  # deleted at this very moment
        if NAME in str(path) or bytes_of_it in content or any(mark in content for mark in marks):
            found.append(str(path))
    return found


def test_a_conversation_leaves_nothing_behind(served: Served, picture: Path) -> None:
    uploaded(served.address, str(picture))
    assert traces(served, picture), "or this test would look in the wrong place"
    visitor = Visitor(served.place)
    with visitor.page():
        assert "read" in visitor.ask(f"why? {QUESTION}", picture)[-1].answer
        visitor.ask("make a handout")
        assert any(path.suffix == ".html" for path in served.files())
    until(lambda: not served.files())
    assert traces(served, picture) == []
    assert [path.stat().st_mode & 0o77 for path in served.folders()] == [0], "nobody else may look in"


def test_files_stay_while_their_page_is_open_and_go_when_all_is_cleared(served: Served, picture: Path) -> None:
    visitor = Visitor(served.place)
    with visitor.page():
        visitor.ask("why?", picture)
        time.sleep(4)  # twice as long as files stay that nobody is shown
        assert [path for path in served.files() if path.suffix == ".png"], "what the chat shows"
        assert traces(served, picture) == [], "the upload itself is not among it"
        visitor.clear()
        until(lambda: not served.files())


def test_a_program_s_call_leaves_nothing_behind(served: Served, picture: Path) -> None:
    path = uploaded(served.address, str(picture))
    call = {"image": {"path": path}, "question": f"why? {QUESTION}"}
    _, started = post(f"{served.address}gradio_api/call/v2/ask", json.dumps(call).encode())
    event, (_, _, figures) = result(served.address, "ask", started["event_id"])
    assert event == "complete"
    assert urllib.request.urlopen(figures[0]["url"], timeout=30).status == 200
    until(lambda: not served.files())
    assert traces(served, picture) == []


@pytest.mark.parametrize(
    "data",
    [
        [{"text": [QUESTION], "files": []}, "", None],
        [{"text": QUESTION, "files": [{"path": f"/{NAME}"}]}, "", None],
        [QUESTION, "", None],
        [{"text": "why?", "files": []}, QUESTION, None],
        [],
    ],
)
def test_what_goes_wrong_is_not_told_in_the_visitor_s_words(served: Served, picture: Path, data: list) -> None:
    place = served.place
    event = place.event("question", "submit")
    asked = {"data": data, "fn_index": event["id"], "session_hash": "odd", "event_data": None}
    post(f"{served.address}gradio_api/queue/join", json.dumps(asked).encode())
    with urllib.request.urlopen(f"{served.address}gradio_api/queue/data?session_hash=odd", timeout=30) as stream:
        assert b"process_completed" in stream.read()
    assert traces(served, picture) == []


def test_no_package_tells_anybody_of_its_use() -> None:
    """In a process of its own, as the packages read their settings when they are imported."""
    script = (
        "import app, gradio.analytics, huggingface_hub.constants as hub\n"
        "from model import load\n"
        "print(gradio.analytics.analytics_enabled(), hub.HF_HUB_DISABLE_TELEMETRY)"
    )
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("GRADIO_", "HF_", "DISABLE_"))}
    found = subprocess.run(
        [sys.executable, "-c", script], env=bare, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.split()[-2:] == ["False", "True"]


def test_the_end_of_the_process_is_the_end_of_its_folder(served: Served) -> None:
    assert served.folders()
    assert served.end() == 0
    assert served.folders() == []
    assert b"Traceback" not in served.said
