"""The MCP tools, called by the protocol's own client library."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from gradio.utils import get_upload_folder
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, ImageContent

from interface.programs.mcp_tools import contents, picture
from tests.app.fake import FIRST
from tests.app.http import uploaded

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


def in_session(address: str, work: Callable[[ClientSession], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with (
            streamable_http_client(f"{address}gradio_api/mcp/") as (reads, writes, _),
            ClientSession(reads, writes) as session,
        ):
            await session.initialize()
            return await work(session)

    return asyncio.run(run())


def call(address: str, tool: str, **arguments: object) -> CallToolResult:
    return in_session(address, lambda session: session.call_tool(tool, arguments))


@pytest.fixture
def uri(upload) -> str:
    return "data:image/png;base64," + base64.b64encode(Path(upload).read_bytes()).decode()


def test_the_tools_and_their_schemas(address):
    tools = {tool.name: tool for tool in in_session(address, lambda session: session.list_tools()).tools}
    assert set(tools) == {"ask", "predict"}
    assert tools["ask"].description.startswith("Explain how a neural network reads")
    assert tools["predict"].description.startswith("Read a picture")
    ask = tools["ask"].inputSchema
    jsonschema.Draft202012Validator.check_schema(ask)
    assert ask["required"] == ["image", "question"]
    assert list(ask["properties"]) == ["image", "question", "language", "level"]
    assert tools["predict"].inputSchema["required"] == ["image"]
    for tool in tools.values():
        assert all(len(one["description"]) > 20 for one in tool.inputSchema["properties"].values())
        assert tool.inputSchema["properties"]["image"]["type"] == "string"
        assert "data:image/png;base64" in tool.inputSchema["properties"]["image"]["description"]
        assert "format" not in tool.inputSchema["properties"]["image"]


def test_ask_gives_words_json_and_figures(address, uri, bot):
    answer = call(address, "ask", image=uri, question="why 5?", language="fr", level="simple")
    assert not answer.isError
    words, reply, *figures = answer.content
    assert words.text.startswith(FIRST)
    told = json.loads(reply.text)
    assert told["claims"][0]["test"]["operation"] == {"kind": "erase", "parts": ["part_1"]}
    assert "pixels" not in reply.text
    images = [figure for figure in figures if isinstance(figure, ImageContent)]
    assert len(images) == len(told["figures"])
    assert base64.b64decode(images[0].data).startswith(b"\x89PNG")
    assert bot.asked[-1] == ("why 5?", "fr", "simple")


def test_predict_with_what_was_uploaded_before(address, upload, uri):
    path = uploaded(address, upload)
    for image in (f"{address}gradio_api/file={path}", path, uri.partition(",")[2]):
        (answer,) = call(address, "predict", image=image).content
        assert json.loads(answer.text)["prediction"]["digit"] == 5


def test_a_file_through_gradios_upload_tool(address, upload):
    """What docs/programs.md shows for clients that cannot send pictures: their second server uploads for them."""
    uploader = StdioServerParameters(
        command=sys.executable,
        args=["-c", "from gradio.cli import cli; cli()", "upload-mcp", address, str(Path(upload).parent)],
    )

    async def run() -> str:
        async with stdio_client(uploader) as (reads, writes), ClientSession(reads, writes) as session:
            await session.initialize()
            answer = await session.call_tool("upload_file_to_gradio", {"file": upload})
            return answer.content[0].text

    (answer,) = call(address, "predict", image=asyncio.run(run())).content
    assert json.loads(answer.text)["prediction"]["digit"] == 5


WRONG = {
    "an address": ({"image": "https://example.org/5.png"}, "Please upload the picture itself"),
    "a file of the server": ({"image": "/etc/hostname"}, "image is a data URI"),
    "no base64": ({"image": "data:image/png;base64,#"}, "image is a data URI"),
    "no picture": ({"image": "data:image/png;base64,aGVsbG8="}, "This is not a picture that can be read"),
    "an object": ({"image": {"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}}, "Input validation error"),
    "nothing": ({}, "Input validation error"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said(address, case):
    arguments, sentence = WRONG[case]
    answer = call(address, "predict", **arguments)
    assert answer.isError
    assert answer.content[0].text.startswith(sentence)
    assert "Traceback" not in answer.content[0].text


def test_a_picture_is_kept_with_the_uploads_and_deleted_with_them(uri):
    uploads: set[str] = set()
    file = picture(uri, uploads)
    assert uploads == {file["path"]}
    assert file["path"].startswith(get_upload_folder())
    assert picture(file["path"], set()) == file


def test_no_file_of_this_computer_is_taken_for_a_picture():
    with pytest.raises(ValueError, match="data URI"):
        picture({"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}, set())


def test_contents_are_flat_and_json():
    file = {"path": "a.png", "meta": {"_type": "gradio.FileData"}}
    reply = {"text": "ü", "image": {"pixels": [[0]], "accepted": True}, "none": None}
    assert contents([("words", reply, [file, file])]) == [
        "words",
        '{"text": "ü", "image": {"accepted": true}, "none": null}',
        file,
        file,
    ]
