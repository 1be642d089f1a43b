"""The compact layout, for a frame in somebody else's page (``?embed=1``)."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

_HERE = Path(__file__).parent


def compact_head() -> str:
    """What the page's head needs for it.

    Not among the page's style sheets, which Gradio rewrites: it would drop what asks for the width of the frame.
    """
    style, script = ((_HERE / name).read_text(encoding="utf-8") for name in ("compact.css", "compact.js"))
    return f"<style>{style}</style><script>{script}</script>"


def whole_page_link(value: str, elem_id: str) -> gr.HTML:
    """A link to the same picture and question on the page with everything; only the compact layout shows it."""
    return gr.HTML(
        value=value,
        html_template='<a target="_blank" rel="noopener">${value} ↗</a>',
        js_on_load=(_HERE / "whole_page.js").read_text(encoding="utf-8"),
        apply_default_css=False,
        elem_id=elem_id,
    )
