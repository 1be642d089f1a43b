"""What can I ask? And what to say to what is not a question about this."""

from __future__ import annotations

from collections.abc import Iterator

from bot.questions.base import Answer, Asked
from bot.values import Claim, Evidence, Question

_ASKED = (Evidence("questions", 1.0, "questions", "text"),)


class Help(Answer):
    """What this is and what it can be asked."""

    type = "help"
    needs_picture = False

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """With a picture at hand, the questions are about it."""
        if asked.session.reading is None:
            yield Claim("help_without_picture", {}, _ASKED)
        else:
            yield Claim("help_with_picture", {"digit": asked.read_digit}, _ASKED)


class Unknown(Answer):
    """Not a question that this bot can understand: it says so and never guesses."""

    type = "unknown"
    needs_picture = False

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """Without a picture it also asks for one."""
        yield Claim("unknown" if asked.session.reading is not None else "unknown_without_picture", {}, _ASKED)


def not_yet(question: Question) -> Claim:
    """Understood, but not answered by this version."""
    return Claim("not_yet", {"type": question.type, **question.slots}, _ASKED)


def no_picture() -> Claim:
    """A question about a picture before there is one."""
    return Claim("no_picture", {}, _ASKED)
