"""Make a handout."""

from __future__ import annotations

from collections.abc import Iterator

from bot.handouts import handout
from bot.questions.base import Answer, Asked
from bot.values import Attachment, Claim, Evidence, Question


class Report(Answer):
    """The conversation so far as a page to print, and the replies' JSON; before anything was answered, what to do."""

    type = "report"
    needs_picture = False

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """What is in it, and what fell out of it."""
        memory, reading = asked.session.memory, asked.session.reading
        evidence = (Evidence("answers", float(len(memory.answers)), "answers", "conversation"),)
        if memory.answers:
            slots = {"questions": len(memory.answers), "pictures": len(memory.pictures)}
            yield Claim("report_made" if memory.pictures else "report_made_itself", slots, evidence)
            if memory.forgotten:
                yield Claim("report_forgotten", {"count": memory.forgotten}, evidence)
            yield Claim("report_files", {}, evidence, topic="files")
        elif reading is None:
            yield Claim("report_no_picture", {}, evidence)
        else:
            first = Question("why", {"digit": asked.read_digit}) if reading.accepted else Question("preprocessing")
            yield Claim("report_nothing_asked", {"instead": first}, evidence)

    def files(self, asked: Asked) -> tuple[Attachment, ...]:
        """None where nothing was answered yet."""
        session = asked.session
        if not session.memory.answers:
            return ()
        return handout(session.memory, asked.identity, session.language, session.level)
