"""The command line of ``app.py``."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable

import pytest

import app
from bot import BotError
from interface.embedding.embedders import ANYBODY, VARIABLE, Embedders
from tests.app.fake import FakeBot


@pytest.fixture
def served(monkeypatch) -> dict:
    """What ``main`` hands on, with nothing loaded and nothing served."""
    seen: dict = {}

    class Loader:
        @staticmethod
        def load(**asked):
            seen["load"] = asked
            if asked["model"] == "nobody/nothing" and asked["strict"]:
                raise BotError("There is no model nobody/nothing.")
            seen["bot"] = FakeBot()
            return seen["bot"]

    monkeypatch.setattr(app, "Bot", Loader)

    def start(demo, embedders, folder, **settings):
        assert folder.is_dir()
        assert not seen["bot"].warm.is_set()  # the page comes first
        seen.update(embedders=embedders, start=settings, folder=folder)

    monkeypatch.setattr(app, "start", start)
    monkeypatch.setattr(app.Ending, "wait", lambda ending: None)
    for name in (VARIABLE, "SPACE_ID"):
        monkeypatch.delenv(name, raising=False)
    return seen


@pytest.fixture
def mcp_version(monkeypatch) -> Callable[[str | None], None]:
    """Makes it look as if this version of the package mcp were installed, or none."""

    def install(version: str | None) -> None:
        def find(name: str) -> str:
            if version is None:
                raise importlib.metadata.PackageNotFoundError(name)
            return version

        monkeypatch.setattr(app.importlib.metadata, "version", find)

    return install


def test_every_option_arrives(served, mcp_version):
    mcp_version(None)
    given = ["--share", "--host", "0.0.0.0", "--port", "7000", "--model", "a/b@c", "--strict-model", "--device", "cpu"]
    assert app.main(given) == 0
    assert served["load"] == {"model": "a/b@c", "device": "cpu", "strict": True}
    assert served["start"] == {
        "share": True,
        "server_name": "0.0.0.0",
        "server_port": 7000,
        "mcp_server": False,
        "prevent_thread_lock": True,
    }
    assert not served["folder"].exists()
    assert served["embedders"] == ANYBODY
    assert served["bot"].warm.wait(5)


def test_a_missing_model_is_one_sentence(served, capsys):
    assert app.main(["--model", "nobody/nothing", "--strict-model"]) == 2
    assert capsys.readouterr().err == "There is no model nobody/nothing.\n"
    assert "start" not in served


@pytest.mark.parametrize("version", [None, "2.3.0"])
def test_mcp_without_its_package_is_one_sentence(served, capsys, mcp_version, version):
    mcp_version(version)
    assert app.main(["--mcp"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["--mcp"]])
def test_the_mcp_tools_are_offered_where_the_package_is(served, mcp_version, arguments):
    mcp_version("1.30.0")
    assert app.main(arguments) == 0
    assert served["start"]["mcp_server"] is True


def test_who_may_embed_is_listed_or_stands_in_the_environment(served, monkeypatch):
    monkeypatch.setenv(VARIABLE, "https://a.example  http://localhost:8000")
    assert app.main([]) == 0
    assert served["embedders"] == Embedders(("https://a.example", "http://localhost:8000"))
    assert app.main(["--embed-from", "https://b.example", "--embed-from", "https://c.example"]) == 0
    assert served["embedders"] == Embedders(("https://b.example", "https://c.example"))
    monkeypatch.setenv("SPACE_ID", "user/space")
    assert app.main(["--embed-from", "none"]) == 0
    assert served["embedders"] == Embedders(("https://huggingface.co",))


def test_a_site_that_is_none_is_one_sentence(served, capsys):
    assert app.main(["--embed-from", "school.example"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert "load" not in served
