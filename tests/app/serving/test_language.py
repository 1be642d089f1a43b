"""In which language the page comes."""

from __future__ import annotations

import pytest

from interface.serving.language import page_language


@pytest.fixture(autouse=True)
def two_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interface.serving.language.languages", lambda: ("en", "de"))


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("de", "en", "de"),
        ("DE-at", "", "de"),
        ("", "de-AT,de;q=0.9,en;q=0.8", "de"),
        ("", "xx,en;q=0.4,de;q=0.5", "de"),
        ("", "de;q=0,en;q=0.1", "en"),
        ("", "de;q=a", "en"),
        ("xx", "de", "de"),
        ("../../etc", "*;;=,", "en"),
        ("", "", "en"),
    ],
)
def test_the_language_of_the_page(asked: str, accepted: str, language: str) -> None:
    assert page_language(asked, accepted) == language
