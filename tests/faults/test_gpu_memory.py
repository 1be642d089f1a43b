"""A GPU whose memory does not do: fewer pictures at a time, then the processor; the reply says so, and is the same."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from bot import Bot
from bot.handouts import handout
from bot.handouts.remembering import remembered
from bot.memory import Memory
from bot.values import Reply
from bot.words.interface import interface_words
from bot.words.render import languages
from interface.chat.messages import reply_message
from model.classifier import Classifier
from model.network import DigitNet
from model.torch_engine import PROCESSOR, SMALLER
from model.values import ModelIdentity
from tests.bot.digits import drawn
from tests.model.test_torch_engine import SmallGpu

QUESTION = "why?"


def bot_on(room: int) -> Bot:
    """On a "GPU" with room for so many pictures."""
    engine = SmallGpu(room)
    classifier = Classifier(engine.network, ModelIdentity("tiny", None, "0" * 64), engine=engine)
    classifier.device = torch.device("cuda")
    return Bot(classifier)


def answer(room: int, question: str = QUESTION, language: str = "en") -> Reply:
    return bot_on(room).ask(drawn("five"), question, language)


@pytest.mark.parametrize(("room", "warning"), [(2, SMALLER), (0, PROCESSOR)])
def test_the_reply_says_it_and_tells_the_same(room: int, warning: str) -> None:
    plenty, short = answer(64), answer(room)
    assert not {SMALLER, PROCESSOR} & set(plenty.warnings)
    assert warning in short.warnings
    assert short.text == plenty.text
    assert [claim.kind for claim in short.claims] == [claim.kind for claim in plenty.claims]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("warning", [SMALLER, PROCESSOR])
def test_a_person_reads_it_in_the_chat_and_in_the_handout(language: str, warning: str) -> None:
    reply = replace(answer(64, language=language), warnings=(warning,))
    sentence = interface_words(language)[warning]
    shown = reply_message(reply).content
    assert sum(sentence in item for item in shown if isinstance(item, str)) == 1
    assert not any(sentence in str(item) for item in reply_message(replace(reply, warnings=())).content)
    page = handout(remembered(Memory(), reply), reply.model, language, "normal")[0].data.decode()
    assert sentence in html.unescape(page)


def test_the_json_says_it() -> None:
    assert SMALLER in json.loads(json.dumps(answer(2).to_dict()))["warnings"]


def test_a_look_inside_without_room_is_taken_on_the_processor() -> None:
    bot = bot_on(64)
    classifier = bot._engine.classifier
    looks: list[str] = []

    def work(network: DigitNet) -> int:
        looks.append(classifier.engine.device.type)  # type: ignore[attr-defined]
        if looks[-1] == "cuda":
            raise torch.OutOfMemoryError
        return 7

    assert classifier.look_inside(work) == 7
    assert looks == ["cuda", "cpu"]
    assert classifier.warnings == (PROCESSOR,)


class LastLayer(torch.nn.Module):
    """Stands for one on a "GPU", and only notes where it is moved to."""

    place = torch.device("cuda")

    def to(self, device: torch.device) -> LastLayer:  # type: ignore[override]
        self.place = device
        return self


def test_the_last_layer_of_a_fresh_network_leaves_the_gpu_with_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    classifier = bot_on(64)._engine.classifier
    first, second = classifier.fresh(0), classifier.fresh(1)
    for fresh in (first, second):
        fresh.network._modules["classifier"] = LastLayer()
    buffers = classifier.network._buffers
    monkeypatch.setitem(buffers, "mean", SimpleNamespace(device=torch.device("cuda")))

    def leave() -> bool:
        buffers["mean"] = SimpleNamespace(device=torch.device("cpu"))  # type: ignore[assignment]
        return True

    monkeypatch.setattr(classifier.engine, "leave_gpu", leave)
    looks: list[tuple[str, str]] = []

    def work(network: DigitNet) -> int:
        looks.append((network.mean.device.type, network.classifier.place.type))  # type: ignore[arg-type]
        if looks == [("cuda", "cuda")]:
            raise torch.OutOfMemoryError
        return 7

    assert first.look_inside(work) == 7
    assert looks == [("cuda", "cuda"), ("cpu", "cpu")]
    assert second.look_inside(work) == 7  # whose layer was on the GPU while the others left it
    assert looks[2:] == [("cpu", "cpu")]


def test_where_the_processor_has_no_memory_either_the_fault_is_told() -> None:
    classifier = bot_on(0)._engine.classifier
    classifier.engine.leave_gpu()

    def work(network: DigitNet) -> int:
        raise torch.OutOfMemoryError

    with pytest.raises(torch.OutOfMemoryError):
        classifier.look_inside(work)


def test_what_runs_the_network_now_is_told() -> None:
    bot = bot_on(0)
    bot.ask(drawn("five"), QUESTION)
    kinds = [claim.kind for claim in bot.ask(drawn("five"), "what model is this?").claims]
    assert "model_on_cpu" in kinds
    assert "model_on_cuda" not in kinds
