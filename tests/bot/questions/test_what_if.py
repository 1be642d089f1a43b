"""Questions that change the picture, on networks whose answers are known in closed form."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from bot.api import Bot
from bot.claims.changes import edit_of
from bot.claims.findings import NOTICEABLE, Effect
from bot.question import Question
from bot.questions.what_if import _what_came
from bot.words.render import LEVELS, languages, words
from explainers.changes.edits import Edit, apply, region_mask
from explainers.parts import find_parts
from explainers.values import Outcome
from explainers.values import Test as TestOf
from model.values import Prediction
from tests.bot.changed import chat_on, kinds, left_half_speaks, only, quarters_speak, upper_half_speaks
from tests.bot.digits import drawn
from tests.fakes import FakeClassifier, tiny_classifier


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


class Doubting(FakeClassifier):
    """Takes nothing for a digit that has no ink in its upper half."""

    def look(self, pixels: np.ndarray) -> tuple[Prediction, np.ndarray]:
        """As ``FakeClassifier`` says."""
        prediction, features = super().look(pixels)
        return replace(prediction, strangeness=0.5 if pixels[:14].any() else 1.5), features


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


def test_what_looks_like_no_digit_any_more_is_shown() -> None:
    biases = np.zeros(10)
    biases[5] = 3.0
    reply = chat_on(Doubting(np.zeros((10, 28, 28)), biases)).ask("what if I erase the top?")
    said = only(reply, "tried_strange")
    changed = only(reply, "tried_stays").test
    assert changed is not None
    (look,) = said.looks
    assert np.array_equal(look.pixels, changed.after.pixels)
    assert [one.value for one in said.evidence] == [look.strangeness] == [1.5]


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
        ("what if I erase the rest?", "place_which"),
        ("what if only the gap was left?", "nothing_to_erase"),
        ("what if only the dot was left?", "missing_dot"),
    ],
)
def test_what_cannot_be_done_gets_one_clear_sentence(text: str, kind: str) -> None:
    reply = chat_on(tiny_classifier(3)).ask(text)
    assert kind in kinds(reply)
    assert not [claim for claim in reply.claims if claim.test is not None]


def test_whether_a_place_is_enough_by_itself_is_tried() -> None:
    chat = chat_on(upper_half_speaks())
    reply = chat.ask("is the top alone enough?")
    enough = only(reply, "tried_")
    assert enough.kind in ("tried_keeps", "tried_same"), "all that speaks is still there"
    assert enough.test is not None
    before, after = enough.test.before.pixels, enough.test.after.pixels
    top = region_mask("top", before)
    assert np.array_equal(after[top], before[top])
    assert not after[~top].any()
    assert enough.test.operation == {"kind": "keep", "region": "top"}
    assert reply.text.startswith(("With all but the top erased", "All but the top erased"))
    assert "kept_enough" in kinds(reply)

    reply = chat.ask("would the bottom be enough?")
    lacks = only(reply, "tried_")
    assert lacks.kind == "tried_flips"
    assert not lacks.test.after.pixels[top].any()
    assert "kept_not_enough" in kinds(reply)
    assert "tried_no_cause" not in kinds(reply), "nothing is said of the place that was not changed"
    both = kinds(chat.ask("and now also erase the left"))
    assert not {"kept_enough", "kept_not_enough"} & set(both), "more was done than to keep a place"


def test_what_leaves_less_than_half_or_no_digit_is_not_called_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    network = upper_half_speaks()
    network.biases[[3, 4, 6]] = 11.5  # type: ignore[attr-defined]
    reply = chat_on(network).ask("is the top alone enough?")
    assert only(reply, "tried_").slots["after"] < 0.5
    assert not {"kept_enough", "kept_not_enough"} & set(kinds(reply))
    other = kinds(chat_on(upper_half_speaks()).ask("would the top alone be a 3?"))
    assert not {"kept_enough", "kept_not_enough"} & set(other), "the 3 was not read before"


def test_the_rest_is_what_was_not_just_named() -> None:
    chat = chat_on(upper_half_speaks())
    chat.ask("what if I erase the top?")
    assert only(chat.ask("and what if everything else was gone?"), "tried_").test.operation["kind"] == "keep"


def test_places_of_one_sentence_are_places_of_one_picture() -> None:
    chat = chat_on(upper_half_speaks())
    reply = chat.ask("erase part 1 and part 3")
    tried = [claim for claim in reply.claims if claim.kind.startswith("tried_")][-1]
    assert [[part.id for part in edit.parts] for edit in tried.slots["edits"]] == [["part_1"], ["part_3"]]
    before, after = tried.test.before.pixels, tried.test.after.pixels
    first, _, third, *_ = find_parts(before)
    assert np.array_equal(after, np.where(first.mask | third.mask, np.float32(0), before))

    assert "nothing_left" in kinds(chat.ask("erase the top and the bottom"))
    chat.ask("erase the top")
    assert "nothing_left" not in kinds(chat.ask("now also erase the bottom")), "the bottom of what is left"


def test_limits_are_inside() -> None:
    reply = chat_on(tiny_classifier(3)).ask("rotate it by 360 degrees")
    assert "limits_rotate" not in kinds(reply)


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
