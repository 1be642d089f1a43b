"""Which wording of a sentence is said: always the same for an answer, but not a third time in a row."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.api import Bot, Chat
from bot.question import Question
from bot.values import Claim, Evidence
from bot.words.render import Words
from bot.words.wording import REMEMBERED, Said, Speaker, seed_of
from tests.bot import made
from tests.bot.digits import drawn
from tests.fakes import FakeClassifier

EVIDENCE = (Evidence("x", 1.0, "share", "model"),)
SENTENCES = """
{% block seen %}I see {{ digit }}. So.{% endblock %}
{% block seen_2 %}It looks like {{ digit }}.{% endblock %}
{% block seen_3 %}My reading of this picture is {{ digit }}.{% endblock %}
{% block seen_short %}{{ digit }}.{% endblock %}
{% block also %}It is {{ digit }}. So.{% endblock %}
{% block also_2 %}Then {{ digit }}.{% endblock %}
{% block only %}Only {{ digit }}.{% endblock %}
"""


@pytest.fixture(autouse=True)
def made_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A language of three sentences, for the tests of the chooser alone."""
    if "chat" in request.fixturenames:
        return
    (tmp_path / "xx" / "simple").mkdir(parents=True)
    (tmp_path / "xx" / "a.jinja").write_text(SENTENCES)
    (tmp_path / "xx" / "simple" / "a.jinja").write_text("{% block seen %}I see a {{ digit }}.{% endblock %}")
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "numbers.json").write_text((Path("templates/en/numbers.json")).read_text())
    monkeypatch.setattr("bot.words.render.TEMPLATES", tmp_path)
    language = Words("xx")
    monkeypatch.setattr("bot.words.wording.words", lambda *_: language)


@pytest.fixture
def chat() -> Chat:
    chat = Bot(FakeClassifier.random(scale=0.05)).start()
    chat.show(drawn("five"))
    return chat


def claim(kind: str, digit: int = 5) -> Claim:
    return Claim(kind, {"digit": digit}, EVIDENCE)


def said(kinds: str, seed: int = 0, before: Said = (), short: bool = False, level: str = "normal") -> list[str]:
    """The sentences of one answer, about another digit each."""
    speaker = Speaker("xx", level, seed, before, short)
    return [speaker.put(claim(kind, digit)).sentence for digit, kind in enumerate(kinds.split())]


def test_an_answer_is_always_worded_alike_and_others_otherwise() -> None:
    assert said("seen", 7) == said("seen", 7)
    assert len({said("seen", seed)[0] for seed in range(30)}) == 3


def test_the_seed_is_that_of_question_and_picture() -> None:
    why = Question("why", {"digit": 5})
    assert seed_of(why, made.reading()) == seed_of(Question("why", {"digit": 5}, language="de"), made.reading())
    others = [seed_of(Question("why", {"digit": 3}), made.reading()), seed_of(Question("where", {"digit": 5}), None)]
    assert len({seed_of(why, made.reading()), seed_of(why, None), *others}) == 4


@pytest.mark.parametrize("seed", range(12))
def test_a_second_answer_may_be_worded_alike_but_not_a_third(seed: int) -> None:
    sentences, before = [], Said()
    for _ in range(4):
        speaker = Speaker("xx", "normal", seed, before)
        one = speaker.put(claim("seen"))
        sentences.append(one.sentence)
        before = speaker.remembered([one])
        assert len(before) <= REMEMBERED
    first, second, third, fourth = sentences
    assert second == first
    assert third != first
    assert fourth == first


def test_a_sentence_that_another_kind_shares_counts_too() -> None:
    """Both "seen" and "also" say "So.": after two answers with it, a third is worded without."""
    seeds = range(40)
    with_so = [seed for seed in seeds if said("seen", seed) == ["I see 0. So."]]
    speaker = Speaker("xx", "normal", with_so[0])
    once = speaker.remembered([speaker.put(claim("seen"))])
    speaker = Speaker("xx", "normal", with_so[0], once)
    twice = speaker.remembered([speaker.put(claim("seen"))])
    assert {said("also", seed, twice)[0] for seed in seeds} == {"Then 0."}
    assert {said("also", seed, once)[0] for seed in seeds} == {"It is 0. So.", "Then 0."}


def test_what_has_one_wording_is_said_again() -> None:
    before: Said = ()
    for _ in range(4):
        speaker = Speaker("xx", "normal", 0, before)
        one = speaker.put(claim("only"))
        assert one.sentence == "Only 5."
        before = speaker.remembered([one])


def test_within_an_answer_the_wordings_take_turns() -> None:
    sentences = said("seen seen seen seen")
    openings = [sentence.rstrip("0123456789. So") for sentence in sentences]
    assert len(set(openings[:3])) == 3
    assert openings[3] in openings[:3]


def test_the_same_claim_twice_is_the_same_sentence() -> None:
    """So that an answer to two questions at once says what is read once."""
    speaker = Speaker("xx", "normal", 3)
    assert speaker.put(claim("seen")).sentence == speaker.put(claim("seen")).sentence


@pytest.mark.parametrize("seed", range(6))
def test_where_it_should_be_short_the_shortest_is_said(seed: int) -> None:
    assert said("seen", seed, short=True) == ["0."]
    assert said("also", seed, short=True) == ["Then 0."]
    assert said("seen", seed) != ["0."]


def test_a_level_has_wordings_of_its_own() -> None:
    assert {said("seen", seed, level="simple")[0] for seed in range(20)} == {"I see a 0."}


def test_a_new_conversation_says_the_same_and_a_long_one_the_same_claims(chat: Chat) -> None:
    first, *others = [chat.ask("why?") for _ in range(4)]
    assert others[0].text == first.text
    assert others[1].text != first.text
    for other in others:
        assert [one.kind for one in other.claims] == [one.kind for one in first.claims]
        assert [one.evidence for one in other.claims] == [one.evidence for one in first.claims]
    again = Bot(FakeClassifier.random(scale=0.05)).ask(drawn("five"), "why?")
    assert again.text == first.text
