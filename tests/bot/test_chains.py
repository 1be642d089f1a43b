"""Changes that come one upon the other: added up, taken back, asked again, and which of them decides."""

from __future__ import annotations

import numpy as np
import pytest

from bot.claims.changes import MOST_EDITS
from bot.question import Question
from bot.style import going_on
from bot.understanding.several import chained
from bot.values import Session
from tests.bot.changed import chat_on, kinds, only, quarters_speak, upper_half_speaks
from tests.fakes import FakeClassifier, tiny_classifier


def test_changes_add_up_only_where_that_is_asked() -> None:
    chat = chat_on(tiny_classifier(3))
    chat.ask("what if I rotate it 20 degrees?")
    both = only(chat.ask("now also blur it"), "tried_")
    assert [edit.change for edit in both.slots["edits"]] == ["rotate", "blur"]  # type: ignore[attr-defined]
    one = only(chat.ask("what if I make it thicker?"), "tried_")
    assert [edit.change for edit in one.slots["edits"]] == ["thicken"]  # type: ignore[attr-defined]


def test_the_last_change_and_all_changes_are_taken_back() -> None:
    chat = chat_on(tiny_classifier(3))
    first = only(chat.ask("rotate it 20 degrees"), "tried_")
    chat.ask("now also blur it")
    undone = chat.ask("undo that")
    assert kinds(undone)[0] == "one_taken_back"
    assert only(undone, "tried_").slots["after"] == first.slots["after"]
    assert kinds(chat.ask("undo that"))[0] == "all_taken_back"
    chat.ask("rotate it 20 degrees")
    assert kinds(chat.ask("back to the original"))[0] == "all_taken_back"


def test_what_was_changed_at_a_place_is_put_back_alone() -> None:
    chat = chat_on(tiny_classifier(3))
    chat.ask("erase the top left")
    chat.ask("now also turn it by 20 degrees")
    chat.ask("now also erase the bottom")
    undone = chat.ask("put the top left back")
    assert kinds(undone)[0] == "change_taken_back"
    assert [edit.region for edit in only(undone, "change_taken_back").slots["edits"]] == ["top_left"]  # type: ignore[attr-defined]
    assert [edit.change for edit in only(undone, "tried_").slots["edits"]] == ["rotate", "erase"]  # type: ignore[attr-defined]
    assert undone.understood == "Put back the top left"
    assert kinds(chat.ask("put the bottom back"))[0] == "one_taken_back"  # the last change is called so
    assert kinds(chat.ask("restore the middle")) == ["nothing_changed_there"]
    assert [edit.change for edit in chat._session.edits] == ["rotate"]


@pytest.mark.parametrize(
    ("changes", "place", "left"),
    [
        (["erase the top", "now also blur it"], "top left", ["blur"]),  # a part of what was erased
        (["erase the left", "now also erase the top"], "left", ["erase"]),  # both changed its corner, one all of it
        (["keep only the top", "now also blur it"], "bottom", ["blur"]),  # what was not kept
        (["keep only the top", "now also blur it"], "top", ["keep", "blur"]),
        (["blur it"], "top", ["blur"]),
    ],
)
def test_what_changed_most_of_a_place_is_what_is_taken_back(changes: list[str], place: str, left: list[str]) -> None:
    chat = chat_on(tiny_classifier(3))
    for change in changes:
        chat.ask(change)
    chat.ask(f"put the {place} back")
    assert [edit.change for edit in chat._session.edits] == left
    assert left != ["erase"] or chat._session.edits[0].region == "top"


def test_a_place_is_put_back_though_the_last_change_was_refused() -> None:
    chat = chat_on(tiny_classifier(3))
    chat.ask("erase the top left")
    chat.ask("now also erase the dot")
    assert kinds(chat.ask("put the top left back"))[0] == "all_taken_back"


def test_asked_again_in_another_style_nothing_is_changed_twice() -> None:
    chat = chat_on(tiny_classifier(3))
    before = only(chat.ask("move it 2 pixels to the left"), "tried_")
    again = only(chat.ask("explain it like I'm ten"), "tried_")
    assert again.slots["after"] == before.slots["after"]


def test_what_was_refused_is_refused_again_in_another_style_and_mixed_with_nothing() -> None:
    chat = chat_on(tiny_classifier(3))
    chat.ask("what if I erase?")
    assert kinds(chat.ask("explain it for an expert")) == ["style_level_expert", "place_which"]
    chat.ask("rotate it 20 degrees")
    refused = kinds(chat.ask("erase the dot?"))
    assert refused[-1] == "nothing_tried"
    assert kinds(chat.ask("more detail")) == ["style_length_longer", *refused]
    assert [edit.change for edit in chat._session.edits] == ["rotate"]


