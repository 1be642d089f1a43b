"""How deep is fine-tuned: what learns, and what stays to the last bit."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from model.alphabet import Alphabet
from model.catalogue import DATA_SETS
from model.network import DigitNet
from model.training import starts
from model.training.depth import freeze, trained_layers, trained_norms
from model.training.settings import Stage
from model.weights import TENSORS_FILE, TrainingRecord, read_config, save_weights, sha256, write_config
from tests.model.training.conftest import SETTINGS, TINY, MakeTrainer

RECORD = TrainingRecord("none", "scratch", 0, 0.0, "cpu", "float32", {})


@pytest.mark.parametrize(
    ("unfreeze", "first"),
    [(0, None), (1, "denseblock4"), (2, "denseblock3"), (3, "denseblock2"), (4, "conv0")],
)
def test_what_is_trained(unfreeze: int, first: str | None) -> None:
    network = DigitNet(**TINY)
    names = {id(layer): name for name, layer in network.features.named_children()}
    layers = trained_layers(network, unfreeze)
    assert layers[-1] is network.classifier
    found = [names[id(layer)] for layer in layers[:-1]]
    assert found == (list(names.values())[list(names.values()).index(first) :] if first else [])
    freeze(network, unfreeze)
    learning = {name for name, one in network.named_parameters() if one.requires_grad}
    assert all(name.startswith(("classifier", *(f"features.{one}." for one in found))) for name in learning)
    assert ("features.conv0.weight" in learning) == (unfreeze == 4)
    assert len(trained_norms(network, unfreeze)) == sum("norm" in n for n, _ in network.named_modules() if any(
        n.startswith(f"features.{one}") for one in found))  # fmt: skip


@pytest.mark.parametrize("wrong", [-1, 5])
def test_no_more_blocks_than_there_are(wrong: int) -> None:
    with pytest.raises(ValueError, match="0 to 4"):
        trained_layers(DigitNet(**TINY), wrong)


def changed(before: dict[str, Tensor], after: dict[str, Tensor]) -> set[str]:
    return {name for name in before if not torch.equal(before[name], after[name])}


@pytest.mark.parametrize("optimizer", ["adamw", "sgd"])
@pytest.mark.parametrize("unfreeze", [0, 2, 4])
def test_a_frozen_layer_keeps_weights_and_statistics_to_the_end(
    unfreeze: int, optimizer: str, make: MakeTrainer
) -> None:
    stages = (Stage(56, 28, 24, 8),)
    trainer = make(replace(SETTINGS, stages=stages, unfreeze=unfreeze, optimizer=optimizer, dropout=0.2))
    before = {name: tensor.clone() for name, tensor in trainer.network.state_dict().items()}
    trainer.run()
    trainer.finish()
    for network in (trainer.network, trainer.averaged):
        moved = changed(before, network.state_dict())
        assert "classifier.weight" in moved
        assert ("features.norm5.running_mean" in moved) == (unfreeze > 0)
        assert ("features.denseblock3.denselayer1.norm1.running_mean" in moved) == (unfreeze > 1)
        assert ("features.norm0.running_mean" in moved) == ("features.conv0.weight" in moved) == (unfreeze == 4)


def test_dropout_leaves_features_out_and_keeps_their_sum(make: MakeTrainer) -> None:
    trainer = make(replace(SETTINGS, dropout=0.25))
    kept = trainer.pictures.batch(torch.arange(40), trainer.generator, 2_000).kept
    assert kept is not None
    assert (kept == 0).float().mean() == pytest.approx(0.25, abs=0.01)
    assert kept.mean() == pytest.approx(1, abs=0.01)
    assert make().pictures.batch(torch.arange(4), trainer.generator, 9).kept is None


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    """Weights of a tiny network for the digits."""
    torch.manual_seed(5)
    save_weights(tmp_path / "digits", DigitNet(**TINY), RECORD)
    return tmp_path / "digits"


def named(folder: Path) -> str:
    """How a record names the weights in it."""
    return f"weights {sha256(folder / TENSORS_FILE)[:12]}"


def test_a_start_from_the_same_labels_takes_everything(digits: Path) -> None:
    network = DigitNet(**TINY)
    assert starts.fill(network, str(digits), DATA_SETS["emnist-digits"].labels).name == named(digits)
    other = DigitNet(**TINY)
    starts.fill(other, str(digits), DATA_SETS["mnist"].labels)
    assert torch.equal(network.classifier.weight, other.classifier.weight)


@pytest.mark.parametrize("name", ["fashion-mnist", "letters"])
def test_a_start_from_other_labels_leaves_the_last_layer_new(name: str, digits: Path) -> None:
    labels = DATA_SETS[name].labels
    network, source = DigitNet(len(labels), **TINY), DigitNet(**TINY)
    starts.fill(source, str(digits), DATA_SETS["mnist"].labels)
    fresh = network.classifier.weight.clone()
    assert starts.fill(network, str(digits), labels).name == f"{named(digits)}, with a new last layer"
    assert torch.equal(network.classifier.weight, fresh)
    assert torch.equal(network.features.conv0.weight, source.features.conv0.weight)


def test_weights_say_what_they_tell_apart(tmp_path: Path) -> None:
    letters = Alphabet(DATA_SETS["letters"].labels, "letters")
    save_weights(tmp_path / "letters", DigitNet(26, **TINY), RECORD, letters)
    config = read_config(tmp_path / "letters")
    assert (config["dataset"], len(config["labels"]), config["labels"][25]) == ("letters", 26, "Z")


def test_a_start_whose_config_says_no_labels_holds_digits(digits: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(digits, tmp_path / "old"))
    write_config(folder, {})
    assert starts.fill(DigitNet(**TINY), str(folder), DATA_SETS["mnist"].labels) == starts.Start(named(folder))
