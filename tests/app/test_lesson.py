"""A lesson in the page: from an address, over examples and drawings, with a tiny network."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.api import Bot
from bot.lessons.state import Lesson
from interface.chat.examples import EXAMPLES, example_after, example_named
from interface.chat.messages import Message, Picture
from interface.chat.page import page_words
from interface.chat.visit import Host, Steps, Visit
from interface.links.address import Address
from tests.app import pictures
from tests.fakes import tiny_classifier
from tests.remembering import remembering
from tests.trained import trained_bot

LESSON_PAGE = Path(__file__).resolve().parents[2] / "docs" / "lesson-mode.md"


@pytest.fixture(scope="module")
def host() -> Host:
    return Host(Bot(remembering(tiny_classifier(3))))


@pytest.fixture(scope="module")
def trained() -> Bot:
    """The bundled weights."""
    return trained_bot("cpu")


def last(steps: Steps) -> Visit:
    *_, visit = steps
    return visit


def alts(message: Message) -> list[str]:
    return [item.alt for item in message.content if isinstance(item, Picture)]


def text(message: Message) -> str:
    return str(message.content[0])


def drawing(side: int) -> str:
    return "data:image/png;base64," + base64.b64encode(pictures.encoded(pictures.digit(side))).decode()


def test_an_address_opens_a_picture_and_asks_about_its_parts(host: Host) -> None:
    address = Address.from_query({"lesson": "Predict", "image": "five", "level": "simple", "lang": "de"})
    visit = last(host.follow_link(host.welcome("de", address.level, address.lesson), address))
    assert [message.role for message in visit.messages] == ["user", "assistant"]
    assert "**Welchen Teil brauche ich wohl am meisten?**" in text(visit.messages[1])
    assert len(alts(visit.messages[1])) == 1
    assert visit.messages[1].options[-2:] == ("Kein Teil allein", "Sag es mir einfach")


def test_a_link_may_bring_the_guess_along(host: Host) -> None:
    visit = last(host.follow_link(host.welcome(lesson="predict"), Address("five", "the top bar", lesson="predict")))
    assert visit.session.lesson is not None
    assert visit.session.lesson.guesses == 1
    assert visit.messages[-1].options[-1] == "Another picture"


@pytest.mark.parametrize("lesson", ["", "chess", "predict predict", "../predict", "<b>"])
def test_a_lesson_that_there_is_not_is_none(host: Host, lesson: str) -> None:
    address = Address.from_query({"lesson": lesson})
    assert address == Address()
    assert host.welcome(lesson=address.lesson).session.lesson is None


def test_without_a_lesson_a_picture_comes_with_no_figure_and_no_question(host: Host) -> None:
    visit = last(host.open_example(host.welcome(), "five"))
    assert alts(visit.messages[1]) == []
    assert "Just tell me" not in visit.messages[1].options
    assert len(last(host.ask(visit, "another picture")).messages) == 4


def test_the_next_picture_is_the_next_example_and_the_tally_goes_on(host: Host) -> None:
    visit = last(host.open_example(host.welcome(lesson="predict"), "five"))
    visit = last(host.ask(visit, visit.messages[-1].options[0]))
    onwards = last(host.ask(visit, "Another picture"))
    assert onwards.example == example_after("five").id
    assert len(onwards.messages) == len(visit.messages) + 2
    assert onwards.messages[-1].options[-1] == "Just tell me"
    before = visit.session.lesson
    assert before is not None
    assert onwards.session.lesson == replace(before, waits=True)


def test_examples_follow_each_other_round_and_round() -> None:
    name, seen = "", []
    for _ in EXAMPLES:
        name = example_after(name).id
        seen.append(name)
    assert seen == [example.id for example in EXAMPLES]
    assert example_after(name) == EXAMPLES[0]
    assert example_after("no such example") == EXAMPLES[0]


def test_a_drawing_that_changes_replaces_the_question(host: Host) -> None:
    once = last(host.open_drawing(host.welcome(lesson="predict"), drawing(280)))
    twice = last(host.open_drawing(once, drawing(240)))
    assert len(once.messages) == len(twice.messages) == 2
    assert twice.session.lesson == Lesson("predict", waits=True)
    assert twice.session.reading is not once.session.reading
    guessed = last(host.ask(twice, "1", drawing(240)))
    assert text(guessed.messages[1]) == text(twice.messages[1])  # what was asked stays
    assert guessed.session.lesson is not None
    assert guessed.session.lesson.guesses == 1
    again = last(host.open_drawing(guessed, drawing(200)))
    assert len(again.messages) == len(guessed.messages) + 2
    assert again.session.lesson is not None
    assert again.session.lesson.waits


def test_two_visitors_have_lessons_of_their_own(host: Host) -> None:
    first = last(host.open_example(host.welcome(lesson="predict"), "five"))
    second = last(host.open_example(host.welcome(lesson="predict"), "five"))
    first = last(host.ask(first, "none"))
    assert first.session.lesson is not None
    assert first.session.lesson.guesses == 1
    assert second.session.lesson == Lesson("predict", waits=True)


def test_clearing_the_chat_starts_the_same_lesson_anew(host: Host) -> None:
    visit = last(host.open_example(host.welcome("fr", "simple", "predict"), "five"))
    anew = host.start_anew(last(host.ask(visit, "1")))
    assert anew.messages == ()
    session = anew.session
    assert (session.language, session.level, session.lesson) == ("fr", "simple", Lesson("predict"))
    assert host.start_anew(host.welcome()).session.lesson is None


def test_the_empty_page_says_what_the_lesson_is() -> None:
    usual, lesson = page_words("en"), page_words("en", "predict")
    assert lesson["chat"]["placeholder"].startswith("### Which part matters most?")
    assert lesson["question"]["placeholder"] != usual["question"]["placeholder"]
    assert {name for name in usual if usual[name] != lesson[name]} == {"chat", "question"}


def test_every_link_of_the_teachers_page_opens_its_lesson() -> None:
    links = re.findall(r"`(/\?lesson=[^`]+)`", LESSON_PAGE.read_text(encoding="utf-8"))
    assert len(links) >= 6
    for link in links:
        query = {name: values[0] for name, values in parse_qs(urlsplit(link).query, strict_parsing=True).items()}
        address = Address.from_query(query)
        assert query == {name: getattr(address, name) for name in query}, link
        assert not address.image or example_named(address.image), link


@pytest.mark.weights
@pytest.mark.parametrize(
    ("image", "guess", "outcome", "also"),
    [
        ("seven", "the flat bar at the top", "lesson_first", "reflect_flips"),
        ("seven", "none", "lesson_none_wrong", "first_part_flips"),
        ("five", "the upright stroke", "lesson_first", "first_gap_flips"),
        ("three", "the upright stroke on the right", "lesson_first", "reflect_flips"),
        ("eight", "the loop", "lesson_unclear_much", "lesson_spread"),
        ("eight", "none", "lesson_none_right", "no_better_than_random_alike"),
        ("three_or_five", "the flat bar at the top right", "lesson_against", "lesson_close_call"),
    ],
)
def test_what_the_teachers_page_says_of_its_links_is_so(
    trained: Bot, image: str, guess: str, outcome: str, also: str
) -> None:
    example = example_named(image)
    assert example is not None
    chat = trained.start(lesson="predict")
    chat.show(str(example.path))
    kinds = [claim.kind for claim in chat.ask(guess).claims]
    assert kinds[0] == outcome
    assert also in kinds
