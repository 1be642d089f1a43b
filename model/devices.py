"""Where the network runs."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import torch

from model.errors import ModelError

DEVICES = ("auto", "cpu", "cuda", "mps")


def pick_device(name: str = "auto") -> torch.device:
    """The device of that name; "auto" takes a GPU where there is one. Raises ModelError where it is not there."""
    if name not in DEVICES:
        raise ModelError(f"The device is one of {', '.join(DEVICES)}, not {name!r}.")
    # On a ZeroGPU Space torch is made to tell of a GPU, which only decorated functions have, in other processes.
    cuda = not on_zero_gpu() and torch.cuda.is_available()
    there = {"cpu": True, "cuda": cuda, "mps": torch.backends.mps.is_available()}
    if name == "auto":
        name = next(kind for kind in ("cuda", "mps", "cpu") if there[kind])
    if not there[name]:
        raise ModelError(f"This computer has no {name} device that torch can use; try --device auto.")
    return torch.device(name)


def on_zero_gpu() -> bool:
    """Whether this is a Hugging Face Space that borrows GPUs for single calls, told as its own package does."""
    return os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true")


def usable_cores(quota: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """How many cores this process may keep busy: a container may show all of its host's and be granted two.

    ``quota`` is Linux's file "<microseconds granted> <of this many>", or "max" instead of the first number.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        granted, period = quota.read_text().split()
        return max(1, min(cores, round(int(granted) / int(period))))
    except (OSError, ValueError):
        return cores


def free_cores() -> int:
    """How many of the usable cores other work leaves, by the load of the last minute; at least one.

    For torch, whose threads wait busily for each other: with more of them than free cores, each layer waits for the
    slowest one to get a core back (two processes on two cores: gradients took three times as long, reading the
    weights up to ten times).
    """
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return max(1, round(usable_cores() - load))


def processor_name() -> str:
    """The processor's model, as far as the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
