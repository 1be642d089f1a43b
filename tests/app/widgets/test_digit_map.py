"""The map of all digits in the chat: what its drawing holds, and that nothing in it is taken for markup."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from bot.claims.neighbours import MOST_POINTS
from bot.words.interface import interface_words
from bot.words.render import languages
from interface.chat.messages import Picture, Widget, reply_message
from interface.widgets.digit_map.widget import digit_map
from tests.alphabets import CLOTHES
from tests.app.fake import FakeBot, figure, map_figure
from tests.app.pictures import digit, encoded

WORDS = interface_words("en")


def made(**changes: object) -> str:
    shown = map_figure()
    assert shown.map is not None
    found = digit_map(replace(shown, map=replace(shown.map, **changes)), WORDS)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_every_dot_is_in_it_where_it_belongs_and_with_its_digit() -> None:
    paths = re.findall(r'<path class="map-dots map-(\w+)" data-digit="(\d)" d="([^"]+)"/>', made())
    assert [(kind, int(label)) for kind, label, _ in paths if kind != "rest"] == [("other", 3), ("own", 5)]
    dots = {int(label): re.findall(r"M(\d+) (\d+)h0", line) for _, label, line in paths}
    assert dots[0] == [("25", "25"), ("500", "25"), ("975", "25")]
    assert dots[9][2] == ("975", "975")
    assert {len(some) for some in dots.values()} == {3}
    assert len(re.findall('class="map-ring"', made())) == 10


def test_the_neighbours_are_buttons_in_order_with_their_pictures_where_they_are_at_hand() -> None:
    labels = re.findall(r'<button [^>]*aria-label="([^"]+)"', made())
    assert labels[0] == "Neighbour 1 of 10, labelled 5"
    assert labels[9] == "Neighbour 10 of 10, labelled 3"
    assert made().count("map-another") == 1, "the one with another label is told apart"
    (last,) = re.findall(r'<img src="data:image/png;base64,([^"]+)" alt=\'\'><b>3</b>', made())
    seen = np.asarray(Image.open(io.BytesIO(base64.b64decode(last))))
    assert (seen == round(0.9 * 255)).all()
    assert seen.shape == (28, 28)
    assert "<img src" not in made(pictures=())


def test_with_as_many_dots_as_there_may_be_it_stays_small() -> None:
    places = np.random.default_rng(0).random((MOST_POINTS, 2))
    labels = np.arange(MOST_POINTS, dtype=np.uint8) % 10
    assert len(made(points=places, labels=labels)) < 40_000


@pytest.mark.parametrize("language", languages())
def test_its_words_are_said_and_escaped_and_it_is_whole(language: str) -> None:
    words = interface_words(language)
    found = digit_map(replace(map_figure(), alt='A <b>"map"</b>'), words)
    assert found is not None
    assert 'aria-label="A &lt;b&gt;&quot;map&quot;&lt;/b&gt;' in found
    for name in ("digit_map_hint", "digit_map_cross", "digit_map_ring", "digit_map_neighbours"):
        assert words[name] in found.replace("&#x27;", "'"), name
    assert set(re.findall(r"{(\w*)}", found)) == {"digit", "place"}, "which the script fills in"
    ElementTree.fromstring(found.replace('<img alt="" hidden>', "").replace("alt=''>", "/>"))


def test_a_figure_that_is_no_map_gets_none() -> None:
    assert digit_map(figure("parts", "Parts", (300, 300), "#9c9"), WORDS) is None


def test_the_answer_has_the_still_picture_and_the_map() -> None:
    shown = reply_message(FakeBot().ask(encoded(digit()), "where is it among all digits?"))
    assert [type(item) for item in shown.content if not isinstance(item, str)] == [Picture, Widget]


NAMES = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "<b>ankle</b>")


def test_other_classes_are_called_by_their_names_and_nothing_in_them_is_markup() -> None:
    found = digit_map(map_figure(), interface_words("en", CLOTHES), NAMES)
    assert found is not None
    assert 'class="digit-map map-words"' in found
    assert re.findall(r'<text class="map-name map-(\w+)" [^>]*>sandal</text>', found) == ["own"]
    assert re.findall(r'<path class="map-dots map-own" data-digit="(\w+)"', found) == ["sandal"]
    assert re.findall(r'<button [^>]*aria-label="([^"]+)"', found)[9] == "Neighbour 10 of 10: dress"
    assert "<b>dress</b></button>" in found
    assert "<b>ankle" not in found
    assert "digit it is" not in found
    ElementTree.fromstring(found.replace('<img alt="" hidden>', "").replace("alt=''>", "/>"))


@pytest.mark.parametrize(("labels", "many"), [(10, False), (11, True)])
def test_the_names_of_more_than_ten_labels_are_smaller(labels: int, many: bool) -> None:
    shown = map_figure()
    assert shown.map is not None
    places = np.random.default_rng(0).random((labels, 2))
    of = replace(shown.map, points=places, labels=np.arange(labels, dtype=np.uint8))
    found = digit_map(replace(shown, map=of), WORDS, [chr(65 + one) for one in range(labels)])
    assert found is not None
    assert ('class="digit-map map-many"' in found) == many
    assert ('class="digit-map"' in found) == (not many)
