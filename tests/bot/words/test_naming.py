"""Sentences about letters and clothes: no digit is spoken of, and what stands about a name suits it."""

from __future__ import annotations

import json
import re

import pytest

from bot.figures.words import load_words
from bot.words.interface import interface_words
from bot.words.naming import NAME, OF_DIGITS, TEMPLATES, naming_of
from bot.words.render import LEVELS, languages, words
from model.alphabet import MNIST, Alphabet
from tests.alphabets import CLOTHES, EVERY, KANA, LETTERS
from tests.bot.words.test_render import SLOTS, variables

# "Digital clock" names no digit; what is known of MNIST is said of MNIST's own weights only.
DIGIT = re.compile(r"\bdigits?\b|ziffer|\bd[ií]gitos?\b|\bcifras?\b|\bchiffres?\b", re.IGNORECASE)
OF_MNIST = re.compile(r"^(training_(mnist|origin|limits|unseen)|measured_on_mnist|counted_on_mnist|style_)")
KINDS = {name: EVERY[name] for name in ("clothes", "letters", "kana")}  # one of each kind
OF_EXAMPLES = ("examples",)  # which other alphabets do not have


def sentences(language: str, alphabet: Alphabet) -> dict[tuple[str, str], str]:
    """(level, name) of every sentence that may be said of ``alphabet`` → its template; nothing is compiled."""
    found = {}
    for folder in (TEMPLATES / language, TEMPLATES / language / alphabet.kind):
        for level in ("", "simple", "expert"):
            for file in sorted((folder / level).glob("*.jinja")):
                text = naming_of(language, alphabet).adapted(file.read_text(encoding="utf-8"))
                for name, source in re.findall(r"{% block (\w+) %}(.*?){% endblock %}", text, re.DOTALL):
                    found[level, name] = source
    return {key: source for key, source in found.items() if not OF_MNIST.match(key[1])}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", KINDS)
def test_no_sentence_speaks_of_digits(language: str, name: str) -> None:
    found = sentences(language, KINDS[name])
    assert len(found) > 900
    for key, source in found.items():
        bare = re.sub(r"{{.*?}}|{%.*?%}", "", source)
        assert not DIGIT.search(bare), (key, bare)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", KINDS)
def test_what_was_learnt_from_is_not_called_mnist(language: str, name: str) -> None:
    found = sentences(language, KINDS[name])
    assert "MNIST" in sentences(language, MNIST)["", "steps_done_ready"]
    for level, sentence in found:
        if sentence in ("steps_done", "steps_done_ready"):
            assert "MNIST" not in found[level, sentence]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", KINDS)
def test_nor_do_figures_and_the_page(language: str, name: str) -> None:
    around = interface_words(language, KINDS[name])
    texts = [text for key, text in around.items() if not key.startswith(OF_EXAMPLES)]
    figures = {key: value for key, value in vars(load_words(language, KINDS[name])).items() if key != "naming"}
    texts.append(re.sub(r"{\w+}", "", json.dumps(figures, default=str, ensure_ascii=False)))
    for text in texts:
        assert not DIGIT.search(re.sub(r"{\w+}", "", re.sub(r"'[a-z_]+':", "", text))), text


def test_the_check_sees_a_digit() -> None:
    assert DIGIT.search(words("de").source("ask_predict", "normal"))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("level", LEVELS)
def test_every_sentence_about_clothes_renders_from_the_slots_of_digits(language: str, level: str) -> None:
    said = words(language, CLOTHES)
    for name in said.levels[level]:
        if name in words("en").levels[level] and name != "plural":  # which is asked of digits alone
            slots = {one: SLOTS.get(one, 0.12) for one in variables("en", level, name)}
            text = said.say(name, slots, level)
            assert NAME not in text, name
            assert "None" not in text, name


@pytest.mark.parametrize("language", languages())
def test_digits_are_said_as_ever(language: str) -> None:
    assert naming_of(language, MNIST) is OF_DIGITS
    assert naming_of(language, Alphabet(dataset="emnist-digits")) is OF_DIGITS
    assert words(language).say("ask_why_digit", {"digit": 5}) == words(language, MNIST).say(
        "ask_why_digit", {"digit": 5}
    )
    assert "5" in words(language).say("ask_why_digit", {"digit": 5})


