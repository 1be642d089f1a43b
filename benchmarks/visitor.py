"""A visitor of the page as the server sees one: what a browser sends when an example is pressed or a question sent.

Gradio's own protocol: an event joins the queue and its outputs come back as server-sent events, whole at first and then
as differences. Only the standard library, so that thirty of these take little of the processor from the app that they
measure.
"""

from __future__ import annotations

import json
import re
import secrets
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.words.interface import interface_words
from interface.chat.messages import plain

PATIENCE = 600.0  # seconds until an event is given up


def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", r"(\\d+)", re.escape(sentence)))


_SAID = interface_words("en")
ONE, MANY = _pattern(_SAID["waiting.one"]), _pattern(_SAID["waiting.many"])
MOMENT, SECONDS = _pattern(_SAID["waiting.moment"]), _pattern(_SAID["waiting.seconds"])


@dataclass(frozen=True)
class Place:
    """What the page has, by the names that app.py gives its parts."""

    address: str  # with a slash at its end
    config: dict[str, Any]

    @classmethod
    def visit(cls, address: str) -> Place:
        """Asks the server for it."""
        with urllib.request.urlopen(f"{address}config", timeout=PATIENCE) as answer:
            return cls(address, json.load(answer))

    def part(self, name: str) -> int:
        """The number of the component."""
        return next(one["id"] for one in self.config["components"] if one["props"].get("elem_id") == name)

    def event(self, name: str, kind: str) -> dict[str, Any]:
        """What happens on the server where ``kind`` happens to the component, or after what the page does then."""
        target = [self.part(name), kind]
        events = self.config["dependencies"]
        first = [one for one in events if target in map(list, one["targets"])]
        numbers = {one["id"] for one in first}
        after = [one for one in events if one["trigger_after"] in numbers]
        return next(one for one in (*first, *after) if one["backend_fn"])


@dataclass
class Told:
    """One state of the chat, and when it came."""

    at: float  # seconds on the clock of ``time.monotonic``
    answer: str  # the text of the bot's last message; empty where the visitor's own is the last

    @property
    def others(self) -> int:
        """How many questions are said to be before; none where nothing is said of it."""
        many = MANY.search(self.answer)
        return int(many[1]) if many else int(bool(ONE.search(self.answer)))

    @property
    def seconds(self) -> int | None:
        """In how many seconds the turn is said to come."""
        found = SECONDS.search(self.answer)
        return int(found[1]) if found else 0 if MOMENT.search(self.answer) else None


def first_sentence(told: Sequence[Told]) -> float:
    """When the first sentence of the answer came: till the question is shown, the text is that of the reading."""
    shown = max(place for place, one in enumerate(told) if not one.answer)
    return next(one.at for one in told[shown:] if one.answer)


def turned_away(told: Sequence[Told]) -> bool:
    """Whether too many were asking."""
    return told[-1].answer == plain(_SAID["waiting.full"])


def without_link(answer: str) -> str:
    """The answer alone: its link names an example by its id and the same picture, where it was sent, by its pixels."""
    return answer.partition('<span class="answer-link">')[0]


