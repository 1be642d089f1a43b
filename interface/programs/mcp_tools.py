"""The MCP tools ``ask`` and ``predict``: Gradio's, made fit for pictures that come as text and for readers of words.

Gradio's MCP server takes a file only by an address, which it has fetched; it gives JSON as Python writes it, and a
list of pictures as a list of paths. Here a picture comes as a data URI, or by the address of its upload to this very
server, and nothing is fetched; what comes back are the words, the reply as JSON without its arrays, and the figures.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from gradio.processing_utils import save_bytes_to_cache
from gradio.utils import get_upload_folder
from gradio_client.utils import is_file_obj_with_meta

from bot.contract import without_arrays
from bot.words.interface import interface_words
from bot.words.render import REFERENCE
from interface.programs.endpoints import DESCRIPTIONS
from interface.serving.uploads import uploaded_file

IMAGE = (
    'A picture of one handwritten digit (PNG, JPEG, WebP, GIF, BMP or TIFF) as a data URI, "data:image/png;base64,…"; '
    "or the address of a file that was uploaded to this server before, as the tool upload_file_to_gradio gives it "
    "where there is one. No other address is fetched."
)
_NO_PICTURE = 'image is a data URI, "data:image/png;base64,…", or the address of a file uploaded to this server.'


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Of Gradio's app: adapts its MCP server, if it has one, before anybody calls."""
    blocks = app.get_blocks()
    if blocks.mcp_server_obj is not None:
        adapt(blocks.mcp_server_obj, blocks.upload_file_set)
    yield


def adapt(server: Any, uploads: set[str]) -> None:
    """Change how a ``GradioMCPServer`` takes pictures and what it gives; ``uploads``: files to delete after a while."""
    for endpoint in server.api_info["named_endpoints"].values():
        for parameter in endpoint["parameters"]:
            schema = {name: value for name, value in parameter["type"].items() if name != "additional_description"}
            parameter["type"] = {"type": "string"} if parameter["parameter_name"] == "image" else schema
    describe = server.get_fn_description

    def described(*tool: object) -> tuple[str, dict[str, str]]:
        description, _ = describe(*tool)
        return description, {**DESCRIPTIONS, "image": IMAGE}

    def take(arguments: Mapping[str, Any], positions: object) -> dict[str, Any]:
        return {name: picture(value, uploads) if name == "image" else value for name, value in arguments.items()}

    give = server.postprocess_output_data
    server.get_fn_description = described
    server.convert_strings_to_filedata = take
    server.postprocess_output_data = lambda data, root_url: give(contents(data), root_url)


def picture(value: object, uploads: set[str]) -> dict[str, Any]:
    """The picture as an uploaded file; raises ValueError, which the caller is told, where it is none.

    What its bytes are is looked at later, as of any upload.
    """
    if not isinstance(value, str):  # in particular no file of this computer: Gradio would upload it
        raise ValueError(_NO_PICTURE)
    path = None if value.startswith("data:") else uploaded_file(value)
    if path is None:
        if value.lower().startswith(("http:", "https:")):
            raise ValueError(interface_words(REFERENCE)["address_refused"])
        path = save_bytes_to_cache(_decoded(value), "picture.png", get_upload_folder())
        uploads.add(path)
    return {"path": path, "meta": {"_type": "gradio.FileData"}}


def _decoded(value: str) -> bytes:
    """The bytes of a data URI, or of base64 without its head, as some clients send it."""
    _, _, encoded = value.rpartition("base64,")
    try:
        data = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data:
        raise ValueError(_NO_PICTURE)
    return data


def contents(data: Any) -> list[Any]:
    """What an endpoint gave, one item for each thing that an MCP client shows: words, JSON as text, files."""
    if isinstance(data, (list, tuple)):  # of all results, and of all files of one
        return [one for item in data for one in contents(item)]
    if isinstance(data, dict) and not is_file_obj_with_meta(data):
        return [json.dumps(without_arrays(data), ensure_ascii=False)]
    return [data]
