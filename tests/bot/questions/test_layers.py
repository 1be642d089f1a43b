"""What the layers see: the maps of every block, told by rules, and the test of the last one."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.api import Bot
from bot.claims.findings import Findings
from bot.figures.layers import draw_layers
from bot.figures.words import load_words
from bot.question import Question
from bot.questions.base import Asked
from bot.questions.layers import (
    Layers,
    agreement_claims,
    course,
    erased_claims,
    ink_claims,
    place_claims,
    row_claims,
    spread_claims,
)
from bot.values import Claim, Session
from bot.words.lengths import MOST_WORDS, count_words
from bot.words.render import LEVELS, languages
from explainers.base import Case
from explainers.blocks import BlockMap, erase_strongest, strongest_cell
from tests.bot import made
from tests.bot.digits import drawn
from tests.bot.spoken import put_into_words
from tests.fakes import FakeClassifier, tiny_classifier
from tests.trained import trained_bot

ASKED = "what do the early layers see?"
NAMES = tuple(f"{kind}{number}" for number in (1, 2, 3, 4) for kind in ("denseblock", "transition"))[:7]
SIZES = (56, 28, 28, 14, 14, 7, 7)
SPEAK = {"en": "in English", "de": "auf Deutsch bitte", "es": "en español", "fr": "en français"}
EXAMPLES = Path(__file__).parents[3] / "interface" / "examples"


def kinds(claims) -> list[str]:
    return [claim.kind for claim in claims]


def block_map(name: str = "denseblock4", size: int = 7, peak: tuple[int, int] = (2, 2), **more: object) -> BlockMap:
    """A map with one cell above the others."""
    cells = np.zeros((size, size), np.float32)
    cells[peak] = 1
    values = np.kron(cells, np.ones((28 // size,) * 2, np.float32)) if size <= 28 else np.zeros((28, 28), np.float32)
    found = BlockMap(name, cells, values, 28 / size, 0.0, 0.5, 0.5, "top", 0.4, "part_1", 1.0, True)
    return replace(found, **more)


def maps(**columns: tuple[object, ...]) -> list[BlockMap]:
    """All seven, with a value for each in every column named."""
    found = [block_map(name, size, (0, 0)) for name, size in zip(NAMES, SIZES, strict=True)]
    return [
        replace(one, **{name: column[place] for name, column in columns.items()}) for place, one in enumerate(found)
    ]


def blocks(**columns: tuple[object, ...]) -> list[BlockMap]:
    """The four blocks alone."""
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return [block_map(f"denseblock{number}", 7, **row) for number, row in enumerate(rows, start=1)]


@pytest.mark.parametrize(
    ("agreement", "kind", "block"),
    [
        ((0.4, 0.4, -0.6, -0.4, 0.8, 0.8, 1.0), "layers_agree_from", 3),
        ((0.6, 0.4, -0.6, -0.4, 0.8, 0.8, 1.0), "layers_agree_mixed", 3),
        ((0.4, 0.4, 0.5, 0.5, 0.5, 0.5, 1.0), "layers_agree_from", 2),
        ((0.4, 0.4, 0.5, 0.49, 0.5, 0.5, 1.0), "layers_agree_mixed", 3),
        ((0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1.0), "layers_agree_all", None),
        ((0.9, 0.9, 0.9, 0.9, 0.9, 0.2, 1.0), "layers_agree_last", 3),
        ((0.1, 0.1, 0.1, 0.1, 0.1, 0.9, 1.0), "layers_agree_last", 3),
    ],
)
def test_from_where_on_the_ranking_holds(agreement: tuple[float, ...], kind: str, block: int | None) -> None:
    (claim,) = agreement_claims(maps(agreement=agreement), 5, 5)
    assert (claim.kind, claim.slots.get("block")) == (kind, block)
    assert [evidence.value for evidence in claim.evidence] == list(agreement)


@pytest.mark.parametrize(
    ("parts", "agreement", "same_first", "kind"),
    [
        (5, 0.5, False, "layers_agree_all"),
        (4, 0.5, True, "layers_agree_last"),
        (4, 0.8, True, "layers_agree_all"),
        (4, 0.8, False, "layers_agree_last"),
        (3, 1.0, True, "layers_agree_all"),
    ],
)
def test_few_parts_are_ranked_alike_only_where_chance_hardly_does_it(
    parts: int, agreement: float, same_first: bool, kind: str
) -> None:
    found = maps(agreement=(*[agreement] * 6, 1.0), same_first=(*[same_first] * 6, True))
    assert kinds(agreement_claims(found, parts, 5)) == [kind]


def test_without_a_ranking_nothing_is_said_of_it() -> None:
    assert not list(agreement_claims(maps(agreement=(None,) * 7), 5, 5))
    assert not list(row_claims(block_map(agreement=None), 1, 5))
    assert not list(place_claims(block_map(region=None), 5))


@pytest.mark.parametrize(
    ("values", "trend", "odd"),
    [
        ((0.4, 0.5, 0.5, 0.6), "more", None),
        ((0.6, 0.5, 0.5, 0.4), "less", None),
        ((0.60, 0.6, 0.6, 0.64), "alike", None),
        ((0.5, 0.5, 0.5, 0.5625), "more", None),
        ((0.62, 0.42, 0.60, 0.65), "alike", 2),
        ((0.4, 0.4, 0.7, 0.5), "more", 3),
        ((0.4, 0.37, 0.53, 0.5), "more", None),
    ],
)
def test_the_course_of_a_measure(values: tuple[float, ...], trend: str, odd: int | None) -> None:
    found = course(values)
    assert found is not None
    assert (found.trend, found.odd) == (trend, odd)
    if odd is not None:
        assert found.odd_value == values[odd - 1]


def test_a_map_of_nothing_has_no_course() -> None:
    assert course([0.4, None, 0.5]) is None
    assert course([0.4]) is None
    empty = blocks(on_ink=(0.4, None, 0.4, 0.4), evenness=(None, 0.4, 0.4, 0.4))
    assert not list(ink_claims(empty, 0.2, 5))
    assert not list(spread_claims(empty, 5))


def test_what_lies_on_the_ink_and_the_block_out_of_line() -> None:
    dip = list(ink_claims(blocks(on_ink=(0.62, 0.42, 0.60, 0.65)), 0.26, 5))
    assert kinds(dip) == ["layers_ink_alike", "layers_ink_dip"]
    assert dip[0].slots == {"early": 0.62, "late": 0.65, "covered": 0.26}
    assert dip[1].slots == {"block": 2, "share": 0.42}
    peak = list(ink_claims(blocks(on_ink=(0.4, 0.5, 0.8, 0.5)), 0.26, 5))
    assert kinds(peak) == ["layers_ink_more", "layers_ink_peak"]
    assert kinds(spread_claims(blocks(evenness=(0.5, 0.5, 0.5, 0.4)), 5)) == ["layers_spread_less"]
    assert kinds(spread_claims(blocks(evenness=(0.4, 0.5, 0.5, 0.5)), 5)) == ["layers_spread_more"]


# A cell of 4×4 pixels, and ink in it and elsewhere.
INK = np.zeros((28, 28), np.float32)
INK[8:12, 8:12] = INK[20:24, 4:24] = 1


def cell_case(weight: float, elsewhere: float = 0.0) -> Case:
    """A 5 by a bias, to which each pixel of ink in the cell adds ``weight``, and each other one ``elsewhere``."""
    weights = np.full((28, 28), elsewhere)
    weights[8:12, 8:12] = weight
    fake = FakeClassifier.one_digit(5, weights)
    fake.biases[5] = 3 - weight * 16 - elsewhere * 80
    return Case(fake, INK)


def effects_of(case: Case) -> list[Claim]:
    test = erase_strongest(case, block_map())
    assert test is not None
    return list(erased_claims(Findings(case, 5), test))


@pytest.mark.parametrize(
    ("weight", "elsewhere", "expected"),
    [
        (0.5, 0.0, ["layers_erased_flips", "layers_control_beaten"]),
        (0.1, 0.0, ["layers_erased_weakens", "layers_control_beaten"]),
        (0.1, 0.1, ["layers_erased_weakens", "layers_control_alike"]),
        (-0.2, 0.0, ["layers_erased_strengthens"]),
        (0.01, 0.0, ["layers_erased_keeps"]),
    ],
)
def test_the_strongest_cell_is_erased_and_told_as_it_was_seen(
    weight: float, elsewhere: float, expected: list[str]
) -> None:
    case = cell_case(weight, elsewhere)
    claims = effects_of(case)
    assert kinds(claims) == expected
    test = claims[0].test
    assert test is not None
    assert not test.after.pixels[8:12, 8:12].any()
    assert np.array_equal(test.after.pixels[12:], INK[12:])
    assert claims[0].slots["after"] == pytest.approx(float(test.after.probabilities[5]))
    assert test.operation == {"kind": "erase_cell", "layer": "denseblock4", "row": 2, "column": 2, "cells": 7}


def test_an_empty_cell_and_one_with_most_of_the_ink_are_not_erased() -> None:
    assert erase_strongest(cell_case(0.5), block_map(peak=(0, 0))) is None
    only_there = np.zeros((28, 28), np.float32)
    only_there[8:12, 8:12] = 1
    assert erase_strongest(Case(FakeClassifier.random(), only_there), block_map()) is None
    flat = block_map(cells=np.ones((7, 7), np.float32))
    assert strongest_cell(flat) is None
    assert erase_strongest(cell_case(0.5), flat) is None


def test_the_strongest_cell_is_where_the_map_is_drawn() -> None:
    for size, peak, corner in ((7, (2, 5), (8, 20)), (14, (3, 1), (6, 2)), (28, (9, 4), (9, 4))):
        place = strongest_cell(block_map(size=size, peak=peak))
        assert place is not None
        assert tuple(np.argwhere(place)[0]) == corner
        assert place.sum() == (28 // size) ** 2


@cache
def bot() -> Bot:
    return Bot(tiny_classifier(3, image_size=224))


def test_the_answer_holds_its_numbers_and_its_test() -> None:
    reply = bot().ask(drawn("five"), ASKED)
    assert reply.question.type == "layers"
    assert reply.reading is not None
    digit, found = reply.reading.prediction.digit, reply.reading.block_maps
    said = {claim.kind: claim for claim in reply.claims}
    assert {"layers_shown", "layers_coarser", "layers_meaning", "layers_place"} <= set(said)
    assert said["layers_place"].slots == {
        "digit": digit, "place": found[-1].region, "share": found[-1].region_share,
    }  # fmt: skip
    assert any(kind.startswith("layers_erased_") for kind in said) or "layers_no_ink" in said
    for claim in reply.claims:
        assert (claim.test is not None) == claim.kind.startswith("layers_erased_")


def test_a_cell_without_ink_is_said_to_be_so() -> None:
    reading = bot().read(drawn("five"))
    last = reading.block_maps[-1]
    corner = np.zeros((7, 7), np.float32)
    corner[0, 0] = 1
    reading.__dict__["block_maps"] = (*reading.block_maps[:-1], replace(last, cells=corner))  # as kept by ``once``
    claims = kinds(Layers().claims(Asked(Question("layers"), Session(reading=reading))))
    assert "layers_no_ink" in claims
    assert not [kind for kind in claims if kind.startswith("layers_erased_")]


def test_more_detail_has_every_map() -> None:
    chat = bot().start()
    chat.show(drawn("five"))
    chat.ask(ASKED)
    rows = [claim for claim in chat.ask("more detail").claims if claim.kind.startswith("layers_row_")]
    assert [claim.slots["block"] for claim in rows] == [1, 1, 2, 2, 3, 3, 4]
    assert [claim.slots["cells"] for claim in rows] == list(SIZES)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("language", SPEAK)
def test_shorter_says_what_is_shown_and_no_more_than_sixty_words(language: str, level: str) -> None:
    chat = bot().start(level=level)
    chat.ask(SPEAK[language])
    chat.ask("shorter")
    chat.show(drawn("five"))
    reply = chat.ask(ASKED)
    assert reply.claims[0].kind == "layers_shown"
    assert len(reply.claims) > 1
    assert count_words(reply.text) <= MOST_WORDS


@pytest.mark.parametrize("language", languages())
def test_the_figure_names_the_digit_and_every_map(language: str) -> None:
    figure = draw_layers(made.pixels(), maps(), 5, load_words(language))
    assert "5" in figure.title
    assert "56" in figure.alt
    picture = np.asarray(Image.open(io.BytesIO(figure.png)).convert("RGB"))
    assert picture.shape[1] == 720
    assert 900 < picture.shape[0] < 1600
    assert draw_layers(made.pixels(), maps(), 5, load_words(language)).png == figure.png


def test_empty_paper_is_white_whatever_its_level_and_the_sign_is_kept() -> None:
    def colours(sign: float, level: float) -> np.ndarray:
        cells = np.full((7, 7), level * 16, np.float32)
        cells[0, 0] += sign
        last = block_map(cells=cells, level=level)
        figure = draw_layers(np.zeros((28, 28)), [*maps()[:-1], last], 5, load_words())
        return np.asarray(Image.open(io.BytesIO(figure.png)).convert("RGB")).astype(int)

    orange, purple = colours(1.0, 0.3), colours(-1.0, -0.3)
    last_row, last_column = slice(440, 460), slice(376, 396)  # inside the first cell of block 4
    assert orange[last_row, last_column, 0].mean() > orange[last_row, last_column, 2].mean() + 60
    assert purple[last_row, last_column, 2].mean() > purple[last_row, last_column, 1].mean() + 30
    assert (orange[700:720, 600:640] == 255).all()
    assert (purple[700:720, 600:640] == 255).all()


def test_no_sentence_is_said_twice() -> None:
    for language in languages():
        for level in LEVELS:
            claims = [
                *agreement_claims(maps(agreement=(0.4, 0.4, -0.6, -0.4, 0.8, 0.8, 1.0)), 5, 5),
                *ink_claims(blocks(on_ink=(0.62, 0.42, 0.60, 0.65)), 0.26, 5),
                *spread_claims(blocks(evenness=(0.5, 0.5, 0.5, 0.4)), 5),
            ]
            said = [claim.sentence for claim in put_into_words(claims, language, level)]
            assert len(set(said)) == len(said) == 4


@pytest.mark.weights
def test_the_trained_network_on_an_example() -> None:
    reply = trained_bot().ask(str(EXAMPLES / "five.png"), ASKED)
    said = {claim.kind: claim for claim in reply.claims}
    assert said["layers_agree_from"].slots == {"block": 3}
    assert said["layers_coarser"].slots == {"early": 56, "late": 7, "size": 4.0}
    assert said["layers_ink_dip"].slots["block"] == 2
