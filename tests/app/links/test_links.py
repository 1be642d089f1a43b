"""A link gives the answer that it stands under, or there is none; whatever an address holds, the page lives."""

from __future__ import annotations

import logging
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import Bot
from bot.alone import sentence_alone
from bot.question import Question
from bot.questions import answers
from bot.style import heed
from bot.values import Session
from bot.words.interface import interface_words
from bot.words.render import LEVELS, languages
from interface.chat.examples import EXAMPLES
from interface.chat.visit import Host, Visit
from interface.links.address import Address
from interface.links.answer_link import LONGEST
from interface.links.linked_picture import PREFIX, picture_text
from interface.widgets.grey import packed
from tests.app import pictures
from tests.app.fake import FakeBot
from tests.app.links.following import conversation, last, link_in, opened, said, texts
from tests.bot.digits import drawn
from tests.fakes import tiny_classifier
from tests.remembering import remembering


@pytest.fixture(scope="module")
def host() -> Host:
    """A small network answers in no time, by the same code as the real one."""
    return Host(Bot(remembering(tiny_classifier(3))))


def show(host: Host, picture: str, language: str = "en", level: str = "normal") -> Visit:
    """A visit with an example, with a picture out of the editor, or without any."""
    visit = host.welcome(language, level)
    if picture == "edited":
        return last(host.ask_why(visit, packed(drawn("five")).hex()))
    return last(host.open_example(visit, picture)) if picture else visit


def uploaded(host: Host, tmp_path, language: str = "en") -> Visit:
    path = tmp_path / "five.png"
    path.write_bytes(pictures.encoded(pictures.digit()))
    return last(host.open_upload(host.welcome(language), str(path)))


CONVERSATIONS = [
    ("five", "en", "normal", ["why not 3?", "and 8?", "which part mattered most?", "and what if I erase that?"]),
    ("five", "en", "normal", ["what did you do to my picture?", "what is it and why?", "show me lime", "for 3 too"]),
    ("five", "en", "normal", ["what if I turn it 20 degrees to the left?", "the other way", "compare LIME and LRP"]),
    ("five", "en", "normal", ["what if I erase the top and turn it 20 degrees?", "explain", "simpler, please"]),
    ("edited", "de", "simple", ["warum keine 3?", "und 8?", "was hast du mit meinem Bild gemacht?"]),
    ("four_or_nine", "fr", "expert", ["pourquoi pas 3 ?", "et 8 ?", "es-tu sûr ?"]),
    ("three", "es", "normal", ["¿por qué no 8?", "¿y 5?", "is it because of the top?"]),
    ("", "en", "normal", ["how accurate are you?", "and on 9s?", "what is LIME?", "what can I ask?"]),
]


@pytest.mark.parametrize(("picture", "language", "level", "questions"), CONVERSATIONS)
def test_a_link_gives_the_same_answer(host, picture, language, level, questions) -> None:
    linked = 0
    for answer in conversation(host, show(host, picture, language, level), questions):
        if link := link_in(answer):
            linked += 1
            visit = opened(host, link)
            assert said(visit.messages[-1]) == said(answer), link
            assert link_in(visit.messages[-1]) == link
            assert re.search("[a-z]$", link), "messengers cut other signs off"
    assert linked >= len(questions) - 1


def test_of_ones_own_picture_it_holds_the_pixels(host, tmp_path) -> None:
    *_, answer = conversation(host, uploaded(host, tmp_path), ["why not 3?", "and 8?"])
    link = link_in(answer)
    assert link.startswith(f"?image={PREFIX}")
    assert link.endswith("&ask=Why+not+8%3F&lang=en")
    assert len(link) < 700
    assert said(opened(host, link).messages[-1]) == said(answer)


def test_of_an_example_it_holds_the_name_until_it_is_changed(host) -> None:
    visit = last(host.ask(show(host, "four"), "why not 3?"))
    assert link_in(visit.messages[-1]) == "?image=four&ask=Why+not+3%3F&lang=en"
    pixels = visit.session.reading.pixels.copy()
    pixels[20:23, 5:9] = 1
    changed = last(host.ask_why(visit, packed(pixels).hex()))
    assert link_in(changed.messages[-1]).startswith(f"?image={PREFIX}")
    again = last(host.ask(last(host.open_example(changed, "four")), "why not 3?"))
    assert link_in(again.messages[-1]) == link_in(visit.messages[-1])


