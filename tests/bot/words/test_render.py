"""Every sentence of every language, rendered."""

from __future__ import annotations

import re
import shutil
from functools import cache
from itertools import product
from pathlib import Path

import jinja2
import jinja2.meta
import numpy as np
import pytest

from bot.question import Question
from bot.record.counts import Mistakes
from bot.values import Claim, Evidence
from bot.words.lengths import ANSWERS, MOST_WORDS, count_words
from bot.words.render import CASES, LEVELS, TEMPLATES, Words, languages, paragraphs, words
from explainers.changes.edits import Edit
from explainers.values import GAP_FORMS, INK_FORMS, PLACES, Part
from model.preprocess import REASONS, STEP_NAMES
from tests.bot.spoken import put_into_words

MASK = np.zeros((28, 28), bool)
BAR = Part("part_1", "ink", "bar", "top", MASK)
LOOP = Part("part_2", "ink", "loop", "bottom", MASK)
TURNED = Edit("rotate", amount=20.0, direction="left")
SLOTS: dict[str, object] = {
    "digit": 5, "other": 3, "now": 8, "still": False, "part": BAR, "parts": (BAR, LOOP),
    "first_part": BAR, "second_part": LOOP,
    "method": "lime", "methods": ("lime", "integrated_gradients"), "first": "lime", "second": "integrated_gradients",
    "term": "logit", "terms": ("logit", "log_odds"),
    "by_part": ("lime", "shapley"), "by_pixel": ("occlusion",), "by_cell": ("cam", "grad_cam"),
    "authors": ("Ada", "Bea", "Cid", "Dot"), "last": "LAST",
    "place": "at the top", "which": "", "side": "left", "where": "top bar",
    "candidates": ({"digit": 3, "probability": 0.2}, {"digit": 8, "probability": 0.1}),
    "language": "en", "languages": ("en", "de"), "question": "Why 5?", "instead": Question("why", {"digit": 5}),
    "offers": (Question("why"), Question("trust")), "direction": "to the left",
    "kind": "PNG", "ink": "dark", "page": "white",
    "digits": (5, 3), "easiest": (2,), "hardest": (5, 8), "taken": ((3, 7), (8, 1)), "depths": (6, 12),
    "labels": ((5, 7), (3, 3)),
    "pairs": (Mistakes(5, 3, 7, 3), Mistakes(8, 4, 1, 0)),
    "missed": ("grad_cam",), "farthest": "grad_cam", "every": False,
    "found": ({"method": "lime", "correlation": 0.9}, {"method": "grad_cam", "correlation": -0.2}),
    "groups": ({"methods": ("lime", "lrp"), "part": BAR}, {"methods": ("grad_cam",), "part": LOOP}),
    "held": (TURNED,), "flipped": (TURNED,), "ways": (TURNED, TURNED), "weakest": (TURNED,), "needed": (BAR,),
    "must": (BAR,),
    "steps": "by some", "step": "centre", "left_out": ("crop", "centre"),
    "edit": Edit("erase", MASK, parts=(BAR,)),
    "edits": (Edit("erase", MASK, parts=(BAR,)), Edit("add", MASK, region="top")),
}  # fmt: skip
EVERY = [(language, level) for language in languages() for level in LEVELS]


def variables(language: str, level: str, name: str) -> frozenset[str]:
    """What a sentence may use."""
    return _undeclared(words(language).environment, words(language).source(name, level))


@cache  # several tests want them of every sentence, and most levels have most sentences in common
def _undeclared(environment: jinja2.Environment, source: str) -> frozenset[str]:
    return frozenset(jinja2.meta.find_undeclared_variables(environment.parse(source)))


def slots(language: str, level: str, name: str) -> dict[str, object]:
    """A value for each variable of a sentence; plain numbers where nothing else is known."""
    return {one: SLOTS.get(one, 0.12) for one in variables(language, level, name)}


@pytest.mark.parametrize(("language", "level"), EVERY)
def test_every_sentence_renders(language: str, level: str) -> None:
    for name in words(language).levels[level]:
        text = words(language).say(name, slots(language, level, name), level)
        assert text == re.sub("[ \t\n]+", " ", text).strip(" "), name
        assert text or name == "place_whole", name
        assert "None" not in text, name
        assert "Part(" not in text, name


