"""The error analysis of weights for clothes and letters: its own data set, nothing of strokes where there are none."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

import bot.error_analysis as error_analysis
from bot.error_analysis import Run, page, rows
from bot.error_analysis.comparison import borders, compare
from bot.error_analysis.suggestions import ADVISED
from bot.error_analysis.summary import Summary
from bot.words.naming import TEMPLATES, naming_of
from bot.words.render import languages, words
from explainers.base import Case
from model.alphabet import Alphabet
from model.datasets import LabelledPictures
from model.sweep.rows import Rows
from tests.alphabets import CLOTHES, LETTERS, coat, fake_of
from tests.bot.schemas import check_reply
from tests.bot.test_other_alphabets import STROKES
from tests.bot.words.test_naming import DIGIT

PICTURES = 6
MISREAD = [1, 2, 4]
STROKES_ONLY = re.compile(r"\bstrokes?\b|\bpen\b|\bink\b|\bloops?\b|\blean to the|\bslant", re.IGNORECASE)


def report(alphabet: Alphabet, out: Path, monkeypatch: pytest.MonkeyPatch, language: str = "en") -> tuple[Summary, str]:
    """The page about six pictures of which three bear another label than what is read."""
    fake = fake_of(alphabet, seed=3)
    shown = coat() if alphabet == CLOTHES else STROKES
    pictures = np.stack([np.roll(shown, (shift % 2, shift // 2 - 1), (0, 1)) for shift in range(PICTURES)])
    pictures = (pictures * 255).round().astype(np.uint8)
    labels = fake.logits(pictures.astype(np.float32) / 255).argmax(axis=1)
    labels[MISREAD] = (labels[MISREAD] + 1) % len(alphabet.labels)
    asked_for = []

    def load(name: str, split: str) -> LabelledPictures:
        asked_for.append(name)
        return LabelledPictures(pictures, labels)

    def nearest(pixels: np.ndarray, dataset: str) -> tuple[int, ...]:
        asked_for.append(dataset)
        return (1,) * 9 + (2,)

    monkeypatch.setattr(error_analysis.datasets, "load", load)
    for module in (error_analysis, rows):
        monkeypatch.setattr(module, "classifier_of", lambda model, device: fake)
    monkeypatch.setattr(rows, "nearest_labels", nearest)
    summary = error_analysis.write_report(Run(language=language), out)
    assert asked_for == [alphabet.dataset] * (1 + len(MISREAD))
    text = re.sub(r"data:image/png;base64,[^\"]*|<style>.*?</style>", "", out.read_text(encoding="utf-8"), flags=re.S)
    return summary, text


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("alphabet", [CLOTHES, LETTERS], ids=["clothes", "letters"])
def test_the_page_speaks_of_its_own_classes(
    alphabet: Alphabet, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "report.html"
    summary, text = report(alphabet, out, monkeypatch, language)
    assert sorted(row["image"] for row in summary.misread) == MISREAD
    assert summary.counts.table.shape == (len(alphabet.labels),) * 2
    assert not DIGIT.search(re.sub("whydigit", "", text))
    assert not re.search(r"\bMNIST\b(?<!Fashion-MNIST)|\bnan\b|\bNone\b|\{\{", text)
    assert ("Fashion-MNIST" if alphabet == CLOTHES else "Chars74K letters") in text
    for row in summary.misread:
        assert naming_of(language, alphabet).short[row["label"]] in text
    for line in out.with_suffix(".replies.jsonl").read_text(encoding="utf-8").splitlines():
        reply = json.loads(line)
        check_reply(reply)
        assert reply["model"]["dataset"] == alphabet.dataset
    found = Rows.read(out.with_suffix(".jsonl"))
    assert found is not None
    assert found.head["settings"]["labels"] == list(alphabet.labels)


def test_of_clothes_no_stroke_is_measured_or_spoken_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary, text = report(CLOTHES, tmp_path / "report.html", monkeypatch)
    assert not STROKES_ONLY.search(text)
    for row in summary.rows:
        assert set(row["form"]) == {"aspect", "darkness", "opening", "strangeness"}
        assert row["form"]["opening"] is None
    right = [row for row in summary.rows if row["digit"] == row["label"]]
    assert {one.measure for one in compare(summary.misread, borders(right), 1)} <= {"aspect", "darkness", "strangeness"}
    _, of_letters = report(LETTERS, tmp_path / "letters.html", monkeypatch)
    assert STROKES_ONLY.search(of_letters), "which has strokes"


@pytest.mark.parametrize("language", languages())
def test_what_may_be_suggested_for_clothes_has_words_for_clothes(language: str) -> None:
    said = words(language, CLOTHES)
    for name in ADVISED:
        if name.rsplit("_", 1)[0] in ("aspect", "darkness", "strangeness"):
            for kind in ("trait", "advice"):
                text = said.say(f"errors_{kind}_{name}", {})
                assert not re.search(r"\bfabrics? .*uneven|stroke|Strich|trazo|\btrait", text), text
    of_clothes = (TEMPLATES / language / "clothes" / "errors.jinja").read_text(encoding="utf-8")
    assert said.blocks["errors_advice_tested_erase"] in said.naming.adapted(of_clothes)


@pytest.mark.parametrize(
    ("novelty", "carried", "told"), [(None, False, False), (None, True, True), ([1, 2], False, True)]
)
def test_without_a_measure_of_what_is_unusual_that_cue_is_left_out(
    novelty: list[float] | None, carried: bool, told: bool
) -> None:
    row = {"image": 0, "label": 0, "digit": 0, "cues": ["unusual_image"] if carried else [], "logits": [1.0] * 10}
    shown = page.Page(Summary([row], 1.0), {"novelty": novelty}, words("en", CLOTHES))
    assert [name for name, *_ in shown.cues() if name.startswith("unusual")] == (
        ["unusual: unlike the pictures learnt from, or turned away"] if told else []
    )


def test_a_garment_is_not_turned_away_for_not_being_a_digit() -> None:
    """A coat fills more than a digit's strokes do."""
    filled = (coat() * 255).round().astype(np.uint8)
    fake = fake_of(CLOTHES)
    case = Case(fake, filled.astype(np.float32) / 255)
    assert rows._reading(fake, filled, case.prediction).reason is None
    letters = fake_of(LETTERS)
    assert rows._reading(letters, filled, Case(letters, case.pixels).prediction).reason is not None
