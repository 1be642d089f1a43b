"""Several things that one sentence asks about alike, and what it says not to change."""

from __future__ import annotations

import pytest

from bot.question import Context, Question
from bot.understand import understand


def _asked(text: str, language: str = "en", previous: Question | None = None) -> list[Question]:
    question = understand(text, Context(5, previous, language=language))
    return [question, *question.also]


@pytest.mark.parametrize(
    ("language", "text", "others"),
    [
        ("en", "why not 3 or 6?", [3, 6]),
        ("en", "why not 3, 6 or 8?", [3, 6, 8]),
        ("en", "why not a three or an eight?", [3, 8]),
        ("en", "why not 3?", [3]),
        ("en", "is it more a 5 or a 3?", [3]),
        ("de", "warum keine 3 oder 6?", [3, 6]),
        ("es", "¿por qué no un 3 o un 6?", [3, 6]),
        ("fr", "pourquoi pas un 3 ou un 6 ?", [3, 6]),
    ],
)
def test_each_digit_that_is_ruled_out_is_asked_about(language: str, text: str, others: list[int]) -> None:
    asked = _asked(text, language)
    assert [(one.type, one.slots["other"]) for one in asked] == [("why_not", other) for other in others]


def test_a_half_sentence_names_several_digits_too() -> None:
    asked = _asked("or 2 or 4?", previous=Question("why_not", {"other": 3}))
    assert [one.to_dict() for one in asked[1:]] == [{"type": "why_not", "other": 4}]
    assert asked[0].slots == {"other": 2}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "what would make it a 3 or an 8?"),
        ("de", "wie wird daraus eine 3 oder eine 8?"),
        ("es", "¿qué haría falta para un 3 o un 8?"),
        ("fr", "que faudrait-il pour un 3 ou un 8 ?"),
    ],
)
def test_each_digit_that_it_might_become(language: str, text: str) -> None:
    asked = _asked(text, language)
    assert [(one.type, one.slots["other"]) for one in asked] == [("how_to_become", 3), ("how_to_become", 8)]


def test_which_of_two_digits_it_is_stays_one_question() -> None:
    (asked,) = _asked("is this a 4 or a 9")
    assert asked.type in ("predict", "why_not")


@pytest.mark.parametrize(
    ("language", "text", "places"),
    [
        ("en", "is it the loop or the bar?", ["loop", "bar"]),
        ("en", "does the top bar matter or the bottom one?", ["top bar", "bottom bar"]),
        ("en", "is the top more important than the bottom?", ["top", "bottom"]),
        ("en", "are the loop and the bar important?", ["loop", "bar"]),
        ("en", "which matters more, the loop or the bar?", ["loop", "bar"]),
        ("en", "is it because of the loop at the top?", ["top loop"]),
        ("en", "is it because of the gap between the bar and the stem?", ["gap"]),
        ("de", "ist es die Schleife oder der Balken?", ["loop", "bar"]),
        ("es", "¿es el lazo o la barra?", ["loop", "bar"]),
        ("fr", "c'est la boucle ou la barre ?", ["loop", "bar"]),
    ],
)
def test_each_place_that_may_be_the_reason_is_tested(language: str, text: str, places: list[str]) -> None:
    asked = _asked(text, language)
    assert [(one.type, one.slots["where"]) for one in asked] == [("check_claim", place) for place in places]


@pytest.mark.parametrize(
    ("language", "text"), [("es", "¿es la barra o el palo?"), ("fr", "c'est la barre ou la hampe ?")]
)
def test_a_choice_after_a_change_is_no_further_change_of_the_picture(language: str, text: str) -> None:
    for slots in ({}, {"change": "rotate", "amount": 20}):
        asked = _asked(text, language, Question("what_if", slots))
        assert [(one.type, one.slots["where"]) for one in asked] == [("check_claim", "bar"), ("check_claim", "stem")]
    erased = _asked(text, language, Question("what_if", {"change": "erase", "where": "loop"}))
    assert [(one.type, one.slots["where"]) for one in erased] == [("what_if", "bar"), ("what_if", "stem")]


