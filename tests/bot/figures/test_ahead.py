"""Figures drawn before they are asked for: the same ones, each once, and nothing waits for what has not begun."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from bot.api import Bot
from bot.figures import drawing
from bot.figures.ahead import Ahead
from bot.values import Figure
from tests.bot.digits import drawn
from tests.fakes import aside, tiny_classifier

PATIENCE = 10.0  # seconds


class Drawn:
    """Draws when it may, and remembers where."""

    def __init__(self) -> None:
        self.go, self.begun = threading.Event(), threading.Event()
        self.threads: list[str] = []

    def __call__(self) -> Figure:
        self.threads.append(threading.current_thread().name)
        self.begun.set()
        assert self.go.wait(PATIENCE)
        return Figure("parts", "", "", b"")


def test_what_was_begun_is_drawn_once_in_another_thread() -> None:
    ahead, one = Ahead(), Drawn()
    one.go.set()
    ahead.begin("parts", one)
    ahead.begin("parts", one)
    assert one.begun.wait(PATIENCE)  # else it is still to be had here
    found = ahead.drawn("parts", one)
    assert ahead.drawn("parts", one) is found
    assert len(one.threads) == 1
    assert one.threads[0].startswith("painter")


def test_what_was_not_begun_is_drawn_here() -> None:
    one = Drawn()
    one.go.set()
    Ahead().drawn("parts", one)
    assert one.threads == [threading.current_thread().name]


def test_what_waits_behind_the_figures_of_others_is_drawn_here() -> None:
    others, ahead, mine = [Drawn(), Drawn()], Ahead(), Drawn()
    mine.go.set()
    for number, one in enumerate(others):
        Ahead().begin(number, one)  # all who draw are busy with these
    ahead.begin("parts", mine)
    ahead.drawn("parts", mine)
    for one in others:
        one.go.set()
    assert mine.threads == [threading.current_thread().name]


def test_what_fails_says_so_where_the_figure_is_wanted() -> None:
    def fails() -> Figure:
        raise ValueError("no room")

    ahead = Ahead()
    ahead.begin("parts", fails)
    with pytest.raises(ValueError, match="no room"):
        ahead.drawn("parts", fails)


@pytest.mark.parametrize("elsewhere", [True, False])
def test_beside_a_gpu_all_but_the_heatmaps_are_begun_while_the_answer_grows(
    elsewhere: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[object] = []
    begin = Ahead.begin

    def noted(ahead: Ahead, what: object, draw: Callable[[], Figure]) -> None:
        begin(ahead, what, draw)
        begun.append(what)

    monkeypatch.setattr(Ahead, "begin", noted)
    chat = Bot(aside(tiny_classifier(3)) if elsewhere else tiny_classifier(3)).start()
    chat.show(drawn("five"))
    figures = chat.ask("why?").figures
    shown = [figure.id for figure in figures]
    assert shown[:2] == ["parts", next(name for name in shown if name.startswith("heatmaps"))]
    assert shown[2:] == [f"test_{number}" for number in range(1, len(shown) - 1)]
    assert len(set(begun)) == (len(shown) - 1 if elsewhere else 0)


def test_one_page_is_painted_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, both = [0], [0], threading.Barrier(2)
    paint = drawing.Page.drawn

    def counted(page: drawing.Page) -> object:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        threading.Event().wait(0.05)
        inside[0] -= 1
        return paint(page)

    monkeypatch.setattr(drawing.Page, "drawn", counted)

    def draw() -> None:
        both.wait(PATIENCE)
        drawing.to_png(drawing.Page(1.0))

    threads = [threading.Thread(target=draw) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert most == [1]
