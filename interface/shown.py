"""What the page shows of a visit while it grows."""

from __future__ import annotations

from collections.abc import Iterator

import gradio as gr

from interface.editor import editable
from interface.messages import to_chat
from interface.visit import Steps, Visit


def views(steps: Steps, before: Visit) -> Iterator[tuple]:
    """At each step the visit itself, the chat, and the picture for the editor where it is a new one."""
    shown = before.session.reading
    for visit in steps:
        reading, picture = visit.session.reading, gr.skip()
        if reading is not None and reading is not shown:
            picture = gr.update(picture=editable(reading, visit.session.language))
        shown = reading
        yield visit, to_chat(visit.messages), picture
