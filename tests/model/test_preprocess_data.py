"""Real pictures: MNIST is left alone; uploads keep MNIST's form; nothing real is turned away."""

import csv
from pathlib import Path

import numpy as np
import pytest

from model.datasets import data_folder, load
from model.preprocess import to_digit

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(data_folder() is None, reason="WHYDIGIT_DATA is not set"),
]


def listed(name: str) -> list[dict[str, str]]:
    folder = data_folder()
    assert folder is not None
    with (folder / name / "index.csv").open() as lines:
        return [{**row, "path": str(Path(folder / name / row["file"]))} for row in csv.DictReader(lines)]


def test_mnist_is_left_alone() -> None:
    pictures = load("mnist", "train").pictures[:400]
    made = [to_digit(picture) for picture in pictures]
    same = [np.array_equal(one.pixels, picture / np.float32(255)) for one, picture in zip(made, pictures, strict=True)]
    assert np.mean(same) >= 0.99
    assert all(one.reason is None for one in made)


def test_uploads_get_mnists_form_and_are_not_turned_away() -> None:
    rows = listed("wild")[::4]
    made = [to_digit(row["path"]) for row in rows]
    assert np.mean([one.reason is not None for one in made]) <= 0.03
    assert all(np.array_equal(to_digit(one.pixels).pixels, one.pixels) for one in made)


def test_blank_several_photo_and_text_are_mostly_turned_away() -> None:
    rows = [row for row in listed("notdigits") if row["category"] in ("blank", "several", "photo", "text", "texture")]
    assert np.mean([to_digit(row["path"]).reason is not None for row in rows]) >= 0.8
