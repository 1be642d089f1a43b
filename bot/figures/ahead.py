"""Figures that are drawn before they are asked for, while the network runs aside."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor

from bot.values import Figure

# While one page is made a file, the next can be painted; more than one at a time is never (bot/figures/drawing.py).
_painters = ThreadPoolExecutor(2, "painter")


class Ahead:
    """What was begun for one reply."""

    def __init__(self) -> None:
        self._begun: dict[Hashable, Future[Figure]] = {}

    def begin(self, what: Hashable, draw: Callable[[], Figure]) -> None:
        """Let ``draw`` be done beside what the caller does; nothing where that was begun before."""
        if what not in self._begun:
            self._begun[what] = _painters.submit(draw)

    def drawn(self, what: Hashable, draw: Callable[[], Figure]) -> Figure:
        """The figure: as begun, else drawn now, also where its turn has not come. Raises what ``draw`` raises."""
        begun = self._begun.get(what)
        return draw() if begun is None or begun.cancel() else begun.result()
