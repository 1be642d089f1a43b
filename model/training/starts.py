"""The weights that a run starts from."""

from __future__ import annotations

from pathlib import Path

from torch import Tensor

from model.alphabet import alphabet_of
from model.network import DigitNet
from model.weights import read_config, read_tensors

SCRATCH = "scratch"


def fill(network: DigitNet, start: str, labels: tuple[str, ...]) -> str:
    """Fill the network with its starting weights; returns what they are, for the record.

    The last layer of weights for other labels than ``labels`` stays random. Raises WeightsError for a folder that
    cannot be read.
    """
    if start == SCRATCH:
        return start
    if start == "imagenet":
        from torchvision.models import DenseNet121_Weights

        try:
            tensors = DenseNet121_Weights.IMAGENET1K_V1.get_state_dict(progress=False)
        except OSError as problem:
            print(f"ImageNet weights could not be downloaded ({problem}): starting from scratch", flush=True)
            return SCRATCH
        network.load_state_dict(_without_classifier(tensors), strict=False)
        return "ImageNet (torchvision IMAGENET1K_V1)"
    tensors, same = read_tensors(Path(start)), alphabet_of(read_config(Path(start))).labels == labels
    network.load_state_dict(tensors if same else _without_classifier(tensors), strict=same)
    return start if same else f"{start}, with a new last layer"


def _without_classifier(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor for name, tensor in tensors.items() if not name.startswith("classifier")}
