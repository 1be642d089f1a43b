"""The OpenAPI document of ``/ask`` and ``/predict``, served at ``/gradio_api/openapi.json`` in place of Gradio's.

Gradio's own calls an upload a string, names no argument that is required, and says of what comes back only that it
is JSON. Here stand the arguments, each event of the stream, and the whole schema of a reply.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.schema import Schema, named_schemas
from bot.words.render import LEVELS, languages
from interface.programs.calls import DEFAULTS, ENDPOINTS, LARGEST
from interface.programs.endpoints import DESCRIPTIONS

PATH = "/gradio_api/openapi.json"

_SCHEMAS = "#/components/schemas/"
_SUMMARIES = {
    "ask": "Explain how the network reads a picture of a handwritten digit",
    "predict": "Read a picture of a handwritten digit",
}
_RESULTS = {"ask": "AskResult", "predict": "PredictResult"}
_UPLOADED = {"path": "/tmp/gradio/8f2…/five.png", "meta": {"_type": "gradio.FileData"}}
_EXAMPLES = {"image": _UPLOADED, "question": "why 5?", "language": None, "level": "normal"}


def route() -> Route:
    """Serves the document; it has to come before Gradio's own of the same path."""

    async def answer(request: Request) -> JSONResponse:
        return JSONResponse(document())

    return Route(PATH, answer, methods=["GET"])


def document() -> dict[str, Any]:
    """OpenAPI 3.1, complete in itself. Its server is the app that it is served by, under whatever path that is."""
    paths: dict[str, Any] = {"/gradio_api/upload": {"post": _upload()}}
    for name in ENDPOINTS:
        paths[f"/gradio_api/call/v2/{name}"] = {"post": _call(name)}
        paths[f"/gradio_api/call/{name}/{{event_id}}"] = {"get": _events(name)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "whydigit",
            "version": "1",
            "description": "How a neural network reads a handwritten digit, in tested words. A picture is uploaded, a "
            "call starts the work and gives an event's id, and the event's stream ends with the result.",
        },
        "servers": [{"url": "..", "description": "the app that serves this document"}],
        "paths": paths,
        "components": {"schemas": {**named_schemas(_SCHEMAS), **_own_schemas()}},
    }


def _upload() -> dict[str, Any]:
    files = {"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}}
    form = {"type": "object", "required": ["files"], "properties": {"files": files}}
    return {
        "summary": "Upload a picture",
        "operationId": "upload",
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": form}}},
        "responses": {
            "200": _json("The path of each file on the server.", {"type": "array", "items": {"type": "string"}}),
            "413": {"description": "A file is too large."},
        },
    }


def _call(name: str) -> dict[str, Any]:
    content = {
        "schema": _ref(f"{name.capitalize()}Arguments"),
        "example": {one: _EXAMPLES[one] for one in ENDPOINTS[name]},
    }
    return {
        "summary": _SUMMARIES[name],
        "operationId": name,
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {
            "200": _json("The work waits or runs; its result comes at the event.", _ref("Event")),
            "413": _json(f"The call has more than {LARGEST:,} bytes.", _ref("CallError")),
            "415": _json("The call is not sent as application/json.", _ref("CallError")),
            "422": _json("An argument is missing or wrong.", _ref("CallError")),
            "503": _json("Too many callers wait; try again later.", _ref("CallError")),
        },
    }


def _events(name: str) -> dict[str, Any]:
    result = _RESULTS[name]
    stream = {
        "schema": {
            "type": "string",
            "description": "Server-sent events: `heartbeat` while it is going on (its data is null), then `complete`, "
            f"whose data is JSON of the form {_SCHEMAS}{result}, or `error`, of the form {_SCHEMAS}EventError.",
        },
        "example": 'event: error\ndata: {"error": "This is not a picture that can be read; …"}\n\n',
    }
    parameter = {"name": "event_id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "summary": f"The result of {name}",
        "operationId": f"{name}_result",
        "parameters": [parameter],
        "responses": {"200": {"description": "The event's stream.", "content": {"text/event-stream": stream}}},
    }


def _own_schemas() -> dict[str, Schema]:
    types: dict[str, Schema] = {
        "image": _ref("UploadedFile"),
        "question": {"type": "string"},
        "language": {"enum": [None, *languages()]},
        "level": {"enum": list(LEVELS)},
    }
    arguments = {
        f"{name.capitalize()}Arguments": {
            "type": "object",
            "required": [one for one in names if one not in DEFAULTS],
            "properties": {one: {**types[one], "description": DESCRIPTIONS[one], **_default(one)} for one in names},
            "additionalProperties": False,
        }
        for name, names in ENDPOINTS.items()
    }
    meta = {"type": "object", "required": ["_type"], "properties": {"_type": {"const": "gradio.FileData"}}}
    file = {"path": {"type": "string", "description": "On the server: what the upload gave."}, "meta": meta}
    served = {**file, "url": {"type": "string", "format": "uri", "description": "Where it can be fetched."}}
    return {
        **arguments,
        "UploadedFile": {"type": "object", "required": ["path"], "properties": file},
        "File": {"type": "object", "required": ["path", "url"], "properties": served},
        "Event": {"type": "object", "required": ["event_id"], "properties": {"event_id": {"type": "string"}}},
        "CallError": {"type": "object", "required": ["detail"], "properties": {"detail": {"type": "string"}}},
        "EventError": {
            "type": "object",
            "required": ["error"],
            "properties": {"error": {"type": ["string", "null"], "description": "What went wrong, in one sentence."}},
        },
        "AskResult": _list(
            {"type": "string", "description": DESCRIPTIONS["text"]},
            _ref("Reply"),
            {"type": "array", "items": _ref("File"), "description": DESCRIPTIONS["figures"]},
        ),
        "PredictResult": _list(_ref("Reading")),
    }


def _default(name: str) -> dict[str, Any]:
    return {"default": DEFAULTS[name]} if name in DEFAULTS else {}


def _list(*items: Schema) -> Schema:
    return {"type": "array", "prefixItems": list(items), "minItems": len(items), "maxItems": len(items)}


def _ref(name: str) -> Schema:
    return {"$ref": f"{_SCHEMAS}{name}"}


def _json(description: str, schema: Schema) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
