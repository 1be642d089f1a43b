"""The network as linear layers and nothing but ReLUs and poolings between, which rules of relevance are made for.

A batch norm is no such layer. Where it follows a convolution, ``model.folding`` has put it into the kernel. Where it
comes before a ReLU and a convolution, it goes into that convolution (Pahde et al., 2023, arXiv 2211.17174):
relu(a x + b) = a t(x) + b with t(x) = x where a x + b > 0, and −b/a where not. Where t(x) is −b/a it does not depend
on x: no relevance passes there, which is what autograd makes of ``torch.where``.
"""

from __future__ import annotations

import copy
import threading
from weakref import WeakKeyDictionary

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explainers.relevance.linear import Convolution, Preparation
from explainers.relevance.rules import gamma_rule, mean_rule
from model.folding import Affine, Folded, Layer, Transition, fold
from model.network import DigitNet

TINY = 1e-8  # |a| below which a x + b is taken for b


class Gate(nn.Module):
    """t(x), per channel: x where the ReLU after the batch norm is open, else the x at which it opens."""

    scale: Tensor  # (C, 1, 1), like the two that follow
    shift: Tensor
    closed: Tensor
    rest: Tensor  # (C,): relu(a x + b) − a t(x)

    def __init__(self, affine: Affine) -> None:
        super().__init__()
        follows = affine.scale.abs() >= TINY
        # Where the outcome does not follow x, 0·x + 0 > 0 is never true and t(x) is 0.
        self.register_buffer("scale", torch.where(follows, affine.scale, 0)[:, None, None])
        self.register_buffer("shift", torch.where(follows, affine.shift, 0)[:, None, None])
        self.register_buffer("closed", torch.where(follows, -affine.shift / affine.scale, 0)[:, None, None])
        self.register_buffer("rest", torch.where(follows, affine.shift, affine.shift.relu()))

    def forward(self, maps: Tensor) -> Tensor:
        """(N, C, H, W) → the same shape."""
        return torch.where(self.scale * maps + self.shift > 0, maps, self.closed)


class Entered(nn.Module):
    """Batch norm, ReLU and 1×1 convolution as a gate and a convolution with a bias."""

    def __init__(self, affine: Affine, kernel: Tensor, shift: Tensor | None = None) -> None:
        """``kernel`` (K, C, 1, 1), ``shift`` (K,) is added after the convolution."""
        super().__init__()
        self.gate = Gate(affine)
        bias = kernel[:, :, 0, 0] @ self.gate.rest
        self.squeeze = Convolution(kernel * self.gate.scale, bias if shift is None else bias + shift)

    def forward(self, maps: Tensor, gamma: float) -> Tensor:
        """(N, C, H, W) → (N, K, H, W)."""
        return gamma_rule(self.squeeze, self.gate(maps), gamma)


class Growing(nn.Module):
    """A dense layer: what it adds is put behind what came in."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.squeeze, self.grow = Entered(layer.enter, layer.squeeze, layer.shift), Convolution(layer.grow)

    def forward(self, maps: Tensor, gamma: float) -> Tensor:
        """(N, C, H, W) → (N, C + G, H, W)."""
        return torch.cat([maps, gamma_rule(self.grow, self.squeeze(maps, gamma).relu(), gamma)], dim=1)


class Halving(nn.Module):
    """A transition: half the channels, half the size."""

    def __init__(self, transition: Transition) -> None:
        super().__init__()
        self.squeeze = Entered(transition.enter, transition.squeeze)

    def forward(self, maps: Tensor, gamma: float) -> Tensor:
        """(N, C, H, W) → (N, C / 2, H / 2, W / 2)."""
        return mean_rule(self.squeeze(maps, gamma))


class RelevanceNet(nn.Module):
    """A folded network that hands relevance back where a network hands back its gradient."""

    weight: Tensor  # (K, C) of the last layer
    bias: Tensor  # (K,)

    def __init__(self, folded: Folded) -> None:
        super().__init__()
        self.preparation = Preparation(folded.stem)
        self.stages = nn.ModuleList()
        for place, block in enumerate(folded.blocks):
            self.stages.extend(Growing(layer) for layer in block)
            self.stages.extend(Halving(transition) for transition in folded.transitions[place : place + 1])
        self.last = Gate(folded.leave)
        self._put_on(folded.weight, folded.bias)

    def _put_on(self, weight: Tensor, bias: Tensor) -> None:
        """A last layer: (K, C) and (K,), as it stands behind the last ReLU."""
        self.register_buffer("weight", weight * self.last.scale[:, 0, 0])
        self.register_buffer("bias", bias + weight @ self.last.rest)

    def with_last(self, layer: nn.Linear) -> RelevanceNet:
        """One that shares everything with this one but its last layer."""
        other = copy.copy(self)
        other._buffers = {}
        other._put_on(layer.weight.detach(), layer.bias.detach())
        return other

    def maps(self, pictures: Tensor, gamma: float) -> Tensor:
        """(N, 28, 28) in [0, 1] → what the last ReLU leaves, as t(x): (N, C, h, w)."""
        maps = F.max_pool2d(gamma_rule(self.preparation, pictures, gamma).relu(), 3, stride=2, padding=1)
        for stage in self.stages:
            maps = stage(maps, gamma)
        return self.last(maps)

    def logits(self, pooled: Tensor) -> Tensor:
        """(N, C), the means of the last maps, → logits (N, K)."""
        return F.linear(pooled, self.weight, self.bias)


def relevance_net(network: DigitNet) -> RelevanceNet:
    """That of ``network``, on its device; made once and kept for as long as ``network`` is.

    Networks that differ in the last layer alone share all the rest, as they do themselves.
    """
    with _making:
        found = _made.get(network)
        if found is None:
            shared = _shared.get(network.features)
            if shared is None:
                shared = found = _shared[network.features] = RelevanceNet(fold(network)).requires_grad_(False)
            else:
                found = shared.to(network.mean.device).with_last(network.classifier)
            _made[network] = found
        return found.to(network.mean.device)


_made: WeakKeyDictionary[DigitNet, RelevanceNet] = WeakKeyDictionary()
_shared: WeakKeyDictionary[nn.Module, RelevanceNet] = WeakKeyDictionary()  # by all layers but the last
_making = threading.Lock()
