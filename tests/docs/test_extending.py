"""What docs/extending.md lists is there for every method, question and language; what is missing is named."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.formulas import _FORMULAS, SCALES
from benchmarks.syllables import _COUNTERS
from bot.questions import answers
from bot.understanding import classifier, labels, language, phrases
from bot.understanding.slots import TAKES
from bot.understanding.spoken import spoken_languages
from bot.words.render import TEMPLATES, languages, words
from explainers import all_explainers

ROOT = TEMPLATES.parent
LANGUAGES = sorted({*languages(), *spoken_languages(), *phrases.languages()})
ENGLISH = sorted(path.relative_to(TEMPLATES / "en") for path in (TEMPLATES / "en").rglob("*.json"))


def table(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def missing_of(name: str) -> Iterator[str]:
    """What a language lacks."""
    files = [TEMPLATES / name / path for path in ENGLISH]
    files += [language.FOLDER / f"{name}.toml", language.FOLDER / f"{name}.words", labels.FOLDER / f"{name}.toml"]
    files += [phrases.FOLDER / f"{name}.txt", classifier.FOLDER / f"{name}.npz"]
    files += [ROOT / "tests" / "bot" / "phrases" / f"{name}.txt"]
    yield from (str(path.relative_to(ROOT)) for path in files if not path.is_file())
    if name not in labels.PART:
        yield f"PART in bot/understanding/labels.py: {name}"
    if name not in table(ROOT / "bot" / "lessons" / "lexicon.toml"):
        yield f"bot/lessons/lexicon.toml: [{name}]"
    for known, where in ((SCALES, "formulas.py: SCALES"), (_FORMULAS, "formulas.py: _FORMULAS")):
        if name not in known:
            yield f"benchmarks/{where}"
    if name not in _COUNTERS:
        yield "benchmarks/syllables.py: _COUNTERS"
    for other in languages():
        if f"language_{name}" not in words(other).blocks:
            yield f"templates/{other}/words.jinja: language_{name}"
    for other in spoken_languages():
        if name not in table(language.FOLDER / f"{other}.toml").get("language", {}):
            yield f"bot/understanding/lexicon/{other}.toml: {name} under [language]"


def missing_of_method(name: str) -> Iterator[str]:
    """What is not said of a method."""
    for spoken in languages():
        for block in (f"method_{name}", f"explain_{name}", f"runs_{name}", f"misses_{name}"):
            if block not in words(spoken).blocks:
                yield f"templates/{spoken}: {block}"
        file = TEMPLATES / spoken / "figures.json"
        if not file.is_file() or name not in json.loads(file.read_text(encoding="utf-8"))["methods"]:
            yield f"templates/{spoken}/figures.json: {name} under methods"
    for spoken in spoken_languages():
        if name not in table(language.FOLDER / f"{spoken}.toml").get("method", {}):
            yield f"bot/understanding/lexicon/{spoken}.toml: {name} under [method]"
    if f"`{name}`" not in (ROOT / "docs" / "questions.md").read_text(encoding="utf-8"):
        yield f"docs/questions.md: {name}"


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_language_is_whole(name):
    missing = list(missing_of(name))
    assert not missing, "missing:\n" + "\n".join(missing)


@pytest.mark.parametrize("name", all_explainers())
def test_a_method_is_told_and_understood(name):
    missing = list(missing_of_method(name))
    assert not missing, "missing:\n" + "\n".join(missing)


@pytest.mark.parametrize("name", sorted({*answers(), *TAKES} - {"unknown", "style"}))  # which the engine answers
def test_a_question_is_understood_told_and_answered(name):
    asked = (f"templates/{one}/questions.jinja: ask_{name}" for one in languages())
    missing = [place for one, place in zip(languages(), asked, strict=True) if f"ask_{name}" not in words(one).blocks]
    missing += [] if name in answers() else [f"bot/questions/{name}.py"]
    missing += [] if name in TAKES else [f"TAKES in bot/understanding/slots.py: {name}"]
    assert not missing


def test_what_is_missing_is_named():
    assert {"templates/xx/interface.json", "bot/understanding/labels/xx.toml"} <= set(missing_of("xx"))
    assert "docs/questions.md: tea_leaves" in set(missing_of_method("tea_leaves"))
