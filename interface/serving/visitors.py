"""Who a request comes from, as far as a server can know, and how much of it one visitor may take.

A visitor is an address of the internet: the connection's own, or, from a proxy that is trusted, the one that it gives
in X-Forwarded-For. uvicorn decides that by FORWARDED_ALLOW_IPS, which ``trust_proxies`` sets on a Space. A class behind
one router is one visitor, so the limits leave room for a class; a hundred tabs are one visitor too.
"""

from __future__ import annotations

import ipaddress
import json
import os
import threading
import time
from collections.abc import Callable, Iterable, MutableMapping

from gradio.context import LocalContext
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.words.interface import interface_words
from interface.serving.language import page_language

A_MINUTE = 3_000  # requests for work of one visitor: thirty pupils who all draw send about 2,000
AT_ONCE = 600  # of them without a pause
WAITING = 128  # events of one visitor that wait or run: half of what Gradio's queue takes
_REMEMBERED = 10_000  # visitors; the allowances of more are begun anew

_PRIVATE = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,::1,fc00::/7"
_WORK = ("/queue/join", "/run/", "/api/", "/call/", "/upload", "/mcp")  # what POST starts there is work


def trust_proxies(environment: MutableMapping[str, str] = os.environ) -> None:
    """Behind a Space's own proxies, take the last public address that they give; another choice is left as it is."""
    if "SPACE_ID" in environment:
        environment.setdefault("FORWARDED_ALLOW_IPS", _PRIVATE)


def visitor_of(host: str | None) -> str:
    """The name of the visitor at an address: of IPv6 the network, as one connection has 2⁶⁴ addresses (RFC 6177)."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return host or ""
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def current_visitor() -> str:
    """Whose event this thread answers; "" outside of any."""
    request = LocalContext.request.get(None)
    client = getattr(request, "client", None)
    return visitor_of(getattr(client, "host", None))


class Allowances:
    """A token bucket for each visitor."""

    def __init__(
        self, a_minute: int = A_MINUTE, at_once: int = AT_ONCE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate, self._most, self._clock = a_minute / 60, at_once, clock
        self._left: dict[str, tuple[float, float]] = {}  # what is left of it, and when that was so
        self._changing = threading.Lock()

    def take(self, visitor: str) -> bool:
        """One of the visitor's requests, if one is left."""
        with self._changing:
            now = self._clock()
            if visitor not in self._left and len(self._left) >= _REMEMBERED:
                self._left.clear()
            left, since = self._left.get(visitor, (float(self._most), now))
            left = min(float(self._most), left + (now - since) * self._rate)
            self._left[visitor] = (max(left - 1, 0.0) if left >= 1 else left, now)
            return left >= 1


class Limits:
    """ASGI middleware: answers 429 to a visitor who sends too much, or whose events fill the queue.

    ``events``: the visitors of all events that wait or run, one for each.
    """

    def __init__(self, app: ASGIApp, events: Callable[[], Iterable[str | None]], allowances: Allowances) -> None:
        self._app, self._events, self._allowances = app, events, allowances

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["method"] == "POST" and any(one in scope["path"] for one in _WORK):
            visitor = visitor_of((scope.get("client") or (None,))[0])
            if not self._allowances.take(visitor) or self._fills_the_queue(visitor):
                await _refuse(scope, send)
                return
        await self._app(scope, receive, send)

    def _fills_the_queue(self, visitor: str) -> bool:
        return sum(visitor_of(one) == visitor for one in self._events()) >= WAITING


async def _refuse(scope: Scope, send: Send) -> None:
    """429 and a sentence, which Gradio's page shows."""
    language = page_language("", Headers(scope=scope).get("accept-language", ""))
    answer = json.dumps({"detail": interface_words(language)["waiting.too_many"]}, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
    await send({"type": "http.response.start", "status": 429, "headers": [*headers, (b"retry-after", b"60")]})
    await send({"type": "http.response.body", "body": answer})
