"""Training pictures as people really upload them, and pictures with nothing in them that could be read.

Everything works on batches (N, 28, 28) in [0, 1] and draws from the generator that is handed in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Generator, Tensor


@dataclass(frozen=True)
class Changes:
    """How far pictures may be changed and still show the same."""

    rotation: float  # degrees, either way
    shear: float
    scale: tuple[float, float]
    aspect: float
    shift: float = 2.0  # pixels
    pen: bool = True  # strokes grow thicker or thinner, their edges harder
    dirt: float = 1.0  # factor on blur, noise and veil
    mirrored: bool = False  # half of the pictures, left for right


PEN = Changes(rotation=14, shear=0.22, scale=(0.82, 1.12), aspect=0.12)
# Photographed lying straight; a left shoe is as good as a right one.
# Folds and collars are a few grey levels: what a bad scan does to a stroke would take them away.
CLOTHES = Changes(rotation=4, shear=0.04, scale=(0.9, 1.08), aspect=0.06, pen=False, dirt=0.4, mirrored=True)


def _uniform(n: int, low: float, high: float, generator: Generator) -> Tensor:
    return torch.rand(n, generator=generator) * (high - low) + low


def _chance(n: int, probability: float, generator: Generator) -> Tensor:
    """(N, 1, 1) of 0 and 1."""
    return (torch.rand(n, generator=generator) < probability).float().view(n, 1, 1)


def warp(pictures: Tensor, generator: Generator, changes: Changes = PEN) -> Tensor:
    """A random rotation, shear, scale, aspect and shift for each picture."""
    n, side = len(pictures), pictures.shape[-1]
    most = math.radians(changes.rotation)
    angle = _uniform(n, -most, most, generator)
    shear = _uniform(n, -changes.shear, changes.shear, generator)
    scale = _uniform(n, *changes.scale, generator)
    aspect = 1 + _uniform(n, -changes.aspect, changes.aspect, generator)
    shift = _uniform(2 * n, -changes.shift, changes.shift, generator).view(n, 2) * 2 / side
    cos, sin = torch.cos(angle), torch.sin(angle)
    # affine_grid maps output places to input places, hence the division by the scale.
    x_row = torch.stack([cos / scale / aspect, (shear * cos - sin) / scale, shift[:, 0]], dim=1)
    y_row = torch.stack([sin / scale / aspect, (shear * sin + cos) / scale, shift[:, 1]], dim=1)
    grid = F.affine_grid(torch.stack([x_row, y_row], dim=1), [n, 1, side, side], align_corners=False)
    moved = F.grid_sample(pictures.unsqueeze(1), grid, mode="bicubic", align_corners=False)
    return moved.squeeze(1).clamp(0, 1)


def change_pen(pictures: Tensor, generator: Generator) -> Tensor:
    """Thicker or thinner strokes: a blend with the 3×3 maximum or minimum, with the contrast restored."""
    n = len(pictures)
    amount = _uniform(n, -0.75, 0.9, generator).view(n, 1, 1) * _chance(n, 0.5, generator)
    planes = pictures.unsqueeze(1)
    thick = F.max_pool2d(planes, 3, 1, 1).squeeze(1)
    thin = -F.max_pool2d(-planes, 3, 1, 1).squeeze(1)
    target = torch.where(amount > 0, thick, thin)
    changed = pictures + amount.abs() * (target - pictures)
    peak = changed.amax(dim=(1, 2), keepdim=True).clamp_min(0.3)
    return changed / peak


def soften(pictures: Tensor, generator: Generator, changes: Changes = PEN) -> Tensor:
    """A slight blur on a third of the pictures, a harder edge on a fifth where a pen drew them."""
    n = len(pictures)
    blurred = F.avg_pool2d(pictures.unsqueeze(1), 3, 1, 1).squeeze(1)
    amount = _uniform(n, 0, 0.8 * changes.dirt, generator).view(n, 1, 1) * _chance(n, 0.33, generator)
    soft = pictures + amount * (blurred - pictures)
    if not changes.pen:
        return soft
    hard = ((soft - 0.5) * 3 + 0.5).clamp(0, 1)
    return torch.where(_chance(n, 0.2, generator) > 0, hard, soft)


def dirty(pictures: Tensor, generator: Generator, changes: Changes = PEN) -> Tensor:
    """Noise on a quarter of the pictures and a faint veil on some: what a bad scan leaves behind."""
    n = len(pictures)
    strength = _uniform(n, 0, 0.12 * changes.dirt, generator).view(n, 1, 1) * _chance(n, 0.25, generator)
    noise = torch.randn(pictures.shape, generator=generator) * strength
    contrast = 1 - _uniform(n, 0, 0.35 * changes.dirt, generator).view(n, 1, 1) * _chance(n, 0.3, generator)
    return (pictures * contrast + noise).clamp(0, 1)


def mirror(pictures: Tensor, generator: Generator) -> Tensor:
    """Half of the pictures, left for right."""
    return torch.where(_chance(len(pictures), 0.5, generator) > 0, pictures.flip(-1), pictures)


def augment(pictures: Tensor, generator: Generator, changes: Changes = PEN) -> Tensor:
    """(N, 28, 28) → (N, 28, 28) the same signs as another hand, pen and scanner might give them; clothes likewise."""
    if changes.mirrored:
        pictures = mirror(pictures, generator)
    changed = warp(pictures, generator, changes)
    if changes.pen:
        changed = change_pen(changed, generator)
    return dirty(soften(changed, generator, changes), generator, changes)


def not_digits(n: int, generator: Generator, side: int = 28) -> Tensor:
    """(N, side, side) pictures without a digit: black, grey, noise, specks, blobs and smooth noise in turn.

    Trained towards the uniform distribution: outlier exposure, Hendrycks et al. 2019 (arXiv 1812.04606).
    """
    if n == 0:
        return torch.zeros(0, side, side)
    return torch.stack([_NOTHING[k % len(_NOTHING)](generator, side) for k in range(n)])


def _black(generator: Generator, side: int) -> Tensor:
    return torch.zeros(side, side)


def _faint(generator: Generator, side: int) -> Tensor:
    return torch.rand(side, side, generator=generator) * torch.rand(1, generator=generator) * 0.3


def _grey(generator: Generator, side: int) -> Tensor:
    return torch.rand(1, generator=generator).expand(side, side).clone()


def _noise(generator: Generator, side: int) -> Tensor:
    return torch.rand(side, side, generator=generator)


def _specks(generator: Generator, side: int) -> Tensor:
    share = 0.02 + 0.4 * torch.rand(1, generator=generator)
    return (torch.rand(side, side, generator=generator) < share).float()


def _smooth(generator: Generator, side: int) -> Tensor:
    coarse = torch.rand(1, 1, 5, 5, generator=generator)
    field = F.interpolate(coarse, size=(side, side), mode="bicubic", align_corners=False)[0, 0]
    return ((field - 0.5) * 3 + 0.5).clamp(0, 1)


def _blobs(generator: Generator, side: int) -> Tensor:
    rows, columns = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    picture = torch.zeros(side, side)
    for _ in range(int(torch.randint(1, 4, (1,), generator=generator))):
        y, x = torch.rand(2, generator=generator) * (side - 8) + 4
        width = 1.2 + 4 * torch.rand(1, generator=generator)
        picture = torch.maximum(picture, torch.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * width**2)))
    return picture


_NOTHING = (_black, _noise, _blobs, _smooth, _specks, _faint, _grey, _blobs)
