"""Shorter and longer: what is left out, and what comes in addition."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from bot.api import Bot
from bot.question import Question
from bot.questions.base import Asked
from bot.questions.preprocessing import TOPIC
from bot.questions.trust import Trust
from bot.values import Claim, Evidence, Reading, Reply, Session
from bot.words.lengths import MOST_WORDS, count_words, shortened
from bot.words.render import LEVELS
from bot.words.wording import Speaker
from model.values import DigitImage
from tests.bot.boxes import case_of
from tests.bot.digits import drawn
from tests.fakes import tiny_classifier
from tests.remembering import remembering

SPEAK = {"en": "in English", "de": "auf Deutsch bitte", "es": "en español", "fr": "en français"}
EVIDENCE = (Evidence("x", 1.0, "share", "model"),)
QUESTIONS = (
    "what is it?", "why?", "why not 3?", "how sure are you?", "how do you know?", "do LIME and IG agree?",
    "which explanation should I believe?",
)  # fmt: skip


def claim(kind: str, words: int) -> Claim:
    return Claim(kind, {}, EVIDENCE, sentence=" ".join([kind] * words))


@cache
def bot() -> Bot:
    """For all conversations: the languages, levels and lengths have the same runs of the network."""
    return Bot(remembering(tiny_classifier(3)))


@cache
def replies(length: str, level: str = "normal", language: str = "en") -> tuple[Reply, ...]:
    found = []
    for name in ("five", "four"):
        chat = bot().start(level=level)
        chat.ask(SPEAK[language])  # the questions in English then do not change it back
        chat.ask(length)
        chat.show(drawn(name))
        found += [chat.ask(question) for question in QUESTIONS]
    return tuple(found)


def test_the_core_stays_and_the_rest_goes() -> None:
    made = [claim("reading_sure", 10), claim("first_part_flips", 20), claim("support", 31), claim("minor_part", 1)]
    assert [one.kind for one in shortened(made, [])] == ["reading_sure", "first_part_flips"]


def test_what_there_is_just_room_for_is_said() -> None:
    made = [claim("reading_sure", 10), claim("support", 30), claim("first_part_flips", 20)]
    assert [one.kind for one in shortened(made, [])] == ["reading_sure", "support", "first_part_flips"]
    assert [one.kind for one in shortened(made, [claim("style_length_shorter", 1)])] == [
        "reading_sure", "first_part_flips",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("named", "leaning"),
    [
        ("misled_erase_wins", "advice_same_erase"),
        ("layers_erased_flips", "layers_control_beaten"),
        ("first_part_flips", "control_small"),
        ("first_gap_beyond_chance_flips", "control_fill"),
        ("first_beyond_chance_flips", "large_part"),
        ("claim_partly_erase_flips", "claim_more_erase"),
        ("claim_right_erase_flips", "claim_as_much_erase"),
        ("claim_right_erase_flips", "lesson_runner_up_small"),
    ],
)
def test_what_refers_to_another_sentence_is_said_only_after_it(named: str, leaning: str) -> None:
    made = [claim("correct_wrong", 20), claim(named, 30), claim(leaning, 10)]
    assert [one.kind for one in shortened(made, [])] == ["correct_wrong", named, leaning]
    too_long = [made[0], claim(named, 41), made[2]]
    assert [one.kind for one in shortened(too_long, [])] == ["correct_wrong"]
    assert [one.kind for one in shortened([made[1], made[2]], [])] == [named, leaning]


def test_of_a_lesson_the_test_of_the_guess_is_said_before_its_doubts() -> None:
    made = [claim("lesson_first", 5), claim("claim_right_erase_flips", 30), claim("lesson_close_call", 30)]
    assert [one.kind for one in shortened(made, [])] == ["lesson_first", "claim_right_erase_flips"]


def test_a_doubt_goes_before_a_heatmap() -> None:
    made = [claim("reading_close", 20), claim("support", 30), claim("unusual_image", 30)]
    assert [one.kind for one in shortened(made, [])] == ["reading_close", "unusual_image"]
    assert list(shortened([], [])) == []


def test_the_first_claim_comes_before_the_others_are_made() -> None:
    def made() -> Iterator[Claim]:
        yield claim("reading_sure", 10)
        raise AssertionError("made too early")

    assert next(shortened(made(), [])).kind == "reading_sure"


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("language", SPEAK)
def test_shorter_is_at_most_so_many_words(level: str, language: str) -> None:
    for reply in replies("shorter", level, language):
        assert reply.language == language
        assert 0 < count_words(reply.text) <= MOST_WORDS, reply.text


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("language", SPEAK)
def test_of_how_it_knows_the_strongest_test_is_told_however_short(language: str, level: str) -> None:
    case = case_of({2: 5.0, -1: -2.0})
    reading = Reading(DigitImage(case.pixels), case, None)
    speaker = Speaker(language, level, 0, short=True)
    made = [speaker.put(claim) for claim in Trust().claims(Asked(Question("trust"), Session(reading=reading)))]
    said = list(shortened(made, []))
    tests = [claim for claim in said if claim.kind.startswith("replayed_")]
    assert (tests[0].kind, tests[0].parts[0].id) == ("replayed_erase_flips", "part_3")
    assert sum(count_words(claim.sentence) for claim in said) <= MOST_WORDS


def test_of_the_steps_there_are_all_or_their_number() -> None:
    chat = bot().start()
    chat.show(drawn("five"))
    usual = chat.ask("what did you do to my picture?")
    short = chat.ask("shorter")
    assert [one.kind for one in short.claims if one.topic not in ("style", TOPIC)] == ["steps_brief"]
    assert {one.kind for one in short.claims if one.topic == TOPIC} <= {one.kind for one in usual.claims}
    assert count_words(short.text) <= MOST_WORDS
    assert {one.kind for one in usual.claims} > {"steps_done", "network_input"}


@pytest.mark.parametrize(
    ("question", "kind"), [("how sure are you?", "margin"), ("what else could it be?", "reading_")]
)
def test_more_detail_on_how_sure_and_what_else_is_tested(question: str, kind: str) -> None:
    chat = bot().start()
    chat.show(drawn("five"))
    assert not [one for one in chat.ask(question).claims if one.test is not None]
    long = chat.ask("more detail")
    assert any(one.kind.startswith(kind) for one in long.claims)
    assert [one for one in long.claims if one.test is not None]


def test_what_is_dropped_is_dropped_from_the_json_but_remains_a_warning() -> None:
    for short, usual in zip(replies("shorter"), replies("normal"), strict=True):
        kinds = [one["kind"] for one in short.to_dict()["claims"]]
        assert kinds == [one.kind for one in short.claims]
        assert set(kinds) <= {one.kind for one in usual.claims}
        assert short.warnings == usual.warnings


def test_longer_says_all_that_is_usual_and_more() -> None:
    more = set()
    for long, usual in zip(replies("longer"), replies("normal"), strict=True):
        assert long.text.startswith(usual.text)
        more |= {one.kind for one in long.claims} - {one.kind for one in usual.claims}
    assert {"minor_head", "minor_part", "statistics", "margin_told"} <= more


def test_what_was_told_is_no_minor_part() -> None:
    for reply in replies("longer"):
        tested = [(one.digit, one.parts) for one in reply.claims if one.kind.startswith(("first_", "further_"))]
        minor = [(one.digit, one.parts) for one in reply.claims if one.kind in ("minor_part", "minor_gap")]
        assert not set(tested) & set(minor)
        assert len(minor) == len(set(minor))


def test_the_core_too_is_said_only_as_far_as_there_is_room() -> None:
    made = [claim("missing_loop", 8), claim("its_parts", MOST_WORDS - 8), claim("not_yet", 1)]
    assert [one.kind for one in shortened(made, [])] == ["missing_loop", "its_parts"]
    made = [claim("missing_loop", 8), claim("its_parts", MOST_WORDS - 7), claim("not_yet", 20)]
    assert [one.kind for one in shortened(made, [])] == ["missing_loop", "not_yet"]
