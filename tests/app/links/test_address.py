"""What the address of the page asks for."""

from __future__ import annotations

import pytest

from interface.links.address import Address


def test_every_parameter_is_read() -> None:
    query = {"image": "five", "ask": "why 5?", "lang": "de", "level": "Simple", "utm_source": "mail"}
    assert Address.from_query(query) == Address("five", "why 5?", "de", "simple")


@pytest.mark.parametrize(("lang", "known"), [("DE-at", "de"), (" fr ", "fr"), ("xx", ""), ("../de", "")])
def test_a_language_that_there_is_not_is_none(lang: str, known: str) -> None:
    assert Address.from_query({"lang": lang}) == Address(lang=known)


@pytest.mark.parametrize("level", ["", "hard", "../simple", "simple expert"])
def test_a_level_that_there_is_not_is_the_usual_one(level: str) -> None:
    assert Address.from_query({"level": level}) == Address()
