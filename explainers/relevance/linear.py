"""Linear layers that can also be run with other weights in place of their own, forwards and backwards.

A rule of relevance needs that: it looks at the positive weights apart from the others.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model.folding import SIDE, Stem


class LinearLayer(nn.Module, ABC):
    """z = send(x, weights) + bias."""

    bias: Tensor  # one value for each output, or (C, 1, 1): one for each channel

    @property
    @abstractmethod
    def weights(self) -> Tensor:
        """The layer's own weights."""

    @abstractmethod
    def send(self, inputs: Tensor, weights: Tensor) -> Tensor:
        """Σ_j w_jk x_j: from inputs to outputs, without the bias."""

    @abstractmethod
    def back(self, outputs: Tensor, weights: Tensor) -> Tensor:
        """Σ_k w_jk s_k: the transpose, from outputs to inputs."""


class Convolution(LinearLayer):
    """A convolution of stride 1 that keeps the size of the maps."""

    kernel: Tensor

    def __init__(self, kernel: Tensor, bias: Tensor | None = None) -> None:
        """``kernel`` (K, C, n, n) with n odd, ``bias`` (K,)."""
        super().__init__()
        self.padding = kernel.shape[-1] // 2
        self.register_buffer("kernel", kernel)
        self.register_buffer("bias", (kernel.new_zeros(len(kernel)) if bias is None else bias)[:, None, None])

    @property
    def weights(self) -> Tensor:
        """(K, C, n, n)."""
        return self.kernel

    def send(self, inputs: Tensor, weights: Tensor) -> Tensor:
        """(N, C, H, W) → (N, K, H, W)."""
        return F.conv2d(inputs, weights, padding=self.padding)

    def back(self, outputs: Tensor, weights: Tensor) -> Tensor:
        """(N, K, H, W) → (N, C, H, W)."""
        return F.conv_transpose2d(outputs, weights, padding=self.padding)


class Preparation(LinearLayer):
    """From the 28×28 picture to the first convolution's maps: resizing, normalising and convolving are one layer.

    Each output sees T×T neighbouring pixels, whose weights depend on where it lies. A pixel's weight is a sum over the
    kernel of ``Stem``, so its sign is not the kernel's: the layer has to be taken as a whole.
    """

    kernel: Tensor  # (K, n, n)
    places: Tensor  # (T, R, 28), one-hot: which pixel an output's row (or column) sees first, second, …
    shares: Tensor  # (T, R, n): that pixel's share in each row of what the kernel covers there

    def __init__(self, stem: Stem) -> None:
        super().__init__()
        size = stem.kernel.shape[-1]
        windows = F.pad(stem.resize, (0, 0, size // 2, size // 2)).unfold(0, size, 2)  # (R, 28, n), R = S / 2
        seen = windows.ne(0).any(dim=2).int()
        first, last = seen.argmax(dim=1), SIDE - 1 - seen.flip(1).argmax(dim=1)
        taps = torch.arange(int((last - first).max()) + 1)
        pixels = first.clamp(max=SIDE - len(taps))[:, None] + taps  # (R, T)
        shares = windows.gather(1, pixels[:, :, None].expand(-1, -1, size))
        self.register_buffer("kernel", stem.kernel[:, 0])
        self.register_buffer("bias", stem.shift)
        self.register_buffer("places", F.one_hot(pixels.T, SIDE).to(stem.resize))
        self.register_buffer("shares", shares.transpose(0, 1).contiguous())

    @property
    def weights(self) -> Tensor:
        """(T, T, K, R, R): made anew each time, which is quick. Kept, they would be as large as all other layers."""
        across = torch.einsum("kuv,bcv->bkuc", self.kernel, self.shares)
        return torch.stack([torch.einsum("ru,bkuc->bkrc", down, across) for down in self.shares])

    def send(self, inputs: Tensor, weights: Tensor) -> Tensor:
        """(N, 28, 28) → (N, K, R, R)."""
        outputs = inputs.new_zeros(len(inputs), *weights.shape[2:])
        for line, down in zip(weights, self.places, strict=True):
            for weight, right in zip(line, self.places, strict=True):
                outputs += weight * (down @ inputs @ right.T)[:, None]
        return outputs

    def back(self, outputs: Tensor, weights: Tensor) -> Tensor:
        """(N, K, R, R) → (N, 28, 28)."""
        inputs = outputs.new_zeros(len(outputs), SIDE, SIDE)
        for line, down in zip(weights, self.places, strict=True):
            for weight, right in zip(line, self.places, strict=True):
                inputs += down.T @ (weight * outputs).sum(dim=1) @ right
        return inputs
