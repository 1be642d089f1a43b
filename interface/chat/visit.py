"""What happens in a conversation: every function takes a ``Visit`` and yields it again as it grows.

A ``Visit`` is one visitor's own state; it travels through ``gr.State`` and nothing of it is kept anywhere else. What a
visitor did wrong becomes one sentence in the chat. Anything else that goes wrong is a fault of ours: it is logged
without what the visitor sent, and the visitor gets a plain sentence. Either way the conversation goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from bot import Bot, BotError
from bot.errors import PictureError
from bot.lessons.guesses import wants_next
from bot.understanding.normalise import LONGEST
from bot.values import Question, Reply, Session, serving
from bot.words.interface import interface_words
from bot.words.phrasing import phrase
from bot.words.render import REFERENCE, words
from interface.chat.examples import EXAMPLES, example_after, example_named, offered
from interface.chat.messages import Message, Picture, plain, reply_message, save_picture
from interface.chat.turns import Turns
from interface.links.address import Address
from interface.links.answer_link import answer_link
from interface.links.linked_picture import PREFIX, picture_of
from interface.serving.log import log_fault
from interface.serving.visitors import current_visitor
from interface.serving.waiting import MOST_ANSWERS, Room, in_words, watched
from interface.widgets.editor.widget import answer_of, edit_of, enlarged_png, opened_png, pixels_of
from interface.widgets.pad.widget import drawing_to_png

_LONGEST_HISTORY = 60  # messages that stay in the chat


@dataclass(frozen=True, eq=False)
class Visit:
    """One visitor's conversation so far."""

    session: Session  # the bot's own memory of the conversation
    messages: tuple[Message, ...] = ()
    drawing: str = ""  # the pad's value when it was last read
    live: int = 0  # how many messages at the end the next drawing replaces
    example: str = ""  # the id of the example that the picture of the conversation is
    opened: str = ""  # the example opened last: a lesson goes on with the next
    shortened: bool = False  # whether messages have fallen away
    turns: Turns = field(default_factory=Turns)  # one and the same for the whole conversation

    @property
    def words(self) -> Mapping[str, str]:
        """The interface's strings in the language of the conversation."""
        return interface_words(self.session.language, self.session.alphabet)

    @property
    def earlier(self) -> str:
        """What is said in the place of messages that have fallen away; "" while there are none."""
        return self.words["earlier_not_shown"] if self.shortened else ""

    @property
    def offered(self) -> tuple[str, ...]:
        """The questions that were offered last."""
        return next((one.options for one in reversed(self.messages) if one.options), ())

    def say(self, *messages: Message) -> Visit:
        """The visit with further messages; the oldest fall away after a while."""
        said = (*self.messages, *messages)
        shortened = self.shortened or len(said) > _LONGEST_HISTORY
        return replace(self, messages=said[-_LONGEST_HISTORY:], live=0, shortened=shortened)

    def settled(self) -> Visit:
        """The visit in which nothing grows any more: an answer that something newer cut short says so."""
        if not self.messages or not self.messages[-1].pending:
            return self
        *before, last = self.messages
        return replace(self, messages=(*before, replace(last, pending=self.words["stopped"])))


Steps = Iterator[Visit]
Opening = Generator[Visit, None, Visit]  # a picture is opened: the visit as it grows, and in the end once more


