"""Questions that change the picture, on networks whose answers are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from bot.api import Bot, Chat
from bot.changes import MOST_EDITS
from bot.values import Claim, Reply
from explainers.edits import Edit, apply
from tests.bot.digits import drawn
from tests.fakes import FakeClassifier, tiny_classifier


def chat_on(classifier: FakeClassifier, mirrored: bool = False) -> Chat:
    chat = Bot(classifier).start()
    pixels = drawn("four")
    chat.show(pixels[:, ::-1].copy() if mirrored else pixels)
    return chat


def upper_half_speaks(strength: float = 12.0, mirrored: bool = False) -> FakeClassifier:
    """A 5 as long as there is ink in the upper half, else a 3."""
    pixels = drawn("four")[:, ::-1] if mirrored else drawn("four")
    weights = np.zeros((10, 28, 28))
    weights[5, :14] = strength / pixels[:14].sum()
    biases = np.zeros(10)
    biases[3] = strength / 2
    return FakeClassifier(weights, biases)


def left_half_speaks() -> FakeClassifier:
    pixels = drawn("four")
    weights = np.zeros((10, 28, 28))
    weights[5, :, :14] = 12 / pixels[:, :14].sum()
    biases = np.zeros(10)
    biases[3] = 6.0
    return FakeClassifier(weights, biases)


def kinds(reply: Reply) -> list[str]:
    return [claim.kind for claim in reply.claims]


def only(reply: Reply, start: str) -> Claim:
    """The claim of a kind; of those about a change the first, which says what is read, before the other digits."""
    return next(claim for claim in reply.claims if claim.kind.startswith(start))


def test_erasing_what_the_digit_hangs_on_flips_it_and_erasing_the_rest_does_not() -> None:
    chat = chat_on(upper_half_speaks())
    flipped = only(chat.ask("what if I erase the top?"), "tried_flips")
    assert flipped.test is not None
    assert (flipped.slots["now"], flipped.slots["after"]) == (3, pytest.approx(flipped.test.after.probabilities[5]))
    kept = only(chat.ask("what if I erase the bottom?"), "tried_")
    assert kept.kind == "tried_same"


def test_the_mirror_image_gives_the_mirrored_answer() -> None:
    straight, mirrored = left_half_speaks(), left_half_speaks()
    mirrored.weights = mirrored.weights[:, :, ::-1]
    first = only(chat_on(straight).ask("what if I erase the left side?"), "tried_flips")
    second = only(chat_on(mirrored, mirrored=True).ask("what if I erase the right side?"), "tried_flips")
    # Of an odd number of columns the middle one belongs to the right half, here and there.
    assert first.slots["after"] == pytest.approx(second.slots["after"], abs=0.01)
    assert first.slots["now"] == second.slots["now"] == 3


def test_the_test_in_the_reply_holds_the_changed_picture() -> None:
    chat = chat_on(upper_half_speaks())
    claim = only(chat.ask("rotate it 30 degrees to the left"), "tried_")
    assert claim.test is not None
    expected = apply(Edit("rotate", None, 30.0, "left"), claim.test.before.pixels)
    assert np.array_equal(claim.test.after.pixels, expected)
    assert claim.test.operation == {"kind": "rotate", "amount": 30.0, "direction": "left"}


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


def test_asked_again_in_another_style_nothing_is_changed_twice() -> None:
    chat = chat_on(tiny_classifier(3))
    before = only(chat.ask("move it 2 pixels to the left"), "tried_")
    again = only(chat.ask("explain it like I'm ten"), "tried_")
    assert again.slots["after"] == before.slots["after"]


def test_two_changes_in_one_sentence_come_one_upon_the_other() -> None:
    reply = chat_on(tiny_classifier(3)).ask("what if I erase the top and rotate it by 20 degrees")
    last = [claim for claim in reply.claims if claim.kind.startswith("tried_") and "edits" in claim.slots][-1]
    assert [edit.change for edit in last.slots["edits"]] == ["erase", "rotate"]  # type: ignore[attr-defined]


def test_of_two_changes_the_one_that_decides_is_named() -> None:
    chat = chat_on(upper_half_speaks())
    chat.ask("what if I erase the bottom?")
    reply = chat.ask("now also erase the top left")
    if only(reply, "tried_").kind == "tried_flips":
        claim = only(reply, "one_change_decides")
        assert [edit.region for edit in claim.slots["edits"]] == ["top_left"]  # type: ignore[attr-defined]
        assert claim.test is not None
        assert claim.test.before.digit == 5
        assert claim.test.after.digit == 3
    chat.ask("back to the original")
    chat.ask("erase the top left")
    reply = chat.ask("now also erase the top right")
    assert {"takes_both_changes", "one_change_decides"} & set(kinds(reply)) or only(
        reply, "tried_"
    ).kind != "tried_flips"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("what if I erase the loop?", "missing_loop"),
        ("rotate it by 1000000 degrees", "limits_rotate"),
        ("scale it to 50 times its size", "limits_scale"),
        ("move it 27 pixels up", "nothing_left"),
        ("rotate it by 0 degrees", "nothing_changes"),
        ("what if I change it?", "change_which"),
        ("what if I erase something?", "place_which"),
    ],
)
def test_what_cannot_be_done_gets_one_clear_sentence(text: str, kind: str) -> None:
    reply = chat_on(tiny_classifier(3)).ask(text)
    assert kind in kinds(reply)
    assert not [claim for claim in reply.claims if claim.test is not None]


def test_limits_are_inside() -> None:
    reply = chat_on(tiny_classifier(3)).ask("rotate it by 360 degrees")
    assert "limits_rotate" not in kinds(reply)


def test_a_long_chain_ends_with_a_sentence() -> None:
    chat = chat_on(tiny_classifier(3))
    for _ in range(MOST_EDITS):
        chat.ask("now also rotate it 3 degrees")
    assert "too_many_changes" in kinds(chat.ask("now also rotate it 3 degrees"))


def test_bigger_and_smaller_go_the_way_that_was_said() -> None:
    chat = chat_on(tiny_classifier(3))
    sizes = [
        only(chat.ask(f"what if it was {word}?"), "tried_").slots["edits"][0].amount for word in ("bigger", "smaller")
    ]  # type: ignore[index]
    assert sizes[0] > 1 > sizes[1]


def test_another_digit_than_the_one_read_is_followed() -> None:
    chat = chat_on(upper_half_speaks())
    assert only(chat.ask("would it be a 3 if I erased the top?"), "tried_").kind == "tried_reached"
    other = only(chat.ask("would it be a 3 if I erased the bottom?"), "tried_")
    assert (other.kind, other.slots["digit"], other.slots["read"]) == ("tried_other", 3, 5)


def test_a_conversation_about_another_picture_starts_anew() -> None:
    chat = chat_on(tiny_classifier(3))
    chat.ask("rotate it 20 degrees")
    chat.show(drawn("three"))
    edits = only(chat.ask("what if I blur it?"), "tried_").slots["edits"]
    assert [edit.change for edit in edits] == ["blur"]  # type: ignore[attr-defined]
