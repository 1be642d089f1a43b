"""The weights that a run starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from model.alphabet import alphabet_of
from model.network import DigitNet
from model.weights import TENSORS_FILE, read_config, read_tensors, sha256

SCRATCH = "scratch"


@dataclass(frozen=True)
class Start:
    """What a run starts from, for its record: never the name of a folder, which means nothing elsewhere."""

    name: str
    record: Mapping[str, object] | None = None  # how these weights came about


def fill(network: DigitNet, start: str, labels: tuple[str, ...]) -> Start:
    """Fill the network with its starting weights; returns what they are.

    The last layer of weights for other labels than ``labels`` stays random. Raises WeightsError for a folder that
    cannot be read.
    """
    if start == SCRATCH:
        return Start(SCRATCH)
    if start == "imagenet":
        from torchvision.models import DenseNet121_Weights

        try:
            tensors = DenseNet121_Weights.IMAGENET1K_V1.get_state_dict(progress=False)
        except OSError as problem:
            print(f"ImageNet weights could not be downloaded ({problem}): starting from scratch", flush=True)
            return Start(SCRATCH)
        network.load_state_dict(_without_classifier(tensors), strict=False)
        return Start("ImageNet (torchvision IMAGENET1K_V1)")
    folder = Path(start)
    tensors, config = read_tensors(folder), read_config(folder)
    same = alphabet_of(config).labels == labels
    network.load_state_dict(tensors if same else _without_classifier(tensors), strict=same)
    name = f"weights {sha256(folder / TENSORS_FILE)[:12]}"
    record = config.get("training")
    return Start(name if same else f"{name}, with a new last layer", record if isinstance(record, Mapping) else None)


def _without_classifier(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor for name, tensor in tensors.items() if not name.startswith("classifier")}
