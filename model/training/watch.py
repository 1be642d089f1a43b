"""Those who look on while a network trains, and how much of the time that may take."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from model.classifier import Classifier
from model.training.settings import Stage

SHARE = 0.1  # of the time: a look that would make it more waits for a later step


@dataclass(frozen=True, eq=False)
class Moment:
    """Where a run stands."""

    steps: int
    pictures: int  # seen so far
    share: float  # of the work, 0 to 1
    seconds: float  # of training
    stage: Stage
    loss: float  # mean since the look before
    learning_rate: float
    accuracy: float  # the share of the validation pictures looked at that ``classifier`` reads right
    classifier: Classifier  # the averaged network, which sees pictures as the stage does


class Observer(Protocol):
    """Looks on; must leave the network and the random numbers of training as they are."""

    def look(self, moment: Moment) -> None:
        """See where the run stands."""

    def close(self) -> None:
        """The run is at its end."""


@dataclass
class Watch:
    """Who looks on, and when."""

    observers: Sequence[Observer] = ()
    every: int = 0  # steps; 0: never
    pictures: int = 500  # validation pictures that are read at each look
    most: float = SHARE
    seconds: float = field(default=0.0, init=False)
    looks: int = field(default=0, init=False)
    _started: float = field(default_factory=time.monotonic, init=False)

    def due(self, steps: int, last: bool = False) -> bool:
        """Whether to look after so many steps; those after the first step and the ``last`` one are never left out."""
        if not self.every:
            return False
        within = self.seconds <= self.most * (time.monotonic() - self._started)
        return last or steps == 1 or (steps % self.every == 0 and within)

    def look(self, moment: Moment, seconds: float) -> None:
        """Show everybody ``moment``, which took ``seconds`` to make."""
        begun = time.monotonic()
        for observer in self.observers:
            observer.look(moment)
        self.looks += 1
        self.seconds += seconds + time.monotonic() - begun

    def close(self) -> None:
        """The run is at its end."""
        for observer in self.observers:
            observer.close()

    @property
    def told(self) -> str:
        """What it cost, for a person."""
        passed = max(time.monotonic() - self._started, 1e-9)
        return f"{self.looks} looks, {self.seconds:.0f} s, {self.seconds / passed:.1%} of the time"
