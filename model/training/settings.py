"""What decides a training run."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields

from model.network import IMAGE_SIZE
from model.values import SIDE

OPTIMIZERS = {"adamw": 1.5e-3, "sgd": 0.05}  # with the learning rate that each takes where none is named
BLOCKS = 4  # dense blocks of the network


@dataclass(frozen=True)
class Stage:
    """``pictures`` training pictures, the middle ``crop``×``crop`` of each enlarged to ``size``×``size``."""

    size: int
    crop: int
    pictures: int
    batch: int

    @property
    def work(self) -> float:
        """The cost of the stage, in full-size pictures."""
        return self.pictures * (self.size / IMAGE_SIZE) ** 2

    @staticmethod
    def parse(text: str) -> Stage:
        """``size@crop:pictures:batch``, as in ``192@24:30000:32``."""
        try:
            shape, pictures, batch = text.split(":")
            size, crop = shape.split("@")
            stage = Stage(int(size), int(crop), int(pictures), int(batch))
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not size@crop:pictures:batch, as 192@24:30000:32") from None
        # Batch norm cannot learn from a single picture, and the last maps of less than 32 pixels are empty.
        if stage.size < 32 or not 1 <= stage.crop <= SIDE or min(stage.pictures, stage.batch) < 2:
            raise argparse.ArgumentTypeError(f"{text!r}: size from 32, crop 1 to {SIDE}, pictures and batch from 2")
        return stage


STAGES = (Stage(48, 24, 100_000, 64), Stage(96, 24, 70_000, 64), Stage(192, 24, 30_000, 32), Stage(224, 28, 4_000, 32))


def default_stages(crop: int) -> tuple[Stage, ...]:
    """Those for a data set whose pictures fill the middle ``crop``×``crop``: nothing that is drawn is cut away."""
    return tuple(Stage(one.size, max(one.crop, crop), one.pictures, one.batch) for one in STAGES)


@dataclass(frozen=True)
class Settings:
    """All that decides a training run."""

    stages: tuple[Stage, ...] = STAGES
    learning_rate: float = OPTIMIZERS["adamw"]
    weight_decay: float = 0.02
    warmup: float = 0.02  # share of the work
    nothing_share: float = 0.06  # of each batch: pictures without a digit
    average: float = 0.99  # decay of the moving average, a step
    seed: int = 0
    start: str = "imagenet"  # or a weights directory to go on from, or "scratch"
    precision: str = "auto"
    settled: int = 2_000  # pictures for the final batch-norm statistics
    dataset: str = "mnist"  # one of catalogue.DATA_SETS
    optimizer: str = "adamw"  # one of OPTIMIZERS
    dropout: float = 0.0  # share of the features that the classifier does not get, drawn anew for each picture
    unfreeze: int = BLOCKS  # dense blocks from the end that are trained; with all of them the stem is, too

    @property
    def identity(self) -> str:
        """What a checkpoint is compared by: a run goes on only with the settings that it began with.

        Settings that came later stand in it only where they are not as they were before there was a choice, so that
        older checkpoints still fit.
        """
        told = [
            f"{one.name}={getattr(self, one.name)!r}"
            for one in fields(self)
            if one.name not in _LATER or getattr(self, one.name) != one.default
        ]
        return f"Settings({', '.join(told)})"


_LATER = ("dataset", "optimizer", "dropout", "unfreeze")