def test_which_part_matters_most_is_asked_for_itself() -> None:
    assert [one.type for one in _asked("which part matters most, and is it because of the loop?")] == [
        "where",
        "check_claim",
    ]


@pytest.mark.parametrize(
    ("text", "slot", "values", "cues"),
    [
        ("what if I erase the top or the bottom?", "where", ["top", "bottom"], [(), ("either",)]),
        ("erase the top and the bottom", "where", ["top", "bottom"], [(), ("also", "beside")]),
        ("rotate it by 10, 20 and 30 degrees", "amount", [10, 20, 30], [(), ("either",), ("either",)]),
        ("rotate it by 5 or 15 degrees", "amount", [5, 15], [(), ("either",)]),
        ("rotate it by 10 and then by 20 degrees", "amount", [10, 20], [(), ("also",)]),
        ("shift it 2 pixels right and 3 up", "amount", [2, 3], [(), ("also",)]),
    ],
)
def test_either_of_two_changes_is_made_by_itself(text: str, slot: str, values: list, cues: list) -> None:
    asked = _asked(text)
    assert [one.slots[slot] for one in asked] == values
    assert [one.cues for one in asked] == cues


@pytest.mark.parametrize("before", [None, Question("why"), Question("check_claim", {"where": "stem"})])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "what if the top and the bottom were erased?"),
        ("de", "was, wenn oben und unten gelöscht wären?"),
        ("es", "¿y si lo de arriba y lo de abajo estuviera borrado?"),
        ("fr", "et si le haut et le bas étaient effacés ?"),
    ],
)
def test_a_change_that_is_said_last_is_that_of_all_places(language: str, text: str, before: Question | None) -> None:
    asked = _asked(text, language, before)
    assert [(one.slots.get("change"), one.slots.get("where")) for one in asked] == [
        ("erase", "top"),
        ("erase", "bottom"),
    ]


@pytest.mark.parametrize(
    ("language", "text", "slots"),
    [
        ("en", "don't erase the top, fill it", {"change": "fill", "where": "top"}),
        ("en", "do not rotate it, shift it left", {"change": "shift", "direction": "left"}),
        ("en", "erase the loop, not the bar", {"change": "erase", "where": "loop"}),
        ("en", "why don't you erase the top?", {"change": "erase", "where": "top"}),
        ("de", "lösche die Schleife, nicht den Balken", {"change": "erase", "where": "loop"}),
        ("es", "borra el lazo, no la barra", {"change": "erase", "where": "loop"}),
        ("fr", "efface la boucle, pas la barre", {"change": "erase", "where": "loop"}),
    ],
)
def test_what_is_not_to_be_changed_is_not_changed(language: str, text: str, slots: dict) -> None:
    assert [dict(one.slots) for one in _asked(text, language)] == [slots]


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        ("and 7? and 4", Question("confidence", {"digit": 5}), [{"digit": 7}, {"digit": 4}]),
        (
            "same for the bottom, and then the middle",
            Question("what_if", {"change": "erase", "where": "top"}),
            [{"change": "erase", "where": "bottom"}, {"change": "erase", "where": "middle"}],
        ),
        ("LIME and Grad-CAM", Question("compare_methods"), [{"methods": ["lime", "grad_cam"]}]),
    ],
)
def test_half_sentences_that_stand_in_a_list_are_questions_each(
    text: str, before: Question, expected: list[dict[str, object]]
) -> None:
    asked = _asked(text, previous=before)
    assert [(one.type, dict(one.slots)) for one in asked] == [(before.type, slots) for slots in expected]


def test_words_of_the_field_that_are_asked_for_together_are_defined_each() -> None:
    asked = _asked("what are log odds, and what does calibration mean?")
    assert [(one.type, one.slots) for one in asked] == [
        ("define", {"term": "log_odds"}),
        ("define", {"term": "calibration"}),
    ]