@pytest.mark.parametrize(
    "questions",
    [
        ["what if I erase the top?", "now also turn it 20 degrees"],
        ["what if I erase the top?", "undo that"],
        ["what if I erase the top?", "what if I also turn it?", "as it was"],
        ["why not 3?", "explain it like I'm ten"],  # says the answer before it once more
        ["shorter, please", "why?"],  # no address asks for a length
        ["more detail, please", "why?"],
        ["what's the weather?"],
        ["why? and what's the weather like?"],
        ["why? " + "please " * 200],  # says that it was not read whole
        ["make a handout"],
    ],
    ids=lambda questions: questions[-1][:30],
)
def test_what_rests_on_the_conversation_has_none(host, questions) -> None:
    *_, answer = conversation(host, show(host, "five"), questions)
    assert link_in(answer) == ""


def test_comparing_with_the_picture_before_has_none(host) -> None:
    first = show(host, "five")
    alone = last(host.ask(first, "compare it with the previous picture"))
    assert said(opened(host, link_in(alone.messages[-1])).messages[-1]) == said(alone.messages[-1])
    second = last(host.open_example(first, "three"))
    answer = last(host.ask(second, "compare it with the previous picture")).messages[-1]
    assert link_in(answer) == ""


def test_how_an_upload_was_made_ready_has_none(host, tmp_path) -> None:
    upload = uploaded(host, tmp_path)
    asked = ["what did you do to my picture?", "why? and what did you do to my picture?", "why?"]
    assert [bool(link_in(answer)) for answer in conversation(host, upload, asked)] == [False, False, True]


def test_what_was_turned_away_by_its_looks_has_none(host, tmp_path) -> None:
    """Two digits beside each other: their 28×28 pixels alone would be explained."""
    path = tmp_path / "two.png"
    path.write_bytes(pictures.encoded(two_digits()))
    visit = last(host.open_upload(host.welcome(), str(path)))
    assert visit.session.reading.image.reason is not None
    assert [link_in(one) for one in conversation(host, visit, ["why?", "what can I ask?"])] == ["", ""]


def two_digits():
    sheet = pictures.digit(200).resize((400, 200))
    sheet.paste(pictures.digit(200), (0, 0))
    sheet.paste(pictures.digit(200), (200, 0))
    return sheet


def test_before_any_picture_a_question_about_one_has_none(host) -> None:
    assert link_in(last(host.ask(host.welcome(), "why?")).messages[-1]) == ""


def test_a_growing_answer_has_none_yet(host, monkeypatch) -> None:
    looked: list[Question] = []
    alone = lambda heard, question: looked.append(question) or sentence_alone(heard, question)  # noqa: E731
    monkeypatch.setattr("interface.links.answer_link.sentence_alone", alone)
    *growing, whole = host.ask(show(host, "five"), "why not 3?")
    assert len(growing) > 2
    assert link_in(whole.messages[-1])
    assert all(link_in(step.messages[-1]) == "" for step in growing)
    assert looked == [Question("why_not", {"other": 3}, language="en")], "looked for once, at the end"


def test_what_is_about_the_whole_conversation_has_none(monkeypatch) -> None:
    monkeypatch.setitem(answers(), "report", answers()["help"])  # as if it were answered
    assert sentence_alone(Session(), Question("report")) == ""
    assert sentence_alone(Session(), Question("help"))


@pytest.mark.parametrize(("wish", "later"), [("", "en"), (" Answer in French.", "fr")])
def test_a_link_answers_in_its_language_and_what_follows_in_that_of_the_question(host, wish, later) -> None:
    visit = opened(host, f"?image=five&ask=why+not+3%3F{wish}&lang=de")
    assert visit.session.language == ("fr" if wish else "de")
    assert last(host.ask(visit, "how sure are you?")).session.language == later
    assert opened(host, "?image=five&ask=why+not+3%3F").session.language == "en"


def test_a_longer_one_than_can_be_sent_is_not_offered(host, monkeypatch) -> None:
    query = "?image=five&ask=&lang=en"
    for length, offered in ((LONGEST, True), (LONGEST + 1, False)):
        sentence = "y" * (length - len(query))
        monkeypatch.setattr("interface.links.answer_link.sentence_alone", lambda heard, question, said=sentence: said)
        link = link_in(last(host.ask(show(host, "five"), "why not 3?")).messages[-1])
        assert bool(link) is offered
        assert len(link) in (length, 0)


@pytest.mark.parametrize(("name", "value"), [("language", "de"), ("level", "simple"), ("length", "shorter")])
def test_the_sentence_is_checked_in_the_style_that_it_will_meet(monkeypatch, name, value) -> None:
    """A new conversation that would answer in another style than this one."""
    plain = Session()
    question = Question("accuracy")
    assert sentence_alone(plain, question) == "How accurate are you?"

    def heed_otherwise(session: Session, question: Question) -> Session:
        return Session(**{"language": "en", "level": "normal", "length": None, name: value})

    monkeypatch.setattr("bot.alone.heed", heed_otherwise)
    assert sentence_alone(plain, question) == ""


