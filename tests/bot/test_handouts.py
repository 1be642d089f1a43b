"""Handouts on a fake network: what is on the page, what is not, and how much a conversation remembers."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace

import numpy as np
import pytest

from bot import memory as remembering
from bot.api import Bot, Chat
from bot.claims.doubt import CLOSE_MARGIN, SURE
from bot.claims.findings import Effect, Findings
from bot.details import evidence_rows
from bot.handouts import handout
from bot.handouts.remembering import told_of
from bot.memory import Memory, Told
from bot.question import Question
from bot.values import Figure, Reply
from bot.words.phrasing import phrase
from bot.words.render import LEVELS, languages, words
from model.load import BUNDLED
from model.recheck import Reference, recheck
from model.values import ModelIdentity
from tests.bot import made
from tests.bot.digits import drawn
from tests.bot.pages import Page, bare
from tests.fakes import FakeClassifier, tiny_classifier
from tests.trained import trained_bot

ASK = "make a handout"
IDENTITY = ModelIdentity("bundled", None, "0" * 64)
XSS = "</style><script>alert(1)</script><img src=http://x.example/a.png onerror=alert(1)>\"'{{ 7*7 }}&amp;"


def chat(**style: str) -> Chat:
    return Bot(FakeClassifier.random(scale=0.05)).start(**style)


def conversation() -> tuple[Chat, list[Reply]]:
    """Two pictures, and what was told of them."""
    talk = chat()
    talk.show(drawn("five"))
    replies = [talk.ask(question) for question in ("why?", "how sure are you?", "what if I erase the top?")]
    talk.show(drawn("four"))
    return talk, [*replies, talk.ask("why?")]


@pytest.fixture(scope="module")
def talked() -> tuple[Chat, list[Reply]]:
    """One such conversation for all tests that only ask it for a handout."""
    return conversation()


def page_of(reply: Reply) -> Page:
    return Page(reply.files[0].data.decode())


def told(number: int, size: int = 100) -> Told:
    return Told(f"Why {number}?", "Because.", "en", (), (), (), None, b"x" * size)


def test_the_page_loads_nothing_and_runs_nothing(talked) -> None:
    talk, _ = talked
    page = page_of(talk.ask(ASK))
    assert page.loads
    assert all(address.startswith("data:image/png;base64,") for address in page.loads)
    assert not {"script", "iframe", "object", "embed", "link", "form", "base"} & {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    source = talk.ask(ASK).files[0].data.decode()
    assert not re.search(r"@import|url\(", source)
    assert "default-src 'none'" in page.every("meta")[-1]["content"]


def test_everything_that_was_told_is_on_it(talked) -> None:
    talk, replies = talked
    report = talk.ask(ASK)
    page = page_of(report)
    found = bare(page.text)
    for reply in replies:
        assert reply.understood in found
        for claim in reply.claims:
            assert bare(claim.sentence) in found
    pngs = {base64.b64decode(one["src"].split(",")[1]) for one in page.every("img")}
    assert {figure.png for reply in replies for figure in reply.figures} <= pngs
    assert IDENTITY.sha256 in found
    assert "python -m model.recheck replies.jsonl" in found
    assert [level for level, _ in page.headings].count(1) == 1
    assert "4 questions about 2 pictures" in report.text


def test_headings_are_in_order_and_every_figure_has_words(talked) -> None:
    talk, _ = talked
    page = page_of(talk.ask(ASK))
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in zip(levels, levels[1:], strict=False))
    assert all(len(one["alt"]) > 10 for one in page.every("img"))
    assert page.every("html")[0]["lang"] == "en"


def test_each_figure_is_shown_once_and_referred_to_later() -> None:
    talk = chat()
    talk.show(drawn("five"))
    talk.ask("why?")
    talk.ask("explain it like I'm ten")  # the same figures in other words
    page = page_of(talk.ask(ASK))
    sources = [one["src"] for one in page.every("img")]
    assert len(sources) == len(set(sources))
    assert "Shown above with answer 1" in page.text


def test_a_question_that_came_twice_is_told_once() -> None:
    talk = chat()
    talk.show(drawn("five"))
    talk.ask("why?")
    talk.ask("why?")
    assert "1 question about 1 picture" in talk.ask(ASK).text
    talk.show(drawn("four"))
    talk.ask("why?")
    assert "2 questions about 2 pictures" in talk.ask(ASK).text


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("language", languages())
def test_the_frame_is_in_the_language_and_at_the_level(language: str, level: str) -> None:
    def say(name: str, **slots: object) -> str:
        return words(language).say(name, slots, level)

    talk = chat(language=language, level=level)
    talk.show(drawn("five"))
    talk.ask(phrase(Question("confidence"), words(language)))
    report = talk.ask(phrase(Question("report"), words(language)))
    assert report.question.type == "report"
    page = page_of(report)
    assert page.every("html")[0]["lang"] == language
    assert [one["lang"] for one in page.every("article")] == [language]
    found = bare(page.text)
    for name in ("handout_lead", "handout_limit_model", "handout_repeat_what"):
        assert bare(say(name)) in found
    assert found.startswith(bare(say("handout_title", digits=(int(report.files[0].name[9]),))))


def test_an_answer_stays_in_the_language_in_which_it_was_given() -> None:
    talk = chat()
    talk.show(drawn("five"))
    talk.ask("why?")
    talk.ask("Auf Deutsch bitte")
    page = page_of(talk.ask("Mach mir ein Handout"))
    assert page.every("html")[0]["lang"] == "de"
    assert [one["lang"] for one in page.every("article")] == ["en", "de"]


def test_what_a_visitor_writes_is_no_markup() -> None:
    talk = chat()
    talk.show(drawn("five"))
    talk.ask(f"why? {XSS}")
    hostile = replace(told(5), asked=XSS, text=f"**{XSS}**\n\n`{XSS}`", tests=((XSS,) * 6,), warnings=("close_call",))
    hostile = replace(hostile, figures=(Figure("a", XSS, XSS, b"png"),), line=told_line())
    files = handout(Memory((*talk._session.memory.answers, hostile)), replace(IDENTITY, id=XSS), "en", "normal")
    page = Page(files[0].data.decode())
    assert "script" not in {tag for tag, _ in page.tags}
    assert all(address.startswith("data:image/png;base64,") for address in page.loads)
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert page.text.count("<script>alert(1)</script>") == 11  # shown as what it is: heading, text, cells, title, model
    assert XSS in [one["alt"] for one in page.every("img")]


def test_doubts_are_told_with_the_borders_of_their_rules() -> None:
    warned = replace(told(5), warnings=("close_call", "unsure"), line=told_line())
    page = Page(handout(Memory((warned,)), IDENTITY, "en", "normal")[0].data.decode())
    assert f"within {100 * CLOSE_MARGIN:.0f} points" in page.text
    assert f"less than {100 * SURE:.0f}" in page.text


def told_line() -> bytes:
    answer = told_of(made.reply())
    assert answer is not None
    return answer.line


def test_the_same_conversation_gives_the_same_bytes(talked) -> None:
    first, second = (one.ask(ASK).files for one in (talked[0], conversation()[0]))
    assert [one.data for one in first] == [one.data for one in second]
    assert [one.name for one in first][1] == "replies.jsonl"
    assert re.fullmatch(r"whydigit(-\d)+\.html", first[0].name)


def test_the_lines_are_the_replies(talked) -> None:
    talk, replies = talked
    lines = talk.ask(ASK).files[1].data.decode().splitlines()
    expected = [{name: value for name, value in one.to_dict().items() if name != "seconds"} for one in replies]
    assert [json.loads(line) for line in lines] == json.loads(json.dumps(expected))


def test_before_anything_was_answered_there_is_no_file() -> None:
    talk = chat()
    assert talk.ask(ASK).files == ()
    assert talk.ask(ASK).claims[0].kind == "report_no_picture"
    talk.show(drawn("five"))
    for words_only in ("help", "what's the weather", "hi"):
        talk.ask(words_only)
    reply = talk.ask(ASK)
    assert reply.files == ()
    assert [claim.kind for claim in reply.claims] == ["report_nothing_asked"]
    assert "“Why" in reply.text
    blank = Bot(FakeClassifier.random()).ask(np.zeros((28, 28)), ASK)  # a call without a conversation
    assert (blank.files, blank.to_dict()["files"]) == ((), [])
    assert "“What did you do to my picture?”" in blank.text


def test_questions_about_the_network_alone_are_enough() -> None:
    talk = Bot(tiny_classifier()).start()
    talk.ask("what model is this?")
    reply = talk.ask(ASK)
    assert reply.claims[0].kind == "report_made_itself"
    assert reply.files[0].name == "whydigit.html"
    assert "About the network itself" in page_of(reply).text


def test_a_picture_that_was_turned_away_is_not_said_to_be_read() -> None:
    talk = chat()
    talk.show(np.zeros((28, 28)))
    talk.ask("why?")
    reply = talk.ask(ASK)
    assert reply.files[0].name == "whydigit.html"
    assert (2, "Picture 1: not explained") in page_of(reply).headings


def test_what_the_same_sentence_asks_is_in_the_handout() -> None:
    talk = chat()
    talk.show(drawn("five"))
    reply = talk.ask("make a handout and how sure are you?")
    assert {reply.question.type, *(one.type for one in reply.question.also)} == {"report", "confidence"}
    assert reply.claims[-1].topic == "files"
    assert "1 question about 1 picture" in reply.text
    assert [words for level, words in page_of(reply).headings if level == 3] == [" How sure are you?"]


def test_a_handout_changes_nothing_of_the_conversation() -> None:
    talk = chat()
    talk.show(drawn("five"))
    talk.ask("why not 3?")
    first = talk.ask(ASK)
    assert talk.ask(ASK).files[0].data == first.files[0].data
    assert talk.ask("and 8?").question.to_dict() == {"type": "why_not", "other": 8}


def test_shorter_says_that_it_is_ready() -> None:
    talk = chat()
    talk.show(drawn("five"))
    talk.ask("shorter")
    reply = talk.ask(ASK)
    assert reply.claims[0].kind == "report_made"
    assert reply.files


def test_with_every_third_answer_a_handout_is_offered() -> None:
    talk = chat()
    talk.show(drawn("five"))
    offered = [
        "Make a handout" in talk.ask(question).suggestions
        for question in ("why?", "why not 3?", "how sure are you?", "why not 8?")
    ]
    assert offered == [False, False, True, False]
    assert len(talk.ask("what else could it be?").suggestions) <= 4


def test_the_oldest_fall_out_and_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "MOST_ANSWERS", 2)
    talk, replies = conversation()
    reply = talk.ask(ASK)
    assert "2 earlier answers are not in it" in reply.text
    page = page_of(reply)
    assert "2 earlier answers of this conversation are missing here" in page.text
    assert len(page.every("article")) == 2
    assert len(reply.files[1].data.splitlines()) == 2
    assert talk._session.memory.given == len(replies)


def test_the_borders_of_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    size = told(0).size
    monkeypatch.setattr(remembering, "MOST_BYTES", 3 * size)
    memory = Memory()
    for number in range(3):
        memory = memory.with_answer(told(number))
    assert (len(memory.answers), memory.forgotten) == (3, 0)
    memory = memory.with_answer(told(3, 101))  # one byte too many
    assert [one.asked for one in memory.answers] == ["Why 2?", "Why 3?"]
    assert (memory.forgotten, memory.given) == (2, 4)
    alone = memory.with_answer(told(4, 10 * size))
    assert [one.asked for one in alone.answers] == ["Why 4?"], "the newest stays, however large it is"
    assert memory.with_answer(told(3, 7)) is memory, "the same was told before"


def test_a_memory_keeps_no_picture_with_all_that_was_computed_of_it(talked) -> None:
    talk, _ = talked
    for answer in talk._session.memory.answers:
        assert answer.seen is not None
        assert answer.seen.image.steps == ()
        assert answer.seen.image.upload is None
        assert answer.seen.image.pixels.base is None, "not a view of something larger"


def test_the_control_stands_beside_its_test_where_it_was_run() -> None:
    reply = made.reply()
    reading = reply.reading
    assert reading is not None
    assert [row.control for row in evidence_rows(reply.claims, "en", reading)] == [None]
    findings = reading.findings.setdefault(5, Findings(reading.case, 5))
    test = made.erased()
    drops = findings.control(Effect(made.parts()[:1], test, 5)).drops
    (row,) = evidence_rows(reply.claims, "en", reading)
    assert row.control == pytest.approx(float(test.before.probabilities[5]) - drops.mean())
    assert row.cells(words("en"))[0] == "the flat bar at the top erased"
    more = np.zeros((28, 28), np.float32)
    more[24:26, 20:24] = 1  # the same change of another picture
    other = replace(
        test,
        before=replace(test.before, pixels=test.before.pixels + more),
        after=replace(test.after, pixels=test.after.pixels + more),
    )
    changed = [replace(claim, test=other) for claim in reply.claims if claim.test]
    assert [row.control for row in evidence_rows(changed, "en", reading)] == [None]
    kept = told_of(reply)
    assert kept is not None
    assert kept.tests[0][-1] == words("en").numbers.percent(row.control)


@pytest.mark.weights
def test_the_lines_are_accepted_by_the_check_of_replies() -> None:
    talk = trained_bot("cpu").start()
    talk.show(drawn("five"))
    for question in ("why?", "what if I erase the top?"):
        talk.ask(question)
    lines = talk.ask(ASK).files[1].data.decode().splitlines()
    found = recheck([json.loads(line) for line in lines], Reference(BUNDLED))
    assert found.false == []
    assert found.tests > 1
