"""The drawing pad: a canvas of our own, which takes mouse, finger and pen."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path

import gradio as gr

_HERE = Path(__file__).parent
_PREFIX = "data:image/png;base64,"
_LONGEST = 400_000  # characters; a full drawing has about 10,000


def digit_pad(words: Mapping[str, str], names: Sequence[str], elem_id: str) -> gr.HTML:
    """A canvas whose value is the drawing as a PNG data URL, or "" while it is empty; it changes while one draws.

    ``names``: what the classes are called beside their bars. Its ``answer`` is what the network says of the drawing
    (``interface.widgets.editor.widget.answer_of``); its event "submit" comes when the pen has rested.
    """
    scripts = (_HERE / "script.js", _HERE / "words.js", _HERE.parent / "labels.js")
    script = "\n".join(file.read_text(encoding="utf-8") for file in scripts)
    return gr.HTML(
        value="",
        html_template=(_HERE / "template.html").read_text(encoding="utf-8").format_map(words),
        css_template=(_HERE / "style.css").read_text(encoding="utf-8"),
        js_on_load=script,
        apply_default_css=False,
        elem_id=elem_id,
        answer=None,
        names=list(names),
        words={},  # what words.js and labels.js say in another language
    )


def drawing_to_png(value: str) -> bytes | None:
    """The PNG of a pad's value; None for an empty pad and for anything that a pad does not make.

    The value comes from the browser: whether the bytes are a picture is for the reader of pictures to say.
    """
    if not isinstance(value, str) or not value.startswith(_PREFIX) or len(value) > _LONGEST:
        return None
    try:
        return base64.b64decode(value[len(_PREFIX) :], validate=True)
    except ValueError:  # also what no ASCII is
        return None
