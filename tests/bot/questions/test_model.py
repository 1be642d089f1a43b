"""What model is this: counted from the network, its weights, and on what it runs."""

from __future__ import annotations

import pytest
import torch

from bot.question import Question
from bot.questions import answers
from bot.questions.base import Asked
from bot.questions.model import SHOWN
from bot.values import Claim, Session
from model.classifier import Classifier
from model.load import BUNDLED_ID
from model.network import DigitNet
from model.shape import shape_of
from model.values import ModelIdentity
from tests.bot.spoken import put_into_words
from tests.fakes import FakeClassifier, FakeEngine, tiny_classifier


def told(classifier: Classifier, level: str = "normal") -> dict[str, Claim]:
    asked = Asked(Question("model"), Session(), classifier)
    return {claim.kind: claim for claim in put_into_words(answers()["model"].claims(asked), "en", level)}


def test_the_whole_network_is_counted_as_its_paper_does() -> None:
    with torch.device("meta"):
        shape = shape_of(DigitNet())
    assert (shape.layers, shape.blocks, shape.growth) == (121, (6, 12, 24, 16), 32)
    assert (shape.side, shape.classes) == (224, 10)
    # torchvision's densenet121 has 7,978,856 with 1,000 classes; ten need 990 rows of 1,024 weights and a bias less.
    assert shape.parameters == 7_978_856 - 990 * 1_025


def test_of_another_network_other_numbers() -> None:
    classifier = tiny_classifier()
    shape = shape_of(classifier.network)
    answered = told(classifier)
    assert shape.layers == 1 + 4 * 2 + 3 + 1
    assert f"DenseNet{shape.layers}" in answered["model_name"].sentence
    assert f"{shape.parameters:,}" in answered["model_sizes"].sentence
    assert "56 by 56" in answered["model_sizes"].sentence
    assert "1, 1, 1 and 1 layers" in told(classifier, "expert")["model_name"].sentence


def test_which_weights_these_are() -> None:
    classifier = tiny_classifier()
    classifier.identity = ModelIdentity("some`one/na\nme", "abc", "0123456789abcdef" * 4)
    classifier.temperature = 0.5
    named = told(classifier)["model_weights"]
    assert "`someone/na me`" in named.sentence
    assert f"`{classifier.identity.sha256[:SHOWN]}`" in named.sentence
    assert "0.50" in named.sentence
    assert "MIT" not in named.sentence, "others choose their own licence"
    assert "SHA-256" in told(classifier, "expert")["model_weights"].sentence
    classifier.identity = ModelIdentity(BUNDLED_ID, None, "0" * 64)
    assert "MIT licence" in told(classifier)["model_bundled"].sentence


def test_on_what_it_runs() -> None:
    assert "processor, by means of torch" in told(tiny_classifier())["model_on_cpu"].sentence
    assert "by means of fake" in told(FakeEngine(FakeClassifier.random()).classifier())["model_on_cpu"].sentence
    classifier = tiny_classifier()
    classifier.device = torch.device("cuda")
    assert "graphics card" in told(classifier)["model_on_cuda"].sentence
    classifier.device = torch.device("meta")
    assert not [kind for kind in told(classifier) if kind.startswith("model_on_")]


@pytest.mark.parametrize("name", ["model.openvino_engine.OpenVinoEngine", "model.torch_engine.TorchEngine"])
def test_every_engine_has_a_name(name: str) -> None:
    module, _, kind = name.rpartition(".")
    assert getattr(pytest.importorskip(module), kind).name in ("OpenVINO", "torch")
