"""docs/contract.md names every key of a reply that ``bot/reply.schema.json`` has."""

from __future__ import annotations

import re

import pytest

from bot.schema import reply_schema
from tests.docs.pages import DOCS

PAGE = (DOCS / "contract.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`(?:prediction\.)?(\w+)`", PAGE))
LISTED = (  # of the others, Question's keys are those of docs/questions.md, and an operation has those of its kind
    "Image", "Prediction", "Part", "Claim", "Evidence", "Control", "Attribution", "Figure", "Neighbour", "File",
)  # fmt: skip


@pytest.mark.parametrize("name", LISTED)
def test_every_key_stands_there(name):
    assert set(reply_schema()["$defs"][name]["properties"]) <= NAMED


def test_every_key_of_a_reply_stands_there():
    assert set(reply_schema()["properties"]) <= NAMED
