"""Questions about letters and clothes are those that would be asked of a digit."""

from __future__ import annotations

import pytest

from bot.question import Context, Question
from bot.understand import understand
from bot.understanding.normalise import LONGEST
from bot.words.phrasing import phrase
from bot.words.render import languages, words
from model.alphabet import MNIST, Alphabet
from tests.alphabets import BALANCED, CLOTHES, KANA, LETTERS

PARTS = (("neckline", "top"), ("shoulder", "top_left"), ("sleeve", "left"), ("sleeve", "right"), ("hem", "bottom"))
SLOTS = ("digit", "other")


def asked(alphabet: Alphabet, language: str, text: str, previous: Question | None = None) -> tuple[str, dict]:
    """What is understood, classes by their labels."""
    found = understand(text, Context(4, previous, PARTS, language, alphabet))
    slots = {name: alphabet.labels[value] if name in SLOTS else value for name, value in found.slots.items()}
    return found.type, slots


@pytest.mark.parametrize(
    ("language", "text", "kind", "slots"),
    [
        ("en", "why coat?", "why", {"digit": "Coat"}),
        ("en", "why not a coat?", "why_not", {"other": "Coat"}),
        ("en", "is it a shirt?", "confidence", {"digit": "Shirt"}),
        ("en", "it's a sneaker", "correct_me", {"digit": "Sneaker"}),
        ("en", "no, these are trainers", "correct_me", {"digit": "Sneaker"}),
        ("en", "what would make it a dress?", "how_to_become", {"other": "Dress"}),
        ("en", "why a jacket and not a T-shirt?", "why_not", {"other": "T-shirt/top", "digit": "Coat"}),
        ("en", "which kinds of clothing do you mix up?", "confusions", {}),
        ("en", "what piece of clothing is this?", "predict", {}),
        ("en", "what if I erase the top?", "what_if", {"change": "erase", "where": "top"}),  # the place, no garment
        ("en", "what if I erase the neckline", "what_if", {"change": "erase", "where": "part_1"}),
        ("en", "is it because of the left sleeve?", "check_claim", {"where": "part_3"}),
        ("en", "rotate it 5 degrees", "what_if", {"change": "rotate", "amount": 5}),
        ("en", "why not 5?", "why_not", {}),  # a number is no piece of clothing
        ("de", "Warum keine Hose?", "why_not", {"other": "Trouser"}),
        ("de", "nein, das ist eine Jacke", "correct_me", {"digit": "Coat"}),
        ("de", "Was würde daraus ein Kleid machen?", "how_to_become", {"other": "Dress"}),
        ("de", "Welches Kleidungsstück ist das?", "predict", {}),
        ("de", "und wenn ich den linken Ärmel wegradiere?", "what_if", {"change": "erase", "where": "part_3"}),
        ("es", "¿por qué no una camisa?", "why_not", {"other": "Shirt"}),
        ("es", "¿qué tipos de ropa confundes?", "confusions", {}),
        ("fr", "pourquoi pas une chemise ?", "why_not", {"other": "Shirt"}),
        ("fr", "c'est une basket", "correct_me", {"digit": "Sneaker"}),
        ("fr", "est-ce à cause de l'encolure ?", "check_claim", {"where": "part_1"}),
        ("en", "warum keine Hose?", "why_not", {"other": "Trouser"}),  # in another language than the conversation's
    ],
)
def test_clothes(language: str, text: str, kind: str, slots: dict) -> None:
    assert asked(CLOTHES, language, text) == (kind, slots)


@pytest.mark.parametrize(
    ("language", "text", "kind", "slots"),
    [
        ("en", "why B?", "why", {"digit": "B"}),
        ("en", "why b", "why", {"digit": "B"}),
        ("en", "why Z and not an M?", "why_not", {"digit": "Z", "other": "M"}),  # beyond the ten digits
        ("en", "why is it a B", "why", {"digit": "B"}),  # the article is none
        ("en", "WHY NOT A B", "why_not", {"other": "B"}),
        ("en", "why a?", "why", {"digit": "A"}),
        ("en", "why not an a?", "why_not", {"other": "A"}),
        ("en", "why not 'a'?", "why_not", {"other": "A"}),
        ("en", "why not the letter a?", "why_not", {"other": "A"}),
        ("en", "why I?", "why", {"digit": "I"}),
        ("en", "is it an I or an L?", "why_not", {"digit": "I", "other": "L"}),
        ("en", "how often do you confuse Bs with Ds?", "confusions", {"digit": "B"}),
        ("en", "what letter is this?", "predict", {}),
        ("en", "why a 5?", "why", {}),
        ("en", "what am I?", "help", {}),
        ("en", "should I trust you?", "trust", {}),
        ("en", "how r u so sure?", "confidence", {}),
        ("en", "what is a heatmap?", "explain_method", {}),
        ("en", "y?", "why", {}),
        ("en", "I think it is the loop", "check_claim", {"where": "loop"}),
        ("de", "Warum ein A und kein H?", "why_not", {"digit": "A", "other": "H"}),
        ("de", "Welcher Buchstabe ist das?", "predict", {}),
        ("es", "¿por qué no una a?", "why_not", {"other": "A"}),
        ("es", "por qué e y no f", "why_not", {"digit": "E", "other": "F"}),
        ("es", "¿y por qué?", "why", {}),
        ("es", "¿a qué se parece?", "similar", {}),
        ("fr", "pourquoi l'A ?", "why", {"digit": "A"}),
        ("fr", "pourquoi pas un a ?", "why_not", {"other": "A"}),
        ("fr", "c est quoi ?", "predict", {}),
        ("fr", "il y a une barre ?", "check_claim", {"where": "bar"}),
    ],
)
def test_letters(language: str, text: str, kind: str, slots: dict) -> None:
    assert asked(LETTERS, language, text) == (kind, slots)


