"""A fixed mix of everything that people ask, put to the real network about pictures of every kind, as conversations.

What is claimed does not depend on the language, the level or the length (but for the types in ``ANEW``), so each
question is answered once, and its claims are then said in whatever way is to be measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np

from benchmarks.pictures import index_of
from bot.api import Bot
from bot.claims.premises import spoken_place
from bot.questions import answers
from bot.questions.base import Asked
from bot.style import to_answer
from bot.values import Claim, Session
from bot.words.lengths import SHORTER, shortened
from bot.words.render import LEVELS
from bot.words.wording import Said, Speaker, seed_of
from explainers.values import Part
from interface.chat.examples import EXAMPLES
from model import datasets

# {digit} is read, {other} comes next, {third} after it; {part} is a part of the picture. All types of docs/questions.md
# that are answered about a picture, with follow-ups and with the changes of style that people ask for.
CONVERSATIONS = (
    ("what is it?", "why?", "why not {other}?", "and {third}?", "how do you know?", "what if I erase the {part}?",
     "now also rotate it 10 degrees to the left", "undo", "what must stay?", "what would make it a {other}?",
     "other {other}s like this", "what can I ask?"),
    ("why {digit}?", "how sure are you?", "what else could it be?", "which part mattered most?",
     "show me similar digits", "is it because of the {part}?", "do LIME and IG agree?",
     "which explanation should I believe?", "show me the LIME heatmap", "what is LIME?", "same for grad-cam",
     "can I trust that?"),
    ("what did you do to my picture?", "why?", "what do the early layers see?", "can you be fooled?",
     "that's wrong, it's a {other}", "compare with the previous one", "why {third}?",
     "what if I make it thicker?", "and in a mirror?", "how robust is that?", "how can I write it better?",
     "more detail", "why?", "where is it among all digits?"),
)  # fmt: skip
ABOUT_ITSELF = (
    "help", "what model is this?", "what were you trained on?", "how accurate are you?", "how good are you on 9s?",
    "which digits do you mix up?", "what do you confuse 4 with?", "what are integrated gradients?",
    "how do shapley values work?", "what is a logit?", "what does R² mean?", "what does calibrated mean?",
    "do you keep my picture?", "what's the weather?",
)  # fmt: skip
ANEW = ("preprocessing", "explain_method")  # claimed otherwise at another level or length


@dataclass(frozen=True)
class Answered:
    """One question and what was claimed in answer, to be said in any language, level and length."""

    text: str  # the question as it was typed
    type: str
    seed: int
    claims: tuple[Claim, ...]
    parts: tuple[Part, ...]  # of the picture; empty where it has none
    anew: Mapping[tuple[str, str | None], tuple[Claim, ...]] = field(default_factory=dict)  # by level and length

    def say(
        self, language: str, level: str, length: str | None = None, before: Said = ()
    ) -> tuple[tuple[Claim, ...], Said]:
        """The claims with their sentences, and what the next answer of the conversation is told of them."""
        speaker = Speaker(language, level, self.seed, before, length == SHORTER)
        spoken = (speaker.put(claim) for claim in self.anew.get((level, length), self.claims))
        said = tuple(shortened(spoken, ()) if length == SHORTER else spoken)
        return said, speaker.remembered(said)


def pictures(mnist: int, wild: int) -> list[object]:
    """The examples of the chat, and so many of MNIST's test set and of the wild ones, spread evenly over them."""
    test = datasets.load("mnist", "test").pictures
    folder = datasets.data_folder()
    drawn = [folder / "wild" / file for file, _ in index_of(folder / "wild", "label")] if folder and wild else []
    return [
        *[example.path for example in EXAMPLES],
        *test[np.linspace(7, len(test) - 1, mnist).astype(int)],
        *[drawn[place] for place in np.linspace(0, len(drawn) - 1, wild).astype(int)],
    ]


def ask_all(bot: Bot, sources: Sequence[object]) -> Iterator[list[Answered]]:
    """The conversations, about one picture each, at the simple level; the last is about the network itself."""
    session = bot.new_session(level="simple")
    for place, source in enumerate(sources):
        *_, (session, _) = bot.show(replace(session, length=None), source)
        session, answered = ask(bot, session, questions(session, CONVERSATIONS[place % len(CONVERSATIONS)]))
        yield answered
    yield ask(bot, bot.new_session(level="simple"), ABOUT_ITSELF)[1]


def questions(session: Session, texts: Sequence[str]) -> list[str]:
    """The questions with their digits and part filled in for the picture at hand."""
    reading = session.reading
    assert reading is not None
    digit, other, third = np.argsort(-reading.prediction.probabilities, kind="stable")[:3]
    part = spoken_place(reading.case.parts[0]) if reading.accepted else "top"
    return [text.format(digit=digit, other=other, third=third, part=part.replace("_", " ")) for text in texts]


def ask(bot: Bot, session: Session, texts: Sequence[str]) -> tuple[Session, list[Answered]]:
    """One conversation, and the session after it."""
    answered = []
    for text in texts:
        *_, (following, reply) = bot.stream(session, text)
        reading = reply.reading
        question = (*to_answer(session, reply.question), reply.question)[0]
        anew = {}
        if question.type in ANEW and answers()[question.type].needs_picture <= (reading is not None):
            for level, length in product(LEVELS, (None, SHORTER)):
                asked = Asked(question, replace(following, level=level, length=length))
                anew[level, length] = tuple(answers()[question.type].claims(asked))
        parts = tuple(reading.case.parts) if reading is not None and reading.accepted else ()
        answered.append(Answered(text, question.type, seed_of(question, reading), reply.claims, parts, anew))
        session = following
    return session, answered
