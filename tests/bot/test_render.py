"""Every sentence of every language, rendered."""

from __future__ import annotations

import re
from itertools import product

import jinja2
import jinja2.meta
import numpy as np
import pytest

from bot.questions import answers
from bot.render import TEMPLATES, paragraphs, put_into_words, words
from bot.values import Claim, Evidence
from explainers.values import GAP_FORMS, INK_FORMS, PLACES, Part
from model.preprocess import REASONS, STEP_NAMES

MASK = np.zeros((28, 28), bool)
BAR = Part("part_1", "ink", "bar", "top", MASK)
LOOP = Part("part_2", "ink", "loop", "bottom", MASK)
SLOTS: dict[str, object] = {
    "digit": 5, "other": 3, "now": 8, "part": BAR, "parts": (BAR, LOOP), "first_part": BAR, "second_part": LOOP,
    "method": "lime", "first": "lime", "second": "integrated_gradients", "last": "LAST", "place": "at the top",
    "which": "", "side": "left", "candidates": ({"digit": 3, "probability": 0.2}, {"digit": 8, "probability": 0.1}),
    "kind": "a PNG", "ink": "dark", "page": "white",
}  # fmt: skip
LANGUAGES = sorted(folder.name for folder in TEMPLATES.iterdir() if folder.is_dir())


def slots(language: str, name: str) -> dict[str, object]:
    """A value for each variable that the sentence may use; plain numbers where nothing else is known."""
    template, _ = words(language).blocks[name]
    source = (TEMPLATES / language / str(template.name)).read_text(encoding="utf-8")
    block = re.search(rf"{{% block {name} %}}(.*?){{% endblock %}}", source, re.DOTALL)
    assert block
    used = jinja2.meta.find_undeclared_variables(words(language).environment.parse(block[1]))
    return {one: SLOTS.get(one, 0.12) for one in used}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_renders(language: str) -> None:
    for name in words(language).blocks:
        text = words(language).say(name, slots(language, name))
        assert text == " ".join(text.split()), name
        assert text or name == "place_whole", name
        assert "None" not in text, name
        assert "Part(" not in text, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_come_from_slots_only(language: str) -> None:
    for file in (TEMPLATES / language).glob("*.jinja"):
        if file.stem == "preprocessing":
            continue  # speaks of 28 by 28 and 224 by 224, which are the network's own sizes
        bare = re.sub(r"{[{%].*?[}%]}", "", file.read_text(encoding="utf-8"))
        assert not re.search(r"\d", bare), file


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_have_the_same_sentences(language: str) -> None:
    assert set(words(language).blocks) == set(words("en").blocks)


def test_a_missing_slot_stops() -> None:
    with pytest.raises(jinja2.UndefinedError, match="after"):
        words("en").say("further_part_weakens", {"part": BAR, "digit": 5})


def test_an_unknown_sentence_stops() -> None:
    with pytest.raises(LookupError, match="no_such_sentence"):
        words("en").say("no_such_sentence", {})


def test_an_unknown_language_is_english() -> None:
    assert words("xx").say("ask_why", {"digit": 5}) == "Why 5?"


def test_every_part_has_a_name() -> None:
    sides = (None, "left", "right", "top", "bottom", "upper", "lower")
    for form, place, side in product([*INK_FORMS, *GAP_FORMS], PLACES, sides):
        if form == "opening" and side in ("upper", "lower"):
            continue  # an opening's side is where it opens to
        kind = "gap" if form in GAP_FORMS else "ink"
        name = words("en").part_name(Part("part_1", kind, form, place, MASK, side))
        assert name.startswith("the ")
        assert "  " not in name


def test_openings_say_a_direction_only_where_it_adds_something() -> None:
    left = Part("gap_1", "gap", "opening", "left", MASK, "left")
    corner = Part("gap_1", "gap", "opening", "top_left", MASK, "left")
    other = Part("gap_1", "gap", "opening", "top", MASK, "left")
    between = Part("gap_1", "gap", "opening", "top", MASK)
    names = [words("en").part_name(part) for part in (left, corner, other, between)]
    assert names == [
        "the opening on the left",
        "the opening at the top left",
        "the opening at the top that faces left",
        "the gap between the strokes at the top",
    ]


def test_paragraphs_follow_topics() -> None:
    evidence = (Evidence("x", 1.0, "share", "model"),)
    claims = [Claim("ask_why", {"digit": d}, evidence, topic) for d, topic in ((1, "a"), (2, "a"), (3, "b"))]
    assert paragraphs(put_into_words(claims, "en")) == "Why 1? Why 2?\n\nWhy 3?"


def test_every_step_and_every_reason_has_a_sentence() -> None:
    for name, keys in STEP_NAMES.items():
        assert words("en").say(f"step_{name}", {"place": 1, **dict.fromkeys(keys, 3)})
    for reason in REASONS:
        assert words("en").say(f"not_accepted_{reason}", {})


def test_every_question_offered_has_words() -> None:
    for kind in answers():
        if kind not in ("predict", "unknown"):
            assert words("en").say(f"ask_{kind}", {"digit": 5, "other": 3})
