"""Fine-tuning to a depth: the layers before it keep their weights and their batch-norm statistics."""

from __future__ import annotations

from torch import nn

from model.network import DenseBlock, DigitNet


def trained_layers(network: DigitNet, unfreeze: int) -> list[nn.Module]:
    """What is trained of ``network``: the classifier and the last ``unfreeze`` dense blocks.

    With a block come the layers that follow it; with all blocks, the stem.
    """
    layers = list(network.features)
    blocks = [place for place, layer in enumerate(layers) if isinstance(layer, DenseBlock)]
    if not 0 <= unfreeze <= len(blocks):
        raise ValueError(f"0 to {len(blocks)} dense blocks can be trained, not {unfreeze}")
    first = 0 if unfreeze == len(blocks) else blocks[-unfreeze] if unfreeze else len(layers)
    return [*layers[first:], network.classifier]


def freeze(network: DigitNet, unfreeze: int) -> None:
    """Let only the last ``unfreeze`` blocks and the classifier learn."""
    network.requires_grad_(False)
    for layer in trained_layers(network, unfreeze):
        layer.requires_grad_(True)


def training_mode(network: DigitNet, unfreeze: int) -> None:
    """Only what learns takes batch-norm statistics from the batch; elsewhere they stay as they are."""
    network.eval()
    for layer in trained_layers(network, unfreeze):
        layer.train()


def trained_norms(network: DigitNet, unfreeze: int) -> list[nn.BatchNorm2d]:
    """The batch norms of what learns."""
    return [
        module
        for layer in trained_layers(network, unfreeze)
        for module in layer.modules()
        if isinstance(module, nn.BatchNorm2d)
    ]
