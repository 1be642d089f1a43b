"""The small words after a "what if": what is added to it, and what is taken back."""

from __future__ import annotations

import pytest

from bot.question import Context, Question
from bot.understand import understand

TURNED = Context(5, Question("what_if", {"change": "rotate", "amount": 20}))
ASKED_WHY = Context(5, Question("why"))


@pytest.mark.parametrize(
    ("text", "cue", "language"),
    [
        ("undo that", "undo", "en"),
        ("please undo", "undo", "en"),
        ("take it back", "undo", "en"),
        ("back to the original", "back", "en"),
        ("start over please", "back", "en"),
        ("Reset!", "back", "en"),
        ("mach das rückgängig", "undo", "de"),
        ("zurück zum Original", "back", "de"),
        ("deshaz eso", "undo", "es"),
        ("vuelve al original", "back", "es"),
        ("annule ça", "undo", "fr"),
        ("reviens à l'original", "back", "fr"),
    ],
)
def test_changes_are_taken_back_where_there_were_some(text: str, cue: str, language: str) -> None:
    after_change = Context(5, TURNED.previous, language=language)
    asked = understand(text, after_change)
    assert (asked.type, asked.slots, asked.cues) == ("what_if", {}, (cue,))
    assert understand(text, Context(5, Question("why"), language=language)).cues == ()


@pytest.mark.parametrize(
    ("text", "cue", "language"),
    [("undo that", "undo", "en"), ("zurück zum Original", "back", "de"), ("vuelve a la imagen original", "back", "es")],
)
def test_changes_that_hold_are_taken_back_after_another_question_too(text: str, cue: str, language: str) -> None:
    changed = Context(5, Question("why"), language=language, changed=True)
    assert understand(text, changed).cues == (cue,)
    assert understand(text, Context(5, Question("why"), language=language)).cues == ()


@pytest.mark.parametrize(
    ("text", "where", "language"),
    [
        ("now put the top back", "top", "en"),
        ("bring back the loop", "loop", "en"),
        ("restore the bar at the top", "top bar", "en"),
        ("Put back the top left", "top_left", "en"),
        ("mach den oberen Balken wieder hin", "top bar", "de"),
        ("Stell die Schleife wieder her", "loop", "de"),
        ("devuelve el lazo", "loop", "es"),
        ("remets le haut", "top", "fr"),
    ],
)
def test_what_was_changed_at_a_place_is_taken_back(text: str, where: str, language: str) -> None:
    asked = understand(text, Context(5, TURNED.previous, language=language))
    assert (asked.type, asked.slots, asked.cues) == ("what_if", {"where": where}, ("undo",))
    assert understand(text, Context(5, ASKED_WHY.previous, language=language)).cues != ("undo",)


@pytest.mark.parametrize("text", ["erase the top and put the bar back", "what if I put a bar at the back?", "go back"])
def test_what_says_more_is_no_wish_to_put_a_place_back(text: str) -> None:
    assert understand(text, TURNED).slots.get("where") is None or "undo" not in understand(text, TURNED).cues


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("what if I draw a bar at the bottom?", {"where": "bottom bar"}),
        ("what if it had a line through the middle?", {"where": "middle bar"}),
        ("what if I erase the bar at the bottom?", {"change": "erase", "where": "bottom bar"}),
        ("what if I draw the gap closed?", {"change": "fill", "where": "gap"}),
    ],
)
def test_new_ink_is_neither_erased_nor_filled(text: str, slots: dict) -> None:
    asked = understand(text, ASKED_WHY)
    assert (asked.type, dict(asked.slots), asked.cues) == ("what_if", slots, () if "change" in slots else ("add",))


@pytest.mark.parametrize(
    ("text", "language", "cues"),
    [
        ("und dann dreh sie um 20 Grad", "de", ("also",)),
        ("was wäre wenn oben alles weg ist, dann 0 oder?", "de", ()),
        ("then blur it", "en", ("also",)),
        ("if the top is erased then it is a 3?", "en", ()),
    ],
)
def test_then_adds_a_change_only_where_it_begins_one(text: str, language: str, cues: tuple[str, ...]) -> None:
    assert understand(text, Context(5, TURNED.previous, language=language)).cues == cues


@pytest.mark.parametrize(
    ("text", "slots", "language"),
    [
        ("now also close the gap", {"change": "fill", "where": "gap"}, "en"),
        ("then make it thicker too", {"change": "thicken"}, "en"),
        ("Schließe jetzt auch die Lücke", {"change": "fill", "where": "gap"}, "de"),
    ],
)
def test_a_further_change_comes_on_top(text: str, slots: dict, language: str) -> None:
    asked = understand(text, Context(5, TURNED.previous, language=language))
    assert (asked.type, dict(asked.slots), asked.cues) == ("what_if", slots, ("also",))
    assert understand(text, Context(5, Question("why"), language=language)).cues == ()


def test_another_change_without_such_a_word_stands_for_itself() -> None:
    assert understand("what if I erase the top bar?", TURNED).cues == ()


@pytest.mark.parametrize(
    ("text", "cue"), [("what if it was bigger?", "larger"), ("make it smaller", "smaller"), ("scale it to 0.5", None)]
)
def test_a_size_without_a_number_has_a_way_to_go(text: str, cue: str | None) -> None:
    assert understand(text, ASKED_WHY).cues == ((cue,) if cue else ())


def test_cues_are_no_slots() -> None:
    assert understand("undo that", TURNED).to_dict() == {"type": "what_if"}


def test_a_sum_is_no_question_about_a_picture() -> None:
    assert understand("5 + 3").type == "unknown"
    assert understand("what is 12*4").type == "unknown"
    assert understand("5 or 3").type != "unknown"


def test_stretched_letters_are_read_as_one_or_two() -> None:
    assert understand("whyyyyy 5").to_dict() == understand("why 5").to_dict()
    assert understand("noooo it's a 4").to_dict() == {"type": "correct_me", "digit": 4}


def test_help_beside_a_question_is_answered_and_a_greeting_is_not() -> None:
    assert [understand("what can I ask, and what number is it?").type] == ["help"]
    assert understand("hello, what number is it?").to_dict() == {"type": "predict"}