@pytest.mark.parametrize(
    ("language", "alphabet", "digit", "name", "text"),
    [
        ("en", LETTERS, 1, "ask_why_digit", "Why B?"),
        ("en", KANA, 1, "ask_why_digit", "Why “ki”?"),
        ("en", CLOTHES, 4, "ask_why_digit", "Why “coat”?"),
        ("en", CLOTHES, 9, "ask_correct_me_digit", "That is wrong, it is “ankle boot”"),
        ("de", LETTERS, 1, "ask_why_digit", "Warum die Klasse B?"),
        ("de", CLOTHES, 4, "ask_why_digit", "Warum die Klasse „Mantel“?"),
        ("es", LETTERS, 1, "ask_why_digit", "¿Por qué una B?"),
        ("es", CLOTHES, 3, "ask_why_digit", "¿Por qué el tipo “vestido”?"),
        ("fr", LETTERS, 1, "ask_why_digit", "Pourquoi B\u202f?"),
        ("fr", CLOTHES, 3, "ask_why_digit", "Pourquoi le type «\N{NO-BREAK SPACE}robe\N{NO-BREAK SPACE}»\u202f?"),
    ],
)
def test_a_name_in_its_sentence(language: str, alphabet: Alphabet, digit: int, name: str, text: str) -> None:
    assert (
        words(language, alphabet)
        .say(name, {"digit": digit})
        .replace("« ", "«\N{NO-BREAK SPACE}")
        .replace(" »", "\N{NO-BREAK SPACE}»")
        == text
    )


@pytest.mark.parametrize(
    ("alphabet", "digit", "article"),
    [(LETTERS, 0, "an A"), (LETTERS, 1, "a B"), (LETTERS, 7, "an H"), (LETTERS, 20, "a U")],
)
def test_the_article_of_a_letter(alphabet: Alphabet, digit: int, article: str) -> None:
    slots = {"digit": digit, "pictures": 10}
    assert f"test pictures of {article}" in words("en", alphabet).say("accuracy_one_perfect", slots)


def test_the_article_of_a_garment() -> None:
    slots = {"pictures": 10}
    assert "of an “ankle boot”" in words("en", CLOTHES).say("accuracy_one_perfect", {"digit": 9, **slots})
    assert "of a “coat”" in words("en", CLOTHES).say("accuracy_one_perfect", {"digit": 4, **slots})


def test_a_label_that_has_no_name_is_said_as_it_is_written() -> None:
    other = Alphabet(("Hat", "Coat"), "fashion-mnist")
    assert words("de", other).say("ask_why_digit", {"digit": 0}) == "Warum die Klasse „Hat“?"
    assert words("de", other).say("ask_why_digit", {"digit": 1}) == "Warum die Klasse „Mantel“?"


def test_counts_are_no_classes() -> None:
    naming = naming_of("en", LETTERS)
    assert naming.named({"digit": 1, "count": 1, "other": True})["count"] == 1
    assert naming.named({"digit": 26})["digit"] == 26  # there is no such class
    assert naming.fill("{digit} of {count}", digit=1, count=1) == "B of 1"


@pytest.mark.parametrize("language", languages())
def test_every_language_has_words_for_every_kind(language: str) -> None:
    for kind in {alphabet.kind for alphabet in EVERY.values()}:
        own, english = (
            json.loads((TEMPLATES / one / kind / "interface.json").read_text(encoding="utf-8"))
            for one in (language, "en")
        )
        assert {"title", "empty_chat", "no_such_example"} <= own.keys() & english.keys()
        naming = naming_of(language, EVERY["letters" if kind == "letters" else "clothes"])
        assert all(pattern.pattern for pattern, _ in (*naming.words, *naming.around))


@pytest.mark.parametrize("language", languages())
def test_the_clothes_all_have_names_of_their_own(language: str) -> None:
    short = naming_of(language, CLOTHES).short
    assert len(set(short)) == len(CLOTHES.labels)
    assert "T-shirt/top" not in short
