"""A weights directory: ``config.json`` and ``model.safetensors`` (see docs/contract.md).

The tensors carry torchvision's names and are stored as float16; ``config.json`` says how a picture becomes the
network's input, the temperature, how the weights were trained, and the figures measured with them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from model.alphabet import MNIST, Alphabet, alphabet_of
from model.errors import WeightsError
from model.network import IMAGE_SIZE, MEAN, STD, DigitNet

CONFIG_FILE = "config.json"
TENSORS_FILE = "model.safetensors"
NOVELTY_FILE = "novelty.safetensors"
ATLAS_FILE = "atlas.safetensors"
LABELS = list(MNIST.labels)


@dataclass(frozen=True)
class TrainingRecord:
    """How a set of weights came about."""

    data: str
    started_from: str  # "scratch", "ImageNet (…)" or "weights" and the first digits of their SHA-256
    pictures_seen: int
    minutes: float
    device: str
    precision: str
    settings: Mapping[str, object]
    before: Mapping[str, object] | None = None  # the record of the weights that it started from


def save_weights(folder: Path, network: DigitNet, record: TrainingRecord, alphabet: Alphabet = MNIST) -> None:
    """Write the tensors as float16 and a config without measured figures (``model.evaluate`` adds those)."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        name: tensor.detach().cpu().contiguous().to(torch.float16 if tensor.is_floating_point() else tensor.dtype)
        for name, tensor in network.state_dict().items()
    }
    save_file(tensors, folder / TENSORS_FILE, metadata={"format": "pt"})
    config = {
        "architecture": "densenet121",
        "labels": list(alphabet.labels),
        "dataset": alphabet.dataset,
        "image_size": network.image_size,
        "mean": [round(float(value), 6) for value in network.mean.flatten()],
        "std": [round(float(value), 6) for value in network.std.flatten()],
        "interpolation": "bilinear",
        "temperature": 1.0,
        "training": asdict(record),
        "sha256": sha256(folder / TENSORS_FILE),
    }
    write_config(folder, config)


def write_config(folder: Path, config: Mapping[str, object]) -> None:
    """Write ``config.json``."""
    (folder / CONFIG_FILE).write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_config(folder: Path) -> dict:
    """Read ``config.json``; raises WeightsError where it is missing or no JSON object."""
    try:
        config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise WeightsError(f"{folder} holds no readable {CONFIG_FILE} ({problem}).") from problem
    if not isinstance(config, dict):
        raise WeightsError(f"{CONFIG_FILE} in {folder} is not a JSON object.")
    return config


def read_tensors(folder: Path) -> dict[str, Tensor]:
    """Read the tensors as float32; raises WeightsError where the file is missing or cut off."""
    path = folder / TENSORS_FILE
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as problem:
        raise WeightsError(f"{path} cannot be read as safetensors ({problem}).") from problem
    return {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}


def read_network(folder: Path, config: Mapping[str, object]) -> DigitNet:
    """The network of a weights directory, after comparing checksum, labels and architecture.

    What the config does not mention has torchvision's usual values; without a "sha256" none is compared.
    Raises WeightsError.
    """
    if config.get("architecture", "densenet121") != "densenet121":
        raise WeightsError(f"{CONFIG_FILE} in {folder} speaks of another architecture than a densenet121.")
    classes = len(alphabet_of(config).labels)
    path = folder / TENSORS_FILE
    if "sha256" in config and path.is_file() and sha256(path) != config["sha256"]:
        raise WeightsError(f"{path} is damaged or cut off: its SHA-256 is not the one in {CONFIG_FILE}.")
    tensors = read_tensors(folder)
    network = _prepared_network(folder, config, classes)
    try:
        network.load_state_dict(tensors)
    except RuntimeError as problem:
        raise WeightsError(f"{path} holds another architecture than a densenet121 with {classes} classes.") from problem
    return network


def _prepared_network(folder: Path, config: Mapping[str, object], classes: int) -> DigitNet:
    """A network that prepares pictures as the config says; its weights are still random."""
    size, interpolation = config.get("image_size", IMAGE_SIZE), config.get("interpolation", "bilinear")
    colours = [config.get("mean", MEAN), config.get("std", STD)]
    numbers = all(
        isinstance(three, list | tuple) and len(three) == 3 and all(isinstance(one, int | float) for one in three)
        for three in colours
    )
    if not numbers or not isinstance(size, int) or not 32 <= size <= 1024 or interpolation != "bilinear":
        raise WeightsError(f"{CONFIG_FILE} in {folder} has an image_size, mean, std or interpolation of no use.")
    mean, std = (tuple(float(one) for one in three) for three in colours)  # type: ignore[attr-defined]
    return DigitNet(classes, size, mean, std)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
