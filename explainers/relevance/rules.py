"""The rules by which relevance goes back through a layer, as gradients that are none.

Each function computes what its layer computes; asked for the gradient by its input it takes the relevance R_k of its
outputs instead, and gives that of its inputs, R_j. Relevance then goes through all that lies between as autograd sends
gradients: a ReLU passes it on, a max pooling gives it to the winner, and where one map goes to several layers what
comes back adds up. Nothing is kept on the layers, so that any number of threads can use them.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from explainers.relevance.linear import LinearLayer

EPSILON = 1e-9  # only keeps 0/0 out


def gamma_rule(layer: LinearLayer, inputs: Tensor, gamma: float) -> Tensor:
    """``layer`` of ``inputs``, whose relevance goes back by the γ rule (Montavon et al., 2019, chapter 10).

    What points the way of the outcome z_k counts 1 + γ times. Inputs may be negative here, so what matters is the sign
    of x_j w_jk, not that of w_jk:
    R_j = Σ_k x_j w_jk (1 + γ[x_j w_jk z_k > 0]) R_k / (Σ_j of the same + b_k (1 + γ[b_k z_k > 0])).
    With γ = 0 that is the ε rule. What goes to the bias is lost.
    """
    return _Gamma.apply(inputs, layer, gamma)


def mean_rule(inputs: Tensor) -> Tensor:
    """The mean of 2×2 in (N, C, H, W), whose relevance goes back in proportion to the inputs: the ε rule.

    An odd last row or column gets nothing, as it has no part in the mean.
    """
    return _Mean.apply(inputs)


class _Gamma(Function):
    @staticmethod
    def forward(ctx: Any, inputs: Tensor, layer: LinearLayer, gamma: float) -> Tensor:
        ctx.layer, ctx.gamma = layer, gamma
        outputs = layer.send(inputs, layer.weights) + layer.bias
        ctx.save_for_backward(inputs, outputs)
        return outputs

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, relevance: Tensor) -> tuple[Tensor, None, None]:
        layer, gamma = ctx.layer, ctx.gamma
        inputs, outputs = ctx.saved_tensors
        weights = layer.weights
        rising = weights.clamp(min=0)
        positive, negative = inputs.clamp(min=0), inputs.clamp(max=0)
        signed = bool(negative.any())

        # What is above 0 in z = Σ x w + b; the rest of z is what is below.
        above = layer.send(positive, rising) + layer.bias.clamp(min=0)
        if signed:
            above += layer.send(negative, weights.clamp(max=0))
        quotients = _divide(relevance, outputs + gamma * torch.where(outputs > 0, above, outputs - above))
        up, down = quotients.where(outputs > 0, 0), quotients.where(outputs <= 0, 0)

        # x⁺ meets w + γw⁺ on the way to z > 0 and w + γw⁻ on that to z < 0, x⁻ the other of the two; w⁻ = w − w⁺.
        turned = gamma * layer.back(up - down, rising)
        found = positive * (layer.back(up + (1 + gamma) * down, weights) + turned)
        if signed:
            found += negative * (layer.back((1 + gamma) * up + down, weights) - turned)
        return found, None, None


class _Mean(Function):
    @staticmethod
    def forward(ctx: Any, inputs: Tensor) -> Tensor:
        outputs = F.avg_pool2d(inputs, 2)
        ctx.save_for_backward(inputs, outputs)
        return outputs

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, relevance: Tensor) -> Tensor:
        inputs, outputs = ctx.saved_tensors
        quotients = F.interpolate(_divide(relevance, outputs) / 4, scale_factor=2.0)
        (low, wide), (height, width) = quotients.shape[2:], inputs.shape[2:]
        return inputs * F.pad(quotients, (0, width - wide, 0, height - low))


def _divide(relevance: Tensor, outputs: Tensor) -> Tensor:
    """R / (z + ε sign z), and 0 where z is 0."""
    return torch.where(outputs == 0, 0, relevance / (outputs + EPSILON * outputs.sign()))
