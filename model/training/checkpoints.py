"""Where a killed run goes on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch

from model.errors import WeightsError
from model.training.settings import Settings

CHECKPOINT = "checkpoint.pt"


def write(folder: Path, settings: Settings, state: Mapping[str, object]) -> None:
    """Written beside and moved into place, so that a kill never leaves half a file."""
    unfinished = folder / (CHECKPOINT + ".part")
    torch.save({"settings": settings.identity, **state}, unfinished)
    unfinished.replace(folder / CHECKPOINT)


def read(folder: Path, settings: Settings, device: torch.device) -> dict:
    """The state in ``folder``; raises WeightsError where it comes from a run with other settings."""
    state = torch.load(folder / CHECKPOINT, map_location=device, weights_only=True)
    if state["settings"] != settings.identity:
        raise WeightsError(f"{folder} holds a run with other settings; choose another --out or remove it.")
    return state