def test_a_sentence_that_is_understood_otherwise_is_not_taken(monkeypatch) -> None:
    question = Question("accuracy", {"digit": 9})
    assert sentence_alone(heed(Session(), question), question)
    monkeypatch.setattr("bot.alone.understood", lambda question, words: "How accurate are you on 8s?")
    assert sentence_alone(heed(Session(), question), question) == ""


def test_a_sentence_that_leaves_a_wish_out_is_not_taken(monkeypatch) -> None:
    """It gets the same style without the wish, but not the words that acknowledge it."""
    wish = Question("style", {"level": "simple"}, also=(Question("accuracy"),))
    assert sentence_alone(Session(level="simple"), wish)
    monkeypatch.setattr("bot.alone.understood", lambda question, words: "How accurate are you?")
    assert sentence_alone(Session(level="simple"), wish) == ""


def test_an_address_is_written_as_it_is_read() -> None:
    address = Address("five", "why not 3 & 8 + “ü”?", "de", "expert")
    assert address.query() == "?image=five&ask=why+not+3+%26+8+%2B+%E2%80%9C%C3%BC%E2%80%9D%3F&lang=de&level=expert"
    assert Address(ask="why", lang="en").query() == "?ask=why&lang=en"


FIVE = picture_text(drawn("five"))
PARAMETERS = {
    "image": st.text(max_size=80) | st.sampled_from([one.id for one in EXAMPLES]) | st.just(FIVE)
    | st.text(max_size=80).map(lambda text: PREFIX + text) | st.integers(0, len(FIVE)).map(lambda end: FIVE[:end]),
    "ask": st.text(max_size=700) | st.sampled_from(["why?", " ", "<img src=x onerror=alert(1)>", "why " * 300]),
    "lang": st.text(max_size=12) | st.sampled_from(["de", "../en", "fr-FR"]),
    "level": st.text(max_size=12) | st.sampled_from(LEVELS),
}  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.fixed_dictionaries({}, optional=PARAMETERS))
def test_any_address_is_answered_or_gets_one_sentence(query: dict[str, str], caplog) -> None:
    host = Host(FakeBot())  # type: ignore[arg-type]
    address = Address.from_query(query)
    with caplog.at_level(logging.WARNING):
        *_, visit = host.welcome(), *host.follow_link(host.welcome(), address)
    assert not caplog.records
    assert len(visit.messages) <= 4
    problems = [one for one in visit.messages if one.role == "assistant" and not one.options]
    assert len(problems) <= 1
    for problem in problems:
        (sentence,) = texts(problem)
        assert 10 < len(sentence) < 300
    assert last(host.open_example(visit, "five")).messages[-1].options, "the conversation goes on"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (Address("px-AAAA", "why?"), "not_a_linked_picture"),
        (Address(FIVE[:-9], "why?"), "not_a_linked_picture"),
        (Address("five", "why? " * 101), "link_question_too_long"),
        (Address("sixty", "why?"), "no_such_example"),
    ],
    ids=["no picture", "cut off", "long", "unknown"],
)
def test_a_bad_link_gets_its_sentence_in_the_visitors_language(host, language, address, sentence) -> None:
    visit = last(host.follow_link(host.welcome(language), address))
    (message,) = visit.messages
    (text,) = texts(message)
    words = interface_words(language)
    expected = words[sentence].format(most=500, names=", ".join(one.id for one in EXAMPLES))
    assert re.sub(r"\\(.)", r"\1", text) == expected


def test_a_question_as_long_as_is_read_is_answered(host) -> None:
    longest = "why? ".ljust(500, ".")
    assert len(last(host.follow_link(host.welcome(), Address("five", longest))).messages) == 4
    assert len(last(host.follow_link(host.welcome(), Address("five", longest + "."))).messages) == 1


def test_what_the_chat_gets_cannot_leave_its_attribute(monkeypatch, host) -> None:
    monkeypatch.setattr(
        "interface.links.answer_link.sentence_alone", lambda heard, question: "\"'><script>alert(1)</script>"
    )
    link = texts(last(host.ask(show(host, "five"), "why not 3?")).messages[-1])[-1]
    assert "<script" not in link
    assert re.findall("&[^=]{4}", link) == ["&amp;", "&amp;"]
    assert link.count('"') == 2 * len(["class", "href", "target", "rel", "class", "class"])


def test_the_pixels_in_a_link_are_those_that_the_network_got(host, tmp_path) -> None:
    visit = uploaded(host, tmp_path)
    answer = last(host.ask(visit, "why not 3?")).messages[-1]
    again = opened(host, link_in(answer)).session.reading
    assert np.array_equal(again.pixels, visit.session.reading.pixels)
    assert np.array_equal(again.prediction.logits, visit.session.reading.prediction.logits)
