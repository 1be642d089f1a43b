"""The figures of ``python -m benchmarks.pictures`` on a handful of drawn pictures."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from benchmarks import pictures
from tests.model.drawings import draw


class SaysFive:
    def predict(self, pixels: object) -> SimpleNamespace:
        return SimpleNamespace(digit=5, probability=0.9, is_digit=True)


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    for name in ("wild", "notdigits"):
        (tmp_path / name).mkdir()
    draw(5).save(tmp_path / "wild" / "five.png")
    draw(2).save(tmp_path / "wild" / "two.png")
    (tmp_path / "wild" / "index.csv").write_text("file,label\nfive.png,5\ntwo.png,2\n")
    Image.new("L", (50, 50), 255).save(tmp_path / "notdigits" / "white.png")
    draw(7).save(tmp_path / "notdigits" / "seven.png")
    (tmp_path / "notdigits" / "broken.png").write_text("words")
    (tmp_path / "notdigits" / "index.csv").write_text(
        "file,category\nwhite.png,blank\nseven.png,letter\nbroken.png,file\n"
    )
    return tmp_path


def test_shares_and_misses_are_printed(
    folders: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pictures, "load_classifier", lambda name: SaysFive())
    monkeypatch.setenv(pictures.DATA_VARIABLE, str(folders))
    assert pictures.main([]) == 0
    printed = capsys.readouterr().out
    assert "2 pictures, 1 read right (50.0%), 0 turned away" in printed
    assert "two.png: 2 read as 5" in printed
    assert "3 pictures, 2 turned away (66.7%)" in printed
    assert "blank: 1 of 1 (blank 1)" in printed
    assert "let through: seven.png (letter)" in printed


def test_missing_folder_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv(pictures.DATA_VARIABLE, raising=False)
    assert pictures.main([]) == 2
    assert pictures.DATA_VARIABLE in capsys.readouterr().err
