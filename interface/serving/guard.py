"""What the server refuses to everybody, and to pages of other sites."""

from __future__ import annotations

from urllib.parse import unquote

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interface.embedding.embedders import Embedders

# Gradio's page has scripts of its own within it, and makes functions of the texts that components bring along. What is
# left keeps a script that got in all the same from loading anything, and from telling anybody what it has seen.
_OF_THE_PAGE = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "frame-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
_OF_A_SHARED_PAGE = "object-src 'none'"  # ``--share``: Gradio's servers have the page load its scripts from elsewhere
_OF_FILES = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"
_PERMISSIONS = (
    "camera=(self), clipboard-write=(self), fullscreen=(self), microphone=(), geolocation=(), payment=(), usb=()"
)


class Guard:
    """ASGI middleware.

    Gradio serves any address through ``/gradio_api/file=``: strangers could send this server to fetch things for them.
    And it lets the pages of any site read what the server answers. It decides so outside of this middleware; a page of
    a site that is not among the ``embedders`` is therefore refused, before anything is done for it.
    """

    def __init__(self, app: ASGIApp, embedders: Embedders, shared: bool = False) -> None:
        self._app = app
        self._embedders = embedders
        self._of_the_page = _OF_A_SHARED_PAGE if shared else _OF_THE_PAGE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        policy = self._policy(scope["path"])

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-content-type-options"] = "nosniff"  # no guessing of types by the browser
                headers["referrer-policy"] = "same-origin"
                headers["permissions-policy"] = _PERMISSIONS
                headers["content-security-policy"] = policy
            await send(message)

        await self._answer(scope)(scope, receive, send_with_headers)

    def _policy(self, path: str) -> str:
        """The header Content-Security-Policy (CSP Level 3): a file that was handed in is shown, and does nothing."""
        rules = _OF_FILES if "/file=" in unquote(path) else self._of_the_page
        return "; ".join(rule for rule in (rules, self._embedders.policy) if rule)

    def _answer(self, scope: Scope) -> ASGIApp:
        target = unquote(scope["path"]).lower()
        if "/file=http:" in target or "/file=https:" in target:
            return PlainTextResponse("Addresses are not fetched here.", 403)
        if not self._embedders.allow(Headers(scope=scope)):
            return PlainTextResponse("This site may not embed the app: see --embed-from.", 403)
        return self._app
