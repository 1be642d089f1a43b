"""The link to an answer: it opens a new conversation in which the same picture gets the same question."""

from __future__ import annotations

import numpy as np

from bot.alone import sentence_alone
from bot.style import heed
from bot.values import Question, Reading, Reply, Session
from interface.links.address import Address
from interface.links.linked_picture import picture_of, picture_text

PREPARATION = "preprocessing"  # the type whose answer rests on how the picture was made ready
LONGEST = 1_900  # characters: with the host before it below the 2,000 that every browser, server and messenger takes
TAKEN_AS_IT_IS = {"edited"}  # the only step of a picture that came pixel by pixel, as one of a link does


def answer_link(before: Session, reply: Reply, example: str) -> str:
    """``?image=…&ask=…&lang=…``, which gets the same reply; "" where that is not sure, or it would be too long.

    ``before`` is the conversation before the question; ``example`` the id of the example that its picture is, or "".
    """
    reading, question = before.reading, reply.question
    if not reply.complete or not (reading is None or example or _survives(reading, question)):
        return ""
    heard = heed(before, question)
    sentence = sentence_alone(heard, question)
    image = example or ("" if reading is None else picture_text(reading.pixels))
    query = Address(image, sentence, heard.language, heard.level).query()
    return query if sentence and len(query) <= LONGEST else ""


def _survives(reading: Reading, question: Question) -> bool:
    """Whether the pixels alone, read exactly as they are, get the same answer."""
    image = reading.image
    if any(one.type == PREPARATION for one in (question, *question.also)):
        return {step.name for step in image.steps} == TAKEN_AS_IT_IS
    # A picture that was turned away for what the upload showed (several digits, too small) would not be again.
    given_back = picture_of(picture_text(image.pixels))
    return image.reason is None and given_back is not None and np.array_equal(given_back, image.pixels)
