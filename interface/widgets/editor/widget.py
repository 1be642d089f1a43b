"""The editor: the 28×28 picture as the network sees it, to be changed while the bars move.

The browser holds the changes and sends the whole picture after each, "NUMBER PIXELS": 784 bytes in hex, row by row,
ink = 255. The server keeps nothing of it. The number comes back with the answer, so that an old answer never replaces a
newer one.
"""

from __future__ import annotations

import base64
import io
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from PIL import Image

from bot.figures.bars import likeliest
from bot.figures.drawing import centre_of, ink_colour
from bot.values import Reading
from bot.words.interface import interface_words
from bot.words.render import words as words_of
from interface.widgets.grey import packed, unpacked

_HERE = Path(__file__).parent
_SIDE = 28
_ENLARGED = 10  # in the chat: pixels to one of the picture
_GAP_COLOUR = "#c8c8c8"  # lighter than in figures: the editor shows gaps on black
_APART = 2.5  # pixels between two numbers
_PIXELS = re.compile(f"[0-9a-f]{{{2 * _SIDE**2}}}", re.ASCII)
_EDIT = re.compile(rf"([1-9][0-9]{{0,8}}) ({_PIXELS.pattern})", re.ASCII)


def digit_editor(words: Mapping[str, str], elem_id: str) -> gr.HTML:
    """The editor, hidden without a ``picture``; its value is the newest edit, its ``answer`` what became of it.

    It changes after every edit, and its event "submit" brings ``pixels``.
    """
    script = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in ("picture.js", "script.js"))
    return gr.HTML(
        value="",
        html_template=(_HERE / "template.html").read_text(encoding="utf-8"),
        css_template=(_HERE / "style.css").read_text(encoding="utf-8"),
        js_on_load=script,
        apply_default_css=False,
        elem_id=elem_id,
        words=dict(words),
        picture={},  # an update to None would be dropped
        answer=None,
    )


def editable(reading: Reading, language: str) -> dict[str, Any]:
    """What the editor shows of a picture: its pixels, its parts as the answers call and number them, its reading."""
    parts = reading.case.parts if reading.accepted else ()
    places = _number_places({part.id: part.mask for part in parts})
    return {
        "id": secrets.token_hex(4),  # the same picture, opened again, is begun anew
        "pixels": base64.b64encode(packed(reading.pixels)).decode(),
        "level": round(255 * reading.ink_level),
        "parts": [
            {
                "number": number,
                "kind": part.kind,
                "name": words_of(language, reading.alphabet).part_name(part),
                "colour": ink_colour(number) if part.kind == "ink" else _GAP_COLOUR,
                "middle": places[part.id],
                "pixels": np.flatnonzero(part.mask).tolist(),
            }
            for number, part in enumerate(parts, start=1)
        ],
        "answer": answer_of(0, reading, language),
    }


def _number_places(masks: Mapping[str, np.ndarray]) -> dict[str, tuple[int, int]]:
    """Where on each part its number stands, as (column, row): near its middle, but not on another number."""
    places: dict[str, tuple[int, int]] = {}
    for name, mask in sorted(masks.items(), key=lambda one: int(one[1].sum())):  # small parts have the least choice
        rows, columns = np.nonzero(mask)
        x, y = centre_of(mask)
        room = np.full(len(rows), float(_SIDE))
        for column, row in places.values():
            room = np.minimum(room, np.hypot(columns - column, rows - row))
        free = room >= min(_APART, room.max())
        best = np.argmin(np.where(free, np.hypot(columns - x, rows - y), np.inf))
        places[name] = (int(columns[best]), int(rows[best]))
    return places


def answer_of(number: int, reading: Reading, language: str, place: str = "editor") -> dict[str, Any]:
    """What the network says of the picture after change ``number``, as the "editor" or the "pad" tells it."""
    prediction, spoken = reading.prediction, words_of(language, reading.alphabet)
    said, numbers, naming = interface_words(language, reading.alphabet), spoken.numbers, spoken.naming
    probability = numbers.percent(prediction.probability)
    now = naming.fill(said[f"{place}_now"], digit=prediction.digit, probability=probability)
    return {
        "number": number,
        "probabilities": [float(value) for value in prediction.probabilities],
        "shares": [numbers.short_percent(float(value)) for value in prediction.probabilities],
        "names": naming.short,
        "shown": likeliest(prediction.probabilities),
        "digit": int(prediction.digit),
        "is_digit": reading.accepted,
        "said": now if reading.accepted else said[f"{place}_not_a_digit"],
    }


def edit_of(value: object) -> tuple[int, np.ndarray] | None:
    """The number and the pixels, (28, 28) in [0, 1], of an editor's value; None for what no editor sends."""
    found = _EDIT.fullmatch(value) if isinstance(value, str) else None
    return (int(found[1]), unpacked(bytes.fromhex(found[2]))) if found else None


def pixels_of(value: object) -> np.ndarray | None:
    """(28, 28) in [0, 1] of what the event "submit" brings; None for what no editor sends."""
    return unpacked(bytes.fromhex(value)) if isinstance(value, str) and _PIXELS.fullmatch(value) else None


def enlarged_png(pixels: np.ndarray) -> bytes:
    """The picture for the chat, each pixel a square."""
    picture = Image.fromarray(np.frombuffer(packed(pixels), np.uint8).reshape(_SIDE, _SIDE))
    data = io.BytesIO()
    picture.resize((_SIDE * _ENLARGED,) * 2, Image.Resampling.NEAREST).save(data, "PNG")
    return data.getvalue()


def opened_png(reading: Reading) -> bytes:
    """An upload for the chat as it was read: upright, its first frame, at most 640 pixels long."""
    if reading.image.upload is None:  # it was a digit of 28×28 pixels already
        return enlarged_png(reading.pixels)
    data = io.BytesIO()
    Image.fromarray(reading.image.upload).save(data, "PNG", compress_level=3)
    return data.getvalue()
