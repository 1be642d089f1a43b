"""The weights in torchvision's own densenet121, with what config.json and the novelty file say, and nothing of ours."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torchvision.models import densenet121

BATCH = 16


@dataclass(frozen=True, eq=False)
class Input:
    """A picture, and how it is enlarged for the network."""

    pixels: np.ndarray  # (28, 28) float32
    interpolation: str = "bilinear"  # the network's own; a test may try "nearest"

    @property
    def key(self) -> tuple[str, bytes]:
        """Equal for what gives equal answers."""
        return self.interpolation, self.pixels.tobytes()


class Reference:
    """The weights in torchvision's network; remembers what it has answered."""

    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.network = densenet121(num_classes=len(config["labels"]))
        self.network.load_state_dict({name: tensor.to(torch.float32) if tensor.is_floating_point() else tensor
                                      for name, tensor in load_file(folder / "model.safetensors").items()})  # fmt: skip
        self.network.eval()
        self.size, self.temperature = config["image_size"], config["temperature"]
        self.mean, self.std = (torch.tensor(config[name]).view(1, 3, 1, 1) for name in ("mean", "std"))
        self.check = _Check(folder / "novelty.safetensors") if "novelty" in config else None
        self.strangeness: dict[tuple[str, bytes], float] = {}  # nothing where the weights have no check
        self.answers: dict[tuple[str, bytes], np.ndarray] = {}
        self.log_odds: dict[tuple[str, bytes], np.ndarray] = {}  # of each class, at temperature 1

    def run(self, pictures: list[Input]) -> None:
        """Read all pictures that are not known yet; equal ones once."""
        new = {picture.key: picture for picture in pictures if picture.key not in self.answers}
        keys = sorted(new, key=lambda key: key[0])  # those that are enlarged alike come together
        alike = [list(some) for _, some in groupby(keys, lambda key: key[0])]
        for some in [group[first : first + BATCH] for group in alike for first in range(0, len(group), BATCH)]:
            batch = torch.from_numpy(np.stack([new[key].pixels for key in some]))[:, None]
            mode = some[0][0]
            corners = False if mode == "bilinear" else None  # which torch takes for no other mode
            large = torch.nn.functional.interpolate(batch, [self.size, self.size], mode=mode, align_corners=corners)
            with torch.inference_mode():
                maps = self.network.features((large.repeat(1, 3, 1, 1) - self.mean) / self.std)
                # As torchvision's own forward() goes on from the maps.
                features = torch.nn.functional.adaptive_avg_pool2d(torch.relu(maps), (1, 1)).flatten(1)
                logits = self.network.classifier(features).double()
            probabilities = torch.softmax(logits / self.temperature, dim=1).numpy()
            self.answers.update(zip(some, probabilities, strict=True))
            self.log_odds.update(zip(some, _log_odds(logits).numpy(), strict=True))
            if self.check:
                self.strangeness.update(zip(some, self.check.strangeness(features.double(), logits), strict=True))
            if sys.stderr.isatty():
                print(f"\r{len(self.answers):,} pictures run, the last {len(some)}", end="", file=sys.stderr)

    def probabilities(self, picture: Input) -> np.ndarray:
        """(10,) of a picture that was run."""
        return self.answers[picture.key]


def _log_odds(logits: torch.Tensor) -> torch.Tensor:
    """(N, K) → (N, K): z_k − log Σ_{c≠k} exp z_c."""
    others = logits[:, None].masked_fill(torch.eye(logits.shape[1], dtype=torch.bool), -torch.inf)
    return logits - others.logsumexp(dim=2)


@dataclass
class _Check:
    """The check for pictures that are no digits: how it is fitted stands in model/novelty.py, what it weighs here."""

    def __init__(self, file: Path) -> None:
        fitted = {name: tensor.double() for name, tensor in load_file(file).items()}
        self.means, self.whitening = fitted["means"], fitted["whitening"]
        self.usual, self.weight = fitted["evidence"].tolist()
        self.limit, self.unusual = fitted["limits"].tolist()

    def strangeness(self, features: torch.Tensor, logits: torch.Tensor) -> list[float]:
        """(N, 1024) and (N, K) → N shares of the limit: Mahalanobis distance, and how little speaks for any class."""
        distance = torch.cdist(features @ self.whitening, self.means).min(dim=1).values
        lacking = (self.usual - logits.logsumexp(dim=1)).clamp(min=0)
        return ((distance + self.weight * lacking) / self.limit).tolist()
