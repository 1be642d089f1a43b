"""The folded network as OpenVINO graphs: one that reads, and one that gives the gradient as well.

The graphs are put together operation by operation: no exporter stands between, whose behaviour would change with the
version of torch. An engine like OpenVINO cannot differentiate, so the backward pass is written out. It is the chain
rule through the layers in reverse: a convolution turns into one with its kernel transposed and flipped, a ReLU into a
mask, the mean of 2×2 into copies of a quarter.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import openvino as ov
from openvino import opset13 as op
from torch import Tensor

from model.folding import SIDE, Affine, Folded, Layer, Stem, Transition

SPACE = [2, 3]  # the axes of height and width


def reading_graph(folded: Folded) -> ov.Model:
    """(1, 28, 28) → logits (1, K), features (1, C)."""
    picture = op.parameter([1, SIDE, SIDE], np.float32)
    pooled = op.max_pool(
        _stem(picture, folded.stem), [2, 2], [1, 1], [1, 1], [1, 1], [3, 3], index_element_type="i64"
    ).output(0)
    trunk = _Trunk(folded, pooled, _real(folded.weight), _real(folded.bias))
    return ov.Model([trunk.logits, trunk.features], [picture], "reading")


def gradient_graph(folded: Folded, size: int) -> ov.Model:
    """Maps after the first pooling (1, C, size, size), target one-hot (1, K), last layer → logits, gradient by maps.

    The last layer comes as its weight (K, F) and bias (K,), so that one graph serves others than the network's own.
    The gradient is that of the target's log-odds. The pooling and what lies before it are left to torch: OpenVINO has
    nothing that sends a gradient back to where the maximum came from.
    """
    maps = op.parameter([1, len(folded.stem.kernel), size, size], np.float32)
    target = op.parameter([1, len(folded.bias)], np.float32)
    weight, bias = (op.parameter(list(values.shape), np.float32) for values in (folded.weight, folded.bias))
    trunk = _Trunk(folded, maps, weight, bias)
    return ov.Model([trunk.logits, trunk.backward(target)], [maps, target, weight, bias], "gradient")


class _Trunk:
    """From the first pooling to the logits; every value that the way back needs is kept by name."""

    def __init__(self, folded: Folded, maps: ov.Output, weight: ov.Output, bias: ov.Output) -> None:
        self.folded, self.weight = folded, weight
        self.layers: list[list[tuple[ov.Node, ov.Node]]] = []  # after the first and the second ReLU of each layer
        self.rests: list[ov.Node] = []  # after the ReLU of each transition
        for place, block in enumerate(folded.blocks):
            self.layers.append([])
            for layer in block:
                maps = self._forward(layer, maps)
            if place < len(folded.transitions):
                transition = folded.transitions[place]
                self.rests.append(_enter(maps, transition.enter))
                # The 1×1 convolution and the mean of 2×2 may change places: so the convolution has a quarter to do.
                halved = op.avg_pool(self.rests[-1], [2, 2], [0, 0], [0, 0], [2, 2], exclude_pad=False)
                maps = _convolve(halved, transition.squeeze)
        self.last = _enter(maps, folded.leave)
        self.features = op.reduce_mean(self.last, _whole(SPACE), keep_dims=False)
        self.logits = op.add(op.matmul(self.features, weight, False, True), bias)

    def _forward(self, layer: Layer, maps: ov.Output) -> ov.Node:
        first = _enter(maps, layer.enter)
        second = op.relu(op.add(_convolve(first, layer.squeeze), _channels(layer.shift)))
        self.layers[-1].append((first, second))
        return op.concat([maps, _convolve(second, layer.grow, padding=1)], axis=1)

    def backward(self, target: ov.Output) -> ov.Node:
        """The gradient of z_t − log Σ_{c≠t} exp z_c by the maps that came in."""
        others = op.softmax(op.subtract(self.logits, op.multiply(target, op.constant(np.float32(1e30)))), axis=1)
        slope = op.matmul(op.subtract(target, others), self.weight, False, False)  # (1, C)
        height, width = self.last.shape[2], self.last.shape[3]
        spread = op.multiply(op.unsqueeze(slope, _whole(SPACE)), _channels(self.folded.leave.scale / (height * width)))
        gradient = _where_positive(self.last, spread)
        for place in reversed(range(len(self.folded.blocks))):
            if place < len(self.rests):
                gradient = _back_through_rest(self.folded.transitions[place], self.rests[place], gradient)
            for layer, kept in zip(reversed(self.folded.blocks[place]), reversed(self.layers[place]), strict=True):
                gradient = _back_through_layer(layer, kept, gradient)
        return gradient


def _back_through_layer(layer: Layer, kept: tuple[ov.Node, ov.Node], gradient: ov.Node) -> ov.Node:
    first, second = kept
    sizes = [len(layer.enter.scale), len(layer.grow)]
    passed, grown = op.variadic_split(gradient, op.constant(1), _whole(sizes)).outputs()
    inner = _where_positive(second, _convolve(grown, layer.grow.transpose(0, 1).flip(2, 3), padding=1))
    outer = op.multiply(_convolve(inner, layer.squeeze.transpose(0, 1)), _channels(layer.enter.scale))
    return op.add(passed, _where_positive(first, outer))


def _back_through_rest(transition: Transition, rest: ov.Node, gradient: ov.Node) -> ov.Node:
    quarter = _convolve(gradient, transition.squeeze.transpose(0, 1) / 4)
    (low, wide), (height, width) = list(quarter.shape)[2:], list(rest.shape)[2:]
    copied = op.interpolate(quarter, _whole([2 * low, 2 * wide]), "nearest", "sizes", axes=_whole(SPACE))
    if (2 * low, 2 * wide) != (height, width):  # an odd last row or column had no part in the mean
        zero = op.constant(np.float32(0))
        copied = op.pad(copied, _whole([0] * 4), _whole([0, 0, height - 2 * low, width - 2 * wide]), "constant", zero)
    return _where_positive(rest, op.multiply(copied, _channels(transition.enter.scale)))


def _stem(picture: ov.Output, stem: Stem) -> ov.Node:
    large = op.matmul(op.matmul(_real(stem.resize), picture, False, False), _real(stem.resize), False, True)
    return op.relu(op.add(_convolve(op.unsqueeze(large, _whole([1])), stem.kernel, 3, 2), _real(stem.shift)))


def _enter(maps: ov.Output, affine: Affine) -> ov.Node:
    return op.relu(op.add(op.multiply(maps, _channels(affine.scale)), _channels(affine.shift)))


def _convolve(maps: ov.Output, kernel: Tensor, padding: int = 0, stride: int = 1) -> ov.Node:
    return op.convolution(maps, _real(kernel), [stride] * 2, [padding] * 2, [padding] * 2, [1, 1])


def _where_positive(rectified: ov.Node, gradient: ov.Node) -> ov.Node:
    zero = op.constant(np.float32(0))
    return op.select(op.greater(rectified, zero), gradient, zero)


def _channels(values: Tensor) -> ov.Node:
    return _real(values.reshape(1, -1, 1, 1))


def _real(values: Tensor) -> ov.Node:
    return op.constant(np.ascontiguousarray(values.numpy(), np.float32))


def _whole(values: Sequence[int]) -> ov.Node:
    return op.constant(np.array(values, np.int64))
