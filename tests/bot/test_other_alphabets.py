"""Whole conversations about letters and clothes, on fakes."""

from __future__ import annotations

import re

import numpy as np
import pytest

from bot.api import Bot
from model.alphabet import Alphabet
from tests.alphabets import BALANCED, CLOTHES, LETTERS, coat, fake_of
from tests.bot.schemas import check_reply
from tests.bot.words.test_naming import DIGIT

STROKES = np.zeros((28, 28), np.float32)
STROKES[4:24, 8:11] = 1
STROKES[4:24, 18:21] = 1
STROKES[13:15, 8:21] = 1
QUESTIONS = {
    "en": ("why?", "why not?", "how sure are you?", "what else could it be?", "what would make it another?",
           "how much can I change?", "what if I erase part 1?", "can you be fooled?", "show me the LIME heatmap",
           "what did you do to my picture?", "what can I ask?", "make the strokes thicker", "make a handout"),
    "de": ("warum?", "warum nicht?", "und wenn ich Teil 1 ausradiere?", "wie viel kann ich ändern?"),
    "es": ("¿por qué?", "¿por qué no?", "¿y si borro la parte 1?"),
    "fr": ("pourquoi ?", "pourquoi pas ?", "et si j’efface la partie 1 ?"),
}  # fmt: skip
PICTURES = {"clothes": (CLOTHES, coat()), "letters": (LETTERS, STROKES), "characters": (BALANCED, STROKES)}


@pytest.mark.parametrize(
    ("kind", "language"),
    [
        ("clothes", "en"),
        ("letters", "en"),
        ("characters", "en"),
        ("clothes", "de"),
        ("clothes", "es"),
        ("letters", "fr"),
    ],
)
def test_a_conversation_never_speaks_of_digits(kind: str, language: str) -> None:
    alphabet, pixels = PICTURES[kind]
    chat = Bot(fake_of(alphabet, seed=3)).start(language)
    chat.show((pixels * 255).round().astype(np.uint8))
    for question in QUESTIONS[language]:
        reply = chat.ask(question)
        assert reply.question.type != "unknown", question
        said = [reply.text, reply.details, reply.understood, *reply.suggestions]
        said += [text for figure in reply.figures for text in (figure.title, figure.alt)]
        said += [file.data.decode() for file in reply.files if file.media_type == "text/html"]
        for text in said:
            assert not DIGIT.search(re.sub(r"whydigit", "", text)), (question, text)
        check_reply(reply.to_dict())


def test_the_json_names_the_class() -> None:
    reply = Bot(fake_of(LETTERS)).ask((STROKES * 255).astype(np.uint8), "why?")
    found = reply.to_dict()
    prediction = found["prediction"]
    assert prediction["label"] == LETTERS.labels[prediction["digit"]]
    assert prediction["runner_up_label"] == LETTERS.labels[prediction["runner_up"]]
    assert found["model"]["labels"] == list(LETTERS.labels)
    assert len(prediction["probabilities"]) == 26


def test_clothes_have_no_strokes_to_thicken() -> None:
    chat = Bot(fake_of(CLOTHES)).start()
    chat.show((coat() * 255).round().astype(np.uint8))
    reply = chat.ask("make the strokes thicker")
    assert [claim.kind for claim in reply.claims] == ["no_strokes"]
    kinds = {str(claim.test.operation) for claim in chat.ask("how much can I change?").claims if claim.test}
    assert not [kind for kind in kinds if "thick" in kind or "thin" in kind]


def test_letters_have() -> None:
    chat = Bot(fake_of(LETTERS)).start()
    chat.show((STROKES * 255).astype(np.uint8))
    assert "no_strokes" not in [claim.kind for claim in chat.ask("make the strokes thicker").claims]


def bars(alphabet: Alphabet) -> list[int]:
    from bot.figures.bars import likeliest

    return likeliest(np.linspace(0, 1, len(alphabet.labels)))


def test_of_more_than_ten_classes_the_likeliest_are_drawn() -> None:
    assert bars(CLOTHES) == list(range(10))
    assert bars(LETTERS) == list(range(25, 15, -1))
