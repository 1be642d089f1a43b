"""The terminal of docs/contract.md, with a bot that knows its answers beforehand."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import bot.api
from bot.__main__ import main
from bot.errors import BotError, ModelLoadError, PictureError
from bot.values import Attachment, Figure, Reply
from tests.bot import made

ROOT = Path(__file__).parent.parent.parent
PNG = b"\x89PNG not really"


class FakeChat:
    """Answers everything, and remembers what it was shown and asked."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def show(self, source: str) -> None:
        if source.endswith(".txt"):
            raise PictureError("This file holds no picture.")
        self.shown.append(source)

    def ask(self, text: str) -> Reply:
        figures = (Figure("lime", "LIME", "A heatmap of the 5.", PNG),)
        reply = made.reply(
            f"You asked {text!r} about {Path(self.shown[-1]).name if self.shown else 'nothing'}.", figures
        )
        page = Attachment("whydigit-5.html", "text/html", b"<p>5</p>")
        return replace(reply, files=(page,)) if "handout" in text else reply


class FakeBot:
    """Stands for ``bot.api.Bot``."""

    loaded: list[tuple] = []

    @classmethod
    def load(cls, model=None, device="auto", strict=False):
        if model == "nobody/nothing" and strict:
            raise ModelLoadError("There is no repository nobody/nothing.")
        cls.loaded.append((model, device, strict))
        return cls()

    def start(self) -> FakeChat:
        return FakeChat()


@pytest.fixture(autouse=True)
def fake_bot(monkeypatch):
    monkeypatch.setattr(bot.api, "Bot", FakeBot)
    FakeBot.loaded.clear()


@pytest.fixture
def picture(tmp_path) -> str:
    path = tmp_path / "five.png"
    path.write_bytes(PNG)
    return str(path)


def wrong(arguments: list[str], capsys) -> str:
    """The one line on stderr."""
    try:
        status = main(arguments)
    except SystemExit as end:
        status = end.code
    output = capsys.readouterr()
    assert status == 2
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert "Traceback" not in output.err
    return output.err


def test_words_one_reply_after_the_other(picture, capsys):
    assert main(["--image", picture, "why 5?", "why not 3?"]) == 0
    words = capsys.readouterr().out
    assert words.index("You asked 'why 5?' about five.png.") < words.index("You asked 'why not 3?'")


def test_json_one_object_a_line_and_nothing_else(picture, capsys):
    assert main(["--image", picture, "--json", "why 5?", "why not 3?"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 2
    assert rows[0]["question"]["type"] == "why"
    assert rows[0]["figures"] == [{"id": "lime", "title": "LIME", "alt": "A heatmap of the 5.", "path": None}]


def test_questions_are_about_the_last_picture(picture, tmp_path, capsys):
    later = tmp_path / "later.png"
    later.write_bytes(PNG)
    assert main(["--image", picture, "--image", str(later), "why?"]) == 0
    assert "later.png" in capsys.readouterr().out


def test_questions_without_a_picture_are_answered(capsys):
    assert main(["what can I ask?"]) == 0
    assert "about nothing" in capsys.readouterr().out


def test_figures_are_written_only_where_asked(picture, tmp_path, capsys):
    folder = tmp_path / "new" / "figures"
    assert main(["--image", picture, "--out", str(folder), "--json", "why?", "why?"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    paths = [row["figures"][0]["path"] for row in rows]
    assert paths == [str(folder / "1_lime.png"), str(folder / "2_lime.png")]
    assert all(Path(path).read_bytes() == PNG for path in paths)


def test_files_are_written_under_their_own_names(picture, tmp_path, capsys):
    folder = tmp_path / "out"
    assert main(["--image", picture, "--out", str(folder), "--json", "why?", "make a handout"]) == 0
    why, report = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    path = folder / "whydigit-5.html"
    assert path.read_bytes() == b"<p>5</p>"
    assert why["files"] == []
    assert report["files"] == [{"name": path.name, "media_type": "text/html", "path": str(path)}]


def test_without_a_folder_it_is_said_where_files_would_go(picture, capsys):
    assert main(["--image", picture, "make a handout"]) == 0
    assert "whydigit-5.html: not written; --out" in capsys.readouterr().out


def test_weights_and_device_are_passed_on(capsys):
    assert main(["--model", "a/b@c", "--device", "cpu", "help"]) == 0
    assert FakeBot.loaded == [("a/b@c", "cpu", False)]


def test_what_a_person_did_wrong_is_one_line(picture, tmp_path, capsys):
    assert "no file" in wrong(["--image", str(tmp_path / "none.png"), "why?"], capsys)
    assert "no file" in wrong(["--image", "a" * 300 + ".png", "why?"], capsys)
    text = tmp_path / "words.txt"
    text.write_text("no picture")
    assert "holds no picture" in wrong(["--image", str(text), "why?"], capsys)
    assert "question is missing" in wrong(["--image", picture], capsys)
    assert "unrecognized" in wrong(["--unheard-of", "why?"], capsys)
    assert "invalid choice" in wrong(["--device", "toaster", "why?"], capsys)
    assert "nobody/nothing" in wrong(["--model", "nobody/nothing", "--strict-model", "why?"], capsys)
    assert "cannot be made" in wrong(["--out", str(text / "below"), "--image", picture, "why?"], capsys)
    assert "standard input" in wrong(["--understand", "why?"], capsys)


def test_a_mistake_in_the_program_is_not_hidden(monkeypatch):
    def broken(**_):
        raise ZeroDivisionError

    monkeypatch.setattr(FakeBot, "load", broken)
    with pytest.raises(ZeroDivisionError):
        main(["why?"])
    assert not issubclass(ZeroDivisionError, BotError)


def test_understand_a_line_for_a_line(monkeypatch, capsys):
    rows = [
        {"text": "why 5?", "context": {"predicted": 5}},
        {"text": "and 3?", "context": {"previous": {"type": "why", "digit": 5}}},
    ]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(map(json.dumps, rows))))
    assert main(["--understand"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert found == [{"type": "why", "digit": 5}, {"type": "why", "digit": 3}]
    assert FakeBot.loaded == []


def run(*arguments: str, typed: bytes = b"") -> subprocess.CompletedProcess:
    """The real program, in a locale that knows only ASCII."""
    command = [sys.executable, "-X", "importtime", "-m", "bot", *arguments]
    locale = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    return subprocess.run(command, cwd=ROOT, input=typed, capture_output=True, env=locale)


@pytest.mark.parametrize("arguments", [["--help"], ["--understand"]])
def test_nothing_heavy_is_loaded(arguments):
    done = run(*arguments, typed='{"text": "what do the colours mean — ünd \\u2026"}\n'.encode())
    assert done.returncode == 0, done.stderr[-500:]
    loaded = {line.rsplit(b"|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert not {b"torch", b"gradio", b"matplotlib", b"sklearn"} & loaded


def test_bytes_that_are_no_text_are_one_line():
    done = run("--understand", typed=b"\xff\xfe{nonsense\n")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
