"""``python app.py`` as it is, on a network that is linear in the pixels: ``python -m tests.faults.small_app --port …``

The environment says what is odd: SLOW: seconds that a run takes; FAILS: numbers of runs that raise; AWAY: seconds
until those who left are forgotten.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

import app
from bot import Bot
from interface.chat import housekeeping
from tests.fakes import FakeClassifier, FakeEngine

SLOW = float(os.environ.get("SLOW", "0"))
FAILS = {int(number) for number in os.environ.get("FAILS", "").split()}


class Fault(Exception):
    """What no code expects."""


def before(number: int) -> None:
    """Before each run of the network."""
    time.sleep(SLOW)
    if number in FAILS:
        raise Fault(f"run {number}")
    print(f"run {number}", flush=True)


class SmallBot(Bot):
    """Loads nothing."""

    @classmethod
    def load(cls, *_: Any, **__: Any) -> Bot:
        """The bot."""
        return cls(FakeEngine(FakeClassifier.random(scale=0.05), before).classifier())


if __name__ == "__main__":
    app.Bot = SmallBot  # type: ignore[misc]
    if "AWAY" in os.environ:
        housekeeping.AWAY = float(os.environ["AWAY"])
        housekeeping.EVERY = housekeeping.AWAY / 4
    sys.exit(app.main(sys.argv[1:]))
