"""What is kept of a reply, so that a handout can be made of it later."""

from __future__ import annotations

import json
import zlib

from bot.details import evidence_rows
from bot.memory import Memory, Seen, Told
from bot.question import Question
from bot.values import Reading, Reply
from bot.words.phrasing import understood
from bot.words.render import words
from model.values import DigitImage

NOT_KEPT = ("report",)  # question types that a handout does not repeat


def remembered(memory: Memory, reply: Reply) -> Memory:
    """The memory after a whole reply; as it was where that only talked."""
    told = told_of(reply)
    return memory if told is None else memory.with_answer(told)


def told_of(reply: Reply) -> Told | None:
    """What is kept of ``reply``; None where it only talked: it asked for a picture, told what can be asked, and so on.

    Its JSON is kept without ``seconds``: no two runs take the same time.
    """
    measured = any(one.source != "text" for claim in reply.claims for one in claim.evidence)
    said = words(reply.language, reply.model.alphabet)
    kept = [one for one in (reply.question, *reply.question.also) if one.type not in NOT_KEPT]
    asked = understood(Question("unknown", also=tuple(kept)), said)
    if not measured or not asked:
        return None
    found = {name: value for name, value in reply.to_dict().items() if name != "seconds"}
    line = json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    rows = [
        (*row.cells(said), "–" if row.control is None else said.numbers.percent(row.control))
        for row in evidence_rows(reply.claims, reply.language, reply.reading, said.alphabet)
    ]
    return Told(
        asked=asked,
        text=reply.text,
        language=reply.language,
        tests=tuple(rows),
        figures=reply.figures,
        warnings=reply.warnings,
        seen=_seen(reply.reading) if reply.reading else None,
        line=zlib.compress(line),
    )


def _seen(reading: Reading) -> Seen:
    return Seen(DigitImage(reading.pixels), reading.prediction, reading.reason)