@pytest.mark.parametrize(
    ("alphabet", "language", "text", "kind", "slots"),
    [
        (BALANCED, "en", "why not a 5?", "why_not", {"other": "5"}),
        (BALANCED, "en", "why b and not B?", "why_not", {"digit": "b", "other": "B"}),
        (BALANCED, "en", "why 1 and not I?", "why_not", {"digit": "1", "other": "I"}),
        (BALANCED, "en", "why five and not S?", "why_not", {"digit": "5", "other": "S"}),
        (KANA, "en", "why ki?", "why", {"digit": "ki"}),
        (KANA, "en", "why not “re”?", "why_not", {"other": "re"}),
        (KANA, "es", "¿por qué ya lo sabes?", "trust", {}),
    ],
)
def test_other_characters(alphabet: Alphabet, language: str, text: str, kind: str, slots: dict) -> None:
    assert asked(alphabet, language, text) == (kind, slots)


def test_a_half_sentence_goes_on_with_the_question_before() -> None:
    before = Question("why_not", {"other": 25, "digit": 1})
    assert asked(LETTERS, "en", "and Q?", before) == ("why_not", {"other": "Q", "digit": "B"})
    assert asked(CLOTHES, "en", "and a dress?", Question("how_to_become", {"other": 7})) == (
        "how_to_become",
        {"other": "Dress"},
    )


def test_two_questions_in_one_sentence() -> None:
    found = understand("why X and not Y, and what would make it a W?", Context(4, None, (), "en", LETTERS))
    assert found.slots == {"other": 24, "digit": 23}
    assert [one.slots for one in found.also] == [{"other": 22}]


def test_more_classes_than_digits_in_one_text_do_no_harm() -> None:
    found = understand("why not " + " or ".join("BCDFGHJKLMNPQ") + "?", Context(4, None, (), "en", LETTERS))
    assert all(0 <= value < 26 for name, value in found.slots.items() if name in SLOTS)


@pytest.mark.parametrize("text", ["", " ", "?", "a" * 3 * LONGEST, "B " * LONGEST, "\ue000\x00#7", "'''", "A"])
@pytest.mark.parametrize("alphabet", [CLOTHES, LETTERS, BALANCED, KANA])
def test_nothing_is_too_strange(alphabet: Alphabet, text: str) -> None:
    found = understand(text, Context(4, None, (), "en", alphabet))
    assert found.cut == (len(text) > LONGEST)


def test_digits_are_understood_as_ever() -> None:
    for text in ("why not a 3?", "why b?", "why a coat?"):
        assert understand(text, Context(5, None, (), "en", MNIST)) == understand(text, Context(5, None, (), "en"))


OFFERED = (
    *map(Question, ("predict", "why", "why_not", "confidence", "alternatives", "where", "how_robust", "trust")),
    *map(Question, ("how_to_become", "confusions", "accuracy", "fool", "similar", "feature_map", "preprocessing")),
    *(Question(kind, {"digit": 4}) for kind in ("why", "accuracy", "confusions")),
    *(Question(kind, {"other": 3}) for kind in ("why_not", "how_to_become", "fool")),
    Question("why_not", {"other": 6, "digit": 4}),
    Question("correct_me", {"digit": 9}),
    Question("what_if", {"change": "erase", "where": "part_2"}),
)


IN_WORDS = ("why_not", "how_to_become")  # asked without a class only where nothing was asked before


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", ["clothes", "letters", "kana"])
@pytest.mark.parametrize("previous", [None, Question("why_not", {"other": 6})], ids=["first", "after"])
def test_an_offered_question_is_that_question(language: str, name: str, previous: Question | None) -> None:
    alphabet = {"clothes": CLOTHES, "letters": LETTERS, "kana": KANA}[name]
    said = words(language, alphabet)
    for question in OFFERED if previous is None else (one for one in OFFERED if one.type not in IN_WORDS or one.slots):
        text = phrase(question, said)
        found = understand(text, Context(4, previous, PARTS, language, alphabet))
        assert (found.type, dict(found.slots)) == (question.type, dict(question.slots)), text


@pytest.mark.parametrize("language", languages())
def test_every_label_is_asked_for_by_its_name(language: str) -> None:
    for alphabet in (CLOTHES, LETTERS):
        for place in range(len(alphabet.labels)):
            text = phrase(Question("why_not", {"other": place}), words(language, alphabet))
            found = understand(text, Context(4, None, (), language, alphabet))
            assert (found.type, found.slots) == ("why_not", {"other": place}), text
