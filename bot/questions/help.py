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
        """With a picture at hand, the questions are about it, unless it was turned away."""
        reading = asked.session.reading
        if reading is None:
            yield Claim("help_without_picture", {}, _ASKED)
        elif not reading.accepted:
            yield Claim("help_refused", {}, _ASKED)
        else:
            yield Claim("help_with_picture", {"digit": asked.read_digit}, _ASKED)


class Unknown(Answer):
    """Not a question that this bot can understand: it says so, offers the nearest ones, and never guesses.

    Who only thanks, or takes leave, is answered in kind.
    """

    type = "unknown"
    needs_picture = False

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """Without a picture that can be explained it asks for one."""
        reading = asked.session.reading
        if asked.question.cues:
            yield Claim(f"courtesy_{asked.question.cues[0]}", {}, _ASKED)
        elif reading is None:
            yield Claim("unknown_without_picture", {}, _ASKED)
        elif not reading.accepted:
            yield Claim("unknown_not_a_digit", {}, _ASKED)
        elif asked.question.nearest:
            yield Claim("unknown_offered", {"digit": asked.read_digit, "offers": asked.question.nearest}, _ASKED)
        else:
            yield Claim("unknown", {"digit": asked.read_digit}, _ASKED)


def unknown_rest() -> Claim:
    """That a further question of the same sentence was not understood."""
    return Claim("unknown_rest", {}, _ASKED, topic="rest")


def text_cut(read: int) -> Claim:
    """That of a long text only the first and the last ``read`` characters were read."""
    return Claim("text_cut", {"count": read}, _ASKED, topic="cut")


def instead(question: Question) -> Question:
    """What to ask instead of what is not answered: of a method that is not there, any other heatmap."""
    return Question("show" if question.type == "show" else "help")


def not_yet(question: Question) -> Claim:
    """Understood, but not answered by this version."""
    return Claim("not_yet", {"instead": instead(question)}, _ASKED)


def no_picture() -> Claim:
    """A question about a picture before there is one."""
    return Claim("no_picture", {}, _ASKED)
