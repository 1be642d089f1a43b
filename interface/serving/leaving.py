"""Who goes away in the middle of an answer: its work ends with it.

A page and a program listen to streams; where one breaks, nobody waits for what it was to bring. Gradio would let a
program's call run on to its end. Calls through MCP all come from one client that Gradio has within the process, which
hands the headers of each on: so each request gets a name in a header.
"""

from __future__ import annotations

import re
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.values import Desk

_STREAM = re.compile(
    r"/gradio_api/(?:heartbeat/(?P<page>[^/]+)|call/(?:v2/)?[^/]+/(?P<call>[^/]+)|queue/data)/?$"
)  # a call without a session of its own is named by its event
_MCP = re.compile(r"/gradio_api/mcp/?$")
_NAME = "x-whydigit-request"  # the header


def sessions_of(session: str | None, headers: Mapping[str, str]) -> tuple[str, ...]:
    """All whose end is the end of a call: the session that it came in, and the MCP request that it is made for."""
    return tuple(one for one in (session, headers.get(_NAME)) if one)


class Callers:
    """The calls of programs that are being answered, by their sessions."""

    def __init__(self) -> None:
        self._desks: defaultdict[str, set[Desk]] = defaultdict(set)
        self._changing = threading.Lock()

    @contextmanager
    def answering(self, *sessions: str) -> Iterator[Desk]:
        """Where the answer to one call is made, which ends with any of the ``sessions``."""
        desk = Desk()
        with ExitStack() as stack:
            for session in sessions:
                stack.enter_context(self._listed(session, desk))
            yield desk

    @contextmanager
    def _listed(self, session: str, desk: Desk) -> Iterator[None]:
        with self._changing:
            self._desks[session].add(desk)
        try:
            yield
        finally:
            with self._changing:
                self._desks[session].discard(desk)
                if not self._desks[session]:
                    del self._desks[session]

    def gone(self, session: str) -> None:
        """Nobody listens in this session any more: all its calls end."""
        with self._changing:
            for desk in self._desks.get(session, ()):
                desk.close()


class Leaving:
    """ASGI middleware that tells of sessions: which page is ``opened`` and ``closed``, and where a stream ``broke``."""

    def __init__(
        self,
        app: ASGIApp,
        opened: Callable[[str], None],
        closed: Callable[[str], None],
        broke: Callable[[str], None],
    ) -> None:
        self._app, self._opened, self._closed, self._broke = app, opened, closed, broke

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        session, of_page = _stream(scope)
        if scope["type"] == "http" and scope["method"] == "POST" and _MCP.search(scope["path"]):
            session = uuid.uuid4().hex
            others = [(name, value) for name, value in scope["headers"] if name != _NAME.encode()]
            scope = {**scope, "headers": [*others, (_NAME.encode(), session.encode())]}
        if session is None:
            await self._app(scope, receive, send)
            return
        ended = False

        async def noted(message: Message) -> None:
            nonlocal ended
            ended = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        async def watched() -> Message:
            message = await receive()
            if message["type"] == "http.disconnect" and not ended:
                self._broke(session)
                if of_page:
                    self._closed(session)
            return message

        if of_page:
            self._opened(session)
        await self._app(scope, watched, noted)


def _stream(scope: Scope) -> tuple[str | None, bool]:
    """Whose stream is asked for, None where it is none; and whether it is the one that a page holds as it is open."""
    found = _STREAM.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
    if found is None:
        return None, False
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("session_hash", [None])
    return found["page"] or found["call"] or asked[0], bool(found["page"])
