"""DenseNet121 that takes the 28×28 picture itself: resizing and normalising happen inside.

Huang et al., "Densely Connected Convolutional Networks", 2017 (arXiv 1608.06993); the layers and their
names are torchvision's, so a weights file fits ``torchvision.models.densenet121`` as it is.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.models import DenseNet

IMAGE_SIZE = 224
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
DENSENET121 = {"growth_rate": 32, "block_config": (6, 12, 24, 16), "num_init_features": 64}


class DigitNet(DenseNet):
    """torchvision's DenseNet with the preparation of the picture as its first step.

    With the preparation inside, gradients and baselines live in the 28×28 picture, where 0 is truly
    black. The last ReLU and the pooling are modules and nothing works in place, so that explanation
    methods can attach to every step; the logits stay those of torchvision's own forward.
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        classes: int = 10,
        image_size: int = IMAGE_SIZE,
        mean: tuple[float, ...] = MEAN,
        std: tuple[float, ...] = STD,
        **architecture: object,
    ) -> None:
        super().__init__(num_classes=classes, **{**DENSENET121, **architecture})
        self.image_size = image_size
        # Not persistent: the weights file holds torchvision's own tensors and nothing else.
        self.register_buffer("mean", torch.tensor(mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std).view(1, 3, 1, 1), persistent=False)
        self.last_relu = nn.ReLU()
        self.pool = nn.AdaptiveAvgPool2d(1)
        for module in self.modules():
            if isinstance(module, nn.ReLU):
                module.inplace = False

    def prepare(self, pictures: Tensor, size: int | None = None) -> Tensor:
        """(N, H, W) in [0, 1], ink = 1 → (N, 3, size, size): bilinear, three equal channels, ImageNet mean and std."""
        size = size or self.image_size
        resized = F.interpolate(pictures.unsqueeze(1), size=(size, size), mode="bilinear", align_corners=False)
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
