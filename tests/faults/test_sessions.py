"""A thousand conversations, step by step among each other: none ever shows anything of another."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot import Bot
from interface.chat import messages
from interface.chat.messages import Picture
from interface.chat.visit import Host, Visit
from tests.bot.digits import drawn
from tests.fakes import FakeClassifier, FakeEngine

SESSIONS = 1_000
KINDS = 24  # different conversations; each is held once alone, and many times among the others
LANGUAGES, LEVELS, LENGTHS = ("en", "de", "es", "fr"), ("simple", "normal", "expert"), ("shorter", "more detail", "")
QUESTIONS = {  # cheap ones, as there are thousands
    "en": ("what if I turn it 10 degrees?", "help"),
    "de": ("was wäre, wenn ich sie um 10 Grad drehe?", "hilfe"),
    "es": ("¿qué pasa si la giro 10 grados?", "ayuda"),
    "fr": ("et si je le tourne de 10 degrés ?", "aide"),
}


@pytest.fixture(scope="module")
def host() -> Host:
    """On a network that is linear in the pixels; its pictures and figures are not written anywhere."""
    return Host(Bot(FakeEngine(FakeClassifier.random(scale=0.05)).classifier()))


@pytest.fixture(autouse=True)
def _no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_save", lambda name, data: f"{name}-{hash(data)}")


@dataclass
class Talk:
    """One conversation: its kind decides the picture and every question."""

    kind: int
    host: Host
    folder: Path
    step: int = 0

    def __post_init__(self) -> None:
        language, level = LANGUAGES[self.kind % 4], LEVELS[self.kind % 3]
        self.visit: Visit = self.host.welcome(language, level)
        style = LENGTHS[self.kind // 4 % 3]
        self.picture = self.folder / f"{self.kind}.png"
        first, *others = QUESTIONS[language]
        self.questions = [first, *([style] if style else []), *others]

    @property
    def over(self) -> bool:
        """Whether all was asked."""
        return self.step > len(self.questions)

    def go_on(self) -> None:
        """The picture, and then one question after the other."""
        if self.step == 0:
            steps = self.host.open_upload(self.visit, str(self.picture))
        else:
            steps = self.host.ask(self.visit, self.questions[self.step - 1])
        *_, self.visit = steps
        self.step += 1

    @property
    def state(self) -> tuple[object, ...]:
        """All that is remembered."""
        session = self.visit.session
        assert session.reading is not None
        said = [
            tuple(item.path if isinstance(item, Picture) else str(item) for item in message.content)
            for message in self.visit.messages
        ]
        remembered = [(told.asked, told.text, told.language) for told in session.memory.answers]
        return (
            session.language, session.level, session.length, session.pinned, session.question, repr(session.edits),
            session.reading.pixels.tobytes(), session.said, remembered, said,
        )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture of its own for each kind."""
    folder = tmp_path_factory.mktemp("pictures")
    for kind in range(KINDS):
        pixels = np.roll(drawn("five"), (kind % 5 - 2, kind // 5 - 2), (0, 1))
        Image.fromarray(255 - np.uint8(255 * np.clip(pixels, 0, 1))).resize((56, 56)).save(folder / f"{kind}.png")
    return folder


@pytest.fixture(scope="module")
def alone(host: Host, folder: Path) -> list[tuple[object, ...]]:
    """How each kind of conversation ends where nobody else is there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(messages, "_save", lambda name, data: f"{name}-{hash(data)}")
        found = []
        for kind in range(KINDS):
            talk = Talk(kind, host, folder)
            while not talk.over:
                talk.go_on()
            found.append(talk.state)
    return found


def test_the_kinds_differ(alone: list[tuple[object, ...]]) -> None:
    assert len({repr(state) for state in alone}) == KINDS
    assert {state[0] for state in alone} == set(LANGUAGES)
    assert {state[1] for state in alone} == set(LEVELS)
    assert {state[2] for state in alone} == {"shorter", "longer", None}
    assert all(state[5] != "()" for state in alone), "each changed its picture"


@pytest.mark.timeout(900)
def test_a_thousand_among_each_other(host: Host, folder: Path, alone: list[tuple[object, ...]]) -> None:
    draw = random.Random(0)
    going_on = [Talk(number % KINDS, host, folder) for number in range(SESSIONS)]
    every = list(going_on)
    while going_on:
        talk = draw.choice(going_on)
        talk.go_on()
        if talk.over:
            going_on.remove(talk)
    wrong = [talk.kind for talk in every if talk.state != alone[talk.kind]]
    assert wrong == []


def test_many_at_the_same_time_in_threads(host: Host, folder: Path, alone: list[tuple[object, ...]]) -> None:
    def hold(kind: int) -> tuple[object, ...]:
        talk = Talk(kind, host, folder)
        while not talk.over:
            talk.go_on()
        return talk.state

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(hold, [number % KINDS for number in range(4 * KINDS)]))
    assert found == alone * 4
