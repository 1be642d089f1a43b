"""The map and similar pictures of letters, characters and clothes: words, names, and whose pictures they are."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from bot import Bot
from bot.claims import neighbours
from bot.claims.neighbour_claims import hidden_claim
from bot.claims.neighbours import DigitMap
from bot.figures.neighbours import MARK_ROOM, draw_map, middles, name_places
from bot.figures.words import load_words
from bot.words.naming import TEMPLATES, folders_of, naming_of
from bot.words.render import LEVELS, languages, words
from model.alphabet import MNIST, Alphabet
from model.datasets import LabelledPictures
from model.values import ModelIdentity
from tests.alphabets import CLOTHES, EVERY, KANA, LETTERS, coat, fake_of
from tests.atlases import of_pictures
from tests.bot.schemas import check_reply
from tests.bot.spoken import put_into_words
from tests.bot.test_other_alphabets import STROKES
from tests.bot.words.test_naming import DIGIT

COAT = 4


@pytest.mark.parametrize(
    ("language", "alphabet", "digit", "name", "said"),
    [
        ("en", CLOTHES, COAT, "map_inside", "Your picture lies well among the coats."),
        ("en", CLOTHES, 1, "map_inside", "Your picture lies well among the trousers."),
        ("en", LETTERS, 0, "map_inside", "Your picture lies well among the A’s."),
        ("en", KANA, 1, "map_inside", "Your picture lies well among the “ki” characters."),
        ("de", CLOTHES, COAT, "map_inside", "Dein Bild liegt mitten unter den Mänteln."),
        ("de", CLOTHES, 0, "map_inside", "Dein Bild liegt mitten unter den T-Shirts."),
        ("de", LETTERS, 1, "map_inside", "Dein Bild liegt mitten unter den B."),
        ("es", CLOTHES, COAT, "map_inside", "Tu imagen está bien metida entre las de abrigos."),
        ("fr", CLOTHES, 3, "map_inside_2", "Ton image est entourée de robes."),
        ("fr", LETTERS, 1, "map_inside", "Ton image est bien au milieu des B."),
    ],
)
def test_several_of_a_class_in_their_sentence(
    language: str, alphabet: Alphabet, digit: int, name: str, said: str
) -> None:
    assert words(language, alphabet).say(name, {"digit": digit}) == said


def test_at_the_edge_of_the_coats_next_to_the_shirts() -> None:
    slots = {"digit": COAT, "other": 6}
    assert words("en", CLOTHES).say("map_edge", slots) == (
        "Your picture lies at the edge of the coats, next to the shirts."
    )
    assert words("de", CLOTHES).say("map_edge", slots) == (
        "Dein Bild liegt am Rand der Mäntel, neben den Hemden."  # a genitive, then a dative
    )


def test_a_class_without_a_word_for_several_is_said_by_its_name() -> None:
    hats = Alphabet(("Hat", "Coat"), "fashion-mnist")
    assert naming_of("de", hats).plural(0, "dative") == "Stücken der Klasse „Hat“"
    assert naming_of("de", hats).plural(1, "dative") == "Mänteln"
    assert naming_of("de", hats).plural(1, "genitive") == "Mäntel", "a case without a form of its own"
    assert naming_of("en", hats).plural(2) == 2, "there is no such class"
    assert words("de").plural(5, "dative") == "Fünfen"


@pytest.mark.parametrize("language", languages())
def test_every_class_has_a_word_for_several_of_its_own(language: str) -> None:
    for alphabet in EVERY.values():
        naming = naming_of(language, alphabet)
        for case in ("", "dative"):
            assert len(set(naming.many[case])) == len(alphabet.labels)
        if alphabet == CLOTHES:
            assert not any("{" in one or "“" in one for one in naming.many[""])


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("kind", ["clothes", "letters", "kana"])
def test_what_the_map_and_the_error_analysis_say_of_digits_is_said_otherwise(
    language: str, level: str, kind: str
) -> None:
    """A digit's sentence with another noun put in is seldom right: "vêtements d'entraînement" are worn for sports."""
    below = level if level != "normal" else ""
    folder = TEMPLATES / language / below
    said = words(language, EVERY[kind])
    own = [file for one in folders_of(EVERY[kind]) for file in (TEMPLATES / language / one / below).glob("*.jinja")]
    texts = (said.naming.adapted(file.read_text(encoding="utf-8")) for file in own)
    otherwise = dict(re.findall(r"{% block (\w+) %}(.*?){% endblock %}", "".join(texts), re.DOTALL))
    for file in (folder / "map.jinja", folder / "errors.jinja"):
        source = file.read_text(encoding="utf-8") if file.is_file() else ""
        for name, text in re.findall(r"{% block (\w+) %}(.*?){% endblock %}", source, re.DOTALL):
            if DIGIT.search(re.sub(r"{{.*?}}|{%.*?%}", "", text)):
                assert said.levels[level][name] == otherwise.get(name), name


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", ["clothes", "letters", "balanced"])
def test_whole_answers_speak_of_pictures_and_show_those_of_their_data_set(
    language: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alphabet = EVERY[kind]
    fake = fake_of(alphabet, seed=3)
    fake.atlas = of_pictures(fake)
    labels = fake.atlas.labels.astype(np.int64)
    asked_for = []

    def at_hand(dataset: str) -> LabelledPictures:
        asked_for.append(dataset)
        return LabelledPictures(np.full((len(labels), 28, 28), 90, np.uint8), labels)

    monkeypatch.setattr(neighbours, "training_pictures", at_hand)
    shown = coat() if alphabet == CLOTHES else STROKES
    bot, picture = Bot(fake), (shown * 255).round().astype(np.uint8)
    said = words(language, alphabet)
    for name in ("similar", "feature_map"):
        for level in LEVELS:
            reply = bot.ask(picture, said.say(f"ask_{name}", {}), language=language, level=level)
            assert reply.question.type == name
            assert [figure.id for figure in reply.figures] == [name]
            for text in (reply.text, reply.understood, reply.figures[0].title, reply.figures[0].alt):
                assert not DIGIT.search(text), text
                assert "MNIST" not in text
            check_reply(reply.to_dict())
    assert set(asked_for) == {alphabet.dataset}
    near = reply.figures[0].map
    assert near is not None
    assert naming_of(language, alphabet).short[near.neighbours[0].label] in reply.figures[0].alt


@pytest.mark.parametrize(
    ("alphabet", "kind", "said"),
    [
        (MNIST, "similar_hidden", "of MNIST are not on this machine: `python -m model.atlas --download`"),
        (
            CLOTHES,
            "similar_hidden",
            "of Fashion-MNIST are not on this machine: `python -m model.datasets --dataset f",
        ),
        (LETTERS, "similar_hidden_kept", "lie in `letters` within the folder that `WHYDIGIT_DATA` names"),
    ],
)
def test_what_is_missing_is_named_with_what_fetches_it(alphabet: Alphabet, kind: str, said: str) -> None:
    record = {"labels": list(alphabet.labels), "dataset": alphabet.dataset}
    claim = hidden_claim(ModelIdentity("fake", None, "0" * 64, record))
    assert claim.kind == kind
    (put,) = put_into_words([claim], "en")
    assert said in put.sentence
    assert ("fetches them." in put.sentence) == (kind == "similar_hidden")


# Where the names are written


def chart(places: dict[int, tuple[float, float]], at: tuple[float, float] = (0.9, 0.9)) -> DigitMap:
    """One dot of each label."""
    labels = np.array(list(places), np.uint8)
    return DigitMap(np.array(list(places.values())), labels, at, (), int(labels[0]), None)


def overlap(one: tuple[float, float], other: tuple[float, float], room: tuple[float, float]) -> bool:
    return all(abs(a - b) < side - 1e-6 for a, b, side in zip(one, other, room, strict=True))


def test_names_that_lie_upon_each_other_are_moved_apart_and_no_others() -> None:
    room = (0.2, 0.04)
    given = chart({0: (0.5, 0.5), 1: (0.55, 0.51), 2: (0.5, 0.7), 3: (0.5, 0.3)})
    found = name_places(given, dict.fromkeys(range(4), room))
    assert not overlap(found[0], found[1], room)
    assert found[2] == (0.5, 0.7)
    assert found[3] == (0.5, 0.3)
    assert found[0][0] == 0.5, "by the shorter way"
    apart = name_places(chart({0: (0.5, 0.5), 1: (0.55, 0.54)}), dict.fromkeys(range(2), room))
    assert apart == {0: (0.5, 0.5), 1: (0.55, 0.54)}, "which only touch"


def test_no_name_lies_below_the_mark_or_outside_the_map() -> None:
    room = (0.3, 0.04)
    for at in ((0.5, 0.5), (0.62, 0.5)):
        place = name_places(chart({0: (0.5, 0.5)}, at), {0: room})[0]
        assert abs(place[1] - at[1]) >= MARK_ROOM + room[1] / 2 - 1e-6
    assert name_places(chart({0: (0.02, 0.5)}), {0: room})[0][0] == pytest.approx(0.14)


def test_a_label_in_two_groups_has_its_name_in_the_closer_and_not_between_them() -> None:
    two = np.concatenate([np.full((10, 2), 0.1), np.full((10, 2), (0.8, 0.1)), np.full((5, 2), (0.5, 0.1))])
    two[:10, 0] += np.linspace(0, 0.2, 10)
    two[10:20, 0] += np.linspace(0, 0.1, 10)  # closer together
    labels = np.array([7] * 20 + [3] * 5, np.uint8)
    found = middles(DigitMap(two, labels, (0, 0), (), 7, None))
    assert found[3] == (0.5, 0.1)
    assert labels[np.linalg.norm(two - found[7], axis=1).argmin()] == 7
    assert found[7] in {tuple(place) for place in two[10:20].tolist()}


def test_a_still_map_of_many_labels_or_long_names_is_drawn() -> None:
    labels = np.arange(470, dtype=np.uint8) % 47
    places = np.random.default_rng(0).random((470, 2))
    many = DigitMap(places, labels, (0.5, 0.5), (), 3, 40)
    for alphabet in (EVERY["balanced"], CLOTHES):
        known = replace(many, labels=labels % len(alphabet.labels), other=5)
        figure = draw_map(known, load_words("en", alphabet), words("en", alphabet))
        assert figure.png.startswith(b"\x89PNG")