@pytest.mark.parametrize("language", languages())
def test_files_hold_nothing_but_sentences(language: str) -> None:
    for file in (TEMPLATES / language).rglob("*.jinja"):
        text = file.read_text(encoding="utf-8")
        found = list(re.finditer(r"{% block \w+ %}(.*?){% endblock %}", text, re.DOTALL))
        between = re.sub(r"{% block \w+ %}(.*?){% endblock %}|{#.*?#}", "", text, flags=re.DOTALL)
        assert not between.strip(), file
        assert found, file
        assert not any("block" in tag for one in found for tag in re.findall(r"{%.*?%}", one[1])), file


def test_a_sentence_is_made_ready_when_it_is_first_said() -> None:
    fresh = Words("de")
    assert not fresh._templates  # all of a language at once kept its first visitor waiting for seconds
    assert fresh.say("and", {"first": "a", "last": "b"}) == fresh.say("and", {"first": "a", "last": "b"}, "simple")
    assert len(fresh._templates) == 1


def test_two_sentences_of_one_name_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(TEMPLATES / "en", tmp_path / "en")
    (tmp_path / "en" / "more.jinja").write_text("{% block and %}{{ first }} + {{ last }}{% endblock %}\n")
    monkeypatch.setattr("bot.words.render.TEMPLATES", tmp_path)
    with pytest.raises(ValueError, match="two sentences named and"):
        Words("en")


