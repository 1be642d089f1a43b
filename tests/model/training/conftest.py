"""Trainers of a tiny network on random pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from model import catalogue, datasets
from model.datasets import LabelledPictures
from model.network import DigitNet
from model.training import trainer as module
from model.training.processes import Processes
from model.training.settings import Settings, Stage
from model.training.trainer import Trainer

COUNT = 40  # training pictures: less than the run below sees, so that it crosses epochs
STAGES = (Stage(32, 24, 30, 8), Stage(48, 24, 20, 8), Stage(56, 28, 13, 6))
SETTINGS = Settings(stages=STAGES, start="scratch", settled=20, nothing_share=0.25)
TINY = {"growth_rate": 4, "block_config": (1, 1, 1, 1), "num_init_features": 8, "image_size": 56}

MakeTrainer = Callable[..., Trainer]


def tiny_data(count: int = COUNT) -> LabelledPictures:
    """``count`` pictures to train on and 8 for validation."""
    pictures = np.random.default_rng(0).integers(0, 256, (count + 8, 28, 28), dtype=np.uint8)
    return LabelledPictures(pictures, np.arange(count + 8) % 10)


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MakeTrainer:
    monkeypatch.setattr(module, "DigitNet", lambda classes: DigitNet(classes, **TINY))
    monkeypatch.setattr(datasets, "load", lambda name, split: tiny_data())
    monkeypatch.setattr(catalogue, "VALIDATION", 8)

    def trainer(settings: Settings = SETTINGS, out: str = "run", processes: Processes | None = None) -> Trainer:
        folder = tmp_path / out
        folder.mkdir(exist_ok=True)
        return Trainer(settings, folder, torch.device("cpu"), processes)

    return trainer
