"""What becomes of my picture and my questions? As tests/faults/test_privacy.py checks it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.questions.base import Answer, Asked
from bot.values import Claim, Evidence

_PUBLISHED = (Evidence("this program, as it is published", 1.0, "programs", "program"),)


class Privacy(Answer):
    """What it is used for, who sees it, when it is deleted, what way it takes; and that this may have been changed."""

    type = "privacy"
    needs_picture = False

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """The same for every picture, and without one."""
        yield Claim("privacy_use", {}, _PUBLISHED, "privacy")
        yield Claim("privacy_page", {}, _PUBLISHED, "privacy")
        yield Claim("privacy_way", {}, _PUBLISHED, "way")
        yield Claim("privacy_published", {}, _PUBLISHED, "way")
