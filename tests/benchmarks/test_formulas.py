"""How hard a text is to read: words, syllables and sentences are counted as the formulas' authors did."""

from __future__ import annotations

import pytest

from benchmarks.formulas import SCALES, plain, readability, sentences, words
from benchmarks.syllables import spoken_number, syllables

EASY = {
    "en": "I see a cat. It is red.",
    "de": "Ich sehe ein Haus. Es ist rot.",
    "es": "Veo un gato. Es rojo.",
    "fr": "Je vois un chat. Il est noir.",
}
HARD = {
    "en": "The probabilistic interpretation necessitates considerable methodological sophistication.",
    "de": "Die wahrscheinlichkeitstheoretische Interpretation erfordert beträchtliche methodologische Voraussetzungen.",
    "es": "La interpretación probabilística presupone considerables conocimientos metodológicos especializados.",
    "fr": "L’interprétation probabiliste présuppose des connaissances méthodologiques considérables.",
}


@pytest.mark.parametrize(
    ("language", "text", "figure"),
    [
        ("en", "The cat sat on the mat.", 0.39 * 6 + 11.8 - 15.59),  # six words of one syllable
        ("en", "A digit. A digit.", 0.39 * 2 + 11.8 * 1.5 - 15.59),
        ("de", "Ich sehe ein Haus.", 0.1672 * 4 - 0.0327 * 75 - 0.875),  # one of four has two syllables
        ("de", "Das Ausradieren hilft.", 0.1935 * 100 / 3 + 0.1672 * 3 + 0.1297 * 100 / 3 - 0.0327 * 200 / 3 - 0.875),
        ("es", "Veo un gato.", 206.835 - 62.3 * 5 / 3 - 3),
        ("fr", "Je vois un chat.", 207 - 1.015 * 4 - 73.6),
    ],
)
def test_the_formula_of_each_language(language: str, text: str, figure: float) -> None:
    assert readability(text, language) == pytest.approx(figure)


@pytest.mark.parametrize("language", SCALES)
def test_the_bar_lies_between_easy_and_hard(language: str) -> None:
    scale = SCALES[language]
    assert scale.holds(readability(EASY[language], language))
    assert not scale.holds(readability(HARD[language], language))
    assert scale.holds(scale.bar)


@pytest.mark.parametrize("text", ["", "**", "| a | b |", "…!"])
def test_without_words_there_is_no_figure(text: str) -> None:
    with pytest.raises(ValueError, match="nothing to read"):
        readability(text, "en")


def test_a_figure_is_one_word_with_its_sign_and_has_one_syllable() -> None:
    assert words("It has 97\u00a0% of 10,000, or −3.5 in all.") == [
        "It", "has", "97\u00a0%", "of", "10,000", "or", "−3.5", "in", "all",
    ]  # fmt: skip
    assert words("> 99.9 % and DenseNet121, 28 by 28") == ["> 99.9 %", "and", "DenseNet121", "28", "by", "28"]
    assert readability("I got 97 %.", "en") == readability("I got one.", "en")
    assert readability("I got 97 %.", "en", aloud=True) > readability("I got 97 %.", "en")


def test_markdown_is_not_read() -> None:
    text = "1. I say **5**.\n\n| table | of |\n|---|---|\n\n- See [the page](https://x.y/z). `Code` *is* one word"
    assert plain(text).split("\n")[0] == "I say 5."
    assert sentences(text) == ["I say 5.", "See the page.", "Code is one word"]


def test_sentences_end_where_a_reader_stops() -> None:
    assert sentences("Ask “why 3?” and I will. 5 falls to 0.5: it is so; yes! ¿Por qué? «Oui.» Et") == [
        "Ask “why 3?” and I will.", "5 falls to 0.5: it is so; yes!", "¿Por qué?", "«Oui.", "Et",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "counted"),
    [
        ("en", "a 1 the 1 digit 2 erased 2 rubbed 1 hundred 2 people 2 little 2 loop 1 area 3 layer 2 being 2 idea 3 "
               "points 1 make 1 makes 1 squares 1 changes 2 LIME 1 LRP 3 Grad-CAM 2 DenseNet121 3 isn't 2 part's 1"),
        ("de", "Ziffer 2 Bogen 2 häufig 2 sieht 1 neuronales 4 ausradieren 4 Quadrat 2 Bild 1 Öffnung 2"),
        ("es", "dígito 3 ciudad 2 guía 2 pingüino 3 seguro 3 quiere 2 ley 2 abertura 4 que 1"),
        ("fr", "chiffre 1 réalité 4 image 2 oiseau 2 naïf 2 création 3 quatre 1 je 1 feuille 1 boucles 1"),
    ],
)  # fmt: skip
def test_syllables(language: str, counted: str) -> None:
    pairs = counted.split()
    for word, count in zip(pairs[::2], pairs[1::2], strict=True):
        assert syllables(word, language) == int(count), word


@pytest.mark.parametrize(
    ("figure", "count"),
    [("0", 2), ("7", 2), ("13", 2), ("97", 4), ("97\u00a0%", 6), ("100", 3), ("0.07", 7), ("10,000", 3), ("−3", 3),
     ("6,964,106", 15)],
)  # fmt: skip
def test_figures_as_they_are_said(figure: str, count: int) -> None:
    assert spoken_number(figure) == count
