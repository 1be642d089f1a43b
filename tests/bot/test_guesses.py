"""What pupils write when they are asked which part matters most."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from bot.lessons import guesses
from bot.lessons.guesses import NEXT, NONE, PART, TELL, UNCLEAR, guess_of, wants_next
from bot.understanding.spoken import spoken_languages
from bot.values import Reading, Session
from explainers.base import Case
from explainers.values import Part
from model.values import DigitImage
from tests.bot import made
from tests.fakes import FakeClassifier

QUESTION = "question"
SHAPES = (("bar", "top", None), ("stem", "top_left", None), ("curve", "middle", None), ("curve", "bottom", None))
SAID = {
    "en": {
        PART: ["the top", "the top bar", "I think the bar", "the bar at the top because it is straight",
               "I don't know, the bar?"],
        2: ["2", "2?", "part 2", "number two", "the second one", "maybe 2", "I guess it's 2", "the upright stroke"],
        4: ["the bottom", "the bottom curve", "the last one", "4.", "the curve at the bottom"],
        NONE: ["none", "no single part", "none of them", "no part alone", "all of them together", "the whole shape"],
        TELL: ["just tell me", "tell me please", "skip", "I don't know", "no idea", "not sure", "dunno", "I give up"],
        NEXT: ["next", "another picture", "next one please", "give me another digit"],
        UNCLEAR: ["the curve", "1 and 3", "the loop", "asdf", "pizza", "9", "ok", "the bar and the stem", "🙂",
                  "12345"],
        QUESTION: ["why not 3?", "how sure are you?", "what if I erase the top bar?", "hi", "the bar does not matter",
                   "is it a 3 because of the bar?", "that is wrong, it is a 4", "how do you know?"],
    },
    "de": {
        PART: ["der obere Strich", "ich glaube der waagerechte Strich", "ich weiß nicht, vielleicht der Strich oben"],
        2: ["2", "Teil 2", "die Nummer 2", "der zweite", "ich denke 2", "der senkrechte Strich"],
        4: ["unten", "der Bogen unten", "der letzte"],
        NONE: ["keiner", "kein Teil allein", "keiner allein", "alle zusammen", "die ganze Form"],
        TELL: ["sag es mir", "sags mir einfach", "weiß nicht", "keine Ahnung", "überspringen", "ich gebe auf"],
        NEXT: ["weiter", "das nächste Bild", "ein anderes Bild bitte"],
        UNCLEAR: ["der Bogen", "1 und 3", "der Ring", "Pizza"],
        QUESTION: ["warum nicht 3?", "wie sicher bist du?", "der Strich oben ist nicht wichtig"],
    },
    "es": {
        PART: ["la barra de arriba", "creo que la barra", "no sé, tal vez la barra"],
        2: ["2", "la parte 2", "la segunda", "creo que el 2", "el trazo vertical"],
        4: ["abajo", "la curva de abajo", "la última"],
        NONE: ["ninguna", "ninguna parte sola", "todas juntas", "toda la forma"],
        TELL: ["dímelo", "no sé", "no lo sé", "ni idea", "me rindo", "dime la respuesta"],
        NEXT: ["otra imagen", "la siguiente", "siguiente por favor"],
        UNCLEAR: ["la curva", "1 y 3", "el bucle", "pizza"],
        QUESTION: ["¿por qué no 3?", "¿qué tan seguro estás?"],
    },
    "fr": {
        PART: ["la barre du haut", "je pense que c’est la barre", "je ne sais pas, peut-être la barre"],
        2: ["2", "la partie 2", "la deuxième", "je dirais 2", "le trait vertical"],
        4: ["en bas", "la courbe du bas", "la dernière"],
        NONE: ["aucune", "aucune partie à elle seule", "toutes ensemble", "toute la forme"],
        TELL: ["dis-le-moi", "je ne sais pas", "aucune idée", "je passe", "je donne ma langue au chat"],
        NEXT: ["une autre image", "la suivante", "suivant"],
        UNCLEAR: ["la courbe", "1 et 3", "la boucle", "pizza"],
        QUESTION: ["pourquoi pas 3 ?", "tu en es sûr ?"],
    },
}  # fmt: skip
CASES = [
    (language, text, expected)
    for language, rows in SAID.items()
    for expected, texts in rows.items()
    for text in texts
    if expected != NEXT
]


def reading() -> Reading:
    """A 5 of four parts, two of them curves, with an opening."""
    parts = []
    for number, (form, place, side) in enumerate(SHAPES, start=1):
        mask = np.zeros((28, 28), bool)
        mask[6 * number : 6 * number + 3, 4:24] = True
        parts.append(Part(f"part_{number}", "ink", form, place, mask, side))
    gap = np.zeros((28, 28), bool)
    gap[10:12, 14:20] = True
    parts.append(Part("gap_1", "gap", "opening", "right", gap, "right"))
    case = Case(FakeClassifier.random(), np.float32(np.any([one.mask for one in parts[:4]], axis=0)))
    case.prediction, case.parts = made.prediction(), tuple(parts)  # type: ignore[misc]  # set beforehand
    return Reading(DigitImage(case.pixels), case, None)


READING = reading()


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_what_pupils_write(language: str, text: str, expected: str | int) -> None:
    guess = guess_of(text, Session(language=language, reading=READING), READING)
    if expected == QUESTION:
        assert guess is None
    elif isinstance(expected, int) or expected == PART:
        assert guess is not None
        assert guess.kind == PART
        assert [part.id for part in guess.parts] == [f"part_{1 if expected == PART else expected}"]
    else:
        assert guess is not None
        assert guess.kind == expected


@pytest.mark.parametrize("language", SAID)
def test_who_wants_the_next_picture(language: str) -> None:
    for kind, texts in SAID[language].items():
        for text in texts:
            assert wants_next(text, language) == (kind == NEXT), text


def test_an_empty_place_is_a_guess_with_no_number() -> None:
    guess = guess_of("the gap on the right", Session(reading=READING), READING)
    assert guess is not None
    assert guess.parts[0].id == "gap_1"
    assert guess.where == "right gap"


def test_of_two_that_may_be_meant_both_are_given_back() -> None:
    guess = guess_of("the curve", Session(reading=READING), READING)
    assert guess is not None
    assert [part.id for part in guess.parts] == ["part_3", "part_4"]


def test_the_language_of_the_guess_is_told() -> None:
    said = guess_of("ich glaube der Strich oben", Session(reading=READING), READING)
    number = guess_of("2", Session(reading=READING), READING)
    assert said is not None
    assert number is not None
    assert (said.language, number.language) == ("de", None)


def test_any_string_is_borne() -> None:
    generator = np.random.default_rng(0)
    alphabet = np.array(list("abc 0123456789²٣½,.!?'’-_{}<>\\\n\t\0é字🙂"))
    for length in generator.integers(0, 700, 60):
        text = "".join(generator.choice(alphabet, length))
        guess_of(text, Session(reading=READING), READING)
        wants_next(text, "fr")


def test_every_language_that_is_understood_has_its_words() -> None:
    lexicon = tomllib.loads(Path(guesses.__file__).with_name("lexicon.toml").read_text(encoding="utf-8"))
    assert set(lexicon) == set(spoken_languages())
    shape = {name: set(words) if isinstance(words, dict) else str for name, words in lexicon["en"].items()}
    for words in lexicon.values():
        assert {name: set(own) if isinstance(own, dict) else str for name, own in words.items()} == shape
        for word in " ".join(str(one) for one in words.values() if isinstance(one, str)).split():
            assert word.isascii(), word
