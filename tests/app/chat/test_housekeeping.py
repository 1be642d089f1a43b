"""What is forgotten and when, on a clock of our own, and how much memory a conversation is said to take."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import app
from bot.footprint import footprint
from bot.values import Session
from interface.chat import housekeeping
from interface.chat.housekeeping import AWAY, CALL, UNUSED, Housekeeping
from interface.chat.messages import Message, Picture
from interface.chat.visit import Visit
from interface.serving import trimming
from interface.serving.folder import PREFIX, VARIABLE, delete_unshown, own_folder
from tests.app.fake import FakeBot
from tests.fakes import tiny_classifier

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


class House:
    """An app that is not served, its housekeeping, and a clock."""

    def __init__(self, folder: Path | None = None, most: int = 10**9) -> None:
        self.demo = app.build_app(FakeBot())  # type: ignore[arg-type]
        self.now = time.time()
        self.keeping = Housekeeping(self.demo, folder, most, lambda: self.now)

    def page(self, session: str, visit: Visit | None = None) -> None:
        """Somebody does something on a page."""
        self.demo.state_holder[session][self.keeping._state] = visit or Visit(Session())
        self.demo.state_holder.time_last_used[session] = datetime.fromtimestamp(self.now)

    def call(self, session: str) -> None:
        """A program's call, which leaves an empty note of Gradio's."""
        self.demo.state_holder[session]
        self.demo.state_holder.time_last_used[session] = datetime.fromtimestamp(self.now)

    def after(self, seconds: float) -> set[str]:
        """Who is remembered so much later."""
        self.now += seconds
        self.keeping.forget()
        return set(self.demo.state_holder.session_data)


def test_a_closed_page_is_forgotten_after_a_while_and_an_open_one_is_not() -> None:
    house = House()
    for session in ("open", "closed", "back"):
        house.page(session)
    house.keeping.closed("closed")
    house.keeping.closed("back")
    assert house.after(AWAY - 1) == {"open", "closed", "back"}
    house.demo.state_holder.session_data["back"].is_closed = True  # as Gradio notes it, for ever
    house.keeping.opened("back")
    assert house.after(2) == {"open", "back"}
    assert not house.demo.state_holder.session_data["back"].is_closed
    assert house.after(UNUSED) == set()


def test_a_call_pushes_nobody_out() -> None:
    house = House()
    house.page("page")
    for number in range(20):
        house.call(f"call {number}")
    assert len(house.after(CALL - 1)) == 21
    assert house.after(2) == {"page"}


def holding(size: int) -> Visit:
    return Visit(Session(language="x" * size))


def test_beyond_the_bound_the_longest_unused_begin_anew() -> None:
    house = House(most=250_000)
    for name in "abc":
        house.page(name, holding(100_000))
        house.now += 1
    house.page("a", holding(100_000))
    assert house.after(0) == {"c", "a"}
    assert house.after(0) == {"c", "a"}


def test_a_conversation_weighs_what_it_alone_keeps_alive() -> None:
    pixels = np.zeros((100, 100))
    assert footprint("x" * 1000) in range(1000, 1100)
    assert footprint([pixels, pixels, pixels[:3]]) in range(80_000, 81_000)
    assert footprint({"a": b"x" * 500, "b": [("y" * 500,)]}) in range(1000, 1500)
    assert footprint(Session()) < 10_000
    assert footprint(replace(Session(), language=str(pixels.tobytes()))) > 80_000
    assert footprint([tiny_classifier()]) < 1_000, "all share the network"
    circle: list = []
    circle.append(circle)
    assert footprint(circle) < 200


def test_what_is_free_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    monkeypatch.setattr(trimming.sys, "platform", "linux")
    monkeypatch.setattr(trimming.ctypes, "CDLL", lambda _: SimpleNamespace(malloc_trim=given.append))
    trimming.trim()
    assert given == [0]
    monkeypatch.setattr(trimming.ctypes, "CDLL", lambda _: SimpleNamespace())
    trimming.trim()  # another C library
    monkeypatch.setattr(trimming.sys, "platform", "darwin")
    monkeypatch.setattr(trimming.ctypes, "CDLL", None)
    trimming.trim()
    assert given == [0]


def test_housekeeping_gives_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def trim() -> None:
        done.append("trim")
        raise OSError(f"time {len(done)}, which does not end it")

    monkeypatch.setattr(housekeeping, "EVERY", 0.01)
    monkeypatch.setattr(housekeeping, "trim", trim)

    async def served() -> None:
        async with House().keeping.going_on():
            while len(done) < 2:
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(served(), 20))


def test_what_no_page_shows_is_deleted_and_what_one_shows_stays(tmp_path: Path) -> None:
    house = House(tmp_path)
    for name in ("shown", "not_shown"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "five.png").write_bytes(b"x")
    shown = tmp_path / "shown" / "five.png"
    house.page("page", Visit(Session(), (Message("user", (Picture(str(shown), "a 5"),)),)))
    house.keeping.tidy_files()
    assert (tmp_path / "not_shown").exists(), "it may have been uploaded just now"
    house.now += AWAY + 5
    house.keeping.tidy_files()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [shown]
    assert not (tmp_path / "not_shown").exists()


def test_in_a_folder_of_others_nothing_is_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    (tmp_path / "theirs.png").write_bytes(b"x")
    house = House()
    house.now += 2 * AWAY
    house.keeping.tidy_files()
    assert (tmp_path / "theirs.png").exists()


def test_a_link_is_deleted_and_what_it_leads_to_is_not(tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("x")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link").symlink_to(tmp_path / "outside.txt")
    (inside / "folder").symlink_to(tmp_path)
    delete_unshown(inside, set(), time.time() + 1)
    assert list(inside.iterdir()) == []
    assert (tmp_path / "outside.txt").exists()


def test_the_folder_is_its_process_s_alone_and_what_a_killed_one_left_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    left = tmp_path / f"{PREFIX}of_a_killed_one"
    left.mkdir()
    (left / ".lock").touch()
    (tmp_path / f"{PREFIX}no_lock").mkdir()
    with own_folder() as first, own_folder() as within:
        assert not left.exists()
        assert (tmp_path / f"{PREFIX}no_lock").exists()
        assert first.exists(), "a running one's stays"
        assert os.environ[VARIABLE] == str(within)
        assert within.stat().st_mode & 0o77 == 0
    assert os.environ[VARIABLE] == str(tmp_path)
    assert not first.exists()
    assert not within.exists()
