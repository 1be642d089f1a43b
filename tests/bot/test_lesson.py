"""The lesson "predict": each outcome of a guess where it is known what matters, and the conversation around it."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest

from bot.api import Bot
from bot.errors import BotError
from bot.lessons.guesses import NONE, PART, Guess
from bot.lessons.outcome import outcome_of
from bot.lessons.state import Lesson
from bot.values import Reading, Reply, Session
from bot.words.lengths import MOST_WORDS, count_words
from bot.words.render import LEVELS, languages, words
from explainers.base import Case
from model.values import DigitImage
from tests.bot.boxes import DIGIT, case_of, faint_around
from tests.bot.digits import drawn
from tests.fakes import FakeClassifier, tiny_classifier

FIRST = case_of({2: 5.0})  # only the third box counts
SPREAD = case_of(dict.fromkeys(range(6), 1.2), bias=-3.0)  # all count alike
Told = tuple[Session, Reply]


def opened(case: Case, language: str = "en", level: str = "normal") -> tuple[Bot, Session, Reply]:
    """A lesson that has just asked about the boxes of ``case``."""
    bot = Bot(case.classifier)
    session = bot.new_session(language, level, "predict")
    *_, (session, reply) = bot.show(session, Reading(DigitImage(case.pixels), case, None))
    return bot, session, reply


def said(case: Case, *texts: str, language: str = "en", level: str = "normal") -> Reply:
    """The reply to the last text, in a lesson about the boxes of ``case``."""
    bot, session, reply = opened(case, language, level)
    for text in texts:
        *_, (session, reply) = bot.stream(session, text)
    return reply


def kinds(reply: Reply) -> list[str]:
    return [claim.kind for claim in reply.claims]


def outcome(case: Case, number: int | None) -> str:
    parts = () if number is None else (case.parts[number - 1],)
    return outcome_of(Guess(PART if parts else NONE, parts), Reading(DigitImage(case.pixels), case, None).about(DIGIT))


def test_the_reading_comes_first_then_the_question_with_a_button_for_each_part() -> None:
    _, session, reply = opened(FIRST)
    assert kinds(reply) == ["reading_sure", "lesson_ask_first", "lesson_how"]
    assert reply.suggestions[0] == "1: the dot at the top left"
    assert reply.suggestions[6:] == ("No single part", "Just tell me")
    assert [figure.id for figure in reply.figures] == ["parts"]
    assert "6: " in reply.figures[0].alt
    assert "7: " not in reply.figures[0].alt  # the gap has no number: there is nothing to erase
    assert session.lesson == Lesson("predict", waits=True)


def test_a_guess_that_holds() -> None:
    reply = said(FIRST, "3")
    told = kinds(reply)
    assert told[:2] == ["lesson_first", "claim_right_erase_flips"]
    assert told[2].startswith("control")
    assert told[3:] == ["lesson_runner_up_small", "reflect_flips"]
    assert reply.question.to_dict() == {"type": "check_claim", "where": "part_3"}
    assert reply.understood == "3: the dot at the top right"
    assert [figure.id for figure in reply.figures] == ["guess_1", "test_1"]
    assert reply.lesson == Lesson("predict", False, 1, 1, 1)
    assert reply.suggestions[-1] == "Another picture"


def test_a_part_that_does_not_matter_and_what_does() -> None:
    reply = said(FIRST, "4")
    assert kinds(reply)[:3] == ["lesson_small", "claim_wrong_small_erase_keeps", "first_part_flips"]
    assert kinds(reply)[-1] == "reflect_differs"
    assert [figure.id for figure in reply.figures] == ["guess_1", "most_1"]
    assert [figure.title for figure in reply.figures] == [
        "Test: the dot on the left erased", "Test: the dot at the top right erased",
    ]  # fmt: skip
    assert reply.lesson == Lesson("predict", False, 1, 1, 0)


def test_another_part_that_matters_as_much_is_named_and_both_hold() -> None:
    case = case_of({1: 3.0, 2: 3.0}, bias=-1.0)
    for guess, other in (("2", "part_3"), ("3", "part_2")):
        reply = said(case, guess)
        assert kinds(reply)[:2] == ["lesson_level", "claim_right_erase_flips"]
        assert [claim.parts[0].id for claim in reply.claims if claim.kind == "claim_as_much_erase"] == [other]
        assert reply.lesson is not None
        assert reply.lesson.held == 1


def test_second_place_is_close() -> None:
    reply = said(case_of({1: 3.0, 2: 6.0}, bias=-3.8, count=12), "2")
    assert kinds(reply)[:2] == ["lesson_second", "claim_partly_erase_keeps"]
    assert [claim.parts[0].id for claim in reply.claims if claim.kind == "claim_more_erase"] == ["part_3"]
    assert reply.lesson == Lesson("predict", False, 1, 1, 0)


def test_third_place_is_told_from_second() -> None:
    case = case_of({1: 3.5, 2: 4.0, 3: 4.0}, bias=-6.0, count=12)
    assert kinds(said(case, "2"))[:2] == ["lesson_further", "claim_partly_erase_flips"]
    assert outcome(case, 3) == "level"


def test_the_border_between_as_much_and_second() -> None:
    drops = {}
    for worth in (2.40, 2.41, 2.42, 2.43):
        case = case_of({1: 2.0, 2: worth}, bias=-0.5, count=12)
        findings = Reading(DigitImage(case.pixels), case, None).about(DIGIT)
        best, guessed = findings.erasures[:2]
        drops[best.drop - guessed.drop] = (outcome(case, 2), outcome(case, 3))
    assert min(drops) < 0.10 <= max(drops)
    for difference, found in drops.items():
        assert found == (("level", "level") if difference < 0.10 else ("second", "first")), difference


def test_the_border_of_what_matters() -> None:
    found = {}
    for worth in (0.56, 0.58, 0.60, 0.65, 0.70, 0.75):
        case = case_of({2: worth}, bias=3.0, count=12)
        findings = Reading(DigitImage(case.pixels), case, None).about(DIGIT)
        drop = findings.erasures[0].drop
        lead = drop - float(findings.control(findings.erasures[0]).drops.mean())
        expected = "small" if drop < 0.10 else "unclear" if lead < 0.10 else "first"
        found[expected] = outcome(case, 3)
    assert found == {"small": "small", "unclear": "unclear", "first": "first"}


def test_ink_that_matters_no_more_than_any_other_is_not_proven() -> None:
    reply = said(SPREAD, "3")
    assert kinds(reply)[:3] == ["lesson_unclear_much", "claim_wrong_random_erase", "claim_control_erase"]
    assert "no_better_than_random_more" in kinds(reply)
    assert "weak_evidence" in reply.warnings
    assert reply.lesson == Lesson("predict", False, 1, 1, 0)


def test_what_is_told_of_the_guess_is_not_told_again() -> None:
    worst = Reading(DigitImage(SPREAD.pixels), SPREAD, None).about(DIGIT).erasures[0].parts[0]
    reply = said(SPREAD, worst.id.replace("_", " "))
    assert "lesson_spread" in kinds(reply)
    assert not [kind for kind in kinds(reply) if kind.startswith("no_better_than_random")]


def test_a_part_that_speaks_against_the_digit() -> None:
    case = case_of({2: 2.0, 3: -2.5}, bias=2.8)
    reply = said(case, "4")
    assert kinds(reply)[:4] == ["lesson_against", "claim_against_erase_wins", "claim_control_erase", "first_part_flips"]
    assert outcome(case_of({2: 2.0, 3: 2.5}, bias=0.0), 4) in ("first", "level")  # the mirror


def test_no_single_part_right_and_wrong() -> None:
    right, wrong = said(SPREAD, "none"), said(FIRST, "none")
    assert kinds(right)[:2] == ["lesson_none_right", "no_better_than_random_more"]
    assert kinds(right)[-1] == "reflect_none"
    assert right.lesson == Lesson("predict", False, 1, 1, 1)
    assert kinds(wrong)[:2] == ["lesson_none_wrong", "first_part_flips"]
    assert wrong.lesson == Lesson("predict", False, 1, 1, 0)
    assert right.understood == wrong.understood == "No single part"


def test_parts_that_count_only_together_are_named_where_none_does_alone() -> None:
    case = case_of({1: 6.0, 2: 6.0}, bias=-1.2)
    assert "together_flips" in kinds(said(case, "no single part"))
    together = ["claim_partly_alone_erase", "claim_partly_together_flips", "claim_partly_rest"]
    assert kinds(said(case, "2")) == ["lesson_small_alone", *together, "lesson_no_other", "reflect_none"]
    assert kinds(said(case, "1"))[:2] == ["lesson_small", "claim_wrong_small_erase_keeps"]


def test_where_an_empty_place_matters_the_evidence_is_not_said_to_be_spread_over_the_shape() -> None:
    told = kinds(said(case_of({2: 0.3, -1: -6.0}, bias=5.7), "3"))
    assert told[2:4] == ["lesson_no_other", "first_gap_flips"]
    assert kinds(said(case_of({2: 0.3}, bias=5.7), "3"))[2] == "lesson_spread"


def test_just_tell_me_counts_for_nothing() -> None:
    reply = said(FIRST, "just tell me")
    assert kinds(reply)[:2] == ["lesson_told", "first_part_flips"]
    assert reply.lesson == Lesson("predict", False, 1, 0, 0)


def test_a_gap_is_no_choice_but_a_guess_at_it_is_tested() -> None:
    case = case_of({-1: -6.0}, bias=4.0)
    reply = said(case, "the gap")
    assert kinds(reply)[:3] == ["meant_one", "lesson_first", "claim_right_fill_flips"]
    without = said(case, "2")
    assert kinds(without)[-2:] == ["first_gap_flips", "reflect_none"]
    assert "weak_evidence" not in kinds(without)  # what must stay empty is evidence


def test_a_guess_at_a_gap_without_room_for_a_control_is_not_proven() -> None:
    size = int(case_of({}).parts[-1].mask.sum())
    reply = said(faint_around(case_of({-1: -6.0}, bias=4.0), size - 1), "the gap")
    assert kinds(reply)[1:3] == ["lesson_unclear", "claim_wrong_no_control_fill"]


def test_a_close_call_and_weak_evidence_are_said() -> None:
    reply = said(case_of({}, bias=2.1), "1")
    assert {"lesson_close_call", "weak_evidence"} <= set(kinds(reply))
    assert {"close_call", "weak_evidence"} <= set(reply.warnings)
    assert kinds(opened(case_of({}, bias=2.1))[2])[0] == "lesson_reading_close"
    assert "lesson_close_call" not in kinds(said(FIRST, "1"))


def test_a_question_meanwhile_is_answered_and_the_lesson_waits() -> None:
    reply = said(FIRST, "how sure are you?")
    assert kinds(reply)[0] == "reading_sure"
    assert kinds(reply)[-1] == "lesson_waits"
    assert reply.suggestions[-1] == "Just tell me"
    assert kinds(said(FIRST, "how sure are you?", "what if I erase the middle dot?", "3"))[0] == "lesson_first"


@pytest.mark.parametrize("text", ["why?", "why 5?", "which part mattered most?"])
def test_the_answer_itself_ends_the_question_uncounted(text: str) -> None:
    reply = said(FIRST, text)
    assert kinds(reply)[-1] == "lesson_given_away"
    assert reply.lesson == Lesson("predict", False, 1, 0, 0)
    assert kinds(said(FIRST, "why not 3?"))[-1] == kinds(said(FIRST, "why 7?"))[-1] == "lesson_waits"


def test_what_is_not_understood_is_asked_again() -> None:
    for text, kind in (("pizza", "lesson_again"), ("2 and 3", "lesson_which"), ("the dot", "lesson_which")):
        reply = said(FIRST, text)
        assert kinds(reply) == [kind]
        assert reply.lesson == Lesson("predict", waits=True)
    assert kinds(said(FIRST, "the loop")) == ["missing_loop", "its_parts_and_openings", "lesson_waits"]
    assert kinds(said(FIRST, "9")) == ["missing_part", "its_parts_and_openings", "lesson_waits"]


def test_a_wish_is_granted_and_the_question_asked_in_the_new_language() -> None:
    reply = said(FIRST, "auf Deutsch bitte")
    assert kinds(reply) == ["style_language", "reading_sure", "lesson_waits"]
    assert reply.suggestions[-1] == "Sag es mir einfach"


def test_after_the_reveal_everything_is_an_ordinary_question() -> None:
    assert kinds(said(FIRST, "3", "2"))[0] == "claim_wrong_small_erase_keeps"
    assert said(FIRST, "just tell me", "why not 3?").question.to_dict() == {"type": "why_not", "other": 3}
    assert said(FIRST, "3", "and the left dot?").question.to_dict() == {"type": "check_claim", "where": "left dot"}


def lesson_of(pictures: Sequence[Case], guesses: Sequence[str]) -> list[Reply]:
    """A lesson over several pictures, one guess each."""
    bot = Bot(FIRST.classifier)
    session, replies = bot.new_session(lesson="predict"), []
    for case, guess in zip(pictures, guesses, strict=True):
        *_, (session, _) = bot.show(session, Reading(DigitImage(case.pixels), case, None))
        *_, (session, reply) = bot.stream(session, guess)
        replies.append(reply)
    return replies


def test_the_tally_goes_on_over_pictures() -> None:
    replies = lesson_of([FIRST] * 5, ["4", "1", "3", "skip", "3"])
    tallies = [[claim.sentence for claim in reply.claims if claim.kind == "lesson_tally"] for reply in replies]
    assert tallies == [[], [], ["Guesses that held so far: 1 of 3."], [], ["Guesses that held so far: 2 of 4."]]
    assert replies[-1].lesson == Lesson("predict", False, 5, 4, 2)


def test_nothing_is_asked_in_the_same_words_twice_running() -> None:
    bot, session, reply = opened(FIRST)
    asked = [kinds(reply)]
    for _ in range(3):
        *_, (session, _) = bot.stream(session, "3")
        *_, (session, reply) = bot.show(session, Reading(DigitImage(FIRST.pixels), FIRST, None))
        asked.append(kinds(reply))
    assert [one[1] for one in asked] == ["lesson_ask_first", "lesson_ask_next", "lesson_ask_again", "lesson_ask_next"]
    leads = [reply.claims[0].kind for reply in lesson_of([FIRST] * 3, ["3"] * 3)]
    assert leads == ["lesson_first", "lesson_first_again", "lesson_first"]
    ends = [reply.claims[-1].kind for reply in lesson_of([FIRST] * 3, ["4"] * 3)]
    assert ends == ["reflect_differs", "reflect_instead", "reflect_differs"]


def test_a_new_picture_takes_the_place_of_a_question_that_waits() -> None:
    bot, session, _ = opened(FIRST)
    *_, (session, reply) = bot.show(session, Reading(DigitImage(SPREAD.pixels), SPREAD, None))
    assert session.lesson == Lesson("predict", waits=True)
    assert kinds(reply)[1] == "lesson_ask_first"
    *_, (_, reply) = bot.stream(session, "none")
    assert kinds(reply)[0] == "lesson_none_right"


def test_a_picture_that_cannot_be_read_is_not_asked_about() -> None:
    bot = Bot(FakeClassifier.random(scale=0.05))
    *_, (session, reply) = bot.show(bot.new_session(lesson="predict"), np.zeros((28, 28), np.float32))
    assert kinds(reply) == ["not_accepted_blank"]
    assert session.lesson == Lesson("predict")
    *_, (_, reply) = bot.stream(session, "2")
    assert reply.question.type == "why"
    assert "Just tell me" not in reply.suggestions
    turned_away = Reading(DigitImage(FIRST.pixels), FIRST, "not_a_digit")
    *_, (session, _) = bot.show(session, turned_away)
    assert session.lesson == Lesson("predict")


def test_a_digit_of_one_part_leaves_nothing_to_choose() -> None:
    _, session, reply = opened(case_of({0: 5.0}, count=1))
    assert kinds(reply) == ["reading_sure", "lesson_one_part"]
    assert not reply.figures
    assert session.lesson == Lesson("predict")
    assert reply.suggestions[-1] == "Another picture"
    assert opened(case_of({0: 5.0}, count=2))[1].lesson == Lesson("predict", waits=True)


def test_another_picture_may_be_asked_for_before_and_after() -> None:
    for texts in (("next",), ("3", "another picture, please")):
        reply = said(FIRST, *texts)
        assert kinds(reply) == ["lesson_onwards"]
        assert reply.lesson is not None
        assert reply.lesson.waits == (len(texts) == 1)


def test_without_a_lesson_nothing_is_different() -> None:
    chat = Bot(tiny_classifier(3)).start()
    chat.show(drawn("five"))
    reply = chat.ask("2")
    assert reply.question.type == "why"
    assert reply.lesson is None
    assert reply.to_dict()["lesson"] is None
    assert chat.ask("another picture").question.type != "help"


def test_a_lesson_that_there_is_not() -> None:
    with pytest.raises(BotError, match="There is no lesson chess; there are predict"):
        Bot(tiny_classifier(3)).start(lesson="chess")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("language", languages())
def test_every_button_is_understood_as_itself(language: str, level: str) -> None:
    _, _, first = opened(FIRST, language, level)
    assert len(first.suggestions) == 8
    for button in first.suggestions:
        reply = said(FIRST, button, language=language, level=level)
        assert reply.understood == button
        assert reply.language == language
        assert not reply.says_understood(button)
        assert reply.lesson is not None
        assert not reply.lesson.waits
    assert kinds(said(FIRST, words(language).say("lesson_next", {}), language=language)) == ["lesson_onwards"]


@pytest.mark.parametrize("language", languages())
def test_shorter_is_short_in_a_lesson_too(language: str) -> None:
    bot, session, _ = opened(FIRST, language)
    *_, (session, _) = bot.stream(session, words(language).say("ask_style_length_shorter", {}))
    for guess in ("3", "4"):
        *_, (session, asked) = bot.show(session, Reading(DigitImage(FIRST.pixels), FIRST, None))
        *_, (session, reply) = bot.stream(session, guess)
        assert [kind for kind in kinds(asked) if kind.startswith("lesson_ask")]
        assert kinds(reply)[0].startswith("lesson_")
        assert count_words(asked.text) <= MOST_WORDS, asked.text
        assert count_words(reply.text) <= MOST_WORDS, reply.text


def test_every_claim_about_a_cause_can_be_repeated_from_the_json() -> None:
    classifier = tiny_classifier(3)
    chat = Bot(tiny_classifier(3)).start(lesson="predict")
    tested = 0
    for name in ("five", "four", "three"):
        for guess in ("1", "2", "none", "tell me"):
            chat.show(drawn(name))
            reply = json.loads(json.dumps(chat.ask(guess).to_dict(), allow_nan=False))
            assert reply["lesson"]["id"] == "predict"
            assert reply["claims"]
            for claim in reply["claims"]:
                assert claim["evidence"], claim
                if claim["kind"].startswith(("claim_", "first_", "reflect_flips")) and "control" not in claim["kind"]:
                    assert claim["test"], claim
                for outcome in (claim["test"][side] for side in ("before", "after") if claim["test"]):
                    pixels = np.asarray(outcome["pixels"], np.float32)
                    again = classifier.probabilities(classifier.logits(pixels[None])[0])
                    np.testing.assert_allclose(again, outcome["probabilities"], atol=1e-4)
                    tested += 1
    assert tested > 20
