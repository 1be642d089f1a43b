"""The load against the real server with a bot that answers at once, and what its table counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import app
from benchmarks.load import QUESTIONS, Answered, Crowd, Lost, alone, conversation, mixed_up, own_picture, table
from benchmarks.visitor import Place
from tests.app.fake import FakeBot

# Gradio leaves sockets and loops to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")

VISITORS = 5


@pytest.fixture
def place() -> Iterator[Place]:
    demo = app.build_app(FakeBot())  # type: ignore[arg-type]
    yield Place.visit(app.start(demo, prevent_thread_lock=True, server_name="127.0.0.1", quiet=True))
    demo.close(verbose=False)


def test_a_small_crowd_is_answered(place: Place, tmp_path: Path) -> None:
    crowd = Crowd(place, tmp_path)
    crowd.stay(VISITORS, 1.0, pause=(0.0, 0.1))
    answered = [one for one in crowd.found if isinstance(one, Answered)]
    assert [one for one in crowd.found if isinstance(one, Lost)] == []
    assert {one.visitor for one in answered} == set(range(VISITORS))
    assert all(one.asked <= one.first <= one.whole for one in answered)
    expected = alone(place, tmp_path, range(VISITORS))
    assert mixed_up(crowd.found, expected) == []
    swapped = {key: expected[(key[0] + 4) % VISITORS, key[1]] for key in expected}
    assert mixed_up(crowd.found, swapped), "a page's answer is not a program's"
    lines = table(crowd.found, expected, [100.0, 109.0])
    assert lines[0] == f"questions: {len(answered)}, answered: {len(answered)}, turned away: 0, lost: 0"
    assert "memory: 100 MiB after the first minute, 109 MiB at the end (+9.0%)" in lines


def test_no_two_visitors_have_the_same_picture() -> None:
    assert len({own_picture(number) for number in range(100)}) == 100
    assert own_picture(7) == own_picture(7)


def test_all_questions_come_and_each_conversation_is_the_same_each_time(tmp_path: Path) -> None:
    every = [conversation(number, tmp_path) for number in range(20)]
    assert every == [conversation(number, tmp_path) for number in range(20)]
    assert {question for steps in every for question, _ in steps} >= set(QUESTIONS)
    assert {sum(path is not None for _, path in steps) for steps in every} == {2}


def answered(visitor: int, answer: str) -> Answered:
    return Answered(visitor, 0, "why?", 1.0, 1.5, 3.0, answer, 0, False)


def test_the_table_counts_what_went_wrong() -> None:
    found = [
        answered(0, "a 5"),
        answered(1, "a 5"),
        replace(answered(0, "full"), away=True),
        Lost(2, "why?", "OSError: x"),
    ]
    lines = table(found, {(0, 0): "a 5", (1, 0): "a 7"}, [])
    assert lines[:4] == [
        "questions: 4, answered: 2, turned away: 1, lost: 1",
        "  why?: OSError: x",
        "with another answer than alone: 1 (of 2 different ones)",
        "told that others are before: 0, at most 0 others",
    ]
    assert lines[5].split()[-3:] == ["2.0", "2.0", "2.0"]
