"""The end of the process, when it is asked to end: by the system (SIGTERM), or with Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Ending:
    """Asked to end while it starts, the process ends at once (SystemExit); later, ``wait`` returns."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._waiting = False

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Within the block the signals are heard; only in the main thread."""
        before = [signal.signal(one, self._ask) for one in _SIGNALS]
        try:
            yield
        finally:
            for one, handler in zip(_SIGNALS, before, strict=True):
                signal.signal(one, handler)

    def wait(self) -> None:
        """Until the process is asked to end."""
        self._waiting = True
        self._asked.wait()

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked.set()
        if not self._waiting:
            raise SystemExit(0)
