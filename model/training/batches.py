"""Which pictures come when, and what they look like then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from model.augment import augment, not_digits
from model.catalogue import DataSet
from model.datasets import LabelledPictures
from model.training.settings import Settings, Stage


@dataclass(frozen=True, eq=False)
class Batch:
    """Pictures ready to be trained on."""

    pictures: Tensor  # (N, 28, 28) float32 in [0, 1]
    targets: Tensor  # (N, K) distributions over the classes
    kept: Tensor | None = None  # (N, C): by what the classifier's inputs are multiplied; None: no dropout

    def part(self, rank: int, parts: int) -> Batch:
        """Every ``parts``-th picture from the ``rank``-th on, so that each part holds some of every kind."""
        kept = None if self.kept is None else self.kept[rank::parts]
        return Batch(self.pictures[rank::parts], self.targets[rank::parts], kept)


def smallest_batch(stage: Stage) -> int:
    """The last batch of a stage may be smaller than the others."""
    rest = stage.pictures % stage.batch
    return rest if rest > 1 else min(stage.pictures, stage.batch)


def _next(left: int, batch: int) -> int:
    """One picture is never left over: batch norm cannot learn from it."""
    return left if left <= batch + 1 else batch


class Pictures:
    """The training pictures in their order. An epoch's order follows from the seed and its number."""

    def __init__(self, data: LabelledPictures, data_set: DataSet, settings: Settings) -> None:
        self.pictures, self.labels = torch.from_numpy(data.pictures), torch.from_numpy(data.labels)
        self.data_set, self.settings = data_set, settings

    def __len__(self) -> int:
        return len(self.labels)

    def remaining(self, done: int) -> Iterator[tuple[Stage, Tensor]]:
        """From ``done`` pictures to the end of the run: each batch's stage, and its pictures' numbers."""
        offset = 0
        for stage in self.settings.stages:
            while done < offset + stage.pictures:
                size = _next(offset + stage.pictures - done, stage.batch)
                yield stage, self._draw(done, size)
                done += size
            offset += stage.pictures

    def batch(self, index: Tensor, generator: Generator, features: int) -> Batch:
        """The pictures ``index``, augmented, and a few that show nothing; ``features``: the classifier's inputs."""
        settings, classes = self.settings, len(self.data_set.labels)
        empty = round(len(index) * settings.nothing_share)
        shown = augment(self.pictures[index].float() / 255, generator, self.data_set.changes)
        pictures = torch.cat([shown, not_digits(empty, generator)])
        targets = torch.cat([F.one_hot(self.labels[index], classes).float(), torch.full((empty, classes), 1 / classes)])
        if not settings.dropout:
            return Batch(pictures, targets)
        # Drawn here rather than by nn.Dropout, so that a run on several processes, or gone on with, draws the same.
        drawn = torch.rand(len(pictures), features, generator=generator) >= settings.dropout
        return Batch(pictures, targets, drawn.float() / (1 - settings.dropout))

    def _draw(self, done: int, size: int) -> Tensor:
        """``size`` numbers. A batch that crosses into the next epoch, or over several, stays whole."""
        parts: list[Tensor] = []
        while size:
            epoch, place = divmod(done, len(self))
            parts.append(self._order(epoch)[place : place + size])
            done, size = done + len(parts[-1]), size - len(parts[-1])
        return torch.cat(parts)

    def _order(self, epoch: int) -> Tensor:
        seed = self.settings.seed * 1000 + epoch
        return torch.randperm(len(self), generator=torch.Generator().manual_seed(seed))
