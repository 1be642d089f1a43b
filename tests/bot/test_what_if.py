"""Questions that change the picture, on networks whose answers are known in closed form."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from bot.api import Bot, Chat
from bot.changes import MOST_EDITS, edit_of
from bot.findings import NOTICEABLE, Effect
from bot.question import Question
from bot.questions.what_if import _what_came
from bot.render import LEVELS, languages, words
from bot.style import going_on
from bot.values import Claim, Reply, Session
from explainers.edits import Edit, apply, region_mask
from explainers.parts import find_parts
from explainers.values import Outcome
from explainers.values import Test as TestOf
from model.values import Prediction
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


@pytest.mark.parametrize(
    ("asked", "done"), [(0.1, 0.5), (0.25, 0.5), (0.5, 0.5), (0.74, 0.5), (0.8, 1.0), (0, 0), (12, 12.0)]
)
def test_a_stroke_changes_by_the_smallest_step_at_least(asked: float, done: float) -> None:
    case = chat_on(tiny_classifier(3))._session.reading.case  # type: ignore[union-attr]
    for change in ("thicken", "thin"):
        edit = edit_of(Question("what_if", {"change": change, "amount": asked}), case)
        assert isinstance(edit, Edit)
        assert edit.amount == done


@pytest.mark.parametrize(
    ("rise", "kind"),
    [(0.05, "reached"), (0.011, "reached"), (0.009, "reached_level"), (0.0, "reached_level"), (-0.009, "reached_level"),
     (-0.011, "elsewhere")],
)  # fmt: skip
def test_a_rise_is_told_only_where_it_shows(rise: float, kind: str) -> None:
    """The 3 is asked about; the 5 was read with a little more before."""
    before, after = np.full(10, 0.01), np.full(10, 0.01)
    before[3], before[5] = 0.34, 0.36
    after[3], after[5] = 0.34 + rise, 0.1
    outcomes = [Outcome(drawn("four"), np.log(each), each) for each in (before, after)]
    effect = Effect((), TestOf({"kind": "rotate"}, *outcomes), 3)
    asked = SimpleNamespace(digit=3, read_digit=5)
    assert _what_came(asked, SimpleNamespace(), effect) == kind  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["tried_keeps", "tried_stays"])
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("level", LEVELS)
def test_two_numbers_that_are_shown_alike_are_said_once(kind: str, language: str, level: str) -> None:
    said = words(language)
    slots = {"edits": (Edit("rotate", amount=20.0, direction="left"),), "digit": 5, "log_odds_change": 0.0}
    for name in (kind, f"{kind}_2"):
        same = said.say(name, {**slots, "before": 0.981, "after": 0.978}, level)
        other = said.say(name, {**slots, "before": 0.9, "after": 0.85}, level)
        assert same.count("98") == 1
        assert ("90" in other, "85" in other) == (True, True)


def test_two_changes_in_one_sentence_come_one_upon_the_other() -> None:
    reply = chat_on(tiny_classifier(3)).ask("what if I erase the top and rotate it by 20 degrees")
    last = [claim for claim in reply.claims if claim.kind.startswith("tried_") and "edits" in claim.slots][-1]
    assert [edit.change for edit in last.slots["edits"]] == ["erase", "rotate"]  # type: ignore[attr-defined]


def quarters_speak(threshold: float, **logits: float) -> FakeClassifier:
    """A 5 as long as the ink of the quarters named brings more than ``threshold`` logits, else a 3."""
    pixels = drawn("four")
    weights = np.zeros((10, 28, 28))
    for quarter, worth in logits.items():
        ink = region_mask(quarter, pixels) & (pixels > 0)
        weights[5][ink] = worth / pixels[ink].sum()
    biases = np.zeros(10)
    biases[3] = threshold
    return FakeClassifier(weights, biases)


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


class Doubting(FakeClassifier):
    """Takes nothing for a digit that has no ink in its upper half."""

    def look(self, pixels: np.ndarray) -> tuple[Prediction, np.ndarray]:
        """As ``FakeClassifier`` says."""
        prediction, features = super().look(pixels)
        return replace(prediction, strangeness=0.5 if pixels[:14].any() else 1.5), features


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("language", languages())
def test_a_percentage_that_shows_no_change_is_said_once(language: str, level: str) -> None:
    slots = {"edits": (Edit("rotate", amount=3.0, direction="left"),), "digit": 5, "log_odds_change": -0.1}
    for wording in words(language).wordings("tried_keeps", level):
        for after in (0.978, 0.96):
            said = words(language).say(wording.name, {**slots, "before": 0.98, "after": after}, level)
            assert said.count("98") == 1
            assert said.count("96") == (after == 0.96)


@pytest.mark.parametrize(("moved", "kind"), [(0.0, "same"), (0.09, "same"), (0.11, "stays")])
def test_nothing_changes_is_said_only_where_no_other_digit_moves(moved: float, kind: str) -> None:
    # The upper half takes from the 3 what it gives the 8: the 5 keeps its half.
    pixels = drawn("four")
    weights, biases = np.zeros((10, 28, 28)), np.full(10, -20.0)
    low, high = np.log(0.25 - moved / 2), np.log(0.25 + moved / 2)
    weights[3, :14], weights[8, :14] = np.array([low - high, high - low])[:, None, None] / pixels[:14].sum()
    biases[[5, 3, 8]] = np.log(0.5), high, low
    for network, said in ((FakeClassifier(weights, biases), kind), (Doubting(weights, biases), "stays")):
        reply = chat_on(network).ask("what if I erase the top?")
        assert only(reply, "tried_").kind == f"tried_{said}"
        assert ("tried_moves" in kinds(reply)) is (moved >= NOTICEABLE)
        assert ("difference" in reply.text or "nothing changes" in reply.text) is (said == "same")


@pytest.mark.parametrize(("text", "told"), [("move it 12 pixels to the right", True), ("move it 2 pixels up", False)])
def test_ink_that_goes_over_the_edge_is_told(text: str, told: bool) -> None:
    reply = chat_on(tiny_classifier(3)).ask(text)
    assert ("tried_over_the_edge" in kinds(reply)) is told
    if told:
        test = only(reply, "tried_").test
        assert test is not None
        left = float(test.after.pixels.sum() / test.before.pixels.sum())
        assert only(reply, "tried_over_the_edge").slots["share"] == pytest.approx(1 - left, abs=0.005)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("add 1 % noise", 0.01),
        ("add 0.5 percent noise", 0.005),
        ("noise of 20", 0.2),
        ("noise of 0.3", 0.3),
        ("make the strokes 0.75 pixels thicker", 1.0),
        ("make the strokes 0.3 pixels thinner", 0.5),
    ],
)
def test_what_is_told_is_what_was_done(text: str, amount: float) -> None:
    (edit,) = only(chat_on(tiny_classifier(3)).ask(text), "tried_").slots["edits"]  # type: ignore[misc]
    assert edit.amount == pytest.approx(amount)


def test_a_third_digit_is_neither_fallen_nor_risen() -> None:
    chat = chat_on(quarters_speak(4.0, top_left=8.0))
    reply = chat.ask("would it be a 7 if I erased the top left?")
    claim = only(reply, "tried_")
    assert (claim.kind, claim.slots["digit"], claim.slots["now"]) == ("tried_elsewhere", 7, 3)
    assert claim.slots["after"] > claim.slots["before"]  # type: ignore[operator]  # "falls" would be false
    assert "falls" not in claim.sentence


def test_a_part_that_does_not_beat_chance_is_not_said_to_be_the_reason() -> None:
    pixels = drawn("four")
    weights = np.zeros((10, 28, 28))
    weights[5] = 8 / pixels.sum()  # all ink is worth the same
    biases = np.zeros(10)
    biases[3] = 7.0
    chat = chat_on(FakeClassifier(weights, biases))
    reply = chat.ask("what if I erase part 1?")
    assert only(reply, "tried_").kind == "tried_flips"
    weak = only(reply, "tried_no_cause")
    assert weak.test is not None
    chat = chat_on(one_part_speaks())
    reply = chat.ask("what if I erase part 1?")
    assert only(reply, "tried_").kind == "tried_flips"
    assert "tried_no_cause" not in kinds(reply)


def one_part_speaks() -> FakeClassifier:
    """A 5 by the first part alone."""
    pixels = drawn("four")
    part = find_parts(pixels)[0]
    weights = np.zeros((10, 28, 28))
    weights[5][part.mask] = 12 / pixels[part.mask].sum()
    biases = np.zeros(10)
    biases[3] = 6.0
    return FakeClassifier(weights, biases)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("what if I erase the loop?", "missing_loop"),
        ("rotate it by 1000000 degrees", "limits_rotate"),
        ("scale it to 50 times its size", "limits_scale"),
        ("add 200 % noise", "limits_noise"),
        ("make the strokes 0 pixels thicker", "nothing_changes"),
        ("move it 27 pixels up", "nothing_left"),
        ("rotate it by 0 degrees", "nothing_changes"),
        ("what if I change it?", "change_which"),
        ("what if I draw a tail at the bottom?", "draw_yourself"),
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


def test_what_decides_in_a_turned_picture_is_tested_there_and_said_so() -> None:
    shown = Bot(FakeClassifier.random()).read(drawn("four")).pixels  # as the preparation centres it
    turned = apply(Edit("rotate", None, 90.0, "left"), shown)
    part = find_parts(turned)[0]
    weights = np.zeros((10, 28, 28))
    weights[3][part.mask] = 12 / turned[part.mask].sum()
    biases = np.zeros(10)
    biases[5] = 8.0
    reply = chat_on(FakeClassifier(weights, biases)).ask("rotate it 90 degrees to the left")
    claim = only(reply, "decides_now")
    assert claim.test is not None
    assert np.array_equal(claim.test.before.pixels, turned)
    assert claim.test.operation["kind"] == "erase_after"
    assert claim.test.operation["edits"] == [{"kind": "rotate", "amount": 90.0, "direction": "left"}]
    assert "erased from the changed picture" in reply.details
    assert "decides_now" not in kinds(chat_on(upper_half_speaks()).ask("rotate it 2 degrees"))


def test_before_and_after_is_shown_with_the_answer_and_not_with_the_evidence() -> None:
    figures = chat_on(upper_half_speaks()).ask("what if I erase the top?").figures
    assert [figure.id for figure in figures] == ["change_1"]
    assert "the top erased" in figures[0].title
    chat = chat_on(quarters_speak(4.0, top_left=6.0, bottom_right=6.0))
    chat.ask("what if I erase the top left?")
    figures = chat.ask("now also erase the bottom right").figures
    assert [figure.id for figure in figures] == ["change_1", "test_1", "test_2"]
