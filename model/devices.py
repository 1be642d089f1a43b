"""Where the network runs."""

from __future__ import annotations

import torch

from model.errors import ModelError

DEVICES = ("auto", "cpu", "cuda", "mps")


def pick_device(name: str = "auto") -> torch.device:
    """The device of that name; "auto" takes a GPU where there is one. Raises ModelError where it is not there."""
    if name not in DEVICES:
        raise ModelError(f"The device is one of {', '.join(DEVICES)}, not {name!r}.")
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        name = next(kind for kind in ("cuda", "mps", "cpu") if there[kind])
    if not there[name]:
        raise ModelError(f"This computer has no {name} device that torch can use; try --device auto.")
    return torch.device(name)
