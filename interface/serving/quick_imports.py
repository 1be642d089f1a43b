"""Gradio and torch in two thirds of the time; to be imported before anything that imports them.

Gradio reads, parses and compares the source of each of its eighty components whenever it is imported, to keep stubs
for editors beside them. It leaves that where a component has no file, as those made in a notebook, so none has one
here meanwhile. And what packages make on being imported stays, so that looking for garbage among it finds none.
"""

from __future__ import annotations

import gc
import inspect
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _quickly() -> Iterator[None]:
    getfile = inspect.getfile

    def none_of_gradio(thing: object) -> str:
        if isinstance(thing, type) and thing.__module__.startswith("gradio."):
            raise OSError("no stub is wanted")
        return getfile(thing)  # type: ignore[arg-type]

    inspect.getfile = none_of_gradio  # type: ignore[assignment]
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        inspect.getfile = getfile


with _quickly():
    import gradio  # noqa: F401

    import bot.api  # noqa: F401