@dataclass
class Visitor:
    """One session. Its methods wait until the server has done what they ask for."""

    place: Place
    session: str = field(default_factory=lambda: secrets.token_hex(6))

    @contextmanager
    def page(self) -> Iterator[None]:
        """Has the page open: the server takes its end for the visitor's leaving."""
        address = f"{self.place.address}gradio_api/heartbeat/{self.session}"
        with urllib.request.urlopen(address, timeout=PATIENCE) as stream:
            stream.readline()
            yield

    def open_example(self, name: str) -> list[Told]:
        """Presses an example's button."""
        return list(self._event(self.place.event(f"example-{name}", "click"), {}))

    def ask(self, text: str, picture: Path | None = None) -> list[Told]:
        """Sends a question, with a picture where there is one."""
        return list(self.asking(text, picture))

    def call(self, endpoint: str, picture: Path, question: str) -> list[Any]:
        """What a program gets that calls ``/ask``: the words, the reply, the figures."""
        sent = {"image": self._upload(picture), "question": question}
        started = self._post(f"call/v2/{endpoint}", json.dumps(sent).encode(), "application/json")
        address = f"{self.place.address}gradio_api/call/{endpoint}/{started['event_id']}"
        with urllib.request.urlopen(address, timeout=PATIENCE) as stream:
            *_, last = stream.read().decode().strip().split("\n\n")
        event, data = last.split("\n")
        if event != "event: complete":
            raise RuntimeError(f"The server could not do it: {data}")
        return json.loads(data.removeprefix("data: "))

    def clear(self) -> None:
        """Presses the bin: the conversation begins anew."""
        event = self.place.event("chat", "clear")
        asked = {"data": [None], "fn_index": event["id"], "session_hash": self.session}
        self._post("run/predict", json.dumps(asked).encode(), "application/json")

    def asking(self, text: str, picture: Path | None = None) -> Iterator[Told]:
        """The same, while it is answered; who closes the iterator goes away."""
        files = [self._upload(picture)] if picture else []
        return self._event(self.place.event("question", "submit"), {"outbox": {"text": text, "files": files}})

    def _event(self, event: dict[str, Any], values: dict[str, Any]) -> Iterator[Told]:
        sent = {self.place.part(name): value for name, value in values.items()}
        data = [sent.get(number, "" if number == self.place.part("pad") else None) for number in event["inputs"]]
        asked = {"data": data, "fn_index": event["id"], "session_hash": self.session, "event_data": None}
        self._post("queue/join", json.dumps(asked).encode(), "application/json")
        chat = event["outputs"].index(self.place.part("chat"))
        shown: Any = None
        for message in self._messages():
            if message["msg"] == "process_generating":
                new = message["output"]["data"][chat]
                shown = new if shown is None else changed(shown, new)
                yield Told(time.monotonic(), _answer(shown))
            elif message["msg"] == "process_completed":
                if not message["success"]:
                    raise RuntimeError(f"The server could not do it: {message['output'].get('error')}")
                return
        raise RuntimeError("The server ended before it was done.")

    def _messages(self) -> Iterator[dict[str, Any]]:
        address = f"{self.place.address}gradio_api/queue/data?session_hash={self.session}"
        with urllib.request.urlopen(address, timeout=PATIENCE) as stream:
            for line in stream:
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])

    def _upload(self, picture: Path) -> dict[str, Any]:
        edge = secrets.token_hex(8)
        head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{picture.name}"\r\n\r\n'
        body = head.encode() + picture.read_bytes() + f"\r\n--{edge}--\r\n".encode()
        (path,) = self._post("upload", body, f"multipart/form-data; boundary={edge}")
        return {"path": path, "orig_name": picture.name, "meta": {"_type": "gradio.FileData"}}

    def _post(self, what: str, body: bytes, kind: str) -> Any:
        request = urllib.request.Request(f"{self.place.address}gradio_api/{what}", body, {"Content-Type": kind})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)


def changed(value: Any, differences: list[tuple[str, list[Any], Any]]) -> Any:
    """``value``, which is used up, with differences as Gradio's server sends them: an action, a path, a new value.

    A list's entries are deleted as JavaScript's ``splice`` does it: Gradio sends places before the start, which
    ``gradio_client`` 2.7 stops at.
    """
    whole = [value]
    for action, path, new in differences:
        *way, last = [0, *path]
        inside: Any = whole
        for step in way:
            inside = inside[step]
        if action == "append":
            inside[last] += new
        elif action == "add" and isinstance(inside, list):
            inside.insert(last, new)
        elif action in ("add", "replace"):
            inside[last] = new
        elif isinstance(inside, list):
            del inside[last if last >= 0 else max(0, len(inside) + last)]
        else:
            del inside[last]
    return whole[0]


def _answer(chat: list[dict[str, Any]]) -> str:
    """The text of the bot's last message."""
    if not chat or chat[-1]["role"] != "assistant":
        return ""
    content = chat[-1]["content"]
    items = [content] if isinstance(content, str) else content
    return "\n".join(item if isinstance(item, str) else item.get("text") or "" for item in items)
