"""How a network is built, counted from the network itself."""

from __future__ import annotations

from dataclasses import dataclass

from model.network import DenseBlock, DenseLayer, DigitNet


@dataclass(frozen=True)
class Shape:
    """The counts that people know a DenseNet by."""

    layers: int  # with weights: convolutions and the last, linear one; DenseNet121 is named after them
    blocks: tuple[int, ...]  # dense layers in each block
    growth: int  # feature maps that a dense layer adds
    parameters: int  # numbers that training sets
    side: int  # pixels: the network enlarges a picture to side × side
    classes: int


def shape_of(network: DigitNet) -> Shape:
    """Batch norms have weights of one axis and are not counted as layers, as in Huang et al. 2017, table 1."""
    parameters = list(network.parameters())
    blocks = [module for module in network.features if isinstance(module, DenseBlock)]
    first = next(module for module in network.modules() if isinstance(module, DenseLayer))
    return Shape(
        layers=sum(parameter.ndim > 1 for parameter in parameters),
        blocks=tuple(len(block) for block in blocks),
        growth=first.conv2.out_channels,
        parameters=sum(parameter.numel() for parameter in parameters),
        side=network.image_size,
        classes=network.classifier.out_features,
    )
