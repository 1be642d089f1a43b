"""How much of the work is done, and the learning rate then."""

from __future__ import annotations

import math
from collections.abc import Sequence

from model.training.settings import Settings, Stage


def share_done(stages: Sequence[Stage], done: int) -> float:
    """The share of the whole work that is done after so many pictures, 0 to 1."""
    if done >= sum(stage.pictures for stage in stages):
        return 1.0  # exactly, whatever the rounding of a sum makes of it
    left, work = done, 0.0
    for stage in stages:
        seen = min(left, stage.pictures)
        work += stage.work * seen / stage.pictures
        left -= seen
    return work / sum(stage.work for stage in stages)


def learning_rate(settings: Settings, share: float) -> float:
    """Linear warm-up, then half a cosine down to zero, over the share of the work done."""
    if share < settings.warmup:
        return settings.learning_rate * (share + 1e-3) / (settings.warmup + 1e-3)
    over = (share - settings.warmup) / (1 - settings.warmup)
    return settings.learning_rate * 0.5 * (1 + math.cos(math.pi * over))
