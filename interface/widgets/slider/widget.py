"""Before and after, one picture upon the other: a slider uncovers the second.

Gradio's own ``ImageSlider`` has neither words for its pictures nor a handle that the keyboard reaches.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from bot.values import Figure
from interface.widgets.editor.widget import enlarged_png

_TEMPLATE = (Path(__file__).parent / "template.html").read_text(encoding="utf-8")


def slider(figure: Figure, words: Mapping[str, str]) -> str | None:
    """The HTML of a slider between the two pictures that a figure compares; None where it compares none.

    ``words`` are those of the interface.
    """
    if figure.compared is None:
        return None
    before, after = figure.compared
    said = {name: words[name] for name in ("slider_before", "slider_after", "slider_before_alt", "slider_after_alt")}
    said["slider_half"] = words["slider_shown"].format(percent=50)
    said["slider_label"] = words["slider_label"].format(title=figure.title)
    return _TEMPLATE.format(
        before=_inline(before), after=_inline(after), **{name: html.escape(text) for name, text in said.items()}
    )


def _inline(pixels: np.ndarray) -> str:
    """The picture as an address that holds it."""
    return "data:image/png;base64," + base64.b64encode(enlarged_png(pixels)).decode()