@pytest.mark.parametrize("language", languages())
def test_numbers_come_from_slots_only(language: str) -> None:
    for file in (TEMPLATES / language).rglob("*.jinja"):
        if file.stem == "preprocessing":
            continue  # speaks of 28 by 28 and 224 by 224, which are the network's own sizes
        bare = re.sub(r"{[{%#].*?[}%#]}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"\d", bare), file


@pytest.mark.parametrize(("language", "level"), EVERY)
def test_a_language_has_the_sentences_of_english(language: str, level: str) -> None:
    """Prints what is missing and what is too much; a name may have further forms for grammatical cases."""
    own, english = set(words(language).levels[level]), set(words("en").levels[level])
    cased = {f"{name}_{case}" for name in english for case in CASES}
    assert not english - own, "missing"
    assert not own - english - cased, "not in English"


@pytest.mark.parametrize(("language", "level"), EVERY)
def test_a_sentence_uses_the_slots_of_english(language: str, level: str) -> None:
    for name in words(language).levels[level].keys() & words("en").levels[level].keys():
        own, english = variables(language, level, name), variables("en", level, name)
        assert own <= english, f"{name}: the claim has no such slot"
        assert not {one for one in english - own if one != "which"}, f"{name}: not said"


def plain(name: str) -> str:
    """The name of a sentence without what tells its wordings apart."""
    return re.sub(r"_(\d+|short)$", "", name)


@pytest.mark.parametrize("language", languages())
def test_a_level_changes_only_sentences_of_the_normal_one(language: str) -> None:
    for level in LEVELS:
        assert {plain(name) for name in words(language).levels[level]} <= set(words(language).blocks), level


@pytest.mark.parametrize(("language", "level"), EVERY)
def test_the_wordings_of_a_sentence_are_numbered_differ_and_use_the_same_slots(language: str, level: str) -> None:
    said = words(language)
    for name in said.levels[level]:
        if name == plain(name):
            continue
        ways = {way.name: way.sentences for way in said.wordings(plain(name), level, short=True)}
        assert name in ways, f"{name}: the wording before it is missing"
        used, first = variables(language, level, name), variables(language, level, plain(name))
        assert used <= first if name.endswith("_short") else used == first, name
        for other in ways.keys() - {name, f"{plain(name)}_short"} if not name.endswith("_short") else ():
            assert not ways[name] & ways[other], f"{name}: a sentence of it stands in {other} too"


@pytest.mark.parametrize(("language", "level"), EVERY)
def test_what_answers_fits_into_a_short_reply(language: str, level: str) -> None:
    """With a few words left for what is read; one that is said alone may take them all."""
    alone = ("help_", "become_", "explain_", "define_", "change_which", "not_fooled")
    for name in words(language).levels[level]:
        if name != plain(name) or not name.startswith(ANSWERS):
            continue
        ways = [way.name for way in words(language).wordings(name, level, short=True)]
        fewest = min(count_words(words(language).say(way, slots(language, level, way), level)) for way in ways)
        assert fewest <= (MOST_WORDS if name.startswith(alone) else MOST_WORDS - 14), name


def test_a_missing_slot_stops() -> None:
    with pytest.raises(jinja2.UndefinedError, match="after") as problem:
        words("en").say("further_part_weakens", {"part": BAR, "digit": 5})
    files = [entry.frame.code.raw.co_filename for entry in problem.traceback]
    assert "templates/en: further_part_weakens" in files, "the log says in which sentence"


def test_an_unknown_sentence_stops() -> None:
    with pytest.raises(LookupError, match="no_such_sentence"):
        words("en").say("no_such_sentence", {})


def test_an_unknown_language_is_english() -> None:
    assert words("xx").say("ask_why_digit", {"digit": 5}) == "Why 5?"


def test_a_missing_sentence_is_said_in_english_and_logged(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(TEMPLATES / "en", tmp_path / "en")
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "style.jinja").write_text("{% block style_length_shorter %}Xo.{% endblock %}")
    monkeypatch.setattr("bot.words.render.TEMPLATES", tmp_path)
    made_up = Words("xx")
    assert made_up.say("style_length_shorter", {}) == "Xo."
    assert not caplog.records
    assert made_up.say("style_length_longer", {}) == words("en").say("style_length_longer", {})
    assert "style_length_longer" in caplog.text


def test_a_level_says_it_otherwise_or_as_the_normal_one() -> None:
    claim = {"digit": 5, "probability": 0.97, "log_odds": 3.5, "temperature": 1.2}
    said = {level: words("en").say("reading_sure", claim, level) for level in LEVELS}
    assert len(set(said.values())) == 3
    assert "97 points" in said["simple"]
    assert "log-odds" in said["expert"]
    assert words("en").say("and", {"first": "a", "last": "b"}, "simple") == "a and b"


def test_a_name_has_the_form_that_its_place_in_the_sentence_asks_for() -> None:
    assert words("en").part_name(BAR, "accusative") == words("en").part_name(BAR)
    made_up = Words("en")
    made_up.blocks["form_bar_accusative"] = "xo {{ place }}"
    assert made_up.part_name(BAR, "accusative") == "xo at the top"
    assert made_up.part_name(BAR) == "the flat bar at the top"


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("loop", "the loop"),
        ("top bar", "the bar at the top"),
        ("bottom_left gap", "the gap at the bottom left"),
        ("top", "the top"),
        ("part_2", "part 2"),
        (None, "it"),
    ],
)
def test_a_place_as_a_person_named_it(where: str | None, said: str) -> None:
    assert words("en").where(where) == said


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


def test_digits_and_how_often() -> None:
    assert [words("en").times(count) for count in (0, 1, 7)] == ["never", "once", "7 times"]
    assert words("en").digits((2, 5, 8)) == "2, 5 and 8"
    assert words("de").digits((2, 8)) == "die 2 und die 8"


ONE_PAIR = [name for name in words("en").levels["normal"] if name.startswith(("pair_fails", "advice_none"))]


@pytest.mark.parametrize(("language", "level"), EVERY)
def test_of_one_pair_that_was_tried_no_number_is_said(language: str, level: str) -> None:
    for name in ONE_PAIR:
        if name not in words(language).levels[level] or "count" not in variables(language, level, name):
            continue
        one, several = (
            words(language).say(name, {**slots(language, level, name), "count": count}, level) for count in (1, 14)
        )
        assert not re.search(r"\b1\b(?![.,]\d)", one), (name, one)
        assert "14" in several, (name, several)


