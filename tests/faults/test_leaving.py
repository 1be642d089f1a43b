"""Who goes away in the middle of an answer frees its work; what is asked to end, ends; and a fault ends nothing."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from benchmarks.visitor import Visitor
from interface.chat.examples import EXAMPLES_FOLDER
from interface.serving.leaving import Callers
from tests.app.http import post, uploaded
from tests.faults.conftest import Serve, Served, until

FIVE = EXAMPLES_FOLDER / "five.png"
SOON = 2.0  # seconds


@pytest.fixture(scope="module")
def slow(serve: Serve) -> Served:
    """A full answer takes some 12 seconds."""
    return serve(SLOW="0.3")


@contextmanager
def in_the_middle(served: Served) -> Iterator[Callable[[], object]]:
    """Within the block an answer begins, which what comes from here waits for, and at its end its caller leaves.

    Then it is looked whether the runs end soon.
    """
    until(lambda: quiet(served))
    before = served.runs
    yield lambda: until(lambda: served.runs > before + 2)
    left = time.monotonic()
    until(lambda: quiet(served))
    assert time.monotonic() - left < SOON + QUIET


QUIET = 1.0  # seconds without a run, of which there are three a second


def quiet(served: Served) -> bool:
    """Whether nothing is being answered."""
    before = served.runs
    time.sleep(QUIET)
    return served.runs == before


def test_a_page_that_is_closed(slow: Served) -> None:
    with in_the_middle(slow) as begun:
        visitor = Visitor(slow.place)
        with visitor.page(), closing(visitor.asking("why?", FIVE)) as told:  # type: ignore[type-var]
            next(told)
            begun()


def test_a_page_whose_answer_breaks_off(slow: Served) -> None:
    visitor = Visitor(slow.place)
    with visitor.page():
        with in_the_middle(slow) as begun, closing(visitor.asking("why?", FIVE)) as told:  # type: ignore[type-var]
            next(told)
            begun()
        assert visitor.ask("help")[-1].answer, "the conversation goes on"


def test_a_call_that_breaks_off(slow: Served) -> None:
    with in_the_middle(slow) as begun:
        call = {"image": {"path": uploaded(slow.address, str(FIVE))}, "question": "why?"}
        _, started = post(f"{slow.address}gradio_api/call/v2/ask", json.dumps(call).encode())
        address = f"{slow.address}gradio_api/call/ask/{started['event_id']}"
        with urllib.request.urlopen(address, timeout=30):
            begun()


def test_a_client_that_is_killed(slow: Served) -> None:
    """``gradio_client`` has one stream for all its calls."""
    script = (
        "import sys; from gradio_client import Client, handle_file\n"
        "Client(sys.argv[1], verbose=False).predict(handle_file(sys.argv[2]), 'why?', api_name='/ask')"
    )
    with in_the_middle(slow) as begun:
        client = subprocess.Popen([sys.executable, "-c", script, slow.address, FIVE])
        begun()
        client.kill()
        client.wait()


MCP_CLIENT = """
import asyncio, base64, pathlib, sys
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

async def main():
    picture = "data:image/png;base64," + base64.b64encode(pathlib.Path(sys.argv[2]).read_bytes()).decode()
    async with streamable_http_client(sys.argv[1] + "gradio_api/mcp/") as (reads, writes, _):
        async with ClientSession(reads, writes) as session:
            await session.initialize()
            await session.call_tool("ask", {"image": picture, "question": "why?"})

asyncio.run(main())
"""


def test_a_client_of_mcp_that_is_killed(slow: Served) -> None:
    """They all come through one connection of Gradio's own."""
    with in_the_middle(slow) as begun:
        client = subprocess.Popen([sys.executable, "-c", MCP_CLIENT, slow.address, FIVE])
        begun()
        client.kill()
        client.wait()


def test_a_call_ends_with_any_of_its_sessions_and_with_no_other() -> None:
    callers = Callers()
    with callers.answering("connection", "first") as first, callers.answering("connection", "second") as second:
        callers.gone("third")
        callers.gone("first")
        assert (first.closed, second.closed) == (True, False)
        callers.gone("connection")
        assert second.closed
    with callers.answering("first") as again:
        assert not again.closed


def test_who_stays_is_answered_though_another_leaves(slow: Served) -> None:
    stays, leaves = Visitor(slow.place), Visitor(slow.place)
    with stays.page(), closing(stays.asking("how sure are you?", FIVE)) as told:  # type: ignore[type-var]
        with leaves.page(), closing(leaves.asking("why?", FIVE)) as theirs:  # type: ignore[type-var]
            next(theirs)
        *_, last = told
    assert "%" in last.answer


def test_asked_to_end_in_the_middle_of_an_answer_it_ends_in_order(slow: Served) -> None:
    visitor = Visitor(slow.place)
    with visitor.page(), closing(visitor.asking("why?", FIVE)) as told:  # type: ignore[type-var]
        next(told)
        assert slow.end(signal.SIGTERM) == 0
    assert b"Traceback" not in slow.said
    assert b"Error" not in slow.said
    assert slow.folders() == []


def test_killed_in_the_middle_of_an_answer_it_starts_again_and_answers(serve: Serve, tmp_path: Path) -> None:
    first = serve(tmp_path, SLOW="0.1")
    visitor = Visitor(first.place)
    with visitor.page(), closing(visitor.asking("why?", FIVE)) as told:  # type: ignore[type-var]
        next(told)
        assert first.end(signal.SIGKILL) == -signal.SIGKILL
    (left,) = first.folders()
    second = serve(tmp_path, FAILS="20")
    assert left not in second.folders(), "what visitors of the killed one sent is gone"
    visitor = Visitor(second.place)
    with visitor.page():
        *_, told_of_fault = visitor.ask("why?", FIVE)
        assert "went wrong on my side" in told_of_fault.answer, "the twentieth run raises"
        *_, answer = visitor.ask("why?")
        assert "%" in answer.answer, "and the next question is answered"
    assert b"Fault" in second.said
    assert b"run 20\n" not in second.said
    assert second.process.poll() is None
