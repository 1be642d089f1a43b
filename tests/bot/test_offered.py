"""What the bot offers as a question is understood as that question, whatever was asked before."""

from __future__ import annotations

import pytest

from bot.question import Context, Question
from bot.understand import understand
from bot.words.phrasing import phrase
from bot.words.render import languages, words

OFFERED = (
    *map(Question, ("predict", "why", "confidence", "alternatives", "where", "how_robust", "compare_methods")),
    *map(Question, ("preprocessing", "fool", "trust", "accuracy", "confusions", "training_data", "model", "layers")),
    *map(Question, ("compare_images", "report", "help", "similar", "feature_map", "privacy")),
    *(Question(kind, {"digit": 5}) for kind in ("why", "accuracy", "confusions")),
    Question("why", {"digit": 3}),
    *(Question(kind, {"other": 3}) for kind in ("why_not", "how_to_become")),
    *(Question("show", {"method": method}) for method in ("lime", "integrated_gradients", "lrp")),
    Question("explain_method", {"method": "lime"}),
    Question("what_if", {"change": "erase", "where": "top bar"}),
)
BEFORE = (
    None,
    *map(Question, ("help", "model", "trust", "where", "compare_images")),
    *(Question(kind, {"other": 6}) for kind in ("why_not", "how_to_become")),
    *(Question(kind, {"method": "lime"}) for kind in ("show", "explain_method")),
    Question("what_if", {"change": "rotate", "direction": "left", "amount": 20}),
)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("previous", BEFORE, ids=lambda one: one.type if one else "first")
def test_an_offered_question_is_that_question(language: str, previous: Question | None) -> None:
    said = words(language)
    for question in OFFERED:
        understood = understand(phrase(question, said), Context(5, previous, (), language))
        assert (understood.type, dict(understood.slots)) == (question.type, dict(question.slots)), question


@pytest.mark.parametrize("previous", BEFORE, ids=lambda one: one.type if one else "first")
@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("en", "so why is it a 5", "why"),
        ("en", "and why not a 3", "why_not"),
        ("en", "what number is this", "predict"),
        ("de", "und warum keine 3?", "why_not"),
        ("de", "warum denn keine drei", "why_not"),
        ("de", "welche zahl ist das", "predict"),
        ("es", "y por qué no un 3", "why_not"),
        ("es", "qué número es este", "predict"),
        ("fr", "et pourquoi pas un 3", "why_not"),
        ("fr", "quel chiffre est-ce", "predict"),
    ],
)
def test_so_it_is_in_other_words(language: str, text: str, kind: str, previous: Question | None) -> None:
    assert understand(text, Context(5, previous, (), language)).type == kind


def test_a_half_sentence_still_goes_on() -> None:
    after = Context(5, Question("why_not", {"other": 6}), (), "en")
    assert understand("and 3?", after) == Question("why_not", {"other": 3}, language="en")
    method = Context(5, Question("show", {"method": "lime"}), (), "en")
    assert understand("how does it work?", method) == Question("explain_method", {"method": "lime"}, language="en")
    assert understand("how does the network work?", method).type == "model"
    kept = Context(5, Question("why_not", {"other": 6, "digit": 8}), (), "en")
    assert understand("Why not 3?", kept).slots == {"other": 3, "digit": 8}  # of the same type: it may go on
