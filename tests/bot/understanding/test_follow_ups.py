"""Half sentences that name nothing: a change once more or half as much, the same again, and what is not understood."""

from __future__ import annotations

import pytest

from bot.question import Context, Question
from bot.understand import understand
from bot.understanding.slots import MEASURED

TURNED = Question("what_if", {"change": "rotate", "direction": "left", "amount": 10})
MORE = {
    "en": ("a bit more", "even more", "further", "more!", "again"),
    "de": ("noch etwas mehr", "noch mehr", "weiter", "mehr", "nochmal"),
    "es": ("un poco más", "más todavía", "otro poco", "más", "otra vez"),
    "fr": ("encore un peu", "encore plus", "davantage", "plus", "encore"),
}
LESS = {
    "en": ("less", "a bit less", "half that"),
    "de": ("weniger", "etwas weniger", "die Hälfte davon"),
    "es": ("menos", "un poco menos", "la mitad"),
    "fr": ("moins", "un peu moins", "la moitié"),
}


def asked(text: str, previous: Question, language: str = "en") -> Question:
    return understand(text, Context(5, previous, language=language))


def in_each(words: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in words.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), in_each(MORE))
def test_more_is_the_same_change_on_top(language: str, text: str) -> None:
    found = asked(text, TURNED, language)
    assert found.to_dict() == TURNED.to_dict()
    assert found.cues == ("also",)


@pytest.mark.parametrize(("language", "text"), in_each(LESS))
def test_less_is_half_of_it_instead(language: str, text: str) -> None:
    found = asked(text, TURNED, language)
    assert found.to_dict() == {**TURNED.to_dict(), "amount": 5}
    assert "also" not in found.cues


@pytest.mark.parametrize(("amount", "less"), [(2, 1.5), (0.5, 0.75), (3, 2)])
def test_a_size_goes_half_of_the_way_back(amount: float, less: float) -> None:
    found = asked("less", Question("what_if", {"change": "scale", "amount": amount}))
    assert found.slots["amount"] == less


def test_less_of_a_change_whose_amount_was_not_said_is_not_guessed() -> None:
    assert asked("less", Question("what_if", {"change": "blur"})).type != "what_if"


@pytest.mark.parametrize("change", ["erase", "fill", "mirror", "invert"])
def test_of_a_change_without_an_amount_there_is_no_more(change: str) -> None:
    assert change not in MEASURED
    found = asked("a bit more", Question("what_if", {"change": change, "where": "top"}))
    assert found.type != "what_if"


@pytest.mark.parametrize("text", ["thicker", "even thicker", "make it thicker"])
def test_the_same_change_said_again_comes_on_top(text: str) -> None:
    found = asked(text, Question("what_if", {"change": "thicken", "amount": 2}))
    assert (found.to_dict(), found.cues) == ({"type": "what_if", "change": "thicken", "amount": 2}, ("also",))


def test_with_an_amount_of_its_own_it_is_another_change() -> None:
    found = asked("3 pixels thicker", Question("what_if", {"change": "thicken", "amount": 2}))
    assert (found.slots["amount"], found.cues) == (3, ())


def test_bigger_after_half_the_size_goes_the_other_way() -> None:
    found = asked("bigger", Question("what_if", {"change": "scale", "amount": 0.5}))
    assert (found.to_dict(), set(found.cues)) == ({"type": "what_if", "change": "scale"}, {"also", "larger"})


@pytest.mark.parametrize(("text", "amount"), [("by 30, say", 30), ("let's say 25 degrees", 25), ("a quarter turn", 90)])
def test_an_amount_that_was_not_said_before(text: str, amount: int) -> None:
    assert asked(text, Question("what_if", {"change": "rotate", "direction": "left"})).slots["amount"] == amount


@pytest.mark.parametrize("text", ["again", "once more please", "same question for the new picture", "and this one?"])
def test_a_question_is_asked_again_where_that_is_said(text: str) -> None:
    before = Question("why_not", {"other": 3})
    assert asked(text, before).to_dict() == before.to_dict()


