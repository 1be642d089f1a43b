"""Memory that was freed goes back to the system.

glibc keeps it for later, in an arena for each thread that once asked: in a process of many threads that is a good part
of all (mallopt(3), malloc_trim(3)).
"""

from __future__ import annotations

import ctypes
import sys


def trim() -> None:
    """Give back what is free. Nothing where the C library cannot: only glibc has ``malloc_trim``."""
    if not sys.platform.startswith("linux"):
        return
    release = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if release is not None:
        release(0)
