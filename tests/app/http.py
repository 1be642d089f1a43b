"""HTTP as curl speaks it, for the tests of the served app."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any


def get(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return json.load(answer)


def post(address: str, body: bytes, kind: str = "application/json") -> tuple[int, Any]:
    """The status, and the JSON that came with it."""
    request = urllib.request.Request(address, body, {"Content-Type": kind})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def uploaded(address: str, path: str) -> str:
    """Where the server keeps the file now."""
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="five.png"\r\n\r\n'
    body = head + Path(path).read_bytes() + b"\r\n--x--\r\n"
    status, paths = post(f"{address}gradio_api/upload", body, "multipart/form-data; boundary=x")
    assert status == 200
    return paths[0]


def result(address: str, endpoint: str, event: str) -> tuple[str, Any]:
    """The last event of the stream, "complete" or "error", and its data."""
    with urllib.request.urlopen(f"{address}gradio_api/call/{endpoint}/{event}", timeout=30) as stream:
        *_, last = stream.read().decode().strip().split("\n\n")
    name, data = last.split("\n")
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))
