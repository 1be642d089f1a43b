"""The words of real answers: easy at the simple level, few where they should be short, and not the same again."""

from __future__ import annotations

from functools import cache

import pytest

from benchmarks.asked import ABOUT_ITSELF, CONVERSATIONS, Answered, ask, questions
from benchmarks.formulas import SCALES, readability
from benchmarks.readability import answers, tell
from benchmarks.repeats import names_of, repeats, wordings
from bot.words.lengths import MOST_WORDS, SHORTER, count_words
from bot.words.render import LEVELS, languages
from interface.chat.examples import EXAMPLES
from tests.trained import trained_bot

pytestmark = pytest.mark.weights
SLOW = ("what would make it",)  # the search for a smallest change alone takes as long as all others


@cache
def conversations() -> list[list[Answered]]:
    """Two about a picture, one about the network itself: a few dozen answers."""
    bot, found = trained_bot(), []
    for example, texts in zip(EXAMPLES, CONVERSATIONS[:2], strict=False):
        *_, (session, _) = bot.show(bot.new_session(level="simple"), example.path)
        asked = [text for text in questions(session, texts) if not text.startswith(SLOW)]
        found.append(ask(bot, session, asked)[1])
    return [*found, ask(bot, bot.new_session(level="simple"), ABOUT_ITSELF)[1]]


@pytest.mark.parametrize("language", languages())
def test_the_simple_level_can_be_read_at_school(language: str) -> None:
    told = [one for conversation in conversations() for one in tell(conversation, language, "simple")]
    assert len(told) >= 30
    for one in told:
        figure = readability(one.text, language, aloud=language == "en")
        assert SCALES[language].holds(figure), one.text


@pytest.mark.parametrize("language", languages())
def test_shorter_is_short_and_still_answers(language: str) -> None:
    for level in LEVELS:
        for conversation in conversations():
            usual, short = (list(tell(conversation, language, level, length)) for length in (None, SHORTER))
            for whole, one in zip(usual, short, strict=True):
                assert 0 < count_words(one.text) <= MOST_WORDS, one.text
                assert answers(one) or not answers(whole), one.text


@pytest.mark.parametrize("language", languages())
def test_nothing_is_worded_alike_three_times_in_a_row(language: str) -> None:
    for level in LEVELS:
        for length in (None, SHORTER):
            for conversation in conversations():
                told = tell(conversation, language, level, length)
                every = [wordings(one.claims, names_of(one.answered.parts, language)) for one in told]
                assert not list(repeats(every))