@pytest.mark.parametrize("previous", [Question("why"), Question("what_if", {"change": "erase", "where": "top"})])
@pytest.mark.parametrize("text", ["what about the edges", "with a pencil?", "what about black ink"])
def test_what_changes_nothing_is_not_answered_with_the_answer_before(text: str, previous: Question) -> None:
    assert asked(text, previous).type == "unknown"


@pytest.mark.parametrize(
    ("text", "expected"), [("and overall?", {}), ("and ones?", {"digit": 1}), ("and 3s", {"digit": 3})]
)
def test_of_all_digits_and_of_ones(text: str, expected: dict[str, int]) -> None:
    found = asked(text, Question("accuracy", {"digit": 4}))
    assert found.to_dict() == {"type": "accuracy", **expected}


@pytest.mark.parametrize(
    ("language", "text", "change"),
    [
        ("en", "what if instead of erasing the top I fill it", "fill"),
        ("en", "do not rotate it, blur it", "blur"),
        ("es", "mejor no lo borres, rellénalo", "fill"),
        ("en", "what if I erase the top", "erase"),
    ],
)
def test_a_change_that_is_ruled_out_is_not_made(language: str, text: str, change: str) -> None:
    assert asked(text, Question("why"), language).slots["change"] == change


@pytest.mark.parametrize("text", ["would it still be a 7?", "still a 7?", "would it be a 7 then?"])
def test_a_digit_that_is_asked_about_is_no_amount(text: str) -> None:
    assert asked(text, TURNED).to_dict() == {**TURNED.to_dict(), "digit": 7}


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("and 5?", {"amount": 5}),
        ("and part 2?", {"where": "part_2"}),
        ("and part 2 by 30?", {"where": "part_2", "amount": 30}),
        ("and the left loop?", {"where": "left loop"}),
        ("and right?", {"direction": "right"}),
    ],
)
def test_what_a_half_sentence_changes_and_what_it_leaves(text: str, slots: dict[str, object]) -> None:
    assert asked(text, TURNED).to_dict() == {**TURNED.to_dict(), **slots}


@pytest.mark.parametrize(("text", "change"), [("now also turn it 20 degrees", "rotate"), ("now also blur it", "blur")])
def test_what_was_erased_is_not_what_is_turned_next(text: str, change: str) -> None:
    erased = Question("what_if", {"change": "erase", "where": "top bar"})
    found = asked(text, erased)
    assert (found.slots["change"], found.slots.get("where"), found.cues) == (change, None, ("also",))
    turned = Question("what_if", {"change": "rotate", "where": "loop", "amount": 10})
    assert asked("blur it", turned).slots["where"] == "loop"
    assert asked("and fill it", erased).slots["where"] == "top bar"


@pytest.mark.parametrize(
    ("change", "before", "text", "amount"),
    [("noise", 0.2, "and 30 %", 0.3), ("scale", 2, "50 %?", 0.5), ("rotate", 20, "and 45 degrees", 45)],
)
def test_a_bare_amount_is_one_of_the_change_before(change: str, before: float, text: str, amount: float) -> None:
    assert asked(text, Question("what_if", {"change": change, "amount": before})).slots["amount"] == amount


@pytest.mark.parametrize(
    ("text", "type_"),
    [("it's a 6", "correct_me"), ("no, it is a 6", "correct_me"), ("is it a 6?", ""), ("and 6?", "why")],
)
def test_what_is_said_of_the_picture_is_no_half_question(text: str, type_: str) -> None:
    found = asked(text, Question("why"))
    assert found.type == type_ if type_ else found.type != "correct_me"
    assert found.type == "unknown" or 6 in found.slots.values()


def test_why_it_was_wrong_is_about_the_digit_that_was_told() -> None:
    told = Question("correct_me", {"digit": 6})
    assert asked("why did you get it wrong?", told).to_dict() == told.to_dict()
    assert asked("it's a 3", told).slots == {"digit": 3}
