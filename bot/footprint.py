"""How much memory a conversation takes: what it alone keeps alive, near enough to bound the sum of all of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

_ITEM = 64  # bytes for every object: its head, and its place in what holds it
_FOLDERS = ("bot.", "explainers.", "interface.", "model.")
_SHARED = ("model.classifier", "model.network", "model.engines", "bot.engine")  # of all conversations


def footprint(value: object) -> int:
    """Bytes of the arrays, the text and the objects of our own that can be reached; what all share does not count."""
    total, seen, waiting = 0, set[int](), [value]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        total += _ITEM
        if isinstance(one, np.ndarray):
            # A view is only a few bytes, and keeps all of its base.
            total, waiting = (total, [*waiting, one.base]) if one.base is not None else (total + one.nbytes, waiting)
        elif isinstance(one, bytes | str):
            total += len(one)
        elif isinstance(one, Mapping):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, tuple | list | set | frozenset):
            waiting += one
        elif type(one).__module__.startswith(_FOLDERS) and type(one).__module__ not in _SHARED:
            waiting += vars(one).values() if hasattr(one, "__dict__") else ()
    return total
