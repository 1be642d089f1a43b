"""The network as plain arithmetic: batch norms folded, the preparation of the picture merged with the first layer.

In evaluation mode a batch norm is x·scale + shift with fixed numbers. Where a convolution comes right before it, the
scale goes into the kernel; the rest stays in front of the ReLU that follows. The three channels of the prepared
picture are one and the same but for their mean and std, so the first convolution needs a single channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from model.network import DigitNet

SIDE = 28  # pixels of the picture that comes in


@dataclass(frozen=True, eq=False)
class Affine:
    """What a batch norm does to each channel: x·scale + shift."""

    scale: Tensor  # (C,)
    shift: Tensor  # (C,)


@dataclass(frozen=True, eq=False)
class Layer:
    """A dense layer: affine, ReLU, 1×1 convolution and shift, ReLU, 3×3 convolution."""

    enter: Affine  # over the C channels so far
    squeeze: Tensor  # (B, C, 1, 1), the scale of the second batch norm inside
    shift: Tensor  # (B,)
    grow: Tensor  # (G, B, 3, 3)


@dataclass(frozen=True, eq=False)
class Transition:
    """Between blocks: affine, ReLU, 1×1 convolution, mean of 2×2."""

    enter: Affine
    squeeze: Tensor  # (C / 2, C, 1, 1)


@dataclass(frozen=True, eq=False)
class Stem:
    """From the 28×28 picture to what the first max pooling gets: resize, convolve, add, ReLU."""

    resize: Tensor  # (S, 28): resize @ picture @ resize.T is the bilinear picture
    kernel: Tensor  # (C, 1, 7, 7): stride 2, padding 3
    shift: Tensor  # (C, S / 2, S / 2): what the mean, the padding and the batch norm add at each place

    @cached_property
    def taps(self) -> Tensor:
        """(7, S / 2, 28): of the enlarged picture ``taps[u] @ picture`` are the rows that the kernel's row u meets."""
        side = self.kernel.shape[-1]
        padded = F.pad(self.resize, (0, 0, side // 2, side // 2))
        return torch.stack([padded[row : row + len(self.resize) : 2] for row in range(side)])


@dataclass(frozen=True, eq=False)
class Folded:
    """All that the network computes, as float32 tensors."""

    stem: Stem
    blocks: tuple[tuple[Layer, ...], ...]
    transitions: tuple[Transition, ...]  # one fewer than the blocks
    leave: Affine
    weight: Tensor  # (K, C) of the last layer
    bias: Tensor  # (K,)


def fold(network: DigitNet) -> Folded:
    """The arithmetic of ``network``, computed in double precision; ``network`` stays as it is."""
    parts: dict[str, Any] = dict(network.features.named_children())
    blocks = [block for name, block in parts.items() if name.startswith("denseblock")]
    transitions = [transition for name, transition in parts.items() if name.startswith("transition")]
    return Folded(
        _stem(network, parts["conv0"], parts["norm0"]),
        tuple(tuple(_layer(layer) for layer in block.children()) for block in blocks),
        tuple(Transition(_float(_affine(one.norm)), _weight(one.conv).float()) for one in transitions),
        _float(_affine(parts["norm5"])),
        network.classifier.weight.detach().float().cpu(),
        network.classifier.bias.detach().float().cpu(),
    )


def _stem(network: DigitNet, convolution: Any, norm: Any) -> Stem:
    mean, std = (tensor.detach().double().cpu() for tensor in (network.mean, network.std))
    affine, size = _affine(norm), network.image_size
    kernel = _weight(convolution) * affine.scale[:, None, None, None]
    black = (-mean / std).expand(1, 3, size, size)
    resize = F.interpolate(torch.eye(SIDE, dtype=torch.double)[:, None], size=size, mode="linear")[:, 0].T
    return Stem(
        resize.float().contiguous(),
        (kernel / std).sum(dim=1, keepdim=True).float(),
        F.conv2d(black, kernel, affine.shift, stride=2, padding=3)[0].float(),
    )


def _layer(layer: Any) -> Layer:
    second = _affine(layer.norm2)
    squeeze = _weight(layer.conv1) * second.scale[:, None, None, None]
    return Layer(_float(_affine(layer.norm1)), squeeze.float(), second.shift.float(), _weight(layer.conv2).float())


def _affine(norm: Any) -> Affine:
    scale, shift, mean, variance = (
        tensor.detach().double().cpu() for tensor in (norm.weight, norm.bias, norm.running_mean, norm.running_var)
    )
    scale = scale / torch.sqrt(variance + norm.eps)
    return Affine(scale, shift - mean * scale)


def _float(affine: Affine) -> Affine:
    return Affine(affine.scale.float(), affine.shift.float())


def _weight(convolution: Any) -> Tensor:
    return convolution.weight.detach().double().cpu()
