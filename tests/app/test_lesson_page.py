"""What the lesson in docs/lesson says is so."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
from PIL import Image

from bot.understand import understand
from interface.chat.examples import example_named
from interface.links.address import Address
from model.preprocess import to_digit
from tests.trained import trained_bot

_ROOT = Path(__file__).parents[2]
LESSON = _ROOT / "docs" / "lesson"
PAGE = (LESSON / "index.html").read_text(encoding="utf-8")
FIVE = example_named("five")


def test_the_five_is_what_the_network_gets():
    pixels = np.round(255 * to_digit(str(FIVE.path)).pixels)
    assert np.array_equal(np.asarray(Image.open(LESSON / "five.png")), pixels)
    rows = [re.findall(r'<td style="--ink: (\d+)">(\d+)</td>', row) for row in re.findall("<tr>.*</tr>", PAGE)]
    assert [[int(number) for number, _ in row] for row in rows] == pixels[5:11, 8:14].astype(int).tolist()
    assert all(shade == shown for row in rows for shade, shown in row)


def test_every_experiment_is_an_example_and_a_question():
    asked = re.findall(r'data-ask="\?([^"]*)"', PAGE)
    assert len(asked) == PAGE.count('class="widget"') == 3
    for query in asked:
        values = {name: value for name, (value,) in parse_qs(html.unescape(query)).items()}
        address = Address.from_query(values)
        assert example_named(address.image)
        assert understand(address.ask).type in {"why", "why_not", "trust"}


@pytest.mark.parametrize("question", re.findall("“([^”<]*\\?)”", PAGE))
def test_questions_that_it_proposes_are_understood(question):
    assert understand(question).type != "unknown"


def test_it_can_be_heard_and_loads_nothing_from_elsewhere():
    assert re.findall("<iframe (?!title=)", PAGE) == []
    assert re.findall("<img (?![^>]*alt=)", PAGE) == []
    loaded = re.findall(r'(?:src|href)="([^"]*)"', PAGE)
    assert [name for name in loaded if name != "#sources"] == ["five.png", "lesson.css", "lesson.js", "five.png"]
    assert not any("http" in file.read_text(encoding="utf-8") for file in LESSON.glob("lesson.*"))
    assert PAGE.count("http://127.0.0.1:7860/") == 1, "where the app runs is said once"


def test_what_the_network_was_trained_on():
    training = json.loads((_ROOT / "model" / "weights" / "config.json").read_text(encoding="utf-8"))["training"]
    assert "55,000" in training["data"]
    assert "shown 55,000 digits" in PAGE


@pytest.mark.weights
def test_what_it_says_of_the_clear_five():
    reply = trained_bot().ask(str(FIVE.path), "why 5?")
    tests = {
        (claim.test.operation["kind"], *(reply.part_names[part.id] for part in claim.parts)): claim.test
        for claim in reply.claims
        if claim.test is not None
    }
    stroke = tests["erase", "the upright stroke at the top left"]
    assert stroke.before.probabilities[5] > 0.999
    assert stroke.after.probabilities[5] == pytest.approx(0.84, abs=0.005)
    gap = tests["fill", "the opening at the top right"]
    assert int(np.argmax(gap.after.probabilities)) == 3
    assert gap.after.probabilities[5] < stroke.after.probabilities[5]
