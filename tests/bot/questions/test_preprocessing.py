"""What was done to a picture, and what each step does to the reading."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.api import Bot
from bot.figures.words import load_words
from bot.questions.base import Asked
from bot.questions.preprocessing import TOPIC, Preprocessing, as_enlarged, effect_claims
from bot.values import Claim, Question, Reading, Reply, Session
from bot.words.render import LEVELS, languages, words
from explainers.base import Case
from explainers.changes.left_out import ENLARGE, LeftOut, leave_out
from explainers.values import Outcome, Test
from model.preprocess import REMOVABLE, STEP_NAMES, as_it_is, to_digit
from tests.bot.spoken import put_into_words
from tests.fakes import FakeClassifier, tiny_classifier
from tests.model.drawings import draw
from tests.trained import trained_bot

ASKED = "what did you do to my picture?"
OFF_CENTRE = draw(size=(500, 400), box=(330, 120, 100, 160))
EXAMPLES = Path(__file__).parents[3] / "interface" / "examples"


def kinds(claims) -> list[str]:
    return [claim.kind for claim in claims]


def told(reply: Reply) -> list[Claim]:
    return [claim for claim in reply.claims if claim.topic == TOPIC]


def outcome(pixels: np.ndarray, digit: int, probability: float) -> Outcome:
    probabilities = np.full(10, (1 - probability) / 9)
    probabilities[digit] = probability
    return Outcome(pixels, np.log(probabilities).astype(np.float32), probabilities.astype(np.float32))


def left_out(step: str, digit: int, probability: float, reason: str | None = None, ink: float = 1.0) -> LeftOut:
    """A 5 that had 90 %, and what it was read as without ``step``."""
    before = outcome(np.ones((28, 28), np.float32), 5, 0.9)
    operation = {"kind": "prepare_without", "step": step}
    after = outcome(np.full((28, 28), ink, np.float32), digit, probability)
    return LeftOut(step, Test(operation, before, after), 1.5 if reason else 0.5, reason)


def side_speaks(mirrored: bool = False) -> FakeClassifier:
    """A 5, but a 7 where there is ink far to the right; ``mirrored``: far to the left."""
    weights = np.zeros((10, 28, 28))
    weights[7, :, 22:] = 2.0
    biases = np.zeros(10)
    biases[5] = 6.0
    return FakeClassifier(weights[:, :, ::-1] if mirrored else weights, biases)


def test_the_step_that_changes_the_reading_is_told_with_its_test() -> None:
    claims = {claim.slots.get("step"): claim for claim in told(Bot(side_speaks()).ask(OFF_CENTRE, ASKED))}
    centre = claims["centre"]
    assert centre.kind == "without_flips"
    assert (centre.slots["digit"], centre.slots["now"]) == (5, 7)
    assert centre.test is not None
    assert centre.sentence.startswith("Had I not centred it, I would have read 7 (")
    assert centre.test.operation == {"kind": "prepare_without", "step": "centre"}
    assert centre.slots["now_probability"] == pytest.approx(float(centre.test.after.probabilities[7]))


def test_the_mirror_image_flips_with_the_mirrored_network_only() -> None:
    mirrored = np.asarray(OFF_CENTRE)[:, ::-1].copy()

    def flips(classifier: FakeClassifier, picture: object) -> bool:
        found = told(Bot(classifier).ask(picture, ASKED))
        return any(claim.kind == "without_flips" and claim.slots["step"] == "centre" for claim in found)

    assert flips(side_speaks(), OFF_CENTRE)
    assert flips(side_speaks(mirrored=True), mirrored)
    assert not flips(side_speaks(), mirrored)
    assert not flips(side_speaks(mirrored=True), OFF_CENTRE)


def test_ten_points_are_worth_a_sentence_and_less_is_summed_up() -> None:
    found = [left_out("crop", 5, 0.79), left_out("stroke", 5, 0.81), left_out("centre", 5, 0.95)]
    claims = list(effect_claims(found, 5))
    assert kinds(claims) == ["steps_tested", "without_weakens", "steps_hold_many"]
    assert claims[1].slots["step"] == "crop"
    summed = claims[2]
    assert (summed.slots["left_out"], summed.slots["after"]) == (("stroke", "centre"), pytest.approx(0.81))
    assert summed.test is found[1].test
    assert [one.test for one in summed.further_tests] == [found[2].test]
    assert (summed.quoted, summed.read_in_all) == ("least", True)
    low = [LeftOut(one.step, Test({"kind": "x"}, one.test.after, one.test.before), None, None) for one in found]
    assert kinds(effect_claims(low, 5)) == ["steps_tested", "without_strengthens", "steps_hold_many"]


def test_one_step_alone_and_all_steps_have_sentences_of_their_own() -> None:
    alone = list(effect_claims([left_out("crop", 3, 0.6), left_out("centre", 5, 0.9)], 5))
    assert kinds(alone) == ["steps_tested", "without_flips", "steps_hold_one"]
    assert alone[2].further_tests == ()
    every = list(effect_claims([left_out("crop", 5, 0.9), left_out("centre", 5, 0.9)], 5))
    assert kinds(every) == ["steps_tested", "steps_hold_all"]


def test_what_would_have_been_turned_away_is_said_and_is_no_step_of_little_matter() -> None:
    found = [left_out("polarity", 8, 0.4, "not_a_digit"), left_out("shrink", 5, 0.9, "not_a_digit")]
    claims = list(effect_claims([*found, left_out("centre", 5, 0.9)], 5))
    assert kinds(claims) == ["steps_tested", "without_flips", "check_refuses_many", "steps_hold_one"]
    refused = claims[2]
    assert refused.slots["left_out"] == ("polarity", "shrink")
    assert [one.test for one in refused.further_tests] == [found[1].test]
    assert (refused.quoted, refused.read_in_all) == (None, None)
    assert kinds(effect_claims(found[:1], 5)) == ["steps_tested", "without_flips", "check_refuses_it"]
    first_told = [found[0], left_out("centre", 3, 0.2)]
    assert kinds(effect_claims(first_told, 5)) == [
        "steps_tested", "without_flips", "without_flips", "check_refuses_one",
    ]  # fmt: skip


@pytest.mark.parametrize(("strangeness", "shown"), [(1.2, True), (1.0, False), (None, False)])
def test_what_was_turned_away_for_its_strangeness_is_shown(strangeness: float | None, shown: bool) -> None:
    one = replace(left_out("polarity", 8, 0.4, "not_a_digit"), strangeness=strangeness)
    refused = list(effect_claims([one], 5))[-1]
    assert refused.kind == "check_refuses_it"
    assert [look.pixels.tolist() for look in refused.looks] == [one.test.after.pixels.tolist()] * shown
    assert [evidence.name for evidence in refused.evidence] == [
        "strangeness without polarity" if shown else "picture statistics without polarity"
    ]


def test_no_ink_is_told_instead_of_what_a_black_picture_is_read_as() -> None:
    found = [left_out("even_light", 1, 0.3, "blank", ink=0.0)]
    assert kinds(effect_claims(found, 5)) == ["steps_tested", "without_blank"]


@pytest.mark.parametrize("length", [None, "shorter"])
def test_a_picture_that_came_ready_is_not_said_never_to_be_seen(length: str | None) -> None:
    ready = to_digit(draw()).pixels
    for image, came_ready in ((to_digit(ready), True), (as_it_is(ready), True), (to_digit(OFF_CENTRE), False)):
        reading = Reading(image, Case(tiny_classifier(3), image.pixels), "not_a_digit")
        asked = Asked(Question("preprocessing"), Session(reading=reading, length=length))
        first = put_into_words(Preprocessing().claims(asked), "en")[0]
        assert first.kind == ("steps_brief" if length else "steps_done") + ("_ready" if came_ready else "")
        assert ("never sees" in first.sentence) is not came_ready


def test_strokes_are_told_to_be_thicker_or_thinner_as_they_were() -> None:
    said = words("en")
    for before, after, told in ((5.7, 4.5, "thicker"), (1.4, 2.6, "thinner")):
        assert told in said.say("step_stroke", {"place": 1, "before": before, "after": after})


@pytest.mark.parametrize("light", [True, False])
def test_light_ink_is_not_said_to_have_been_swapped(light: bool) -> None:
    picture = np.full((200, 200), 20 if light else 235, np.uint8)
    picture[40:160, 90:110] = 235 if light else 20
    image = to_digit(picture)
    reading = Reading(image, Case(tiny_classifier(3), image.pixels), None)
    said = Preprocessing().claims(Asked(Question("preprocessing"), Session(reading=reading)))
    (step,) = [claim for claim in said if claim.kind.startswith("step_polarity")]
    assert step.kind == ("step_polarity_light" if light else "step_polarity")
    for level in LEVELS:
        (claim,) = put_into_words([step], "en", level)
        assert ("made" in claim.sentence) is not light


def test_a_little_ink_is_not_told_to_be_none() -> None:
    picture = np.full((1000, 1000), 255, np.uint8)
    picture[480:540, 500:506] = 0
    (step,) = [one for one in to_digit(picture).steps if one.name == "threshold"]
    assert 0 < step.numbers["percent"] < 0.1  # type: ignore[operator]
    for language in languages():
        for level in LEVELS:
            sentence = words(language).say("step_threshold", {"place": 1, **step.numbers}, level)
            assert "0.1" in sentence or "0,1" in sentence


def test_a_picture_left_alone_says_so() -> None:
    reply = Bot(tiny_classifier(3)).ask(to_digit(draw()).pixels, ASKED)
    assert "step_left_alone" in kinds(reply.claims)
    assert len(told(reply)) == 1
    assert told(reply)[0].slots["step"] == ENLARGE
    assert "left it as it is" in reply.text


def test_of_a_picture_turned_away_only_the_steps_are_told() -> None:
    reply = Bot(tiny_classifier(3)).ask(np.full((200, 200), 255, np.uint8), ASKED)
    assert reply.reading is not None
    assert not reply.reading.accepted
    assert "steps_done" in kinds(reply.claims)
    assert told(reply) == []


def test_every_step_is_tested_and_stands_in_the_json_and_in_the_table() -> None:
    reply = Bot(side_speaks()).ask(OFF_CENTRE, ASKED)
    assert reply.reading is not None
    tests = [
        test
        for claim in reply.to_dict()["claims"]
        for test in ([claim["test"]] if claim["test"] else []) + claim.get("further_tests", [])
    ]
    named = {test["operation"].get("step", ENLARGE) for test in tests}
    assert named == {one.step for one in reply.reading.left_out}
    assert len(reply.details.splitlines()) == 2 + len(named)
    for step in named - {ENLARGE}:
        assert f"without {words('en').skipped(step)}" in reply.details


def test_the_strip_ends_with_what_the_network_gets_and_the_steps_that_matter_are_drawn() -> None:
    reply = Bot(side_speaks()).ask(OFF_CENTRE, ASKED)
    mattering = [claim for claim in told(reply) if claim.kind.startswith("without_")]
    assert [figure.id for figure in reply.figures] == [
        "steps", *(f"test_{place}" for place in range(1, len(mattering) + 1)),
    ]  # fmt: skip
    assert "224 × 224" in reply.figures[0].alt
    assert any("without centring it" in figure.title for figure in reply.figures[1:])


def test_a_changed_enlarging_is_drawn_as_the_network_gets_it() -> None:
    classifier, image = tiny_classifier(3), to_digit(draw())
    *others, last = leave_out(Case(classifier, image.pixels), image)
    shown = as_enlarged(last.test, classifier)
    assert shown.before.pixels.shape == shown.after.pixels.shape == (56, 56)
    assert np.array_equal(shown.after.pixels[::2, ::2], image.pixels)
    assert not np.array_equal(shown.before.pixels, shown.after.pixels)
    assert as_enlarged(others[0].test, classifier) is others[0].test


def test_shorter_keeps_what_changes_the_reading() -> None:
    chat = Bot(side_speaks()).start()
    chat.ask("shorter")
    chat.show(OFF_CENTRE)
    said = kinds(chat.ask(ASKED).claims)
    assert said[0] == "steps_brief"
    assert "without_flips" in said
    assert "steps_tested" not in said


@pytest.mark.parametrize("language", languages())
def test_every_step_can_be_named_in_every_language(language: str) -> None:
    captions = load_words(language).steps
    assert set(captions) == {*STEP_NAMES, "polarity_light", ENLARGE}
    found = [left_out(step, 3 if step == "crop" else 5, 0.6) for step in (*REMOVABLE, ENLARGE)]
    for level in LEVELS:
        claims = put_into_words(effect_claims(found, 5), language, level)
        assert len({claim.sentence for claim in claims}) == len(claims) == 1 + len(found)


@pytest.mark.weights
def test_a_white_page_without_inverting_is_told() -> None:
    reply = trained_bot().ask(str(EXAMPLES / "five.png"), ASKED)
    (claim,) = [claim for claim in told(reply) if claim.slots.get("step") == "polarity"]
    assert claim.kind == "without_flips"
    assert claim.test is not None
    assert claim.test.after.pixels.mean() > 0.5 > claim.test.before.pixels.mean()
    assert any(claim.kind.startswith("check_refuses_") for claim in told(reply))
