"""Components that take pictures only as uploads, and what the server refuses to everybody.

Gradio downloads a picture that a caller names by its address, without a limit to its size, and serves any address
through ``/gradio_api/file=``. Both would let strangers send this server to fetch things for them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

import gradio as gr
from gradio.route_utils import API_PREFIX
from gradio.utils import get_upload_folder

from bot.interface_words import interface_words
from bot.render import REFERENCE

Uploader = TypeVar("Uploader", bound=gr.components.Component)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


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
    return component


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


class Guard:
    """ASGI middleware: no fetching of addresses for others, and no guessing of types by the browser."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        target = unquote(scope["path"]).lower()
        if "/file=http:" in target or "/file=https:" in target:
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"Addresses are not fetched here."})
            return

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                extra = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin")]
                message = {**message, "headers": [*message.get("headers", []), *extra]}
            await send(message)

        await self._app(scope, receive, send_with_headers)
