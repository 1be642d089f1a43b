"""The terminal: ``python -m bot --image five.png "why 5?" "why not 3?"``. See docs/contract.md.

Exit status 0 where every question got a reply; 2, with one line on stderr, where something asked for cannot be done.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bot.errors import BotError

if TYPE_CHECKING:
    from bot.values import Reply

SAID_WRONG = 2  # exit status
LONGEST_ECHO = 200  # characters of a question that are repeated above its answer


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage above it."""

    def error(self, message: str) -> NoReturn:
        self.exit(SAID_WRONG, f"{self.prog}: {message} (--help shows all options)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the terminal; the exit status."""
    parser = _arguments()
    options = parser.parse_args(arguments)
    if options.understand and (options.image or options.questions):
        parser.error("--understand reads its questions from standard input and takes no pictures")
    if not options.understand and not options.questions:
        parser.error('a question is missing, for example: python -m bot --image five.png "why 5?"')
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")  # whatever the locale says
    try:
        if options.understand:
            _understand()
        else:
            _converse(options)
    except BotError as problem:
        print(f"{parser.prog}: {problem}", file=sys.stderr)
        return SAID_WRONG
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m bot", description="Ask how the network reads a digit.")
    parser.add_argument("questions", nargs="*", help='what to ask, one after the other, as "why 5?" "why not 3?"')
    parser.add_argument(
        "--image", action="append", default=[], help="a picture; of several, the questions are about the last"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line and reply, and nothing else")
    parser.add_argument("--out", type=Path, help="folder for the figures as PNG files, and for handouts")
    parser.add_argument("--model", help="weights: a directory, a Hub repository owner/name, or owner/name@revision")
    parser.add_argument("--strict-model", action="store_true", help="stop where these weights cannot be had")
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda", "mps"), help="where to compute")
    parser.add_argument(
        "--understand", action="store_true", help="only tell what questions on standard input ask (JSON lines)"
    )
    return parser


def _understand() -> None:
    from bot.understand import understand_lines  # no network is loaded for this

    for question in understand_lines(sys.stdin):
        print(json.dumps(question, ensure_ascii=False, allow_nan=False))


def _converse(options: argparse.Namespace) -> None:
    from bot.api import Bot  # takes seconds to import: only where it is needed

    folder = _made(options.out) if options.out else None
    chat = Bot.load(model=options.model, device=options.device, strict=options.strict_model).start()
    for picture in options.image:
        if not os.path.isfile(picture):  # Path's own way raises where a name is too long for any file
            raise BotError(f"There is no file {picture}.")
        chat.show(picture)
    for number, text in enumerate(options.questions, start=1):
        reply = chat.ask(text)
        if folder is not None:
            reply = _with_files(reply, folder, number)
        if options.json:
            print(json.dumps(reply.to_dict(), ensure_ascii=False, allow_nan=False), flush=True)
        else:
            _print_words(text, reply, last=number == len(options.questions))


def _print_words(text: str, reply: Reply, last: bool) -> None:
    from bot.words.interface import interface_words

    asked = text if len(text) <= LONGEST_ECHO else text[:LONGEST_ECHO] + "…"
    print(f"> {asked}\n")
    if reply.says_understood(text):
        print(
            interface_words(reply.language, reply.model.alphabet)["understood"].format(questions=reply.understood)
            + "\n"
        )
    print(reply.text)
    for figure in reply.figures:
        if figure.path:
            print(f"\n{figure.title}: {figure.path}")
    for file in reply.files:
        print(
            "\n"
            + (
                file.path
                or interface_words(reply.language, reply.model.alphabet)["file_not_written"].format(name=file.name)
            )
        )
    print("" if last else "\n", end="", flush=True)


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise BotError(f"The folder {folder} cannot be made: {problem.strerror}.") from problem
    return folder


def _with_files(reply: Reply, folder: Path, number: int) -> Reply:
    """The reply with its figures written as ``<question>_<figure>.png``, its files under their names, and where."""
    figures = tuple(
        replace(figure, path=_written(folder / f"{number}_{figure.id}.png", figure.png)) for figure in reply.figures
    )
    files = tuple(replace(file, path=_written(folder / file.name, file.data)) for file in reply.files)
    return replace(reply, figures=figures, files=files)


def _written(path: Path, data: bytes) -> str:
    try:
        path.write_bytes(data)
    except OSError as problem:
        raise BotError(f"The file {path} cannot be written: {problem.strerror}.") from problem
    return str(path)


if __name__ == "__main__":
    sys.exit(main())