def test_asked_again_after_words_that_mean_nothing_a_change_is_not_made_twice() -> None:
    chat = chat_on(tiny_classifier(3))
    chat.ask("rotate it 20 degrees")
    before = only(chat.ask("now also blur it"), "tried_")
    chat.ask("qwertz")
    again = only(chat.ask("for experts"), "tried_")
    assert len(again.slots["edits"]) == 2  # type: ignore[arg-type]
    assert again.slots["after"] == before.slots["after"]


def test_to_take_back_what_was_refused_leaves_the_change_before() -> None:
    chat = chat_on(tiny_classifier(3))
    chat.ask("erase?")
    assert kinds(chat.ask("undo that")) == ["nothing_to_undo"]
    chat.ask("rotate it 20 degrees")
    chat.ask("erase the dot")
    assert kinds(chat.ask("undo that")) == ["nothing_to_undo_yet"]
    assert "nothing_to_undo_yet" in kinds(chat.ask("more detail"))
    assert kinds(chat.ask("undo that"))[0] == "all_taken_back"


def test_after_another_question_that_is_no_change_any_more() -> None:
    refused = Session(refused=True)
    assert going_on(refused, Question("what_if", cues=("undo",))).refused
    assert going_on(refused, Question("unknown")).refused
    assert not going_on(refused, Question("why")).refused


@pytest.mark.parametrize("before", [0, 1, 2, 3])
def test_that_a_chain_of_changes_is_left_is_told(before: int) -> None:
    chat = chat_on(tiny_classifier(3))
    for change in ("rotate it 20 degrees", "now also blur it", "now also move it 2 pixels to the left")[:before]:
        assert "changes_dropped" not in kinds(chat.ask(change))
    assert ("changes_dropped" in kinds(chat.ask("what if I make it thicker?"))) is (before >= 2)
    assert ("changes_dropped" in kinds(chat.ask("for experts"))) is (before >= 2)
    assert "changes_dropped" not in kinds(chat.ask("undo that"))


def test_what_cannot_be_done_drops_no_chain() -> None:
    chat = chat_on(tiny_classifier(3))
    chat.ask("rotate it 20 degrees")
    chat.ask("now also blur it")
    assert kinds(chat.ask("erase?")) == ["place_which"]
    both = only(chat.ask("now also invert it"), "tried_")
    assert len(both.slots["edits"]) == 3  # type: ignore[arg-type]


def test_two_changes_in_one_sentence_come_one_upon_the_other() -> None:
    reply = chat_on(tiny_classifier(3)).ask("what if I erase the top and rotate it by 20 degrees")
    last = [claim for claim in reply.claims if claim.kind.startswith("tried_") and "edits" in claim.slots][-1]
    assert [edit.change for edit in last.slots["edits"]] == ["erase", "rotate"]  # type: ignore[attr-defined]


def test_of_two_changes_the_one_that_decides_is_named_with_its_test() -> None:
    chat = chat_on(quarters_speak(4.0, top_left=8.0))
    chat.ask("what if I rotate it 1 degree?")
    claim = only(chat.ask("now also erase the top left"), "one_change_decides")
    assert [edit.change for edit in claim.slots["edits"]] == ["erase"]  # type: ignore[attr-defined]
    assert claim.test is not None
    assert (claim.test.before.digit, claim.test.after.digit) == (5, 3)
    assert claim.slots["before"] == pytest.approx(float(claim.test.before.probabilities[5]))


def test_where_it_takes_both_changes_each_is_left_out_in_a_test_of_its_own() -> None:
    chat = chat_on(quarters_speak(4.0, top_left=6.0, bottom_right=6.0))
    assert only(chat.ask("what if I erase the top left?"), "tried_").kind in ("tried_keeps", "tried_weakens")
    reply = chat.ask("now also erase the bottom right")
    assert only(reply, "tried_").kind == "tried_flips"
    needed = [claim for claim in reply.claims if claim.kind.startswith("change_needed_")]
    assert [claim.kind for claim in needed] == ["change_needed_first", "change_needed_further"]
    for claim in needed:
        assert claim.test is not None
        assert (claim.test.before.digit, claim.test.after.digit) == (5, 3)
    assert "one_change_decides" not in kinds(reply)


