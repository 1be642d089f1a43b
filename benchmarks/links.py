"""How long a link to an answer about one's own picture gets: ``python -m benchmarks.links``

Over the MNIST test pictures and the uploads of the folder "wild", each with the same long question. Both lie where
WHYDIGIT_DATA points to.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

import numpy as np

from benchmarks.pictures import index_of
from interface.links.address import Address
from interface.links.linked_picture import picture_text
from model.datasets import DATA_VARIABLE, data_folder, load
from model.preprocess import to_digit

PAGE = "https://someone-whydigit.hf.space/"
QUESTION = "Welche Teile müsste ich löschen, damit du 3 liest?"


def report(name: str, pictures: Iterable[np.ndarray]) -> str:
    """The middle, the 95th of a hundred and the longest of the whole addresses, and of the pictures in them."""
    texts = [picture_text(pixels) for pixels in pictures]
    lines = [f"{name}, {len(texts):,} pictures"]
    whole = [PAGE + Address(text, QUESTION, "de", "simple").query() for text in texts]
    for what, found in (("the picture alone", texts), ("the whole address", whole)):
        lengths = np.array([len(text) for text in found])
        middle, most = np.quantile(lengths, (0.5, 0.95))
        lines.append(f"  {what}: {middle:.0f} characters in the middle, 95 % up to {most:.0f}, at most {lengths.max()}")
    return "\n".join(lines)


def main() -> int:
    """The command line; 2 where the pictures are missing."""
    folder = data_folder()
    if folder is None:
        print(f"Set {DATA_VARIABLE} to the folder of the data sets.", file=sys.stderr)
        return 2
    print(report("MNIST test", (picture / np.float32(255) for picture in load("mnist", "test").pictures)))
    print(report("wild", (to_digit(folder / "wild" / file).pixels for file, _ in index_of(folder / "wild", "label"))))
    noise = np.random.default_rng(0).integers(0, 256, (1000, 28, 28)) / np.float32(255)
    print(report("noise", noise))
    return 0


if __name__ == "__main__":
    sys.exit(main())
