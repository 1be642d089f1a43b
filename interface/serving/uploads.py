"""Components that take pictures only as uploads, and leave it to the one reader of pictures to look at them.

Gradio downloads a picture that a caller names by its address, without a limit to its size. That would let strangers
send this server to fetch things for them. A file it checks by its name, in English; a camera's picture it opens with
every reader that Pillow has, one of which runs Ghostscript, and without a limit to its pixels.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

import gradio as gr
from gradio.components.multimodal_textbox import MultimodalData
from gradio.data_classes import FileData, ListFiles
from gradio.route_utils import API_PREFIX
from gradio.utils import get_upload_folder

from bot.words.interface import interface_words
from bot.words.render import REFERENCE

Uploader = TypeVar("Uploader", bound=gr.components.Component)


def only_uploads(component: Uploader) -> Uploader:
    """The same component, which now refuses a picture's address before anything is fetched.

    Set on the instance: Gradio writes a stub file beside every module that subclasses a component.
    """
    accept = component.async_move_resource_to_block_cache

    async def refuse_addresses(url_or_file_path: str | Path | None) -> str | None:
        if url_or_file_path is not None and str(url_or_file_path).strip().lower().startswith(("http:", "https:")):
            raise gr.Error(interface_words(REFERENCE)["address_refused"], print_exception=False)
        return await accept(url_or_file_path)

    component.async_move_resource_to_block_cache = refuse_addresses  # type: ignore[method-assign]
    if isinstance(component, gr.MultimodalTextbox):
        component.preprocess = _sent  # type: ignore[method-assign,assignment]
    elif isinstance(component, (gr.File, gr.Image)):
        component.preprocess = _path  # type: ignore[method-assign]
    return component


def _path(payload: FileData | ListFiles | None) -> str | None:
    """Where the upload is."""
    file = next(iter(payload.root), None) if isinstance(payload, ListFiles) else payload
    return file.path or None if file is not None else None


def _sent(payload: MultimodalData | None) -> dict[str, object] | None:
    """The text, and where the uploads are."""
    return None if payload is None else {"text": payload.text, "files": [file.path for file in payload.files]}


def uploaded_file(path: str) -> str | None:
    """The path of a file that was uploaded here, by its path or by the address that this server gave it, else None.

    Whatever host an address names, nothing is fetched from it.
    """
    if path.lower().startswith(("http:", "https:")):
        _, _, path = unquote(path).partition(f"{API_PREFIX}/file=")
    try:
        file = Path(path).resolve()
        here = file.is_relative_to(Path(get_upload_folder()).resolve()) and file.is_file()
    except (OSError, ValueError):  # too long a name, a null byte
        return None
    return str(file) if path and here else None
