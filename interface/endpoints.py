"""``/ask`` and ``/predict``: the same engine for ``gradio_client``, curl and MCP, each call without a memory."""

from __future__ import annotations

from typing import Any

import gradio as gr

from bot import Bot, BotError
from interface.messages import save_figure
from interface.uploads import only_uploads
from interface.visit import log_fault

_FAULT = "Something went wrong on the server's side; another picture or question may work."


def add_endpoints(bot: Bot, concurrency_id: str) -> None:
    """Add both to the ``gr.Blocks`` that is being built."""

    def ask(image: str, question: str) -> tuple[str, dict[str, Any], list[str]]:
        """Explain how the network reads a picture of a handwritten digit.

        Args:
            image: the picture, as an uploaded file
            question: a question in plain words, for example "why 5?" or "why not 3?"
        """
        try:
            reply = bot.ask(_uploaded(image), question or "")
        except Exception as error:
            raise _for_caller(error) from error
        paths = [save_figure(figure).path for figure in reply.figures]
        return reply.text, reply.to_dict(), paths

    def predict(image: str) -> dict[str, Any]:
        """Read a picture of a handwritten digit.

        Args:
            image: the picture, as an uploaded file
        """
        try:
            reading = bot.read(_uploaded(image))
        except Exception as error:
            raise _for_caller(error) from error
        prediction = reading.prediction
        read = prediction and {
            "digit": int(prediction.digit),
            "probability": prediction.probability,
            "runner_up": int(prediction.runner_up),
            "margin": prediction.margin,
            "probabilities": [float(value) for value in prediction.probabilities],
        }
        return {"accepted": reading.accepted, "reason": reading.reason, "prediction": read}

    # Components that no page shows: they give the calls their types.
    image = only_uploads(gr.File(label="image", visible=False, type="filepath", elem_id="api-image"))
    question = gr.Textbox(label="question", visible=False, elem_id="api-question")
    text = gr.Textbox(label="text", visible=False, elem_id="api-text")
    answer = gr.JSON(label="reply", visible=False, elem_id="api-reply")
    figures = gr.File(label="figures", file_count="multiple", visible=False, elem_id="api-figures")
    prediction = gr.JSON(label="prediction", visible=False, elem_id="api-prediction")
    ask_now = gr.Button(visible=False, elem_id="api-ask")
    predict_now = gr.Button(visible=False, elem_id="api-predict")
    ask_now.click(ask, [image, question], [text, answer, figures], api_name="ask", concurrency_id=concurrency_id)
    predict_now.click(predict, [image], [prediction], api_name="predict", concurrency_id=concurrency_id)


def _uploaded(image: str | None) -> str:
    if not image:
        raise BotError("Please send a picture: its upload is missing.")
    return image


def _for_caller(error: Exception) -> gr.Error:
    """What a caller hears: the bot's own sentence, or a plain one for a fault of ours, which is logged."""
    if isinstance(error, BotError):
        return gr.Error(str(error), print_exception=False)
    log_fault(error)
    return gr.Error(_FAULT, print_exception=False)
