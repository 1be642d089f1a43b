"""Gradio's web component for pages of other sites: ``/embed.js``, and the deep link of each component on a page.

The script's own name in the app's assets changes with every version of Gradio; ``/embed.js`` stays. It also moves the
query of a component's address into the path (component.js says why): ``/at/QUERY/…`` is ``/…``, and what handlers are
sent there has QUERY, in base64 for addresses (RFC 4648, section 5), as its query.
"""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path

import gradio
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

SCRIPT = "/embed.js"
_LONGEST = 6_000  # characters of a QUERY; a drawing of one's own has some 2,000
_PREFIX = re.compile(rf"/at/([A-Za-z0-9_-]{{0,{_LONGEST}}})(?=/)", re.ASCII)
_HANDLED = ("/queue/join", "/run/")  # where handlers are called; other requests keep what the component asks with


class Component:
    """ASGI middleware: the script, and the paths that hold a query."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._script = _script().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == SCRIPT:
            answer = Response(self._script, media_type="text/javascript", headers={"cache-control": "no-cache"})
            await answer(scope, receive, send)
        else:
            await self._app(_with_query(scope), receive, send)


def _with_query(scope: Scope) -> Scope:
    """The same request without the QUERY in its path; unchanged where there is none, or no real one."""
    found = _PREFIX.match(scope["path"])
    if found is None:
        return scope
    try:
        query = base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))
    except binascii.Error:
        return scope
    below = {**scope, "root_path": scope.get("root_path", "") + found[0]}
    if any(part in scope["path"] for part in _HANDLED):
        # Not added to what is there, the query of the page around: it is not meant for us.
        below["query_string"] = query
    return below


def _script() -> str:
    """What ``/embed.js`` says.

    Raises:
        RuntimeError: this version of Gradio names its script in another way.
    """
    page = (Path(gradio.__file__).parent / "templates/frontend/index.html").read_text(encoding="utf-8")
    found = re.search(r'<script type="module"[^>]* src="\./assets/([\w.-]+\.js)"', page)
    if found is None:
        raise RuntimeError(
            f"Gradio {gradio.__version__} names its script in another way: see interface/embedding/component.py."
        )
    return (Path(__file__).parent / "component.js").read_text(encoding="utf-8").replace("GRADIO", found[1])
