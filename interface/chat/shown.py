"""What the page shows of a visit while it grows."""

from __future__ import annotations

from collections.abc import Iterator

import gradio as gr

from interface.chat.messages import to_chat
from interface.chat.visit import Steps, Visit
from interface.widgets.editor.widget import editable

NOTHING = (gr.skip(), gr.skip(), gr.skip())  # a handler that shows nothing at all would empty the chat


def views(steps: Steps, before: Visit, deed: object = None) -> Iterator[tuple]:
    """At each step the visit itself, the chat, and the picture for the editor once there is a new one.

    ``deed`` is what the visitor did. It ends what was done before, and ends itself where something newer begins.

    A new picture is told at all further steps: Gradio sends of each step how it differs from the last, and where
    several arrive at once, its page changes the earlier ones by that, so that what only one brings is lost.
    """
    turn = before.turns.begin(deed)
    if turn is None:
        yield NOTHING
        return
    before.session.desk.stop()
    shown, picture = before.session.reading, gr.skip()
    try:
        for visit in steps:
            with before.turns.showing(turn) as allowed:
                if not allowed:
                    break
                reading = visit.session.reading
                if reading is not None and reading is not shown:
                    picture = gr.update(picture=editable(reading, visit.session.language))
                shown = reading
                yield visit, to_chat(visit.messages, visit.earlier), picture
    finally:
        turn.over = True
    if not before.turns.is_newest(turn):
        yield NOTHING  # Gradio sends what was shown last once more when a run ends