def test_where_each_change_would_do_alone_none_is_said_to_decide() -> None:
    chat = chat_on(quarters_speak(8.0, top_left=6.0, bottom_right=6.0))
    chat.ask("what if I erase the top left?")
    reply = chat.ask("now also erase the bottom right")
    assert only(reply, "tried_").kind == "tried_flips"
    assert not [kind for kind in kinds(reply) if kind.startswith(("one_change", "change_needed"))]


def test_where_changes_undo_each_other_it_is_not_said_to_take_more_than_one() -> None:
    weights, biases = np.zeros((10, 28, 28)), np.zeros(10)
    weights[3], biases[5] = 0.02, 6.0  # a 3 where light and dark are swapped, once or three times
    chat = chat_on(FakeClassifier(weights, biases))
    assert only(chat.ask("invert it"), "tried_").kind == "tried_flips"
    chat.ask("now also invert it")
    reply = chat.ask("now also invert it")
    needed = [claim.kind for claim in reply.claims if claim.kind.startswith(("one_change", "change_needed"))]
    assert needed == ["change_needed_among", "change_needed_further"]  # of three alike one sentence is not said twice
    assert "more than one" not in reply.text


def test_a_place_of_a_changed_picture_is_not_taken_for_the_same_place_of_the_first() -> None:
    asked = "what if I erase the top?"
    fresh = only(chat_on(upper_half_speaks()).ask(asked), "tried_").test
    chat = chat_on(upper_half_speaks())
    chat.ask("rotate it 180 degrees")
    chat.ask("now also erase the top")  # asks as well what that very place is worth in the picture as it was
    after = only(chat.ask(asked), "tried_").test
    assert fresh is not None
    assert after is not None
    assert np.array_equal(after.after.pixels, fresh.after.pixels)


def test_a_long_chain_ends_with_a_sentence() -> None:
    chat = chat_on(tiny_classifier(3))
    for _ in range(MOST_EDITS):
        chat.ask("now also rotate it 3 degrees")
    assert "too_many_changes" in kinds(chat.ask("now also rotate it 3 degrees"))


def test_two_parts_that_are_to_stay_stay_together() -> None:
    chat = chat_on(tiny_classifier(3))
    reply = chat.ask("keep only part 1 and part 2")
    one, both = [claim for claim in reply.claims if "now_probability" in claim.slots]
    edits = both.slots["edits"]
    assert [(edit.change, [part.id for part in edit.parts]) for edit in edits] == [("keep", ["part_1", "part_2"])]  # type: ignore[attr-defined]
    second = only(chat_on(tiny_classifier(3)).ask("keep only part 2"), "tried_")
    assert one.test is not None
    assert both.test is not None
    assert second.test is not None
    alone = np.maximum(one.test.after.pixels, second.test.after.pixels)
    assert np.array_equal(both.test.after.pixels, alone)
    assert both.test.after.pixels.sum() > one.test.after.pixels.sum()


def test_a_further_part_that_is_to_stay_is_one_of_the_whole_picture() -> None:
    """In the picture with part 1 alone there is no part 2 any more; that would be said, and wrong."""
    said = kinds(chat_on(tiny_classifier(3)).ask("keep only part 1 and part 2"))
    assert not [kind for kind in said if kind.startswith("missing_")]
    assert [
        kind for kind in kinds(chat_on(tiny_classifier(3)).ask("keep only part 1 and part 9")) if kind == "missing_part"
    ]


def test_places_that_are_kept_together_are_one_change() -> None:
    kept, erased = Question("what_if", {"change": "keep", "where": "loop"}), Question("what_if", {"change": "erase"})
    assert [one.cues.count("beside") for one in chained([erased, kept, kept, kept])] == [1, 2, 2]
    assert [one.cues.count("beside") for one in chained([kept, kept, erased, erased])] == [1, 1, 2]


def test_what_is_left_after_all_is_told_with_all_changes() -> None:
    reply = chat_on(tiny_classifier(3)).ask("erase the top and the bottom and the middle")
    none = only(reply, "nothing_left")
    assert len(none.slots["edits"]) > 1  # type: ignore[arg-type]


def test_two_regions_that_are_to_stay_are_looked_at_one_by_one() -> None:
    chat = chat_on(tiny_classifier(3))
    chat.ask("keep only the top and the bottom")
    assert [(edit.change, edit.region) for edit in chat._session.edits] == [("keep", "bottom")]