class Host:
    """Answers every visitor. It holds the bot, and nothing about anybody."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._room = Room(MOST_ANSWERS)

    def welcome(self, language: str = REFERENCE, level: str = "normal", lesson: str = "") -> Visit:
        """A new visit, in one of the languages and at one of the levels that there are, and in a lesson or none."""
        return Visit(self._bot.new_session(language, level, lesson or None))

    def start_anew(self, visit: Visit) -> Visit:
        """The visit with nothing said yet, in the same way as before."""
        session = visit.session
        visit.turns.end()
        session.desk.stop()
        anew = self.welcome(session.language, session.level, session.lesson.id if session.lesson else "")
        return replace(anew, turns=visit.turns)

    def open_upload(self, visit: Visit, path: str) -> Steps:
        """A picture was uploaded, pasted or taken."""
        return self._safely(visit, lambda now: self._open(now, path))

    def open_example(self, visit: Visit, name: str) -> Steps:
        """An example was chosen."""
        return self._safely(visit, lambda now: self._open_example(now, name))

    def open_drawing(self, visit: Visit, value: str) -> Steps:
        """The pen has rested. While nothing was asked in between, its reading takes the place of the last one."""
        return self._safely(visit, lambda now: self._open_drawing(now, value))

    def try_drawing(self, visit: Visit, value: str) -> dict[str, Any] | None:
        """What the network says of the drawing so far; nothing of it is kept. None where it cannot be read."""
        png = drawing_to_png(value)
        if png is None:
            return None
        try:
            with serving(current_visitor()):
                return answer_of(0, self._bot.read(png), visit.session.language, "pad")
        except BotError:
            return None  # said in the chat when the pen rests
        except Exception as error:
            log_fault(error)
            return None

    def ask(self, visit: Visit, text: str, drawing: str = "") -> Steps:
        """A question came; ``drawing`` is what stands on the pad, which may be newer than what was read of it."""
        return self._safely(visit, lambda now: self._ask(now, text, drawing))

    def send(self, visit: Visit, text: str, paths: list[str], drawing: str = "") -> Steps:
        """What the question box sends: pictures, a question, or both."""
        return self._safely(visit, lambda now: self._send(now, text, paths, drawing))

    def try_edit(self, visit: Visit, value: object) -> dict[str, Any] | None:
        """What the network says of the edited picture; one run, and nothing of it is kept. None without an edit."""
        if not value:
            return None
        edit = edit_of(value)
        if edit is None:
            return {"problem": visit.words["not_an_edit"]}
        number, pixels = edit
        try:
            with serving(current_visitor()):
                return answer_of(number, self._bot.try_pixels(pixels), visit.session.language)
        except Exception as error:
            log_fault(error)
            return {"problem": visit.words["sorry"]}

    def ask_why(self, visit: Visit, value: object) -> Steps:
        """The edited picture becomes the picture of the conversation, and is asked about at once."""
        return self._safely(visit, lambda now: self._ask_why(now, value))

    def follow_link(self, visit: Visit, address: Address) -> Steps:
        """A deep link was opened: its picture is loaded and its question answered."""
        return self._safely(visit, lambda now: self._follow_link(now, address))

    def _send(self, visit: Visit, text: str, paths: list[str], drawing: str) -> Steps:
        for path in paths:
            visit = yield from self._open(visit, path)
        if text.strip() or not paths:
            yield from self._ask(visit, text, "" if paths else drawing)

    def _follow_link(self, visit: Visit, address: Address) -> Steps:
        if len(address.ask) > LONGEST:
            raise BotError(visit.words["link_question_too_long"].format(most=LONGEST))
        if address.image.startswith(PREFIX):
            visit = yield from self._open_linked(visit, address.image)
        elif address.image:
            visit = yield from self._open_example(visit, address.image)
        if address.ask:
            yield from self._ask_in(visit, address.ask, address.lang)

    def _ask_in(self, visit: Visit, text: str, language: str) -> Steps:
        """Answers in ``language`` whatever the question is in; later ones are again answered in their own."""
        pinned = replace(visit.session, language=language, pinned=True) if language else visit.session
        for asked in self._ask(replace(visit, session=pinned), text, ""):
            wished = asked.session.pinned and asked.session.language != language
            yield replace(asked, session=replace(asked.session, pinned=wished))

    def _ask_why(self, visit: Visit, value: object) -> Steps:
        pixels = pixels_of(value)
        if pixels is None:
            raise BotError(visit.words["not_an_edit"])
        reading = self._bot.try_pixels(pixels)
        shown = visit.session.reading
        if shown is None or not np.array_equal(shown.pixels, reading.pixels):
            visit = yield from self._read(visit, reading, _sent(pixels, visit.words["edited_sent"]))
        if reading.accepted:  # else it was just said why nothing can be explained
            yield from self._ask(
                visit, phrase(Question("why"), words(visit.session.language, visit.session.alphabet)), ""
            )

    def _ask(self, visit: Visit, text: str, drawing: str) -> Steps:
        visit = yield from self._open_drawing(visit, drawing)
        if not text.strip():
            raise BotError(visit.words["nothing_asked"])
        examples = offered(visit.session.alphabet)
        if (
            examples
            and visit.session.lesson is not None
            and wants_next(text, visit.session.language, visit.session.alphabet)
        ):
            yield from self._open_example(visit, example_after(visit.opened).id)
            return
        asked = visit.say(Message("user", (plain(text),)))
        yield asked
        with self._room.place(visit.words["waiting.full"], current_visitor()):
            yield from self._answer(asked, text)

    def _answer(self, asked: Visit, text: str) -> Steps:
        def waiting(last: tuple[Session, Reply] | None) -> str:
            language = last[1].language if last else asked.session.language  # the reply's is that of the question
            return in_words(self._bot.waiting(asked.session), interface_words(language, asked.session.alphabet))

        for step, said in watched(self._bot.stream(asked.session, text), waiting):
            if step is None:
                yield asked.say(Message("assistant", (), pending=said or asked.words["still_testing"]))
            else:
                session, reply = step
                link = answer_link(asked.session, reply, asked.example)
                yield replace(asked.say(reply_message(reply, text, link, said)), session=session)

    def _open_example(self, visit: Visit, name: str) -> Opening:
        example = example_named(name) if offered(visit.session.alphabet) else None
        if example is None:
            names = ", ".join(example.id for example in EXAMPLES)
            raise BotError(visit.words["no_such_example"].format(names=names))
        shown = Message(
            "user", (Picture(str(example.path), visit.words["example_sent"].format(title=example.title(visit.words))),)
        )
        return (yield from self._read(replace(visit, opened=name), str(example.path), shown, example.id))

    def _open_linked(self, visit: Visit, text: str) -> Opening:
        pixels = picture_of(text)
        if pixels is None:
            raise BotError(visit.words["not_a_linked_picture"])
        shown = _sent(pixels, visit.words["linked_sent"])
        return (yield from self._read(visit, self._bot.try_pixels(pixels), shown))

    def _open(self, visit: Visit, path: str) -> Opening:
        reading = self._bot.read(path)
        # Never the file itself: browsers cannot show every kind, and its name and bytes are a stranger's.
        sent = Message("user", (Picture(save_picture("picture", opened_png(reading)), visit.words["picture_sent"]),))
        return (yield from self._read(visit, reading, sent))

    def _open_drawing(self, visit: Visit, value: str) -> Opening:
        if not value or value == visit.drawing:
            yield visit
            return visit
        png = drawing_to_png(value)
        if png is None:
            raise BotError(visit.words["not_a_drawing"])
        if visit.live:
            visit = replace(visit, messages=visit.messages[: -visit.live])
        sent = Message("user", (visit.words["drawing_sent"],))
        for read in self._read(replace(visit, drawing=value), png, sent):
            visit = replace(read, live=2)  # the drawing and its reading
            yield visit
        return visit

    def _read(self, visit: Visit, source: object, shown: Message, example: str = "") -> Opening:
        """Have the bot read a picture; only one that could be opened is shown as the visitor's message."""
        before = visit
        for session, reply in self._bot.show(before.session, source):
            asks = reply.lesson is not None and reply.lesson.waits  # then about the parts in the figure
            said = reply_message(reply if asks else replace(reply, figures=()))
            visit = replace(before.say(shown, said), session=session, example=example)
            yield visit
        return visit

    def _safely(self, visit: Visit, begin: Callable[[Visit], Steps]) -> Steps:
        visit = visit.settled()
        steps = begin(visit)
        try:
            while True:
                with serving(current_visitor()):  # entered anew for each step: the next may come in another thread
                    visit = next(steps)
                yield visit
        except StopIteration:
            return
        except BotError as error:
            yield _failed(visit, plain(_sentence(error, visit.words)))
        except Exception as error:
            log_fault(error)
            yield _failed(visit, visit.words["sorry"])


def _failed(visit: Visit, sentence: str) -> Visit:
    """The visit in which something went wrong; what was offered before can still be asked."""
    if visit.messages and visit.messages[-1].pending and not visit.messages[-1].content:
        visit = replace(visit, messages=visit.messages[:-1])  # the sentence is what it waited for
    return visit.settled().say(Message("assistant", (sentence,), visit.offered, apart=True))


def _sent(pixels: np.ndarray, alt: str) -> Message:
    """The visitor's message that shows 28×28 pixels."""
    return Message("user", (Picture(save_picture("pixels", enlarged_png(pixels)), alt),))


def _sentence(error: BotError, said: Mapping[str, str]) -> str:
    """What went wrong, in the visitor's language where there is a sentence for it."""
    if isinstance(error, PictureError) and error.key is not None:
        return said[f"uploads.{error.key}"].format(kinds=said["uploads.kinds"], **error.slots)
    return str(error)
