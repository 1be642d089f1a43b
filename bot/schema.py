"""The JSON Schema of what programs get (``reply.schema.json``, the table of docs/contract.md)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("reply.schema.json")

Schema = dict[str, Any]


@cache
def _file() -> Schema:
    return json.loads(FILE.read_text(encoding="utf-8"))


def reply_schema() -> Schema:
    """A reply: what ``Reply.to_dict`` gives. Draft 2020-12, complete in itself; open to further keys."""
    return _file()


def reading_schema() -> Schema:
    """A reading: what ``Reading.to_dict`` gives."""
    return {**_file()["$defs"]["Reading"], "$defs": _file()["$defs"]}


def named_schemas(prefix: str) -> dict[str, Schema]:
    """The reply ("Reply") and all that it refers to, each by its name, which references give after ``prefix``."""
    reply = {name: value for name, value in _file().items() if name not in ("$schema", "$defs")}
    return _referring({"Reply": reply, **_file()["$defs"]}, prefix)


def overview(schema: Schema, depth: int) -> Schema:
    """``schema`` down to ``depth`` levels of objects, with no references: what a person reads at a glance."""
    return _overview(schema, schema["$defs"], depth)


def _referring(node: Any, prefix: str) -> Any:
    if isinstance(node, dict):
        return {
            name: prefix + value.removeprefix("#/$defs/") if name == "$ref" else _referring(value, prefix)
            for name, value in node.items()
        }
    return [_referring(one, prefix) for one in node] if isinstance(node, list) else node


def _overview(schema: Schema, names: dict[str, Schema], depth: int) -> Schema:
    described: Schema = {name: schema[name] for name in ("title", "description") if name in schema}
    if "$ref" in schema:
        return {**_overview(names[schema["$ref"].removeprefix("#/$defs/")], names, depth), **described}
    if "oneOf" in schema:  # a value or null
        value, _ = schema["oneOf"]
        return {"anyOf": [_overview(value, names, depth), {"type": "null"}], **described}
    if isinstance(schema.get("type"), list):
        return {"anyOf": [{"type": one} for one in schema["type"]], **described}
    kept: Schema = {name: schema[name] for name in ("type", "enum", "minimum", "maximum") if name in schema}
    if "properties" in schema and depth > 0:
        kept["properties"] = {name: _overview(value, names, depth - 1) for name, value in schema["properties"].items()}
    if "items" in schema:
        kept["items"] = _overview(schema["items"], names, depth - 1)
    return {**kept, **described}
