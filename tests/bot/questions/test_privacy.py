"""What becomes of pictures and questions: answered with and without a picture, and nothing is learnt from them."""

from __future__ import annotations

import pytest

from bot.api import Bot
from bot.question import Context
from bot.understand import understand
from bot.words.render import LEVELS, languages, words
from tests.bot.digits import drawn
from tests.bot.records import bundled, identity, kinds, trained
from tests.fakes import tiny_classifier

ASKED = {
    "en": ("do you keep my picture?", "who can see what I drew?", "is this GDPR compliant?"),
    "de": ("behältst du mein Bild?", "wer kann meine Zeichnung sehen?", "und der Datenschutz?"),
    "es": ("¿guardas mi imagen?", "¿quién puede ver mi dibujo?", "¿y la protección de datos?"),
    "fr": ("tu gardes mon image ?", "qui peut voir mon dessin ?", "et la protection des données ?"),
}
SOMETHING_ELSE = (  # what sounds like it
    ("what did you do to my picture?", "preprocessing"),
    ("save this as a page", "report"),
    ("keep only the loop", "what_if"),
    ("what were you trained on?", "training_data"),
    ("where is my picture among all digits?", "feature_map"),
    ("delete the top", "what_if"),
)
TOLD = ["privacy_use", "privacy_page", "privacy_way", "privacy_published"]


@pytest.mark.parametrize(("language", "text"), [(language, text) for language in ASKED for text in ASKED[language]])
def test_it_is_asked_in_every_language(language: str, text: str) -> None:
    assert understand(text, Context(language=language)).to_dict() == {"type": "privacy"}


@pytest.mark.parametrize(("text", "type"), SOMETHING_ELSE)
def test_what_sounds_like_it_is_answered_as_what_it_is(text: str, type: str) -> None:
    assert understand(text, Context(predicted=5)).type == type


def test_answered_without_a_picture_with_one_and_with_one_that_is_no_digit() -> None:
    chat = Bot(tiny_classifier(3)).start()
    before = chat.ask("do you keep my picture?")
    assert [claim.kind for claim in before.claims] == TOLD
    chat.show(drawn("five"))
    assert chat.ask("who can see my picture?").text
    chat.show(drawn("five") * 0)
    assert [claim.kind for claim in chat.ask("do you keep my picture?").claims] == TOLD


def test_beside_another_question_both_are_answered() -> None:
    chat = Bot(tiny_classifier(3)).start()
    reply = chat.ask("what model is this, and do you store my picture?")
    assert [one.type for one in (reply.question, *reply.question.also)] == ["model", "privacy"]
    said = {claim.kind for claim in reply.claims}
    assert {"model_name", "privacy_use"} <= said


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("language", languages())
def test_that_it_may_have_been_changed_is_said_at_every_level(language: str, level: str) -> None:
    said = [words(language).say(kind, {}, level) for kind in TOLD]
    assert all(said)
    assert len(set(said)) == len(TOLD)


def test_that_nothing_is_learnt_from_pictures_that_are_shown_is_told_of_every_record() -> None:
    for known in (bundled(), identity(training=trained()), identity(training=trained(data="USPS")), identity()):
        assert "training_not_yours" in kinds("training_data", known)
