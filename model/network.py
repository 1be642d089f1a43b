"""DenseNet121 that takes the 28×28 picture itself: resizing and normalising happen inside.

Huang et al., "Densely Connected Convolutional Networks", 2017 (arXiv 1608.06993); the layers and their names are
torchvision's, so a weights file fits ``torchvision.models.densenet121`` as it is (a test compares the logits). They
are written out here because importing torchvision takes longer than loading the network: it imports torch's compiler.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

IMAGE_SIZE = 224
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
INTERPOLATION = "bilinear"  # how the picture is enlarged
BOTTLENECK = 4  # a layer's 1×1 convolution leaves this many times the channels that the layer adds


class DenseLayer(nn.Module):
    """What a layer adds: batch norm, ReLU, 1×1 convolution, batch norm, ReLU, 3×3 convolution."""

    def __init__(self, channels: int, growth: int) -> None:
        super().__init__()
        self.norm1 = nn.BatchNorm2d(channels)
        self.relu1 = nn.ReLU()
        self.conv1 = nn.Conv2d(channels, BOTTLENECK * growth, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(BOTTLENECK * growth)
        self.relu2 = nn.ReLU()
        self.conv2 = nn.Conv2d(BOTTLENECK * growth, growth, 3, padding=1, bias=False)

    def forward(self, maps: Tensor) -> Tensor:
        """(N, channels, H, W) → (N, growth, H, W)."""
        return self.conv2(self.relu2(self.norm2(self.conv1(self.relu1(self.norm1(maps))))))


class DenseBlock(nn.Sequential):
    """Layers of which each sees what came in and what all layers before it added."""

    def __init__(self, layers: int, channels: int, growth: int) -> None:
        super().__init__()
        for place in range(layers):
            self.add_module(f"denselayer{place + 1}", DenseLayer(channels + place * growth, growth))

    def forward(self, maps: Tensor) -> Tensor:
        """(N, channels, H, W) → (N, channels + layers·growth, H, W)."""
        for layer in self:
            maps = torch.cat([maps, layer(maps)], dim=1)
        return maps


class Transition(nn.Sequential):
    """Between blocks: half the channels, half the size."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()
        self.conv = nn.Conv2d(channels, channels // 2, 1, bias=False)
        self.pool = nn.AvgPool2d(2)


class DigitNet(nn.Module):
    """DenseNet with the preparation of the picture as its first step.

    With the preparation inside, gradients and baselines live in the 28×28 picture, where 0 is truly
    black. The last ReLU and the pooling are modules and nothing works in place, so that explanation
    methods can attach to every step; the logits are those of torchvision's own forward.
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        classes: int = 10,
        image_size: int = IMAGE_SIZE,
        mean: tuple[float, ...] = MEAN,
        std: tuple[float, ...] = STD,
        *,
        growth_rate: int = 32,
        block_config: Sequence[int] = (6, 12, 24, 16),
        num_init_features: int = 64,
    ) -> None:
        super().__init__()
        self.features, channels = _features(growth_rate, block_config, num_init_features)
        self.classifier = nn.Linear(channels, classes)
        self.image_size = image_size
        self.crop: int | None = None  # None: the whole picture; in training, small pictures show its middle only
        # Not persistent: the weights file holds torchvision's own tensors and nothing else.
        self.register_buffer("mean", torch.tensor(mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std).view(1, 3, 1, 1), persistent=False)
        self.last_relu = nn.ReLU()
        self.pool = nn.AdaptiveAvgPool2d(1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)
        nn.init.zeros_(self.classifier.bias)

    def prepare(
        self,
        pictures: Tensor,
        size: int | None = None,
        interpolation: str = INTERPOLATION,
        crop: int | None = None,
    ) -> Tensor:
        """(N, H, W) in [0, 1], ink = 1 → (N, 3, size, size): enlarged, three equal channels, ImageNet mean and std.

        With ``crop`` only the middle crop×crop of the picture.
        """
        crop = crop or self.crop
        seen = pictures if crop is None else middle(pictures, crop)
        resized = enlarged(seen, size or self.image_size, interpolation)
        return (resized.expand(-1, 3, -1, -1) - self.mean) / self.std

    def maps(self, prepared: Tensor) -> Tensor:
        """(N, 3, S, S) → the last feature maps after the ReLU, (N, 1024, S/32, S/32)."""
        return self.last_relu(self.features(prepared))

    def pooled(self, maps: Tensor) -> Tensor:
        """(N, 1024, h, w) → (N, 1024): what the classifier layer sees."""
        return self.pool(maps).flatten(1)

    def forward(self, pictures: Tensor) -> Tensor:
        """(N, 28, 28) in [0, 1] → logits (N, classes)."""
        return self.classifier(self.pooled(self.maps(self.prepare(pictures))))


def middle(pictures: Tensor, crop: int) -> Tensor:
    """(N, H, W) → (N, crop, crop)."""
    cut = (pictures.shape[-1] - crop) // 2
    return pictures[:, cut : cut + crop, cut : cut + crop]


def enlarged(pictures: Tensor, size: int, interpolation: str = INTERPOLATION) -> Tensor:
    """(N, H, W) → (N, 1, size, size) by "bilinear" or "nearest" interpolation."""
    corners = False if interpolation == "bilinear" else None  # which torch takes for no other kind
    return F.interpolate(pictures.unsqueeze(1), size=(size, size), mode=interpolation, align_corners=corners)


def _features(growth: int, blocks: Sequence[int], channels: int) -> tuple[nn.Sequential, int]:
    """All layers up to the last batch norm, which the last block's maps go through; and how many channels they have."""
    features = nn.Sequential()
    features.add_module("conv0", nn.Conv2d(3, channels, 7, stride=2, padding=3, bias=False))
    features.add_module("norm0", nn.BatchNorm2d(channels))
    features.add_module("relu0", nn.ReLU())
    features.add_module("pool0", nn.MaxPool2d(3, stride=2, padding=1))
    for place, layers in enumerate(blocks, start=1):
        features.add_module(f"denseblock{place}", DenseBlock(layers, channels, growth))
        channels += layers * growth
        if place < len(blocks):
            features.add_module(f"transition{place}", Transition(channels))
            channels //= 2
    features.add_module("norm5", nn.BatchNorm2d(channels))
    return features, channels
