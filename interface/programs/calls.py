"""What of a program's call to ``/gradio_api/call/…`` can be seen to be wrong before it waits in the queue.

Gradio answers a missing argument, one of the wrong type or an unknown endpoint with status 500 and no word. Here they
get 404, 413, 415 or 422 and a sentence, and arguments that were left out their defaults, also in the call's older form
without names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.words.interface import interface_words
from bot.words.render import LEVELS, REFERENCE, languages
from interface.programs.endpoints import NO_PICTURE
from interface.serving.guard import Receive, Scope, Send
from interface.serving.uploads import uploaded_file

LARGEST = 100_000  # bytes of a call: a path and a question
DEFAULTS: Mapping[str, Any] = {"language": None, "level": "normal"}
ENDPOINTS: Mapping[str, tuple[str, ...]] = {"ask": ("image", "question", "language", "level"), "predict": ("image",)}

_CALL = re.compile(r"/gradio_api/call/(?P<named>v2/)?(?P<endpoint>[^/]+)/?$")


class CallError(Exception):
    """What is wrong with a call, in one sentence."""

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.status = status


class Calls:
    """ASGI middleware: checks the arguments of calls, and passes everything else on."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        call = _CALL.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if call is None:
            await self._app(scope, receive, send)
            return
        try:
            given = await _body(scope, receive)
            body = json.dumps(checked(call["endpoint"], bool(call["named"]), given)).encode()
        except CallError as problem:
            answer = json.dumps({"detail": str(problem)}).encode()
            headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
            await send({"type": "http.response.start", "status": problem.status, "headers": headers})
            await send({"type": "http.response.body", "body": answer})
            return
        kept = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
        headers = [*kept, (b"content-length", str(len(body)).encode())]
        await self._app({**scope, "headers": headers}, _once(body, receive), send)


def checked(endpoint: str, named: bool, body: bytes) -> dict[str, Any]:
    """The call with all its arguments, ``named`` or as the list ``data``; raises CallError."""
    if endpoint not in ENDPOINTS:
        raise CallError(f"There is no /{_repeated(endpoint)} here, only /{' and /'.join(ENDPOINTS)}.", 404)
    try:
        call = json.loads(body)
    except (ValueError, RecursionError):
        call = None
    if not isinstance(call, dict):
        raise CallError("The body of a call is a JSON object.")
    names = ENDPOINTS[endpoint]
    if named:
        return _arguments(names, call)
    given = call.get("data")
    if not isinstance(given, list) or len(given) > len(names):
        raise CallError(f"data is a list of {', '.join(names)}.")
    # Nothing else of it: a call that named a session would be another's, or could not be told by its event.
    return {"data": list(_arguments(names, dict(zip(names, given, strict=False))).values())}


def _arguments(names: tuple[str, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    unknown = [name for name in given if name not in names]
    if unknown:
        raise CallError(f"There is no {_repeated(unknown[0])} here; the arguments are {', '.join(names)}.")
    every = {**DEFAULTS, **given}
    return {name: _CHECKS[name](every.get(name)) for name in names}


def _repeated(name: str) -> str:
    """A name as a sentence may repeat it: not too long, and on one line."""
    short = name[:40]
    return short if short.isprintable() else json.dumps(short)


def _image(value: Any) -> dict[str, Any]:
    if value is None:
        raise CallError(NO_PICTURE)
    path = value.get("path") if isinstance(value, dict) else None
    if not isinstance(path, str):
        raise CallError('image is {"path": …, "meta": {"_type": "gradio.FileData"}}, the path being that of an upload.')
    if path.strip().lower().startswith(("http:", "https:")):
        raise CallError(interface_words(REFERENCE)["address_refused"])
    file = uploaded_file(path)
    if file is None:
        raise CallError("There is no such upload, or not any more: please upload the picture first.")
    return {"path": file, "meta": {"_type": "gradio.FileData"}}


def _question(value: Any) -> str:
    if not isinstance(value, str):
        raise CallError('question is a string, for example "why 5?".')
    return value


def _language(value: Any) -> str | None:
    if value not in (None, *languages()):
        raise CallError(f"language is null or one of {', '.join(languages())}.")
    return value


def _level(value: Any) -> str:
    if value not in LEVELS:
        raise CallError(f"level is one of {', '.join(LEVELS)}.")
    return value


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "image": _image,
    "question": _question,
    "language": _language,
    "level": _level,
}


async def _body(scope: Scope, receive: Receive) -> bytes:
    kind = dict(scope["headers"]).get(b"content-type", b"")
    if kind.partition(b";")[0].strip().lower() != b"application/json":
        raise CallError("A call is JSON: send it with the header Content-Type: application/json.", 415)
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LARGEST:
            raise CallError(f"A call has at most {LARGEST:,} bytes: pictures are uploaded before.", 413)
    return body


def _once(body: bytes, receive: Receive) -> Receive:
    """``body`` as the first message, then what follows: the caller's going away."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Any:
        return waiting.pop() if waiting else await receive()

    return next_message
