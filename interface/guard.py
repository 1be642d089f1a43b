"""What the server refuses to everybody, and to pages of other sites."""

from __future__ import annotations

from urllib.parse import unquote

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interface.embedders import Embedders


class Guard:
    """ASGI middleware.

    Gradio serves any address through ``/gradio_api/file=``: strangers could send this server to fetch things for them.
    And it lets the pages of any site read what the server answers. It decides so outside of this middleware; a page of
    a site that is not among the ``embedders`` is therefore refused, before anything is done for it.
    """

    def __init__(self, app: ASGIApp, embedders: Embedders) -> None:
        self._app = app
        self._embedders = embedders

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-content-type-options"] = "nosniff"  # no guessing of types by the browser
                headers["referrer-policy"] = "same-origin"
                if self._embedders.policy is not None:
                    headers["content-security-policy"] = self._embedders.policy
            await send(message)

        await self._answer(scope)(scope, receive, send_with_headers)

    def _answer(self, scope: Scope) -> ASGIApp:
        target = unquote(scope["path"]).lower()
        if "/file=http:" in target or "/file=https:" in target:
            return PlainTextResponse("Addresses are not fetched here.", 403)
        if not self._embedders.allow(Headers(scope=scope)):
            return PlainTextResponse("This site may not embed the app: see --embed-from.", 403)
        return self._app
