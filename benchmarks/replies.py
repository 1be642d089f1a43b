"""Ask about many pictures, one after the other in one conversation, and write the replies' JSON:
``python -m benchmarks.replies > replies.jsonl``; ``--question`` names other questions than "why?".

``python -m model.recheck replies.jsonl`` then runs every test of every claim again, with torchvision alone. The test
pictures are those of the network's own data set, spread over it evenly; the wild ones are digits, the first of their
index.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator

import numpy as np

from benchmarks.pictures import index_of
from bot.api import Bot
from model import datasets
from model.alphabet import DIGITS
from model.errors import DataError
from model.progress import Progress

WILD = 60


def sources(dataset: str, test: int, wild: int) -> Iterator[object]:
    """The pictures: ``test`` arrays of the test set, then ``wild`` files."""
    pictures = datasets.load(dataset, "test").pictures
    yield from pictures[np.linspace(0, len(pictures) - 1, test).astype(int)]
    folder = datasets.data_folder()
    if wild and folder is None:
        raise DataError(f"The wild pictures are taken from the folder that {datasets.DATA_VARIABLE} names; set it.")
    if wild and folder is not None:
        yield from [folder / "wild" / file for file, _ in index_of(folder / "wild", "label")][:wild]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replies", description=__doc__.splitlines()[0])
    parser.add_argument("--test", type=int, default=150)
    parser.add_argument("--wild", type=int, help=f"{WILD} where digits are read, else none")
    parser.add_argument(
        "--question", nargs="+", action="extend", help="all of them about every picture (default: why?)"
    )
    parser.add_argument("--model", default=None)
    options = parser.parse_args()
    bot = Bot.load(options.model)
    chat, alphabet = bot.start(), bot.identity.alphabet
    wild = options.wild if options.wild is not None else WILD if alphabet.kind == DIGITS else 0
    progress = Progress(options.test + wild)
    for source in sources(alphabet.dataset, options.test, wild):
        chat.show(source)
        for question in options.question or ["why?"]:
            print(json.dumps(chat.ask(question).to_dict(), allow_nan=False), flush=True)
        progress.step()


if __name__ == "__main__":
    main()