@pytest.mark.parametrize(("language", "level"), [(language, level) for language, level in EVERY if level != "expert"])
@pytest.mark.parametrize("name", ["claim_wrong_small_erase_keeps", "claim_wrong_small_fill_keeps"])
def test_what_stays_as_it_was_is_not_told_twice(language: str, level: str, name: str) -> None:
    def numbers(before: float, after: float) -> int:
        text = words(language).say(name, {**slots(language, level, name), "before": before, "after": after}, level)
        return len(re.findall(r"\d+(?:[.,]\d+)?", text.replace(str(SLOTS["digit"]), "", 1)))

    assert numbers(0.9999, 0.9998) == 1
    assert numbers(0.9999, 0.97) == 2


def test_paragraphs_follow_topics() -> None:
    evidence = (Evidence("x", 1.0, "share", "model"),)
    claims = [Claim("ask_why_digit", {"digit": d}, evidence, topic) for d, topic in ((1, "a"), (2, "a"), (3, "b"))]
    assert paragraphs(put_into_words(claims, "en")) == "Why 1? Why 2?\n\nWhy 3?"


def test_every_step_and_every_reason_has_a_sentence() -> None:
    for name, keys in STEP_NAMES.items():
        assert words("en").say(f"step_{name}", {"place": 1, **dict.fromkeys(keys, 3)})
    for reason in REASONS:
        assert words("en").say(f"not_accepted_{reason}", {})


@pytest.mark.parametrize(
    ("language", "kind", "said"),
    [
        ("en", "support", "Shapley values paint what"),
        ("de", "support", "Shapley-Werte malen an"),
        ("de", "sides_with", "das passt zu Shapley-Werten:"),
        ("es", "support", "Los valores de Shapley pintan"),
        ("fr", "support", "Les valeurs de Shapley colorient"),
        ("fr", "sides_with", "donne raison aux valeurs de Shapley\u202f:"),
    ],
)
def test_a_name_in_the_plural_bends_its_sentence(language: str, kind: str, said: str) -> None:
    given = {**slots(language, "simple", kind), "method": "shapley"}
    assert said in words(language).say(kind, given, "simple")


@pytest.mark.parametrize(
    ("language", "method", "said"),
    [
        ("fr", "occlusion", "ce que l’occlusion"),
        ("fr", "integrated_gradients", "ce qu’Integrated Gradients"),
        ("fr", "lime", "ce que LIME"),
        ("es", "occlusion", "la oclusión"),
        ("es", "lime", "LIME"),
    ],
)
def test_a_name_takes_its_article_where_the_language_wants_one(language: str, method: str, said: str) -> None:
    assert f"{said} " in words(language).say("shown", {**slots(language, "normal", "shown"), "method": method})


@pytest.mark.parametrize(("language", "level"), EVERY)
def test_a_sentence_that_begins_with_a_name_begins_with_a_capital(language: str, level: str) -> None:
    named = {"method": "occlusion", "methods": ("occlusion", "shapley"), "first": "occlusion", "second": "shapley"}
    for name in words(language).levels[level]:
        given = slots(language, level, name)
        if name not in ("and", "or") and named.keys() & given.keys():
            text = words(language).say(name, {key: named.get(key, value) for key, value in given.items()}, level)
            assert not re.search(r"(?:^|[.!?] )[a-zà-ÿ]", text), (name, text)


@pytest.mark.parametrize(
    ("language", "half", "less"),
    [
        ("en", "the picture turned by 180 degrees", "the picture turned by 90 degrees to the left"),
        ("de", "das Bild um 180 Grad gedreht", "das Bild um 90 Grad nach links gedreht"),
        ("es", "girar la imagen 180 grados", "girar la imagen 90 grados hacia la izquierda"),
        ("fr", "en tournant l’image de 180 degrés", "en tournant l’image de 90 degrés vers la gauche"),
    ],
)
def test_half_a_turn_is_the_same_to_either_side(language: str, half: str, less: str) -> None:
    turned = [Edit("rotate", direction="left", amount=degrees) for degrees in (180, 90)]
    assert [words(language).done([one]) for one in turned] == [half, less]
