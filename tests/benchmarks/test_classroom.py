"""The class against the real server with a bot that answers at once, and what its table counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import app
from benchmarks.classroom import Visit, answers_alone, hold, mixed_up, overtaken, table
from benchmarks.visitor import Place, Told, changed
from bot.values import Waiting
from bot.words.interface import interface_words
from bot.words.markup import unbroken
from interface.chat.messages import plain
from interface.serving.waiting import in_words
from tests.app.fake import FIRST, READ, FakeBot

# Gradio leaves sockets and loops to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


@pytest.fixture
def place() -> Iterator[Place]:
    demo = app.build_app(FakeBot())  # type: ignore[arg-type]
    yield Place.visit(app.start(demo, prevent_thread_lock=True, server_name="127.0.0.1", quiet=True))
    demo.close(verbose=False)


def test_a_small_class_is_answered(place: Place) -> None:
    found = hold(place, visitors=5, within=0.2, seed=0)
    visits = [one for one in found if isinstance(one, Visit)]
    assert [one.number for one in visits] == [0, 1, 2, 3, 4]
    assert len({one.picture for one in visits}) == 5
    for one in visits:
        assert one.asked <= one.first <= one.answered
        assert unbroken(FIRST) in one.told[-1].answer
    alone = answers_alone(place, {one.picture for one in visits})
    assert mixed_up(visits, alone) == []
    lines = table(found, alone)
    assert lines[:2] == ["answered: 5 of 5, turned away: 0", "with another answer than alone: 0"]
    assert lines[-1] == "told that others are before: 0, at most 0 others"


def waiting(others: int, seconds: float | None) -> str:
    return f"It is a 5.\n\n{in_words(Waiting(others, seconds), interface_words('en'))}"


def seen(number: int, asked: float, *told: tuple[float, str]) -> Visit:
    return Visit(number, "five", asked, [Told(at, answer) for at, answer in told])


def test_what_was_told_is_read_from_the_page() -> None:
    assert [Told(0, waiting(*one)).others for one in ((1, None), (7, 12.0))] == [1, 7]
    assert [Told(0, waiting(*one)).seconds for one in ((1, None), (1, 0.0), (7, 12.0))] == [None, 0, 15]
    assert Told(0, FIRST).others == 0
    assert Told(0, FIRST).seconds is None


def test_the_first_sentence_is_that_of_the_answer_not_of_the_reading() -> None:
    assert seen(0, 0.0, (1.0, READ), (2.0, ""), (3.0, FIRST), (4.0, "whole")).first == 3.0


def test_how_far_the_first_word_about_the_turn_was_off() -> None:
    told = (1.0, waiting(2, 9.0)), (5.0, waiting(1, 2.0)), (12.0, FIRST), (13.0, "whole")
    assert seen(0, 0.5, *told).missed_by == 1.0  # told at 1 that it comes at 11, came at 12
    assert seen(0, 0.5, *told[2:]).missed_by is None
    assert seen(0, 0.5, (1.0, waiting(2, None)), *told[2:]).missed_by is None


def test_who_came_later_and_was_answered_earlier_is_counted() -> None:
    def visits(*answered: float) -> list[Visit]:
        return [seen(number, float(number), (at, "whole")) for number, at in enumerate(answered)]

    assert overtaken(visits(5, 6, 7)) == 0
    assert overtaken(visits(5, 5, 7)) == 0
    assert overtaken(visits(9, 6, 7)) == 2
    assert overtaken(visits(9, 6, 5)) == 2
    assert overtaken([]) == 0


def test_another_s_answer_a_fault_and_who_was_turned_away_stand_in_the_table() -> None:
    full = plain(interface_words("en")["waiting.full"])
    visits = [seen(0, 0.0, (0.1, ""), (1.0, "a")), seen(1, 0.0, (0.1, ""), (2.0, "b")), seen(2, 0.0, (0.1, full))]
    lines = table([*visits, OSError("gone")], {"five": "a"})
    assert lines[:3] == ["answered: 2 of 4, turned away: 1", "OSError: gone", "with another answer than alone: 1"]
    assert table([OSError("gone")], {}) == ["answered: 0 of 1, turned away: 0", "OSError: gone"]


def test_differences_as_the_server_sends_them() -> None:
    value = {"a": [1, 2, 3], "text": "x"}
    sent: list = [
        ["delete", ["a", 0], None],
        ["delete", ["a", -1], None],
        ["delete", ["a", -2], None],  # before the start of what is left
        ["add", ["a", 0], {"b": 1}],
        ["append", ["text"], "y"],
        ["add", ["c"], 4],
        ["replace", ["a", 0, "b"], 2],
    ]
    assert changed(value, sent) == {"a": [{"b": 2}], "text": "xy", "c": 4}
    assert changed(value, [["delete", ["c"], None]]) == {"a": [{"b": 2}], "text": "xy"}
    assert changed("old", [["replace", [], "new"]]) == "new"
