"""What a method is: said of every method that there is, by its traits, before any picture and with one."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from bot.api import Bot
from bot.questions.explain_method import general_claims, limit_claims, method_claims
from bot.values import Claim, Reply
from bot.words.lengths import MOST_WORDS, count_words
from bot.words.render import LEVELS, languages, words
from explainers import all_explainers
from explainers.base import Explainer
from tests.bot.digits import drawn
from tests.bot.spoken import put_into_words
from tests.explainers.pictures import boxes_case
from tests.fakes import tiny_classifier

METHODS = tuple(all_explainers().values())
every_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
SPEAK = {"en": "in English", "de": "auf Deutsch bitte", "es": "en español", "fr": "en français"}
ASK = {"lime": "what is LIME?", "shapley": "what are Shapley values?", "cam": "how does CAM work?"}


def kinds(claims) -> list[str]:
    return [claim.kind for claim in claims]


def said(method: Explainer, language: str = "en", level: str = "normal") -> list[Claim]:
    return list(put_into_words(method_claims(method, level), language, level))


@cache
def bot() -> Bot:
    return Bot(tiny_classifier(3, image_size=224))


def ask(question: str, *wishes: str) -> Reply:
    chat = bot().start()
    for wish in wishes:
        chat.ask(wish)
    chat.show(drawn("five"))
    return chat.ask(question)


@every_method
def test_a_method_is_explained_with_its_source_its_colours_and_its_limits(method: Explainer) -> None:
    claims = said(method)
    assert claims[0].kind == f"explain_{method.id}"
    source = next(claim for claim in claims if claim.kind == "source")
    assert method.paper in source.sentence
    assert str(method.year) in source.sentence
    assert method.authors[0] in source.sentence
    assert ("et al." in source.sentence) == (len(method.authors) > 3)
    assert {f"runs_{method.id}", "colours_mean", "colours_scale", f"misses_{method.id}", "no_proof"} <= set(
        kinds(claims)
    )
    assert all(claim.evidence for claim in claims)
    assert ("runs_random" in kinds(claims)) == method.random


@every_method
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("level", LEVELS)
def test_no_two_of_its_sentences_are_the_same(method: Explainer, language: str, level: str) -> None:
    sentences = [claim.sentence for claim in said(method, language, level)]
    assert len(set(sentences)) == len(sentences)
    other = "de" if language != "de" else "fr"
    assert not {*sentences} & {claim.sentence for claim in said(method, other, level)}, "in the language itself"


@every_method
def test_what_it_cannot_show_follows_from_how_fine_it_is(method: Explainer) -> None:
    found = set(kinds(limit_claims(method, ())))
    assert ("misses_coarse" in found) == (method.resolution == "7x7")
    assert ("misses_absence" in found) == (method.resolution != "7x7")
    assert ("misses_pieces" in found) == (method.resolution == "part")


@every_method
def test_that_empty_paper_gets_nothing_is_true_of_the_methods_it_is_said_of(method: Explainer) -> None:
    case = boxes_case(tiny_classifier(1, image_size=224), 5)
    empty = case.attribution(method, 6).values[case.pixels == 0]
    assert ("misses_absence" in kinds(limit_claims(method, ()))) == (not empty.any())


@every_method
def test_the_two_colours_are_true_of_every_method(method: Explainer) -> None:
    assert method.signed


def test_cam_and_grad_cam_are_told_to_be_alike_and_are() -> None:
    case = boxes_case(tiny_classifier(1, image_size=224), 5)
    cam, grad_cam = (case.attribution(all_explainers()[name], 6).values for name in ("cam", "grad_cam"))
    for name in ("cam", "grad_cam"):
        claims = {claim.kind: claim for claim in limit_claims(all_explainers()[name], ())}
        np.testing.assert_allclose(cam, claims[f"misses_{name}"].slots["factor"] * grad_cam, rtol=1e-3, atol=1e-5)
        assert claims["misses_coarse"].slots["size"] == 4


def test_a_child_is_spared_the_source_and_the_settings() -> None:
    found = kinds(said(all_explainers()["lime"], level="simple"))
    assert "source" not in found
    assert not [kind for kind in found if kind.startswith("runs_")]


def test_without_a_method_the_colours_and_every_method() -> None:
    claims = {claim.kind: claim for claim in general_claims()}
    assert list(claims) == ["colours_mean", "colours_scale", "methods_there", "no_proof"]
    named = [name for kind in ("by_part", "by_pixel", "by_cell") for name in claims["methods_there"].slots[kind]]
    assert sorted(named) == sorted(all_explainers())
    for language in languages():
        (told,) = put_into_words([claims["methods_there"]], language)
        assert all(words(language).method_name(name).lower() in told.sentence.lower() for name in named)


@pytest.mark.parametrize("question", [*ASK.values(), "what do the colours mean?", "how do your heatmaps work?"])
def test_it_is_answered_before_any_picture(question: str) -> None:
    reply = bot().start().ask(question)
    assert reply.question.type == "explain_method"
    assert reply.claims[0].kind.startswith(("explain_", "colours_mean"))
    assert not [
        claim
        for claim in reply.claims
        if claim.kind.startswith(("here_", "fit_", "completeness", "efficiency", "no_picture"))
    ]
    assert not reply.heatmaps


def test_with_a_picture_its_own_numbers_come_last_and_the_heatmap_is_offered() -> None:
    reply = ask("what is LIME?")
    (heatmap,) = reply.heatmaps
    here = next(claim for claim in reply.claims if claim.kind == "here_samples")
    assert here.slots["count"] == heatmap.attribution.settings["samples"]
    assert reply.claims[-1].kind in ("fit_good", "fit_poor")
    assert reply.suggestions[0] == "Show me the LIME heatmap"
    steps = ask("how do integrated gradients work?")
    assert [claim.kind for claim in steps.claims[-2:]] == ["here_steps", "completeness"]
    share = ask("what is LRP?")
    assert share.claims[-1].kind == "here_sum"
    assert share.claims[-1].slots["share"] == share.heatmaps[0].attribution.settings["sum_to_output"]
    assert "What do the early layers see?" in ask("what do the colours mean?").suggestions


def test_a_picture_turned_away_is_not_computed_on() -> None:
    chat = bot().start()
    chat.show(np.full((200, 200), 255, np.uint8))
    reply = chat.ask("what is LIME?")
    assert reply.claims[0].kind == "explain_lime"
    assert not reply.heatmaps


def test_after_a_heatmap_its_method_can_be_asked_about() -> None:
    assert "How does occlusion work?" in ask("show me the occlusion heatmap").suggestions


@pytest.mark.parametrize("language", SPEAK)
@pytest.mark.parametrize("level", LEVELS)
def test_shorter_says_what_the_method_does_in_at_most_sixty_words(language: str, level: str) -> None:
    longest = max(METHODS, key=lambda method: count_words(said(method, language, level)[0].sentence))
    chat = bot().start(level=level)
    chat.ask(SPEAK[language])
    chat.ask("shorter")
    reply = chat.ask(f"how does {words('en').method_name(longest.id)} work?")
    assert reply.language == language
    assert reply.claims[0].kind == f"explain_{longest.id}"
    assert count_words(reply.text) <= MOST_WORDS
    for method in METHODS:
        assert count_words(said(method, language, level)[0].sentence) <= MOST_WORDS - 5, "with what acknowledges it"
