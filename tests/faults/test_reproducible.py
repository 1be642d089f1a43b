"""The same weights, picture and question give the same bytes, in another process, in one thread and in eight."""

from __future__ import annotations

import pytest

from benchmarks.reproducible import Run, compare, differences, stated

QUESTIONS = ("why?", "what if I erase the top?", "make a handout")
FIRST = {"text of a": "1", "logits of a": "2"}


@pytest.mark.parametrize(
    ("other", "differ", "told"),
    [
        (FIRST, [], []),
        ({**FIRST, "logits of a": "3"}, ["logits of a"], []),
        ({**FIRST, "text of a": "3"}, ["text of a"], ["text of a"]),
        ({**FIRST, "file of b": "3"}, ["file of b"], ["file of b"]),
        ({"text of a": "1"}, ["logits of a"], []),
    ],
)
def test_what_differs_is_found(other: dict[str, str], differ: list[str], told: list[str]) -> None:
    assert differences(FIRST, other) == differ
    assert stated(differ) == told


@pytest.mark.weights
@pytest.mark.timeout(900)
def test_what_is_stated_is_the_same_in_other_processes_and_threads(capsys: pytest.CaptureFixture[str]) -> None:
    # Threads and hashes at once: where either made a difference, it would show.
    runs = [Run("one thread"), Run("eight threads, other hashes", threads=8, hash_seed=2)]
    assert compare(runs, 1, QUESTIONS) == 0, capsys.readouterr().out
    assert "one thread: " in capsys.readouterr().out
