"""What docs/links.md tells people to write does what it says."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import numpy as np
import pytest

from bot import Bot
from interface.chat.examples import EXAMPLES
from interface.chat.visit import Host
from interface.links.linked_picture import picture_text
from tests.app.links.following import link_in, opened
from tests.bot.digits import drawn
from tests.fakes import tiny_classifier
from tests.remembering import remembering

PAGE = (Path(__file__).parents[3] / "docs" / "links.md").read_text(encoding="utf-8")
LINKS = re.findall(r"^    (?:https://[^?]+)?(\?\S+)$", PAGE, re.MULTILINE)
MEANT = ["why_not", "why_not", "what_if", "why_not", "accuracy"]


@pytest.fixture(scope="module")
def host() -> Host:
    return Host(Bot(remembering(tiny_classifier(3))))


@pytest.mark.parametrize(("link", "meant"), list(zip(LINKS, MEANT, strict=True)))
def test_a_link_of_the_page_is_answered(host: Host, link: str, meant: str) -> None:
    visit = opened(host, link)
    assert visit.session.question is not None
    assert visit.session.question.type == meant
    assert ("lang=de" in link) == (visit.session.language == "de")
    assert link_in(visit.messages[-1]), "it was answered, and the answer can be passed on"


def test_the_page_names_every_example() -> None:
    assert not [one.id for one in EXAMPLES if f"`{one.id}`" not in PAGE]


def test_its_lines_of_python_make_the_same_text() -> None:
    code = re.search(r"((?: {4}.*\n|\n)*    import base64(?:.*\n)(?: {4}.*\n|\n)*)", PAGE)
    assert code is not None
    names = {"grey": np.round(drawn("five") * 255).astype(np.uint8)}
    exec(textwrap.dedent(code[1]), names)
    assert names["image"] == picture_text(drawn("five"))
