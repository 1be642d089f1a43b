"""How far a long run is: one line on a terminal, a few lines in a file."""

from __future__ import annotations

import io

import numpy as np
import pytest

from model.progress import LINE_SECONDS, Progress, run_over


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_terminal_has_one_line_that_is_written_over_and_ended_at_last() -> None:
    stream, clock = Terminal(), Clock()
    progress = Progress(3, stream=stream, clock=clock)
    for _ in range(3):
        clock.now += 60
        progress.step("!")
    assert stream.getvalue().count("\n") == 1
    shown = [line.removesuffix("\x1b[K") for line in stream.getvalue().rstrip("\n").split("\r")]
    assert shown == ["", "1/3  2 min left!", "2/3  1 min left!", "3/3  0 min left!"]


@pytest.mark.parametrize(("seconds", "lines"), [(LINE_SECONDS / 10, 10), (LINE_SECONDS, 100)])
def test_a_file_gets_the_first_and_the_last_line_and_some_between(seconds: float, lines: int) -> None:
    stream, clock = io.StringIO(), Clock()
    progress = Progress(100, stream=stream, clock=clock)
    for _ in range(100):
        clock.now += seconds
        progress.step()
    told = stream.getvalue().splitlines()
    assert "\r" not in stream.getvalue()
    assert abs(len(told) - lines) <= 1, told
    assert told[0].startswith("1/100  ")
    assert told[-1] == "100/100  0 min left"


def test_what_an_earlier_run_has_done_took_no_time_of_this_one() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = Progress(100, 98, stream=stream, clock=clock)
    clock.now = 60
    progress.step()
    assert stream.getvalue() == "99/100  1 min left\n"


def test_run_over_takes_all_pictures_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    pictures = np.arange(700, dtype=np.uint8)[:, None, None].repeat(28, axis=1).repeat(28, axis=2)
    found = run_over(lambda some: some.mean(axis=(1, 2)), pictures, "means")
    np.testing.assert_allclose(found, pictures[:, 0, 0] / 255, rtol=1e-5)
    assert capsys.readouterr().err == "means: 320/700  0 min left\nmeans: 700/700  0 min left\n"
