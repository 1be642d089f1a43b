"""The engine from a picture and a question to a reply, on a fake and on a tiny network."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from bot.api import Bot
from bot.errors import BotError, PictureError
from bot.values import Reply
from bot.words.render import LEVELS
from explainers.base import Case, Explainer
from explainers.levels import whole_greys
from tests.bot.digits import drawn
from tests.fakes import FakeClassifier, aside, tiny_classifier

QUESTIONS = [
    "what digit is this?", "why?", "why not 3?", "why not 8?", "how sure are you?", "what else could it be?",
    "which part mattered most?", "show me the LIME heatmap", "integrated gradients please",
    "do LIME and IG agree?", "how do you know?", "what did you do to my picture?", "help", "what's the weather",
    "why 7?", "gradcam please",
]  # fmt: skip


def percentages(text: str) -> list[float]:
    """The percentages of a sentence, 0 to 1."""
    return [float(number) / 100 for number in re.findall(r"(\d+(?:\.\d+)?) %", text)]


@pytest.fixture(scope="module")
def replies() -> list[Reply]:
    chat = Bot(tiny_classifier(3)).start()
    found = []
    for name in ("five", "four"):
        chat.show(drawn(name))
        found += [chat.ask(question) for question in QUESTIONS]
    return found


def test_every_reply_is_json_and_has_words(replies: list[Reply]) -> None:
    for reply in replies:
        assert reply.text
        assert json.loads(json.dumps(reply.to_dict(), allow_nan=False))["text"] == reply.text
        for claim in reply.claims:
            assert claim.evidence
            assert claim.sentence in reply.text


def test_every_test_can_be_repeated_and_its_sentence_quotes_it(replies: list[Reply]) -> None:
    classifier = tiny_classifier(3)
    tested = [claim for reply in replies for claim in reply.claims if claim.test is not None]
    assert tested
    for claim in tested:
        assert claim.test is not None
        for test in (claim.test, *(one.test for one in claim.further_tests)):
            enlarging = str(test.operation.get("interpolation", "bilinear"))
            for outcome, how in ((test.before, "bilinear"), (test.after, enlarging)):
                again = classifier.probabilities(classifier.logits_enlarged(outcome.pixels, how))
                np.testing.assert_allclose(again, outcome.probabilities, atol=1e-4)
        known = np.concatenate([claim.test.before.probabilities, claim.test.after.probabilities])
        for quoted in percentages(claim.sentence):
            assert np.abs(known - quoted).min() <= 0.00501 or quoted in (0.999, 0.001), claim.sentence


def test_a_claim_about_a_cause_has_a_test(replies: list[Reply]) -> None:
    causal = re.compile(r"\bwithout\b|\bfilled\b|\berase it\b|\bfill it\b|\bspeaks against\b", re.IGNORECASE)
    for reply in replies:
        for claim in reply.claims:
            if causal.search(claim.sentence):
                assert claim.test is not None, claim.sentence


def test_the_same_question_gives_the_same_bytes() -> None:
    answers = [Bot(tiny_classifier(3)).ask(drawn("five"), "why?") for _ in range(2)]
    assert answers[0].text == answers[1].text
    assert [figure.png for figure in answers[0].figures] == [figure.png for figure in answers[1].figures]


def test_two_pictures_and_two_networks_get_different_texts() -> None:
    bot = Bot(tiny_classifier(3))
    texts = {bot.ask(drawn(name), "why?").text for name in ("five", "three")}
    texts.add(Bot(tiny_classifier(4)).ask(drawn("five"), "why?").text)
    assert len(texts) == 3


def test_a_network_that_knows_nothing_says_so() -> None:
    reply = Bot(FakeClassifier(np.zeros((10, 28, 28)))).ask(drawn("five"), "why?")
    assert "weak_evidence" in reply.warnings
    assert "close_call" in reply.warnings
    assert not [claim for claim in reply.claims if claim.kind.startswith("first_")]


def test_a_reply_grows_and_its_first_sentence_comes_before_any_heatmap() -> None:
    classifier = FakeClassifier.random(scale=0.05)
    bot = Bot(classifier)
    *_, (session, _) = bot.show(bot.new_session(), drawn("five"))
    stream = bot.stream(session, "why?")
    _, first = next(stream)
    assert first.text
    assert not first.complete
    assert not first.figures
    assert classifier.gradients == 0
    texts = [first.text, *(reply.text for _, reply in stream)]
    assert all(later.startswith(earlier) for earlier, later in zip(texts, texts[1:], strict=False))


def test_why_shows_parts_and_two_heatmaps_with_an_alt_each() -> None:
    reply = Bot(FakeClassifier.random(scale=0.05)).ask(drawn("five"), "why?")
    assert [figure.id for figure in reply.figures][:2] == ["parts", f"heatmaps_{reply.claims[0].slots['digit']}"]
    assert {one.attribution.method for one in reply.heatmaps} == {"lime", "integrated_gradients"}
    assert all(figure.alt for figure in reply.figures)


def test_a_wrong_premise_is_said_first() -> None:
    bot = Bot(FakeClassifier.random(scale=0.05))
    read = bot.read(drawn("five")).prediction.digit
    reply = bot.ask(drawn("five"), f"why {(read + 1) % 10}?")
    assert reply.claims[0].kind == "wrong_premise"
    assert reply.claims[0].slots["digit"] == read


def test_a_question_before_any_picture() -> None:
    chat = Bot(FakeClassifier.random()).start()
    assert chat.ask("why?").claims[0].kind == "no_picture"
    assert chat.ask("help").claims[0].kind == "help_without_picture"


def test_a_blank_picture_is_not_explained() -> None:
    reply = Bot(FakeClassifier.random()).ask(np.zeros((28, 28)), "why 1?")
    assert [claim.kind for claim in reply.claims] == ["not_accepted_blank"]
    assert reply.to_dict()["image"]["accepted"] is False
    assert reply.to_dict()["image"]["reason"] == "blank"


@pytest.mark.parametrize("level", LEVELS)
def test_help_offers_of_a_blank_picture_what_is_answered_of_it(level: str) -> None:
    chat = Bot(FakeClassifier.random()).start(level=level)
    chat.show(np.zeros((28, 28)))
    assert [claim.kind for claim in chat.ask("what can I ask?").claims] == ["help_refused"]
    for question in ("what did you do to my picture?", "how accurate are you?", "what were you trained on?"):
        assert not chat.ask(question).claims[0].kind.startswith(("not_accepted_", "unknown"))
    chat.show(drawn("five"))
    assert chat.ask("what can I ask?").claims[0].kind == "help_with_picture"


def test_two_questions_in_one_sentence_are_both_answered() -> None:
    reply = Bot(FakeClassifier.random(scale=0.05)).ask(drawn("five"), "what is it and why?")
    assert [reply.question.type, *(one.type for one in reply.question.also)] == ["predict", "why"]
    ids = [figure.id for figure in reply.figures]
    assert len(ids) == len(set(ids))
    sentences = [claim.sentence for claim in reply.claims]
    assert len(sentences) == len(set(sentences))


def test_the_answer_to_a_further_question_begins_a_paragraph() -> None:
    chat = Bot(FakeClassifier.random()).start()
    chat.show(drawn("five"))
    both = chat.ask("is it the top or the bottom?")
    assert {claim.topic for claim in both.claims} == {"cause"}, "or the topic would begin one"
    first, second = both.text.split("\n\n")
    assert ("the top" in first, "the bottom" in second) == (True, True)
    assert second.startswith(next(claim.sentence for claim in both.claims if claim.sentence not in first))
    assert "\n\n" not in chat.ask("is it the top?").text


def test_a_bad_picture_leaves_the_conversation_as_it_was() -> None:
    chat = Bot(FakeClassifier.random(scale=0.05)).start()
    chat.show(drawn("five"))
    before = chat.ask("why?").text
    with pytest.raises(BotError):
        chat.show(b"not a picture")
    assert chat.ask("why?").text == before


def test_an_edited_picture_is_read_once_and_goes_on_as_it_is() -> None:
    classifier = tiny_classifier(3)
    runs: list[int] = []
    read = classifier.engine.read
    classifier.engine.read = lambda pictures: runs.append(len(pictures)) or read(pictures)  # type: ignore[method-assign]
    bot = Bot(classifier)
    pixels = np.zeros((28, 28), np.float32)
    pixels[2:9, 3:5] = 0.7003
    tried = bot.try_pixels(pixels)
    assert runs == [1]
    assert np.array_equal(tried.pixels, whole_greys(pixels))
    *_, (session, _) = bot.show(bot.new_session(), tried)
    assert session.reading is tried
    assert runs == [1]


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((27, 28), np.float32),
        np.zeros((28, 28, 1), np.float32),
        np.full((28, 28), 200, np.uint8),
        np.ones((28, 28), int),
        np.full((28, 28), np.nan, np.float32),
        np.full((28, 28), -0.01, np.float32),
        np.full((28, 28), 1.01, np.float32),
        np.full((28, 28), np.inf),
        np.full((28, 28), "a"),
        [[0.5] * 28] * 28,
        None,
    ],
)
def test_what_is_no_edited_picture_is_said_in_one_sentence(pixels: object) -> None:
    with pytest.raises(PictureError, match=r"^[^\n]*edited picture[^\n]*\.$"):
        Bot(tiny_classifier()).try_pixels(pixels)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_black_and_full_ink_are_an_edited_picture(kind: type) -> None:
    bot, pixels = Bot(tiny_classifier()), np.zeros((28, 28), kind)
    assert bot.try_pixels(pixels).reason == "blank"
    pixels[4:20, 12:15] = 1
    assert bot.try_pixels(pixels).pixels.max() == 1


@pytest.mark.parametrize("text", [None, 5, b"why?", ["why?"]])
def test_what_is_no_text_is_no_question(text: object) -> None:
    bot = Bot(FakeClassifier.random(scale=0.05))
    chat = bot.start()
    for ask in (chat.ask, lambda text: bot.ask(drawn("five"), text), lambda text: bot.stream(bot.new_session(), text)):
        with pytest.raises(BotError, match=f"a {type(text).__name__} came"):
            ask(text)
    assert chat.ask("").claims


def test_sessions_do_not_share_anything() -> None:
    bot = Bot(FakeClassifier.random(scale=0.05))
    first, second = bot.start(), bot.start()
    first.show(drawn("five"))
    assert second.ask("why?").claims[0].kind == "no_picture"
    second.show(drawn("seven"))
    alone = bot.start()
    alone.show(drawn("five"))
    assert first.ask("why?").text == alone.ask("why?").text


def test_of_a_long_question_it_is_said_that_it_was_cut() -> None:
    bot = Bot(tiny_classifier(3))
    reply = bot.ask(drawn("five"), "why? " + "please " * 200)
    assert reply.claims[0].kind == "text_cut"
    assert "250" in reply.claims[0].sentence
    assert "text_cut" not in {claim.kind for claim in bot.ask(drawn("five"), "why?").claims}


def test_a_gpu_begins_with_the_map_when_the_picture_is_there_and_the_answer_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[tuple[str, int]] = []
    begin = Case.begin

    def noted(case: Case, explainer: Explainer, target: int) -> None:
        begin(case, explainer, target)
        begun.extend(case._begun)

    monkeypatch.setattr(Case, "begin", noted)
    texts = []
    for classifier in (tiny_classifier(3), aside(tiny_classifier(3))):
        chat = Bot(classifier).start()
        digit = chat.show(drawn("five")).prediction.digit
        reply = chat.ask("why?")
        texts.append((reply.text, reply.details, [figure.png for figure in reply.figures]))
        assert begun == [("integrated_gradients", digit)] * (classifier.device.type == "cuda")
        chat.show(np.zeros((28, 28)))
        assert len(begun) == (classifier.device.type == "cuda"), "there is nothing to explain in a blank picture"
    assert texts[0] == texts[1]


def test_without_a_gpu_the_methods_stay_unimported_until_a_question_needs_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Imported(Exception):
        pass

    def explainer(method: str) -> Explainer:
        raise Imported

    monkeypatch.setattr("bot.engine.explainer", explainer)
    Bot(tiny_classifier(3)).start().show(drawn("five"))
    with pytest.raises(Imported):
        Bot(aside(tiny_classifier(3))).start().show(drawn("five"))
