"""``/ask`` and ``/predict``: the same engine for ``gradio_client``, curl and MCP, each call without a memory.

docs/programs.md shows how they are called; what stands here of their parameters is what programs are told.
"""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.data_classes import FileData

from bot import Bot, BotError
from bot.schema import Schema, overview, reading_schema, reply_schema
from bot.values import Stopped, serving
from bot.words.render import LEVELS, languages
from interface.chat.messages import save_figure
from interface.serving.leaving import Callers, sessions_of
from interface.serving.log import log_fault
from interface.serving.uploads import only_uploads
from interface.serving.visitors import current_visitor
from interface.serving.waiting import MOST_CALLS, Room

CROWDED = "Too many calls are being answered already; please call again in a minute."
FAULT = "Something went wrong on the server's side; another picture or question may work."
GONE = "The caller has gone."
NO_PICTURE = "Please send a picture: its upload is missing."

_FORMATS = "PNG, JPEG, WebP, GIF, BMP or TIFF"
_EXAMPLE = {"path": "five.png", "url": "five.png", "orig_name": "five.png", "meta": {"_type": "gradio.FileData"}}

DESCRIPTIONS = {
    "image": f"A picture of one handwritten digit ({_FORMATS}), uploaded before to this server; no web address.",
    "question": 'A question in plain words: "why 5?", "why not 3?", "what if I erase the top bar?".',
    "language": "The language of the reply; null takes that of the question.",
    "level": "How it is told: to anybody, to a ten-year-old, or to somebody who knows the field.",
    "text": "The answer in words, Markdown.",
    "figures": "The figures, PNG files, in the order of the reply's figures.",
}


def parameter_schemas() -> dict[str, Schema]:
    """The type and description of every parameter by its name; those of ``/predict`` are among them."""
    types: dict[str, Schema] = {
        "image": FileData.model_json_schema(),
        "question": {"type": "string"},
        "language": {"anyOf": [{"type": "string", "enum": list(languages())}, {"type": "null"}]},
        "level": {"type": "string", "enum": list(LEVELS)},
    }
    # Gradio's client shows the additional description, all others the description.
    said = {name: {"description": words, "additional_description": words} for name, words in DESCRIPTIONS.items()}
    return {name: {**schema, **said[name]} for name, schema in types.items()}


def add_endpoints(bot: Bot, callers: Callers, concurrency_id: str) -> None:
    """Add both to the ``gr.Blocks`` that is being built. The answer for one of the ``callers`` ends where it leaves."""
    room = Room(MOST_CALLS)

    def ask(
        image: str | None,
        question: str,
        language: str | None = None,
        level: str = "normal",
        request: gr.Request = None,  # type: ignore[assignment]
    ) -> tuple[str, dict[str, Any], list[str]]:
        """Explain how a neural network reads a picture of a handwritten digit.

        Every sentence about a cause was tested on the network before it was said. Ask why a digit is read, why
        another is not, how sure the network is, what would happen if the picture were changed, or what it is.

        Returns:
            the answer in words (Markdown)
            the reply as JSON
            the figures
        """
        try:
            with (
                room.place(CROWDED, current_visitor()),
                serving(current_visitor()),
                callers.answering(*sessions_of(request.session_hash, request.headers)) as desk,
            ):
                reply = bot.ask(_uploaded(image), question or "", language or None, level or "normal", desk)
        except Exception as error:
            raise _for_caller(error) from error
        return reply.text, reply.to_dict(), [save_figure(figure).path for figure in reply.figures]

    def predict(image: str | None) -> dict[str, Any]:
        """Read a picture of a handwritten digit: the digit, its calibrated probability, and those of all ten.

        Returns:
            what the network reads, and whether the picture looks like one digit, as JSON
        """
        try:
            with room.place(CROWDED, current_visitor()), serving(current_visitor()):
                return bot.read(_uploaded(image)).to_dict()
        except Exception as error:
            raise _for_caller(error) from error

    # Components that no page shows: they give the calls their types.
    schemas = parameter_schemas()
    image = only_uploads(gr.File(label="image", visible=False, type="filepath", elem_id="api-image"))
    question, language, level = (
        gr.Textbox(value=value, label=name, visible=False, elem_id=f"api-{name}")
        for name, value in (("question", None), ("language", None), ("level", "normal"))
    )
    examples = {"image": _EXAMPLE, "question": "why 5?", "language": "de", "level": "simple"}
    for component in (image, question, language, level):
        _describe(component, schemas[str(component.label)], examples[str(component.label)])
    text = gr.Textbox(label="text", visible=False, elem_id="api-text")
    answer = gr.JSON(label="reply", visible=False, elem_id="api-reply")
    figures = gr.File(label="figures", file_count="multiple", visible=False, elem_id="api-figures")
    reading = gr.JSON(label="prediction", visible=False, elem_id="api-prediction")
    _describe(text, {"type": "string", "description": DESCRIPTIONS["text"]})
    _describe(answer, overview(reply_schema(), 1))
    _describe(figures, {**figures.api_info(), "description": DESCRIPTIONS["figures"]})
    _describe(reading, overview(reading_schema(), 2))
    ask_now = gr.Button(visible=False, elem_id="api-ask")
    predict_now = gr.Button(visible=False, elem_id="api-predict")
    asked = [image, question, language, level]
    ask_now.click(ask, asked, [text, answer, figures], api_name="ask", concurrency_id=concurrency_id)
    predict_now.click(predict, [image], [reading], api_name="predict", concurrency_id=concurrency_id)


def _describe(component: gr.components.Component, schema: Schema, example: object = None) -> None:
    """Tell programs ``schema`` and ``example`` of the component instead of Gradio's own words about its kind.

    Set on the instance, as in ``only_uploads``.
    """
    component.api_info = lambda: schema  # type: ignore[method-assign]
    if example is not None:
        component.example_payload = lambda: example  # type: ignore[method-assign]


def _uploaded(image: str | None) -> str:
    if not image:
        raise BotError(NO_PICTURE)
    return image


def _for_caller(error: Exception) -> gr.Error:
    """What a caller hears: the bot's own sentence, or a plain one for a fault of ours, which is logged."""
    if isinstance(error, BotError):
        return gr.Error(str(error), print_exception=False)
    if isinstance(error, Stopped):
        return gr.Error(GONE, print_exception=False)
    log_fault(error)
    return gr.Error(FAULT, print_exception=False)
